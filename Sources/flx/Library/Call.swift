import CFlxChannel

/// Calls of the library: what it gives is copied and freed, what it says of a fault becomes a `Failure`.
enum Call {
    typealias Errors = UnsafeMutablePointer<OpaquePointer?>
    typealias Blobs = UnsafeMutablePointer<OpaquePointer?>

    /// Runs one call; gives a status that is no error.
    @discardableResult
    static func run(_ body: (Errors) -> Int32) throws -> Int32 {
        var error: OpaquePointer?
        let status = body(&error)
        defer { flx_error_free(error) }
        guard status < 0 else { return status }
        throw Failure(status, error)
    }

    /// Runs one call that gives a blob.
    static func blob(_ body: (Blobs, Errors) -> Int32) throws -> (status: Int32, bytes: [UInt8]) {
        var blob: OpaquePointer?
        let status = try run { errors in body(&blob, errors) }
        defer { flx_blob_free(blob) }
        var start: UnsafeRawPointer?, count = 0
        flx_blob_view(blob, &start, &count)
        return (status, Array(UnsafeRawBufferPointer(start: start, count: start == nil ? 0 : count)))
    }

    static func json(_ body: (Blobs, Errors) -> Int32) throws -> JSON {
        try JSON.read(try blob(body).bytes, what: "what the library gives")
    }

    /// Text that a view names.
    static func text(_ body: (UnsafeMutablePointer<UnsafePointer<CChar>?>, UnsafeMutablePointer<Int>) -> Int32) -> String {
        String(decoding: bytes(body), as: UTF8.self)
    }

    static func bytes(_ body: (UnsafeMutablePointer<UnsafePointer<CChar>?>, UnsafeMutablePointer<Int>) -> Int32) -> [UInt8] {
        var start: UnsafePointer<CChar>?, count = 0
        guard body(&start, &count) == FLX_OK, let start else { return [] }
        return Array(UnsafeRawBufferPointer(start: start, count: count))
    }

    static func describe(_ topic: String) throws -> [UInt8] {
        try blob { flx_describe(topic, topic.utf8.count, $0, $1) }.bytes
    }
}

extension [UInt8] {
    /// As the library takes text: it is only read during the call.
    func withText<Result>(_ body: (UnsafePointer<CChar>?, Int) throws -> Result) rethrows -> Result {
        try withUnsafeBytes { try body($0.bindMemory(to: CChar.self).baseAddress, $0.count) }
    }
}

extension Failure {
    /// What the library says of a fault.
    init(_ status: Int32, _ error: OpaquePointer?) {
        let said = Call.text { flx_error_view(error, FLX_ERROR_MESSAGE, $0, $1) }
        let name = String(cString: flx_status_name(status))
        self.init(ExitClass(status: status), said.isEmpty ? name : said)
        self.name = name
        code = status
        httpStatus = flx_error_number(error, FLX_ERROR_HTTP_STATUS)
        retryAfterMs = flx_error_number(error, FLX_ERROR_RETRY_AFTER_MS)
        isInDoubt = flx_error_number(error, FLX_ERROR_VERDICT) == FLX_VERDICT_POSSIBLY_APPLIED
        hubSaid = Call.text { flx_error_view(error, FLX_ERROR_HUB_SAID, $0, $1) }
        let whole = Call.bytes { flx_error_view(error, FLX_ERROR_JSON, $0, $1) }
        faults = ((try? JSONParser.parse(whole))?["faults"]?.elements ?? []).map { fault in
            "\(fault["path"]?.plain ?? "") \(fault["message"]?.plain ?? "")"
        }
    }
}
