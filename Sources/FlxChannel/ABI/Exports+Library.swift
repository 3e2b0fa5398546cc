import CFlxChannel

// Version, introspection, errors, blobs.

@_cdecl("flx_version") @implementation
public func flx_version() -> UInt32 { Version.number }

@_cdecl("flx_version_string") @implementation
public func flx_version_string() -> UnsafePointer<CChar>? { cText(Version.text) }

@_cdecl("flx_require") @implementation
public func flx_require(_ header: UInt32) -> Int32 {
    // A newer header may name what is not here, and one of another major version means something else by what is.
    header / 1_000_000 == Version.number / 1_000_000 && header <= Version.number ? FLX_OK : FLX_E_VERSION
}

@_cdecl("flx_status_name") @implementation
public func flx_status_name(_ status: Int32) -> UnsafePointer<CChar>? { cText(StatusName.constant(status)) }

/// A constant's own bytes, which end in NUL.
private func cText(_ text: StaticString) -> UnsafePointer<CChar>? {
    guard text.hasPointerRepresentation else { return nil }
    return UnsafeRawPointer(text.utf8Start).assumingMemoryBound(to: CChar.self)
}

@_cdecl("flx_describe") @implementation
public func flx_describe(_ topic: UnsafePointer<CChar>?, _ n: Int, _ json: OutHandle?, _ err: OutHandle?) -> Int32 {
    boundary(err) { () throws(ChannelError) in
        let out = try need(json, "json")
        try Blob.give(try Describe.json(try Given.text(topic, n, "topic")), out)
        return FLX_OK
    }
}

@_cdecl("flx_error_code") @implementation
public func flx_error_code(_ e: OpaquePointer?) -> Int32 {
    e == nil ? FLX_OK : hostCall { Handles.errors.find(e)?.error.code ?? FLX_E_HANDLE }
}

@_cdecl("flx_error_number") @implementation
public func flx_error_number(_ e: OpaquePointer?, _ what: Int32) -> Int64 {
    hostCall {
        guard let error = Handles.errors.find(e)?.error else { return 0 }
        switch what {
        case FLX_ERROR_HTTP_STATUS: return Int64(error.httpStatus)
        case FLX_ERROR_VERDICT: return Int64(error.verdict.rawValue)
        case FLX_ERROR_RETRY_AFTER_MS: return error.retryAfterMs
        case FLX_ERROR_RETRYABLE: return error.isRetryable ? 1 : 0
        case FLX_ERROR_FATAL: return error.isFatal ? 1 : 0
        default: return 0
        }
    }
}

@_cdecl("flx_error_view") @implementation
public func flx_error_view(
    _ e: OpaquePointer?, _ part: Int32, _ p: UnsafeMutablePointer<UnsafePointer<CChar>?>?, _ n: UnsafeMutablePointer<Int>?
) -> Int32 {
    view(p, n) { () throws(ChannelError) in
        let error = try Handles.errors.object(e)
        guard let bytes = error.part(part) else { throw ChannelError(FLX_E_ARGUMENT, "no such part") }
        return bytes
    }
}

@_cdecl("flx_error_free") @implementation
public func flx_error_free(_ e: OpaquePointer?) { hostCall { _ = Handles.errors.remove(e) } }

@_cdecl("flx_blob_view") @implementation
public func flx_blob_view(
    _ b: OpaquePointer?, _ p: UnsafeMutablePointer<UnsafeRawPointer?>?, _ n: UnsafeMutablePointer<Int>?
) {
    let bytes = hostCall { Handles.blobs.find(b) }
    p?.pointee = bytes.map { UnsafeRawPointer($0.start) }  // Safe: NULL or writable by the header.
    n?.pointee = bytes?.count ?? 0
}

@_cdecl("flx_blob_free") @implementation
public func flx_blob_free(_ b: OpaquePointer?) { hostCall { _ = Handles.blobs.remove(b) } }

/// Gives a view of bytes that an object keeps.
func view(
    _ p: UnsafeMutablePointer<UnsafePointer<CChar>?>?, _ n: UnsafeMutablePointer<Int>?,
    _ body: () throws(ChannelError) -> Bytes
) -> Int32 {
    p?.pointee = nil  // Safe: NULL or writable by the header.
    n?.pointee = 0
    guard let p, let n else { return FLX_E_ARGUMENT }
    return hostCall {
        do throws(ChannelError) {
            try body().view(p, n)
            return FLX_OK
        } catch {
            return error.code
        }
    }
}
