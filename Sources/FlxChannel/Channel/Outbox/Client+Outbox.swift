import CFlxChannel

/// Accepting orders: check, commit, return (decision 11). No request is made here.
extension Client {
    /// Takes an order into the outbox, recognises it, or gives it new content; returns the receipt for the host.
    func submit(_ bytes: [UInt8]) throws(ChannelError) -> [UInt8] {
        let order = try Client.checkedOrder(bytes, names: settings.names)
        let hash = store.keyed("number", Array(order.number.utf8))
        let digest = store.keyed("order", order.canonical)
        let now = store.clock.wallMs()
        let (row, what) = try state { () throws(StateError) in
            try store.write { () throws(StateError) -> (OutboxRow?, Acceptance) in
                guard let known = try store.outbox.row(numberHash: hash) else {
                    let id = try store.outbox.insert(
                        number: order.number, numberHash: hash, digest: digest,
                        digestVersion: OrderDocument.digestVersion,
                        wire: order.wire, orderedAt: order.orderedAt?.ms, at: now)
                    return (try store.outbox.row(id: id), .new)
                }
                if known.digest == digest || known.digestVersion != OrderDocument.digestVersion {
                    return (known, .known)
                }
                guard known.isProvenAbsent else { return (known, .conflict) }
                try store.outbox.revise(
                    known, number: order.number, digest: digest, digestVersion: OrderDocument.digestVersion,
                    wire: order.wire,
                    orderedAt: order.orderedAt?.ms, at: now)
                return (try store.outbox.row(id: known.id), .revised)
            }
        }
        guard let row else { throw ChannelError(FLX_E_INTERNAL, "the order was stored but could not be read back") }
        switch what {
        case .known: break
        case .new: log.write(.info, "order.queued", [("row", .number(row.id))])
        case .revised: log.write(.info, "order.revised", [("row", .number(row.id)), ("revision", .number(row.revision))])
        case .conflict: throw conflict(row, order)
        }
        var json = JSONWriter()
        json.beginObject()
        json.member("number", order.number)
        json.member("state", row.state.name)
        json.member("verdict", row.verdict.name)
        json.member("new", what == .new)
        json.member("revision", row.revision)
        json.endObject()
        return json.bytes
    }

    private enum Acceptance { case new, known, revised, conflict }

    /// Names what differs from the order that has the number, as far as its content is still here.
    private func conflict(_ row: OutboxRow, _ order: OrderDocument) -> ChannelError {
        let paths = row.wire.map { JSONDifference.paths($0, order.wire, most: 10) } ?? []
        let what = paths.isEmpty ? "" : " (\(paths.joined(separator: ", ")))"
        let why =
            switch row.state {
            case .queued, .sending: "may have reached the hub already"
            case .resolved, .settled:
                row.verdict == .applied ? "is at the hub" : "may be at the hub, or the hub has another one of this number"
            }
        let error = ChannelError(
            FLX_E_CONFLICT,
            "this order number is taken by an order of other content\(what), which \(why); nothing was stored, use a new number for a new order",
            path: "/orderNumber")
        error.faults = paths.map { Fault(path: $0, message: "differs from the order that has this number") }
        return error
    }

    static func checkedOrder(_ bytes: [UInt8], names: WireNames) throws(ChannelError) -> OrderDocument {
        do {
            return try OrderDocument.check(bytes, names: names)
        } catch {
            switch error {
            case .json(let fault): throw ChannelError(json: fault, in: bytes, what: "the order")
            case .faults(let faults): throw ChannelError(FLX_E_ORDER, faults: faults)
            case .tooLarge(let bytes):
                throw ChannelError(
                    FLX_E_TOO_LARGE, "the order has \(bytes) bytes; at most \(OrderSchema.mostBytes) are allowed")
            }
        }
    }

    /// The report of `flx_order_check`; `now` is milliseconds since 1970.
    static func orderReport(_ bytes: [UInt8], now: Int64) throws(ChannelError) -> [UInt8] {
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
        json.faults("faults", faults)
        json.faults("warnings", (try? JSONDocument.parse(bytes)).map { OrderWarnings.of($0.root, now: now) } ?? [])
        json.endObject()
        return json.bytes
    }
}

extension OutboxRow {
    /// Whether it is beyond doubt that the hub has no order of this number: refused, or never sent. Only then may the number
    /// take other content.
    var isProvenAbsent: Bool {
        guard !ambiguous, toldId == nil, code != Int64(FLX_E_CONFLICT) else { return false }
        return switch state {
        case .queued: verdict == .none || verdict == .notApplied || verdict == .refused
        case .sending: false
        case .resolved, .settled: verdict == .refused || verdict == .notApplied
        }
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
