import CCurl

/// libcurl's global state, set up when the first transport is made and never torn down: others in the host use it too.
///
/// Invariant: no fork of another thread comes while a handle is being made. libcurl looks for each whether it is set up, under a
/// lock of the process that no child could ever take.
///
/// Fault rows: K-17, X-01.
enum CurlLibrary {
    static let gate: Lock = {
        let gate = Lock()
        ForkGuard.register(gate)
        return gate
    }()

    private static let isSetUp = curl_global_init(Int(CURL_GLOBAL_DEFAULT)) == CURLE_OK

    static var isReady: Bool { gate.holding { isSetUp } }

    /// The version that is loaded.
    static var version: String { curl_version_info(CURLVERSION_FIRST).map { String(cString: $0.pointee.version) } ?? "" }

    /// A new handle for one request at a time; nil if memory ran out.
    static func makeEasy() -> UnsafeMutableRawPointer? { make { curl_easy_init() } }

    /// A new handle for many requests; nil if memory ran out.
    static func makeMulti() -> UnsafeMutableRawPointer? { make { curl_multi_init() } }

    private static func make(_ body: () -> UnsafeMutableRawPointer?) -> UnsafeMutableRawPointer? {
        ForkGuard.pass()
        return gate.holding(body)
    }
}
