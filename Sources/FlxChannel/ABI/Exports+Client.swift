import CFlxChannel

// Cancel, config, client.

@_cdecl("flx_cancel_new") @implementation
public func flx_cancel_new() -> OpaquePointer? { hostCall { CancelFlag.make().map { OpaquePointer($0) } } }

@_cdecl("flx_cancel_fire") @implementation
public func flx_cancel_fire(_ k: OpaquePointer?) {
    if let k { CancelFlag.fire(UnsafeMutablePointer(k)) }  // Safe: the header requires a live cancel.
}

@_cdecl("flx_cancel_reset") @implementation
public func flx_cancel_reset(_ k: OpaquePointer?) {
    if let k { CancelFlag.reset(UnsafeMutablePointer(k)) }  // Safe: as above.
}

@_cdecl("flx_cancel_free") @implementation
public func flx_cancel_free(_ k: OpaquePointer?) {
    if let k { CancelFlag.free(UnsafeMutablePointer(k)) }  // Safe: as above.
}

@_cdecl("flx_config_new") @implementation
public func flx_config_new(_ out: OutHandle?, _ err: OutHandle?) -> Int32 {
    boundary(err) { () throws(ChannelError) in
        let out = try need(out, "out")
        out.pointee = try Handles.configs.insert(Config())  // Safe: `need` checked it.
        return FLX_OK
    }
}

@_cdecl("flx_config_set") @implementation
public func flx_config_set(
    _ c: OpaquePointer?, _ key: UnsafePointer<CChar>?, _ kn: Int, _ val: UnsafePointer<CChar>?, _ vn: Int, _ err: OutHandle?
) -> Int32 {
    boundary(err) { () throws(ChannelError) in
        let config = try Handles.configs.object(c)
        let name = try Given.text(key, kn, "key")
        if name == ConfigKey.hubToken.key.name {
            config.set(token: try ConfigKey.token(try Given.place(val, vn, "val"), FLX_E_CONFIG))
        } else {
            try config.set(name, try Given.text(val, vn, "val"))
        }
        return FLX_OK
    }
}

@_cdecl("flx_config_set_json") @implementation
public func flx_config_set_json(_ c: OpaquePointer?, _ json: UnsafePointer<CChar>?, _ n: Int, _ err: OutHandle?) -> Int32 {
    boundary(err) { () throws(ChannelError) in
        let config = try Handles.configs.object(c)
        var bytes = try Given.json(json, n, "json")
        try config.set(json: &bytes)
        return FLX_OK
    }
}

@_cdecl("flx_config_on_log") @implementation
public func flx_config_on_log(
    _ c: OpaquePointer?, _ fn: flx_log_fn?, _ ud: UnsafeMutableRawPointer?, _ drop: flx_drop_fn?, _ err: OutHandle?
) -> Int32 {
    boundary(err) { () throws(ChannelError) in
        let config = try Handles.configs.object(c)
        config.log(to: fn.map { LogTarget($0, ud, drop).write })
        return FLX_OK
    }
}

@_cdecl("flx_config_free") @implementation
public func flx_config_free(_ c: OpaquePointer?) { hostCall { _ = Handles.configs.remove(c) } }

@_cdecl("flx_state_move") @implementation
public func flx_state_move(_ from: OpaquePointer?, _ to: OpaquePointer?, _ err: OutHandle?) -> Int32 {
    boundary(err) { () throws(ChannelError) in
        if ForkGate.isTainted { throw ChannelError(StateError.forkedInside) }
        let source = try StateSettings(try Handles.configs.object(from).snapshot().values)
        try source.move(to: try StateSettings(try Handles.configs.object(to).snapshot().values))
        return FLX_OK
    }
}

@_cdecl("flx_client_open") @implementation
public func flx_client_open(_ c: OpaquePointer?, _ out: OutHandle?, _ err: OutHandle?) -> Int32 {
    boundary(err) { () throws(ChannelError) in
        let out = try need(out, "out")
        if ForkGate.isTainted { throw ChannelError(StateError.forkedInside) }
        let (values, token, sink) = try Handles.configs.object(c).snapshot()
        let settings = try Settings(values, token: token)
        let client = try SignalGuard.run { () throws(ChannelError) in try Client(settings, sink: sink) }
        out.pointee = try Handles.clients.insert(client)  // Safe: `need` checked it.
        return FLX_OK
    }
}

@_cdecl("flx_client_probe") @implementation
public func flx_client_probe(_ cl: OpaquePointer?, _ waitMs: Int32, _ report: OutHandle?, _ err: OutHandle?) -> Int32 {
    boundary(err) { () throws(ChannelError) in
        let out = try need(report, "report")
        let client = try Handles.client(cl)
        try Blob.give(try client.probe(by: try client.deadline(waitMs)), out)
        return FLX_OK
    }
}

@_cdecl("flx_client_stats") @implementation
public func flx_client_stats(_ cl: OpaquePointer?, _ json: OutHandle?, _ err: OutHandle?) -> Int32 {
    boundary(err) { () throws(ChannelError) in
        let out = try need(json, "json")
        try Blob.give(try Handles.client(cl).stats(), out)
        return FLX_OK
    }
}

@_cdecl("flx_client_holders") @implementation
public func flx_client_holders(_ cl: OpaquePointer?, _ json: OutHandle?, _ err: OutHandle?) -> Int32 {
    boundary(err) { () throws(ChannelError) in
        let out = try need(json, "json")
        try Blob.give(try Handles.client(cl).holderList(), out)
        return FLX_OK
    }
}

@_cdecl("flx_client_logs") @implementation
public func flx_client_logs(_ cl: OpaquePointer?, _ jsonl: OutHandle?, _ err: OutHandle?) -> Int32 {
    boundary(err) { () throws(ChannelError) in
        let out = try need(jsonl, "jsonl")
        let client = try Handles.client(cl)
        var bytes: [UInt8] = []
        for line in client.log.take() { bytes.append(contentsOf: (line + "\n").utf8) }
        try Blob.give(bytes, out)
        return FLX_OK
    }
}

@_cdecl("flx_client_set_token") @implementation
public func flx_client_set_token(_ cl: OpaquePointer?, _ t: UnsafePointer<CChar>?, _ n: Int, _ err: OutHandle?) -> Int32 {
    boundary(err) { () throws(ChannelError) in
        try Handles.client(cl).setToken(try ConfigKey.token(try Given.place(t, n, "t"), FLX_E_ARGUMENT))
        return FLX_OK
    }
}

@_cdecl("flx_client_relearn") @implementation
public func flx_client_relearn(_ cl: OpaquePointer?, _ what: UnsafePointer<CChar>?, _ n: Int, _ err: OutHandle?) -> Int32 {
    boundary(err) { () throws(ChannelError) in
        let client = try Handles.client(cl)
        try client.relearn(try Client.facts(named: try Given.optionalJSON(what, n, "what")))
        return FLX_OK
    }
}

@_cdecl("flx_client_set_cancel") @implementation
public func flx_client_set_cancel(_ cl: OpaquePointer?, _ k: OpaquePointer?, _ err: OutHandle?) -> Int32 {
    boundary(err) { () throws(ChannelError) in
        let client = try Handles.client(cl)
        client.cancel.set(k.map { UnsafeMutablePointer($0) })  // Safe: the header requires NULL or a live cancel.
        return FLX_OK
    }
}

@_cdecl("flx_client_close") @implementation
public func flx_client_close(_ cl: OpaquePointer?) { hostCall { Handles.clients.remove(cl)?.close() } }
