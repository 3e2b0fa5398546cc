import CCurl

/// libcurl's global state, set up when the first transport is made and never torn down: others in the host use it too.
///
/// libcurl looks for each handle whether it is set up, under a lock of the process that a child of that moment could never
/// take: `ForkGate` keeps forks away.
///
/// Fault rows: K-17, X-01.
enum CurlLibrary {
    static let isReady = curl_global_init(Int(CURL_GLOBAL_DEFAULT)) == CURLE_OK

    /// The version that is loaded.
    static var version: String { curl_version_info(CURLVERSION_FIRST).map { String(cString: $0.pointee.version) } ?? "" }

    /// A new handle for one request at a time; nil if memory ran out.
    static func makeEasy() -> UnsafeMutableRawPointer? { curl_easy_init() }

    /// A new handle for many requests; nil if memory ran out.
    static func makeMulti() -> UnsafeMutableRawPointer? { curl_multi_init() }
}
