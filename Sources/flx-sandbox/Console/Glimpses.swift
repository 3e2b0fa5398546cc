/// The parts of the hub as a console shows them: small, so that it costs little to send them to many.
extension Hub {
    private static let longestText = 160, mostLines = 20, mostFaults = 50

    /// Counts, clock and seed.
    func glimpse(changes: Int) -> [UInt8] {
        let value: JSONValue = [
            "changes": .integer(changes), "seed": .string(clipped(seed.name, to: Self.longestText)), "totals": totals,
            "skew_s": .integer(clock.skew), "frozen_at": .text(clock.frozenAt?.iso),
        ]
        return value.bytes
    }

    /// The switches that are not at their defaults, and the faults.
    var settingsGlimpse: [UInt8] {
        var writer = JSONWriter()
        writer.object { writer in
            writer.key("switches")
            writer.object { writer in
                for which in Switch.all where switches[which] != which.initial {
                    writer.key(named: which.name)
                    writer.string(clipped(switches[which], to: Self.longestText))
                }
            }
            writer.key("faults")
            writer.array(faults.faults.suffix(Self.mostFaults)) { $0.value(shortened($1.json)) }
            writer.member("more_faults", max(0, faults.faults.count - Self.mostFaults))
        }
        return writer.bytes
    }

    /// How full each token's budget is at an instant, by whom it is told apart and never by the token; and whether one is regaining.
    func budgetGlimpse(at now: Int) -> (json: [UInt8], isMoving: Bool) {
        let model = Limiter.Model(switches)
        var pools: [(name: String, fill: Limiter.Fill)] = []
        if let token = tokens.token(of: .channel) { pools.append(("channel \(Hub.channelId)", fill(of: token, model, now))) }
        for (token, _) in limiters where token.text != tokens.token(of: .channel) {
            guard let caller = tokens.caller(of: token.text) else { continue }
            let name = caller.channelId.map { "another token of channel \($0)" } ?? "\(caller.kind.rawValue) token"
            let fill = fill(of: token.text, model, now)
            if fill.used > 0 { pools.append((name, fill)) }
        }
        let others = pools.dropFirst().sorted { $0.name < $1.name }.prefix(8)
        var writer = JSONWriter()
        writer.object { writer in
            writer.member("limiter", switches[.limiter])
            writer.key("pools")
            writer.array(pools.prefix(1) + others) { writer, pool in
                writer.object { writer in
                    writer.member("name", pool.name)
                    writer.member("size", pool.fill.size)
                    writer.key("used")
                    writer.raw(Self.twoPlaces(pool.fill.used))
                    writer.key("refill")
                    writer.raw(Self.twoPlaces(pool.fill.refill))
                }
            }
            writer.member("requests", journal.counts.requests)
            writer.member("refused", journal.counts.byStatus[switches.number(.limitStatus)] ?? 0)
        }
        return (writer.bytes, pools.contains { $0.fill.used > 0 && $0.fill.refill > 0 })
    }

    private func fill(of token: String, _ model: Limiter.Model, _ now: Int) -> Limiter.Fill {
        limiters[ByteText(token), default: Limiter()].fill(at: now, under: model)
    }

    /// A number that JSON can hold, with two places.
    private static func twoPlaces(_ value: Double) -> String {
        guard value.isFinite, value.magnitude < 1e12 else { return "1000000000000" }
        let hundredths = Int((value * 100).rounded())
        let places = hundredths % 100
        return "\(hundredths / 100).\(places < 10 ? "0" : "")\(places)"
    }

    /// The newest orders of every channel, oldest first.
    func ordersGlimpse(_ most: Int) -> [(id: Int, json: [UInt8])] {
        let shown = orders.orders.suffix(most)
        let ids = Set(shown.map(\.id))
        var parcels: [Int: [Shipment]] = [:]
        for shipment in shipments.shipments {
            if let id = shipment.orderId, ids.contains(id) { parcels[id, default: []].append(shipment) }
        }
        return shown.map { ($0.id, glimpse($0, parcels[$0.id] ?? [])) }
    }

