/// Whether a request was made by a page that the sandbox did not serve.
///
/// Admin paths and console have no token: what keeps a page of another site from them is what browsers say of themselves. It is a
/// page of another site if its `Origin` is not ours, or if the browser calls it that in `Sec-Fetch-Site`. And a site may have its
/// own name lead to this machine, so that to the browser it is us: only `Host` tells then, and it is a name with a dot.
/// Programs send neither `Origin` nor `Sec-Fetch-Site`, and an address or `localhost` as `Host`.
enum ForeignPage {
    /// Why the sandbox's own paths are not for this request; nil if they are.
    static func refusal(of request: Request) -> Refusal? {
        let host = request.header("Host")
        if let host, !isOurs(host) {
            return Refusal(
                status: 403,
                message: "the name in Host, \(clipped(host, to: 80)), may be any site's; use 127.0.0.1 or localhost")
        }
        if let origin = request.header("Origin")?.lowercased() {
            let name = host?.lowercased() ?? ""
            guard origin == "http://\(name)" || origin == "https://\(name)" else {
                return another("origin \(clipped(origin, to: 80))")
            }
        }
        guard let site = request.header("Sec-Fetch-Site")?.lowercased(), !["same-origin", "none"].contains(site) else { return nil }
        // A link on another page may lead to the console.
        if request.method == "GET", request.header("Sec-Fetch-Mode").spells("navigate") { return nil }
        return another("a page that is \(clipped(site, to: 20))")
    }

    private static func another(_ whose: String) -> Refusal {
        Refusal(status: 403, message: "\(whose) may not use the sandbox; only its own console and programs may")
    }

    /// An address, `localhost` or a name without a dot, with or without a port: no site has such a name.
    private static func isOurs(_ host: String) -> Bool {
        if host.begins("[") { return true }
        let name = host.prefix { $0 != ":" }.lowercased()
        guard name.utf8.contains(UInt8(ascii: ".")) else { return true }
        return name.ends(".localhost") || name.utf8.allSatisfy { $0 == UInt8(ascii: ".") || (0x30...0x39).contains($0) }
    }
}

/// A foreign text in at most so many scalars, for what is shown or sent to many.
func clipped(_ text: String, to most: Int) -> String {
    // A scalar has at most four bytes: so a text that cannot be too long is not walked.
    guard text.utf8.count > most else { return text }
    let scalars = text.unicodeScalars
    guard let end = scalars.index(scalars.startIndex, offsetBy: most, limitedBy: scalars.endIndex), end < scalars.endIndex else {
        return text
    }
    return String(scalars[..<end]) + "…"
}
