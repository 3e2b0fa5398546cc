import CFlxChannel

// Rounds: all of a channel's work in one loop.

@_cdecl("flx_sync_open") @implementation
public func flx_sync_open(_ cl: OpaquePointer?, _ plan: InText?, _ n: Int, _ out: OutHandle?, _ err: OutHandle?) -> Int32 {
    boundary(err) { () throws(ChannelError) in
        let out = try need(out, "out")
        let client = try Handles.client(cl)
        let plan = try SyncPlan.read(try Given.optionalJSON(plan, n, "plan"))
        // Safe: `need` checked it.
        out.pointee = try Handles.syncs.insert(try Sync(client, plan))
        return FLX_OK
    }
}

@_cdecl("flx_sync_next") @implementation
public func flx_sync_next(_ sync: OpaquePointer?, _ waitMs: Int32, _ event: OutHandle?, _ err: OutHandle?) -> Int32 {
    boundary(err) { () throws(ChannelError) in
        let out = try need(event, "event")
        let sync = try Handles.sync(sync)
        switch try sync.next(by: try sync.client.deadline(waitMs)) {
        case .event(let event):
            try Blob.give(event.json, out)
            return FLX_OK
        case .again: return FLX_AGAIN
        case .waitsForReplies: return FLX_BUSY
        case .done(let summary):
            try Blob.give(summary.json, out)
            return FLX_DONE
        }
    }
}

@_cdecl("flx_sync_reply") @implementation
public func flx_sync_reply(_ sync: OpaquePointer?, _ event: Int64, _ reply: InText?, _ n: Int, _ err: OutHandle?) -> Int32 {
    boundary(err) { () throws(ChannelError) in
        try Handles.sync(sync).reply(event, try Given.json(reply, n, "reply"))
        return FLX_OK
    }
}

@_cdecl("flx_sync_close") @implementation
public func flx_sync_close(_ sync: OpaquePointer?) { hostCall { Handles.syncs.remove(sync)?.close() } }

@_cdecl("flx_sync_run") @implementation
public func flx_sync_run(
    _ cl: OpaquePointer?, _ plan: InText?, _ n: Int, _ handlers: UnsafePointer<flx_sync_handlers>?, _ summary: OutHandle?,
    _ err: OutHandle?
) -> Int32 {
    boundary(err) { () throws(ChannelError) in
        summary?.pointee = nil  // Safe: NULL or writable by the header.
        let handlers = try SyncHandlers(handlers)
        let client = try Handles.client(cl)
        let plan = try SyncPlan.read(try Given.optionalJSON(plan, n, "plan"))
        let handle = try Handles.syncs.insert(try Sync(client, try plan.limited(to: handlers.parts)))
        defer { Handles.syncs.remove(handle)?.close() }
        let done = try handlers.run(try Handles.sync(handle), handle)
        if let summary { try Blob.give(done.json, summary) }
        return FLX_OK
    }
}
