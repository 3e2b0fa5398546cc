import CFlxChannel

// Pulls and cursors.

@_cdecl("flx_pull_open") @implementation
public func flx_pull_open(
    _ cl: OpaquePointer?, _ feed: Int32, _ spec: UnsafePointer<CChar>?, _ n: Int, _ out: OutHandle?, _ err: OutHandle?
) -> Int32 {
    boundary(err) { () throws(ChannelError) in
        let out = try need(out, "out")
        let client = try Handles.client(cl)
        let feed = try Given.feed(feed)
        let spec = try PullSpec.read(try Given.optionalJSON(spec, n, "spec"), feed: feed, settings: client.settings)
        let pull = try SignalGuard.run { () throws(ChannelError) in try Pull(client, feed: feed, spec: spec) }
        out.pointee = try Handles.pulls.insert(pull)  // Safe: `need` checked it.
        return FLX_OK
    }
}

@_cdecl("flx_pull_next") @implementation
public func flx_pull_next(_ pull: OpaquePointer?, _ waitMs: Int32, _ out: OutHandle?, _ err: OutHandle?) -> Int32 {
    boundary(err) { () throws(ChannelError) in
        let out = try need(out, "out")
        let pull = try Handles.pull(pull)
        switch try pull.next(by: try pull.client.deadline(waitMs)) {
        case .again: return FLX_AGAIN
        case .done: return FLX_DONE
        case .page(let page):
            // Safe: `need` checked it.
            out.pointee = try Handles.pages.insert(PageObject(page, mostViewBytes: pull.client.settings.viewBytes))
            return FLX_OK
        }
    }
}

@_cdecl("flx_pull_commit") @implementation
public func flx_pull_commit(_ pull: OpaquePointer?, _ page: OpaquePointer?, _ err: OutHandle?) -> Int32 {
    boundary(err) { () throws(ChannelError) in
        try Handles.pull(pull).commit(try Handles.pages.object(page).page)
        return FLX_OK
    }
}

@_cdecl("flx_pull_close") @implementation
public func flx_pull_close(_ pull: OpaquePointer?) { hostCall { Handles.pulls.remove(pull)?.close() } }

@_cdecl("flx_snapshot_get") @implementation
public func flx_snapshot_get(
    _ cl: OpaquePointer?, _ query: InText?, _ n: Int, _ json: OutHandle?, _ err: OutHandle?
) -> Int32 {
    boundary(err) { () throws(ChannelError) in
        let out = try need(json, "json")
        try Blob.give(try Handles.client(cl).snapshot(try Given.json(query, n, "query")), out)
        return FLX_OK
    }
}

@_cdecl("flx_cursor_list") @implementation
public func flx_cursor_list(_ cl: OpaquePointer?, _ json: OutHandle?, _ err: OutHandle?) -> Int32 {
    boundary(err) { () throws(ChannelError) in
        let out = try need(json, "json")
        try Blob.give(try Handles.client(cl).cursorList(), out)
        return FLX_OK
    }
}

@_cdecl("flx_cursor_set") @implementation
public func flx_cursor_set(
    _ cl: OpaquePointer?, _ feed: Int32, _ name: UnsafePointer<CChar>?, _ n: Int, _ cursor: UnsafePointer<CChar>?, _ cn: Int,
    _ err: OutHandle?
) -> Int32 {
    boundary(err) { () throws(ChannelError) in
        let client = try Handles.client(cl)
        let feed = try Given.feed(feed)
        let name = name == nil ? "default" : try Given.text(name, n, "name")
        try client.setCursor(feed, name: name, to: try Given.text(cursor, cn, "cursor"))
        return FLX_OK
    }
}