    /// An order with the names of `GET /_admin/orders`, and with who gets it.
    private func glimpse(_ order: Order, _ parcels: [Shipment]) -> [UInt8] {
        var writer = JSONWriter(reserving: 1024)
        writer.object { writer in
            writer.member("id", order.id)
            writer.member("order_number", clipped(order.sentNumber, to: 500))
            writer.member("channel_id", order.channelId)
            writer.member("status", order.status.rawValue)
            writer.member("hold", order.hold.map { clipped($0, to: Self.longestText) })
            writer.member("shipped", order.shipped.rawValue)
            writer.member("pushed", order.isPushed)
            writer.member("attempts", orders.attempts[order.sentNumber] ?? 0)
            writer.member("total", (order.total.looseText).map { clipped($0, to: 40) })
            writer.member("inserted_at", order.inserted.iso)
            writer.member("updated_at", order.updated.iso)
            for (name, key) in [("name", "buyer"), ("city", "city"), ("countryCode", "country")] {
                writer.key(named: key)
                writer.value(.text((order.shippingAddress[name]?.text).map { clipped($0, to: Self.longestText) }))
            }
            writer.key("items")
            writer.array(order.items.prefix(Self.mostLines)) { $0.line($1, longestText: Self.longestText) }
            writer.member("more_items", max(0, order.items.count - Self.mostLines))
            writer.key("shipments")
            writer.array(parcels.suffix(Self.mostLines)) { $0.parcel($1, longestText: Self.longestText) }
        }
        return writer.bytes
    }

    private func shortened(_ fault: JSONValue) -> JSONValue {
        .object(
            (fault.members ?? []).map { member in
                switch member.value {
                case .string(let text): .init(key: member.key, value: .string(clipped(text, to: Self.longestText)))
                case .array, .object: .init(key: member.key, value: "…")
                default: member
                }
            })
    }
}

extension JSONWriter {
    fileprivate mutating func line(_ item: OrderItem, longestText: Int) {
        object { writer in
            writer.member("id", item.id)
            writer.member("sku", clipped(item.sku, to: longestText))
            writer.member("title", item.title.map { clipped($0, to: longestText) })
            writer.member("quantity", item.quantity)
            writer.member("shipped", item.shipped)
            writer.member("canceled", item.isTakenOut)
            writer.member("price", item.price.looseText.map { clipped($0, to: 40) })
        }
    }

    fileprivate mutating func parcel(_ shipment: Shipment, longestText: Int) {
        object { writer in
            writer.member("id", shipment.id)
            writer.member("tracking_number", shipment.trackingNumber.map { clipped($0, to: longestText) })
            writer.member("carrier", shipment.carrier.map { clipped($0, to: longestText) })
            writer.member("suppressed", shipment.isSuppressed)
            writer.member("rma", shipment.rmaId != nil)
            writer.member("cross_dock", shipment.crossDockId != nil)
        }
    }
}

extension JournalEntry {
    /// The entry without what only a test compares, and with no text that is long.
    var glimpse: [UInt8] {
        var writer = JSONWriter()
        writer.object { writer in
            writer.member("n", number)
            writer.member("wall_ms", wallMillis)
            writer.member("token", token)
            writer.member("method", clipped(method, to: 20))
            writer.member("path", clipped(path, to: 160))
            writer.member("query", clipped(query, to: 160))
            writer.member("operation", operation)
            writer.member("status", status)
            writer.member("effect", effect.kind)
            writer.member("rows", effect.rows)
            writer.member("order_number", effect.orderNumber.map { clipped($0, to: 500) })
            writer.member("attempt", attempt)
            writer.key("faults")
            writer.array(faults) { $0.string($1) }
            writer.member("answered", isAnswered)
        }
        return writer.bytes
    }
}
