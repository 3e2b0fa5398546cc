import CCurl

/// libcurl's global state, set up when the first transport is made and never torn down: others in the host use it too.
enum CurlLibrary {
    static let isReady = curl_global_init(Int(CURL_GLOBAL_DEFAULT)) == CURLE_OK

    /// The version that is loaded.
    static var version: String { curl_version_info(CURLVERSION_FIRST).map { String(cString: $0.pointee.version) } ?? "" }
}
