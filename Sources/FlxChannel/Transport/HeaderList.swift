import CCurl

/// The request headers of one token, in the form libcurl wants. The only place of the wire where the token is.
final class HeaderList {
    private let plain: UnsafeMutablePointer<curl_slist>?
    private let withBody: UnsafeMutablePointer<curl_slist>?

    /// `token` was checked: visible ASCII only (S-01).
    init(token: String) throws(TransportError) {
        let common = ["X-API-TOKEN: " + token, "Accept: application/json", "Expect:"]
        plain = HeaderList.make(common)
        withBody = HeaderList.make(common + ["Content-Type: application/json"])
        guard plain != nil, withBody != nil else { throw .memory }
    }

    deinit {
        curl_slist_free_all(plain)
        curl_slist_free_all(withBody)
    }

    func list(hasBody: Bool) -> UnsafeMutablePointer<curl_slist>? { hasBody ? withBody : plain }

    private static func make(_ lines: [String]) -> UnsafeMutablePointer<curl_slist>? {
        var list: UnsafeMutablePointer<curl_slist>?
        for line in lines {
            guard let longer = line.withCString({ curl_slist_append(list, $0) }) else {
                curl_slist_free_all(list)
                return nil
            }
            list = longer
        }
        return list
    }
}
