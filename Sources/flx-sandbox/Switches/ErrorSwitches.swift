extension Switch {
    private static let bodies = ["json", "empty", "text", "html", "spring"]

    static let badRequestBody = Switch(
        "14", "errors.bad_request.body", .words(bodies), "json",
        "body of a 400, 409 or 422: {\"error\":what is wrong}, ..., or Spring's, where error is the reason phrase and message what is wrong"
    )
    static let errorBody = Switch("14", "errors.body", .words(bodies), "empty", "body of any other error")
    static let missingToken = Switch("15", "auth.missing", .words(["401", "403"]), "401", "no X-API-TOKEN")
    static let unknownToken = Switch("15", "auth.unknown", .words(["401", "403"]), "401", "a token the hub does not know")
    static let wrongKind = Switch(
        "15", "auth.wrong_kind", .words(["403", "401", "404"]), "403", "a token of a kind the call refuses")
    static let authBody = Switch(
        "15", "auth.body", .words(["empty", "json", "text", "html", "html_200"]), "empty",
        "body of those three; html_200 = a sign-in page with status 200")
    static let foreignChannel = Switch(
        "15", "auth.foreign_channel", .words(["403", "404", "200"]), "403",
        "another channel's id with a Channel token; 200 = it may be read")

    static let errorSwitches = [
        badRequestBody, errorBody, missingToken, unknownToken, wrongKind, foreignChannel, authBody,
    ]
}
