import CFlxChannel
import CLibc

/// Accepting orders: check, commit, return (decision 11). No request is made here.
extension Client {
    /// Takes an order into the outbox, or recognises it; returns the receipt for the host.
    func submit(_ bytes: [UInt8]) throws(ChannelError) -> [UInt8] {
        let order = try Client.checkedOrder(bytes, names: settings.names)
        let hash = store.keyed("number", Array(order.number.utf8))
        let digest = store.keyed("order", order.canonical)
        let now = Clock.wallMs()
        let (row, isNew) = try state { () throws(StateError) in
            try store.write { () throws(StateError) -> (OutboxRow?, Bool) in
                if let known = try store.outbox.row(numberHash: hash) { return (known, false) }
                let id = try store.outbox.insert(
                    number: order.number, numberHash: hash, digest: digest, digestVersion: OrderDocument.digestVersion,
                    wire: order.wire, orderedAt: order.orderedAt?.ms, at: now)
                _ = try store.events.append(
                    row: id, at: now, what: "submitted", httpStatus: 0, verdict: .none, message: "", requestId: "", tookMs: 0)
                return (try store.outbox.row(id: id), true)
            }
        }
        guard let row else { throw ChannelError(FLX_E_INTERNAL, "the order was stored but could not be read back") }
        guard row.digest == digest || row.digestVersion != OrderDocument.digestVersion else {
            throw ChannelError(
                FLX_E_CONFLICT,
                "this order number is taken by an order of other content; nothing was stored, use a new number for a new order",
                path: "/orderNumber")
        }
        if isNew { log.write(.info, "order.queued", [("row", .number(row.id))]) }
        var json = JSONWriter()
        json.beginObject()
        json.member("number", order.number)
        json.member("state", row.state.name)
        json.member("verdict", row.verdict.name)
        json.member("new", isNew)
        json.endObject()
        return json.bytes
    }

    static func checkedOrder(_ bytes: [UInt8], names: WireNames) throws(ChannelError) -> OrderDocument {
        do {
            return try OrderDocument.check(bytes, names: names)
        } catch {
            switch error {
            case .json(let fault): throw ChannelError(json: fault, what: "the order")
            case .faults(let faults): throw ChannelError(FLX_E_ORDER, faults: faults)
            case .tooLarge(let bytes):
                throw ChannelError(
                    FLX_E_TOO_LARGE, "the order has \(bytes) bytes; at most \(OrderSchema.mostBytes) are allowed")
            }
        }
    }

    /// The report of `flx_order_check`.
    static func orderReport(_ bytes: [UInt8]) throws(ChannelError) -> [UInt8] {
        var faults: [Fault] = []
        do {
            _ = try checkedOrder(bytes, names: WireNames())
        } catch {
            guard error.code == FLX_E_ORDER || error.code == FLX_E_JSON else { throw error }
            faults = error.faults
        }
        var json = JSONWriter()
        json.beginObject()
        json.member("ok", faults.isEmpty)
        json.key("faults")
        json.beginArray()
        for fault in faults { json.fault(fault) }
        json.endArray()
        json.endObject()
        return json.bytes
    }

    /// What the hub told of an order; only inside a write of the store.
    func noteStatus(_ order: HubOrder) throws(StateError) {
        guard var row = try store.outbox.row(hubId: order.id), row.hubStatus != order.orderStatus || row.watched == order.isFinal
        else { return }
        row.hubStatus = order.orderStatus ?? row.hubStatus
        row.watched = !order.isFinal
        _ = try store.outbox.save(row, fence: row.fence)
    }
}

extension OutboxState {
    var name: String {
        switch self {
        case .queued: "queued"
        case .sending: "sending"
        case .resolved: "resolved"
        case .settled: "settled"
        }
    }

    static func named(_ name: String) -> OutboxState? {
        [.queued, .sending, .resolved, .settled].first { $0.name == name }
    }
}
