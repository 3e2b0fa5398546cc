import CFlxChannel

// Answers, and every other operation of the contract.

@_cdecl("flx_ack") @implementation
public func flx_ack(
    _ cl: OpaquePointer?, _ receipt: UnsafePointer<CChar>?, _ rn: Int, _ answers: UnsafePointer<CChar>?, _ n: Int,
    _ err: OutHandle?
) -> Int32 {
    boundary(err) { () throws(ChannelError) in
        let client = try Handles.client(cl)
        try client.acknowledge(receipt: try Given.text(receipt, rn, "receipt"), answers: try Given.json(answers, n, "answers"))
        return FLX_OK
    }
}

@_cdecl("flx_ack_results") @implementation
public func flx_ack_results(_ cl: OpaquePointer?, _ after: Int64, _ most: Int, _ json: OutHandle?, _ err: OutHandle?) -> Int32 {
    boundary(err) { () throws(ChannelError) in
        let out = try need(json, "json")
        let client = try Handles.client(cl)
        guard after >= 0 else { throw ChannelError(FLX_E_ARGUMENT, "after is \(after); 0 or more is allowed", path: "after") }
        try Blob.give(try client.answerResults(after: after, most: try Given.count(most)), out)
        return FLX_OK
    }
}

@_cdecl("flx_preview") @implementation
public func flx_preview(_ cl: OpaquePointer?, _ what: InText?, _ n: Int, _ json: OutHandle?, _ err: OutHandle?) -> Int32 {
    boundary(err) { () throws(ChannelError) in
        let out = try need(json, "json")
        try Blob.give(try Handles.client(cl).preview(try Given.optionalJSON(what, n, "what")), out)
        return FLX_OK
    }
}

@_cdecl("flx_call") @implementation
public func flx_call(
    _ cl: OpaquePointer?, _ operation: UnsafePointer<CChar>?, _ on: Int, _ args: UnsafePointer<CChar>?, _ an: Int,
    _ waitMs: Int32, _ json: OutHandle?, _ err: OutHandle?
) -> Int32 {
    boundary(err) { () throws(ChannelError) in
        let out = try need(json, "json")
        let client = try Handles.client(cl)
        let operation = try Given.text(operation, on, "operation")
        let arguments = try Given.optionalJSON(args, an, "args")
        try Blob.give(try client.call(operation, arguments, by: try client.deadline(waitMs)), out)
        return FLX_OK
    }
}
