import CCurl

/// A curl handle and the text of its last error.
///
/// Invariant: in use by at most one attempt. Only one for reads is used again, after an answer, with the options of the
/// transport still set; a write has its own, so that nothing of an earlier request can touch it (decision 13).
final class CurlHandle {
    let easy: UnsafeMutableRawPointer
    let isForReads: Bool
    private let errorBuffer: UnsafeMutablePointer<CChar>

    /// Its options are those of every request of `config`.
    init(_ config: TransportConfig, isForReads: Bool, sockets: SocketTable) throws(TransportError) {
        guard let easy = CurlLibrary.makeEasy() else { throw .memory }
        self.easy = easy
        self.isForReads = isForReads
        errorBuffer = .allocate(capacity: Int(CURL_ERROR_SIZE))
        errorBuffer.initialize(repeating: 0, count: Int(CURL_ERROR_SIZE))
        var options = CurlOptions(easy)
        options.apply(config, sockets: sockets)
        options.pointer(CURLOPT_ERRORBUFFER, UnsafeMutableRawPointer(errorBuffer))
        WireAttempt.answerCalls(&options)
        try options.check()
        guard !config.origin.isSecure || !KeyLog.isAsked || KeyLog.silence(easy) else {
            throw .config(
                "SSLKEYLOGFILE is set, and this libcurl cannot be kept from writing the secrets of connections there; unset it",
                at: nil)
        }
    }

    deinit {
        curl_easy_cleanup(easy)
        errorBuffer.deallocate()
    }

    /// What libcurl said of the last fault; empty if nothing.
    var errorText: String { String(cString: errorBuffer) }  // Safe: libcurl writes at most CURL_ERROR_SIZE bytes with the NUL.

    func forgetError() {
        errorBuffer.pointee = 0
    }
}
