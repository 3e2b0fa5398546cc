import CFlxChannel

/// The functions of a C host that a round is run with.
struct SyncHandlers {
    private typealias Handler = flx_sync_fn
    private let table: flx_sync_handlers

    /// Copies as much of the host's table as it says is there.
    init(_ table: UnsafePointer<flx_sync_handlers>?) throws(ChannelError) {
        // Safe: the header requires NULL or a table of the size that it says.
        guard let table, Int(table.pointee.size) >= MemoryLayout<flx_sync_handlers>.size else {
            throw ChannelError(FLX_E_ARGUMENT, "handlers is NULL, or its size is not sizeof(flx_sync_handlers)", path: "handlers")
        }
        self.table = table.pointee
        guard self.table.change != nil || self.table.publish == nil && self.table.sync == nil else {
            throw ChannelError(
                FLX_E_ARGUMENT, "handlers.change is NULL: a listing that is published or synced may have to be hidden",
                path: "handlers")
        }
        guard !parts.isEmpty else { throw ChannelError(FLX_E_ARGUMENT, "handlers has no function", path: "handlers") }
    }

    /// What there are functions for.
    var parts: [SyncPart] {
        var parts: [SyncPart] = []
        if table.result != nil { parts.append(.results) }
        if table.publish != nil { parts.append(.publish) }
        if table.sync != nil { parts.append(.sync) }
        if table.order != nil { parts.append(.orders) }
        if table.shipment != nil { parts.append(.shipments) }
        if table.goods_return != nil { parts.append(.returns) }
        if table.gone != nil { parts.append(.gone) }
        return parts
    }

    /// Runs the round to its summary.
    func run(_ sync: Sync, _ handle: OpaquePointer) throws(ChannelError) -> SyncEvent {
        while true {
            switch try sync.next(by: try sync.client.deadline(-1)) {
            case .again: continue
            case .done(let summary): return summary
            case .event(let event): try call(event, sync, handle)
            case .waitsForReplies: throw ChannelError(FLX_E_USE, "a function said that it replied, and did not")
            }
        }
    }

    private func call(_ event: SyncEvent, _ sync: Sync, _ handle: OpaquePointer) throws(ChannelError) {
        guard let handler = handler(of: event.kind) else { return try sync.replyUnlessDone(event, "true") }
        let json = Bytes(event.json)
        // What the host does there is its own: a fork does not wait for it, and it may call the library.
        let said = ForkGate.outside { handler(table.user, handle, event.number, json.start, json.count) }
        switch said {
        case FLX_SYNC_YES: try sync.replyUnlessDone(event, "true")
        case FLX_SYNC_REPLIED: break
        case FLX_SYNC_LATER: try sync.replyUnlessDone(event, "false")
        case _ where event.number == 0: break
        default:
            throw ChannelError(FLX_E_USE, "the function for \(event.kind.word) returned \(said), which is none of FLX_SYNC_...")
        }
    }

    private func handler(of kind: SyncEvent.Kind) -> Handler? {
        switch kind {
        case .publish: table.publish
        case .sync: table.sync
        case .change: table.change
        case .gone: table.gone
        case .result: table.result
        case .order: table.order
        case .shipment: table.shipment
        case .otherParcel: table.other_parcel
        case .goodsReturn: table.goods_return
        case .progress: table.progress
        case .summary: nil
        }
    }
}

extension Sync {
    /// For an event that wants a reply.
    fileprivate func replyUnlessDone(_ event: SyncEvent, _ reply: StaticString) throws(ChannelError) {
        if event.number > 0 { try self.reply(event.number, Array("\(reply)".utf8)) }
    }
}
