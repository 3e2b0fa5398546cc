import Testing

@testable import FlxChannel

/// S-20: what is hidden is hidden before anything is cut.
struct RedactionTests {
    private let token = "0123456789abcdefghijklmnopqrstuvwxyz"
    private var secret: Secret { Secret(text: token) }

    @Test func noPartOfATokenStaysAtACut() {
        for lead in 0..<60 {
            let text = String(repeating: "x", count: lead) + token + " " + token
            let clean = Redaction.clean(text, hiding: secret, longest: 50)

            #expect(!Text.contains(clean, "0123"), "\(clean)")
        }
    }

    @Test func aTextThatEndsWithinATokenDoesNotShowItsBeginning() {
        #expect(Redaction.clean("token 0123456789ab", hiding: secret) == "token [token]")
        #expect(Redaction.clean("order 0123", hiding: secret) == "order 0123")
    }

    @Test func bodiesAreHiddenBeforeTheyAreCut() {
        let body = Array(String(repeating: token, count: 40).utf8)

        #expect(!Text.contains(ErrorBody.message(body, hiding: secret), "0123"))
    }
}
