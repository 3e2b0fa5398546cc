import CFlxChannel

/// What is known of the order that a parcel or a return is of.
enum ParcelOrder {
    /// The host's number; nil if the hub told none, or one that is of another order of this outbox.
    case known(number: String?)
    /// The hub does not tell it now. The record comes without a number, and once more when it does.
    case untold
    /// It may be told soon: the record waits (P-20).
    case awaited
    /// It is another channel's (O-04).
    case foreign(channel: String)

    var number: String? {
        if case .known(let number) = self { return number }
        return nil
    }

    /// That of a record.
    static func of(_ record: JSONValue, in orders: [ByteText: ParcelOrder]) -> ParcelOrder? {
        orders.isEmpty ? nil : record.member("orderId").flatMap(OrderField.idText).flatMap { orders[$0] }
    }

    /// For so long a record waits; then it comes without what it waited for.
    static let longestWaitMs: Int64 = 3_600_000
}

extension NumberRow {
    /// How long the hub is not asked again.
    private static let (leastWaitMs, mostWaitMs): (Int64, Int64) = (5000, 6 * 3_600_000)

    func isDue(_ now: Int64) -> Bool {
        guard tries > 0 else { return false }
        let wait = Backoff.ceilingMs(attempt: tries, baseMs: NumberRow.leastWaitMs, capMs: NumberRow.mostWaitMs)
        return !(0..<wait).contains(now &- keptAt)  // also when the clock was set back
    }

    /// Whether what is of this order still waits.
    func isAwaited(_ now: Int64) -> Bool {
        awaitedSince.map { (0..<ParcelOrder.longestWaitMs).contains(now &- $0) } ?? false
    }
}

/// What the state knows of orders, and of those of parcels and returns, by the hub's order ids.
extension Client {
    /// The host's numbers of those that are of this outbox: the hub may have given one of its own (contract 8.14).
    func numbers(ofOrders records: [JSONValue]) throws(ChannelError) -> [ByteText: String] {
        try state { () throws(StateError) in
            try store.read { () throws(StateError) in
                var numbers: [ByteText: String] = [:]
                for id in records.compactMap({ $0.member("id").flatMap(OrderField.idText) }) {
                    if let ours = try store.outbox.row(hubId: id) { numbers[ByteText(id)] = ours.number }
                }
                return numbers
            }
        }
    }

    /// What the host is told of them. Of an order that nobody asked about nothing is known: `unasked`.
    func parcelOrders(_ records: [JSONValue], by scope: ChannelScope, unasked: ParcelOrder) throws(ChannelError) -> [ByteText:
        ParcelOrder]
    {
        let now = store.clock.wallMs()
        return try state { () throws(StateError) in
            try store.read { () throws(StateError) in
                var orders: [ByteText: ParcelOrder] = [:]
                for id in OrderNumbers.ids(records) {
                    if let ours = try store.outbox.row(hubId: id)?.number {
                        orders[id] = .known(number: ours)
                    } else if let row = try store.numbers.row(hubId: id) {
                        orders[id] = try order(row, now, scope)
                    } else {
                        orders[id] = unasked
                    }
                }
                return orders
            }
        }
    }

    private func order(_ row: NumberRow, _ now: Int64, _ scope: ChannelScope) throws(StateError) -> ParcelOrder {
        if let channel = row.channel, scope.isForeign(orderOf: channel) { return .foreign(channel: channel) }
        if row.isAwaited(now) { return .awaited }
        guard !row.number.isEmpty else { return row.tries > 0 ? .untold : .known(number: nil) }
        let ours = try store.outbox.row(numberHash: hash(of: row.number))
        let isAnothers = ours.map { $0.hubId != nil || $0.code == Int64(FLX_E_CONFLICT) } ?? false  // O-04
        return .known(number: isAnothers ? nil : row.number)
    }

    /// Those of these orders that the hub is to be asked about, with what is known of them.
    func untoldOrders(_ ids: [String]) throws(ChannelError) -> [(id: String, row: NumberRow?)] {
        let now = store.clock.wallMs()
        return try state { () throws(StateError) in
            try store.read { () throws(StateError) in
                var untold: [(id: String, row: NumberRow?)] = []
                for id in ids where try store.outbox.row(hubId: id)?.number == nil {
                    let row = try store.numbers.row(hubId: id)
                    if row?.isDue(now) ?? true { untold.append((id, row)) }
                }
                return untold
            }
        }
    }

    /// The channels of these orders, as far as the hub was asked.
    func orderChannels(_ ids: [String]) throws(ChannelError) -> [String?] {
        try state { () throws(StateError) in
            try store.read { () throws(StateError) in
                var channels: [String?] = []
                for id in ids where try store.outbox.row(hubId: id)?.number == nil {
                    channels.append(try store.numbers.row(hubId: id)?.channel)
                }
                return channels
            }
        }
    }

    /// Keeps what the hub said of an order. One that refers to an order of ours whose end is not known may be that order: what
    /// is of it waits for the look-up, which tells.
    func keep(_ order: HubOrder, before: NumberRow?) throws(ChannelError) {
        let now = store.clock.wallMs()
        var row = NumberRow(
            hubId: order.id, number: order.orderNumber ?? order.referenceNumber ?? "", channel: order.channelId, keptAt: now)
        try state { () throws(StateError) in
            try store.write { () throws(StateError) in
                if try mayBeOpenOrder(order) {
                    (row.tries, row.awaitedSince) = ((before?.tries ?? 0) &+ 1, before?.awaitedSince ?? now)
                }
                try store.numbers.keep(row)
            }
        }
    }

    /// Keeps that the hub did not tell, and whether that may pass.
    func keepUntold(_ id: String, before: NumberRow?, mayPass: Bool) throws(ChannelError) {
        let now = store.clock.wallMs()
        var row = before ?? NumberRow(hubId: id)
        row.keptAt = now
        row.tries = row.tries &+ 1
        row.awaitedSince = mayPass ? row.awaitedSince ?? now : nil
        try state { () throws(StateError) in
            try store.write { () throws(StateError) in try store.numbers.keep(row) }
        }
    }

    /// Whether it bears a number of its own that is none of ours, and refers to an order of ours that has no end yet
    /// (contract 8.14). In a transaction.
    func mayBeOpenOrder(_ order: HubOrder) throws(StateError) -> Bool {
        guard let reference = order.referenceNumber, let number = order.orderNumber, !Text.isSame(reference, number),
            let ours = try store.outbox.row(numberHash: hash(of: reference)), ours.hubId == nil, ours.attempts > 0,
            ours.verdict == .possiblyApplied || ours.state == .queued || ours.state == .sending
        else { return false }
        return try store.outbox.row(numberHash: hash(of: number)) == nil
    }
}
