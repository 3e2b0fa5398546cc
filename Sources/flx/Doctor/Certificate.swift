/// How long the hub's certificate is good, as the openssl program tells it. Without that program nothing is said.
enum Certificate {
    private static let soonDays: Int64 = 14
    private static let waitMs: Int64 = 4000

    static func finding(_ origin: String, _ settings: Settings) -> Finding? {
        // A proxy stands between, and openssl is not told of it.
        guard settings.value(.httpProxy) == nil, let (host, port) = address(origin) else { return nil }
        // The words go in as parameters: nothing of a configuration is read by the shell.
        let script = """
            command -v openssl > /dev/null || exit 9
            openssl s_client -connect "$1:$2" -servername "$1" < /dev/null 2> /dev/null | openssl x509 -noout -enddate -dateopt iso_8601 -issuer 2> /dev/null
            """
        guard let said = Program.output(["/bin/sh", "-c", script, "sh", host, port], waitMs: waitMs) else { return nil }
        let lines = said.split(separator: "\n").map(String.init)
        guard let end = lines.first(where: { $0.hasPrefix("notAfter=") }).map({ String($0.dropFirst(9)) }), let at = instant(end)
        else { return nil }
        let issuer =
            lines.first { $0.hasPrefix("issuer=") }.map { ", issued by \(Clean.text(String($0.dropFirst(7)), most: 80))" } ?? ""
        let left = at - Instant.nowMs()
        let text =
            left < 0
            ? "it ended \(Instant.span(-left)) ago, or this machine's clock is wrong\(issuer)"
            : "good for \(Instant.span(left))\(issuer)"
        if left < 0 { return .fail("certificate", text, "if the clock is right, the hub has to renew it") }
        return left < soonDays * 86_400_000 ? .warn("certificate", text, "the hub should renew it soon") : .ok("certificate", text)
    }

    private static func address(_ origin: String) -> (String, String)? {
        guard origin.hasPrefix("https://") else { return nil }
        let place = String(origin.dropFirst(8).prefix { $0 != "/" })
        guard let colon = place.lastIndex(of: ":"), !place.hasSuffix("]") else { return (place, "443") }
        return (String(place[..<colon]), String(place[place.index(after: colon)...]))
    }

    /// "2027-02-01 12:00:00Z"
    private static func instant(_ text: String) -> Int64? { Instant.ms(String(text.map { $0 == " " ? "T" : $0 })) }
}
