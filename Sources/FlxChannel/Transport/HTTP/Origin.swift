/// Why a text is no origin. The message says what to write.
struct OriginFault: Error, Equatable {
    let message: String
}

/// Where the hub is: scheme, host and port, nothing else.
///
/// Invariant: https, or http to a loopback address. ASCII, lower case; the default port is left out of `text`.
struct Origin: Equatable {
    let isSecure: Bool
    /// A name, an IPv4 address, or an IPv6 address in brackets.
    let host: String
    let port: UInt16
    let text: String

    init(_ text: String) throws(OriginFault) {
        let lower = text.lowercased()
        let secure: Bool
        let rest: [UInt8]
        if Text.begins(lower, "https://") {
            (secure, rest) = (true, Array(lower.utf8.dropFirst(8)))
        } else if Text.begins(lower, "http://") {
            (secure, rest) = (false, Array(lower.utf8.dropFirst(7)))
        } else {
            throw OriginFault(message: "origin does not start with https://")
        }
        let (host, port) = try Origin.authority(rest, defaultPort: secure ? 443 : 80)
        guard secure || Origin.isLoopback(host) else {
            throw OriginFault(message: "origin is http to \(host); plain http is for loopback only, write https")
        }
        self.isSecure = secure
        self.host = host
        self.port = port
        let scheme = secure ? "https" : "http"
        self.text = port == (secure ? 443 : 80) ? "\(scheme)://\(host)" : "\(scheme)://\(host):\(port)"
    }

    private static func authority(_ bytes: [UInt8], defaultPort: UInt16) throws(OriginFault) -> (String, UInt16) {
        for byte in bytes {
            switch byte {
            case UInt8(ascii: "@"): throw OriginFault(message: "origin has a user name; it goes nowhere, remove it")
            case UInt8(ascii: "/"), UInt8(ascii: "?"), UInt8(ascii: "#"), UInt8(ascii: "\\"):
                throw OriginFault(message: "origin goes on after host and port; write https://host or https://host:port")
            case 0x21...0x7E: continue
            default: throw OriginFault(message: "origin has characters other than visible ASCII")
            }
        }
        var end = bytes.count
        if bytes.first == UInt8(ascii: "[") {
            guard let close = bytes.firstIndex(of: UInt8(ascii: "]")) else { throw OriginFault(message: "origin has [ without ]") }
            end = close + 1
        } else if let colon = bytes.firstIndex(of: UInt8(ascii: ":")) {
            end = colon
        }
        let host = Array(bytes[..<end])
        guard isHost(host) else { throw OriginFault(message: "origin has no plain host name or address") }
        let name = String(decoding: host, as: UTF8.self)
        if end == bytes.count { return (name, defaultPort) }
        let digits = bytes[(end + 1)...]
        var port = 0
        for digit in digits {
            guard bytes[end] == UInt8(ascii: ":"), (0x30...0x39).contains(digit), port <= 65_535 else { port = 0; break }
            port = port * 10 + Int(digit - 0x30)
        }
        guard digits.count <= 5, let port = UInt16(exactly: port), port > 0 else {
            throw OriginFault(message: "origin has a port that is not 1 to 65535")
        }
        return (name, port)
    }

    private static func isHost(_ host: [UInt8]) -> Bool {
        if host.first == UInt8(ascii: "[") {
            let inner = host.dropFirst().dropLast()
            return inner.count >= 2 && inner.contains(UInt8(ascii: ":"))
                && inner.allSatisfy { (0x30...0x3A).contains($0) || (0x61...0x66).contains($0) || $0 == UInt8(ascii: ".") }
        }
        guard (1...253).contains(host.count) else { return false }
        for label in host.split(separator: UInt8(ascii: "."), omittingEmptySubsequences: false) {
            guard (1...63).contains(label.count), label.first != UInt8(ascii: "-"), label.last != UInt8(ascii: "-") else {
                return false
            }
            guard
                label.allSatisfy({
                    (0x30...0x39).contains($0) || (0x61...0x7A).contains($0) || $0 == UInt8(ascii: "-") || $0 == UInt8(ascii: "_")
                })
            else { return false }
        }
        return true
    }

    /// Plain spellings only: other spellings of an address are names to us.
    private static func isLoopback(_ host: String) -> Bool {
        if host == "localhost" || host == "[::1]" { return true }
        let parts = Array(host.utf8).split(separator: UInt8(ascii: "."), omittingEmptySubsequences: false)
        guard parts.count == 4, parts[0].elementsEqual("127".utf8) else { return false }
        return parts.allSatisfy { part in
            (1...3).contains(part.count) && part.allSatisfy { (0x30...0x39).contains($0) }
                && part.reduce(0) { $0 * 10 + Int($1 - 0x30) } <= 255
        }
    }
}
