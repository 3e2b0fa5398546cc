import CCurl

/// Sets options of a curl handle, all of them explicit, and remembers the first that libcurl refused.
struct CurlOptions {
    /// What libcurl reads at once. A page of 1 MB costs 7 % less than with 16 KB; with 64 KB, one of 150 KB costs 6 % more.
    static let bufferBytes = 32 << 10
    private static let neverMs = Int(Int32.max)

    let easy: UnsafeMutableRawPointer
    private var refused: (option: UInt32, code: CURLcode)?

    init(_ easy: UnsafeMutableRawPointer) {
        self.easy = easy
    }

    /// What every request of `config` has.
    mutating func apply(_ config: TransportConfig, sockets: SocketTable) {
        trust(config)
        reach(config, sockets)
        limit()
        text(CURLOPT_USERAGENT, config.userAgent)
    }

    /// What `request` has of its own, beside its address. A handle for reads needs nothing of it: a GET on any connection
    /// is what libcurl does by itself.
    mutating func apply(_ request: HTTPRequest) {
        number(CURLOPT_FRESH_CONNECT, request.fresh ? 1 : 0)
        number(CURLOPT_FORBID_REUSE, request.fresh ? 1 : 0)
        send(request)
    }

    /// Throws if an option was refused.
    func check() throws(TransportError) {
        guard let refused else { return }
        if refused.code == CURLE_OUT_OF_MEMORY { throw .memory }
        throw .fault("option \(refused.option) gave error \(refused.code.rawValue)")
    }

    /// Whom to talk to, and what to believe (decision 21). There is no way to turn verification off (T-13).
    private mutating func trust(_ config: TransportConfig) {
        text(CURLOPT_PROTOCOLS_STR, config.origin.isSecure ? "https" : "http")
        text(CURLOPT_REDIR_PROTOCOLS_STR, "https")
        number(CURLOPT_FOLLOWLOCATION, 0)  // H-10: libcurl would send the token along
        number(CURLOPT_UNRESTRICTED_AUTH, 0)
        number(CURLOPT_AUTOREFERER, 0)
        number(CURLOPT_NETRC, 0)
        number(CURLOPT_SSL_VERIFYPEER, 1)
        number(CURLOPT_SSL_VERIFYHOST, 2)
        number(CURLOPT_SSLVERSION, 6)  // CURL_SSLVERSION_TLSv1_2, the least allowed
        number(CURLOPT_SSL_SESSIONID_CACHE, 0)  // each connection sees the certificate
        if let file = config.caFile { text(CURLOPT_CAINFO, file) }
        number(CURLOPT_HTTP09_ALLOWED, 0)
        number(CURLOPT_HTTP_VERSION, 2)  // CURL_HTTP_VERSION_1_1
        number(CURLOPT_PATH_AS_IS, 1)
    }

    private mutating func reach(_ config: TransportConfig, _ sockets: SocketTable) {
        text(CURLOPT_PROXY, config.proxy ?? "")  // N-28
        text(CURLOPT_NOPROXY, "")
        number(CURLOPT_HTTPPROXYTUNNEL, 1)
        number(CURLOPT_SUPPRESS_CONNECT_HEADERS, 1)
        number(CURLOPT_HEADEROPT, 1)  // CURLHEADER_SEPARATE: a proxy does not get the token
        number(CURLOPT_NOSIGNAL, 1)
        number(CURLOPT_QUICK_EXIT, 1)  // N-02
        number(CURLOPT_TCP_KEEPALIVE, 1)
        number(CURLOPT_MAXAGE_CONN, 60)
        number(CURLOPT_MAXLIFETIME_CONN, 60)  // N-03
        sockets.attach(to: easy)
    }

    /// Only driven time counts, so libcurl's own timers are off; `WireAttempt` has ours.
    private mutating func limit() {
        number(CURLOPT_CONNECTTIMEOUT_MS, CurlOptions.neverMs)
        number(CURLOPT_TIMEOUT_MS, 0)
        number(CURLOPT_LOW_SPEED_LIMIT, 0)
        number(CURLOPT_BUFFERSIZE, CurlOptions.bufferBytes)
        number(CURLOPT_NOPROGRESS, 1)
        text(CURLOPT_ACCEPT_ENCODING, "gzip, deflate")
    }

    private mutating func send(_ request: HTTPRequest) {
        guard let body = request.body ?? (request.method == .get || request.method == .delete ? nil : []) else {
            number(CURLOPT_HTTPGET, 1)
            if request.method != .get { text(CURLOPT_CUSTOMREQUEST, request.method.name) }
            return
        }
        number(CURLOPT_POST, 1)
        offset(CURLOPT_POSTFIELDSIZE_LARGE, Int64(body.count))
        text(CURLOPT_CUSTOMREQUEST, request.method.name)
    }

    // MARK: One option

    mutating func number(_ option: CURLoption, _ value: Int) {
        note(option, flxc_set_long(easy, option, value))
    }

    mutating func offset(_ option: CURLoption, _ value: Int64) {
        note(option, flxc_set_offset(easy, option, value))
    }

    /// libcurl copies the text.
    mutating func text(_ option: CURLoption, _ value: String) {
        note(option, value.withCString { flxc_set_text(easy, option, $0) })
    }

    mutating func pointer(_ option: CURLoption, _ value: UnsafeMutableRawPointer) {
        note(option, flxc_set_pointer(easy, option, value))
    }

    mutating func list(_ option: CURLoption, _ value: UnsafeMutablePointer<curl_slist>?) {
        note(option, flxc_set_list(easy, option, value))
    }

    mutating func transfer(_ option: CURLoption, _ value: @escaping flxc_transfer_fn) {
        note(option, flxc_set_transfer(easy, option, value))
    }

    mutating func prereq(_ value: @escaping flxc_prereq_fn) {
        note(CURLOPT_PREREQFUNCTION, flxc_set_prereq(easy, value))
    }

    private mutating func note(_ option: CURLoption, _ code: CURLcode) {
        if code != CURLE_OK, refused == nil { refused = (UInt32(option.rawValue), code) }
    }
}
