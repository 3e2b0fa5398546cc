import CCurl

/// The request headers of one token, in the form libcurl wants. The only place of the wire where the token is.
///
/// Invariant: the nodes are one list, with two beginnings: the type of a body, and that there is none, for libcurl would give a
/// write without a body that of a form. libcurl only reads it; its own way to make a list would copy the token to memory that is
/// freed as it is (K-13).
final class HeaderList {
    private let line: Secret
    private let nodes: UnsafeMutablePointer<curl_slist>

    /// `token` was checked: visible ASCII only (S-01).
    init(token: Secret) throws(TransportError) {
        guard let line = token.withBytes({ Secret(prefix: "X-API-TOKEN: ", $0) }) else { throw .memory }
        self.line = line
        let texts: [UnsafeRawPointer] = [
            HeaderList.text("Content-Type:"), HeaderList.text("Content-Type: application/json"), HeaderList.text("Expect:"),
            UnsafeRawPointer(line.start), HeaderList.text("Accept: application/json"),
        ]
        nodes = .allocate(capacity: texts.count)
        for (place, text) in texts.enumerated() {
            // Safe: each text ends with a zero and lives as long as the list; nobody writes to it.
            let data = UnsafeMutablePointer(mutating: text.assumingMemoryBound(to: CChar.self))
            let next = place + 1 < texts.count ? nodes + max(place + 1, 2) : nil
            (nodes + place).initialize(to: curl_slist(data: data, next: next))
        }
    }

    deinit {
        nodes.deallocate()
    }

    func list(hasBody: Bool) -> UnsafeMutablePointer<curl_slist>? { hasBody ? nodes + 1 : nodes }

    private static func text(_ text: StaticString) -> UnsafeRawPointer { UnsafeRawPointer(text.utf8Start) }
}
