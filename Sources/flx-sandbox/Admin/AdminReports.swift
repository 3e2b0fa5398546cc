/// What a test reads after the fact.
extension Hub {
    func report(_ name: String, _ argument: String?, _ query: Query) throws(Refusal) -> JSONValue {
        switch name {
        case "state":
            return [
                "now": .string(now.iso), "seed": .string(seed.name), "switches": switchesNow, "faults": faultsNow, "totals": totals,
            ]
        case "switches": return switchTable
        case "faults": return faultsNow
        case "totals": return totals
        case "journal": return journalReport(query)
        case "answers": return answersReport(query)
        case "orders":
            guard let argument else {
                return .array(orders.orders.filter { !query["pushed"].spells("true") || $0.isPushed }.map { report($0) })
            }
            return report(try orderNamed(["order_number": .string(argument)]))
        case "shipments": return .array(shipments.shipments.map { node($0) })
        case "returns": return .array(returns.returns.map { node($0, rmas: true) })
        case "listings": return try listingsReport(argument, query)
        case "clock": return try setClock([:])
        default: throw .notFound("/_admin/\(name)")
        }
    }

    var faultsNow: JSONValue { .array(faults.faults.map(\.json)) }

    /// Entries after number `after`, at most `limit` of them, of one `operation` or `order_number` if named.
    private func journalReport(_ query: Query) -> JSONValue {
        let after = query["after"].flatMap { Int($0) } ?? 0, limit = query["limit"].flatMap { Int($0) } ?? .max
        let chosen = journal.entries.lazy.filter { entry in
            entry.number > after && (query["operation"] == nil || query["operation"] == entry.operation)
                && (query["order_number"].map { entry.effect.orderNumber.hasBytes(of: $0) } ?? true)
        }
        return .array(chosen.prefix(limit).map(\.json))
    }

    private func answersReport(_ query: Query) -> JSONValue {
        let after = query["after"].flatMap { Int($0) } ?? 0
        return .array(
            answers.answers.enumerated().dropFirst(after).map { index, answer in
                [
                    "n": .integer(index + 1), "queue": .string(answer.queue), "id": .integer(answer.id),
                    "at": .string(answer.at.iso),
                    "synced_at": .string(answer.syncedAt.iso), "error": .text(answer.error),
                    "confirmed": .text(answer.confirmed?.rawValue),
                ]
            })
    }

    /// One listing by SKU, of a variant or a page, or all variants; `waiting=sync` and `waiting=publish` name those in a queue.
    private func listingsReport(_ argument: String?, _ query: Query) throws(Refusal) -> JSONValue {
        if let argument {
            if let variant = catalogue.variant(sku: argument) ?? Int(argument).flatMap({ catalogue.variant(id: $0) }) {
                return report(variant)
            }
            if let parent = catalogue.parent(sku: argument) ?? Int(argument).flatMap({ catalogue.parent(id: $0) }) {
                return report(parent)
            }
            throw .notFound("listing \(argument)")
        }
        let rules = queueRules, limit = query["limit"].flatMap { Int($0) } ?? .max
        switch query["waiting"] ?? "" {
        case "sync":
            return .array(
                catalogue.variants.lazy.filter { self.isOwn($0.parent) && rules.waitsForSync($0) }.prefix(limit).map {
                    self.report($0)
                })
        case "publish":
            return .array(
                catalogue.parents.lazy.filter { self.isOwn($0) && rules.waitsForPublish($0) }.prefix(limit).map { self.report($0) })
        default: return .array(catalogue.variants.lazy.filter { self.isOwn($0.parent) }.prefix(limit).map { self.report($0) })
        }
    }

    private func isOwn(_ parent: Parent) -> Bool { parent.channelId == Hub.channelId }

    /// Counts of the hub's own channel.
    var totals: JSONValue {
        let rules = queueRules
        let parents = catalogue.parents.filter(isOwn), variants = catalogue.variants.filter { self.isOwn($0.parent) }
        let pushed = orders.orders.filter { $0.isPushed && $0.channelId == Hub.channelId }
        var statuses: [ByteText: Int] = [:]
        for entry in journal.entries { statuses[String(entry.status), default: 0] += 1 }
        let posts = journal.entries.filter { $0.operation.spells("createOrder") }
        return [
            "parents": .integer(parents.count), "variants": .integer(variants.count),
            "waiting_for_sync": .integer(variants.filter(rules.waitsForSync).count),
            "waiting_for_publish": .integer(parents.filter(rules.waitsForPublish).count),
            "held_back": .integer(variants.filter(rules.holdsBack).count),
            "queued_status_changes": .integer(variants.filter { $0.change != nil }.count),
            "sync_errors": .integer(variants.filter { $0.syncError != nil }.count),
            "orders": .integer(orders.orders.filter { $0.channelId == Hub.channelId }.count),
            "orders_pushed": .integer(pushed.count),
            "order_numbers_pushed": .integer(Set(texts: pushed.map(\.number)).count), "order_posts": .integer(posts.count),
            "order_posts_accepted": .integer(posts.filter { $0.effect.isAccepted }.count),
            "shipments": .integer(shipments.shipments.filter { $0.channelId == Hub.channelId }.count),
            "returns": .integer(returns.returns.count), "answers": .integer(answers.answers.count),
            "requests": .integer(journal.entries.count), "refused_429": .integer(statuses["429"] ?? 0),
            "by_status": .object(
                statuses.sorted { $0.key.text < $1.key.text }.map { .init(key: $0.key.text, value: .integer($0.value)) }),
        ]
    }
}
