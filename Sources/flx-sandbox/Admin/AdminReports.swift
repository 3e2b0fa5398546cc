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
    /// `text` leaves those that have it in SKU or title, `skip` and `limit` name a part of what is left.
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
        let rules = queueRules
        if query["waiting"].spells("publish") {
            return .array(
                part(of: catalogue.parents, query) { self.isOwn($0) && rules.waitsForPublish($0) }.map { self.report($0) })
        }
        let isInQueue = query["waiting"].spells("sync")
        return .array(
            part(of: catalogue.variants, query) { self.isOwn($0.parent) && (!isInQueue || rules.waitsForSync($0)) }
                .map { self.report($0) })
    }

    private func part<Row: TitledRow>(of rows: [Row], _ query: Query, where isMeant: @escaping (Row) -> Bool) -> [Row] {
        func count(_ name: String) -> Int? { query[name].flatMap { Int($0) }.map { max(0, $0) } }
        let text = Array((query["text"] ?? "").lowercased().utf8)
        let chosen = rows.lazy.filter { row in
            isMeant(row) && (text.isEmpty || [row.sku, row.title].contains { $0.lowercased().utf8.contains(text) })
        }
        return Array(chosen.dropFirst(count("skip") ?? 0).prefix(count("limit") ?? .max))
    }

    private func isOwn(_ parent: Parent) -> Bool { parent.channelId == Hub.channelId }

    /// Counts of the hub's own channel.
    var totals: JSONValue {
        let rules = queueRules
        let parents = catalogue.parents.filter(isOwn), variants = catalogue.variants.filter { self.isOwn($0.parent) }
        let pushed = orders.orders.filter { $0.isPushed && $0.channelId == Hub.channelId }
        let counts = journal.counts
        return [
            "parents": .integer(parents.count), "variants": .integer(variants.count),
            "waiting_for_sync": .integer(variants.filter(rules.waitsForSync).count),
            "waiting_for_publish": .integer(parents.filter(rules.waitsForPublish).count),
            "held_back": .integer(variants.filter(rules.holdsBack).count),
            "queued_status_changes": .integer(variants.filter { $0.change != nil }.count),
            "sync_errors": .integer(variants.filter { $0.syncError != nil }.count),
            "orders": .integer(orders.orders.filter { $0.channelId == Hub.channelId }.count),
            "orders_pushed": .integer(pushed.count),
            "order_numbers_pushed": .integer(Set(texts: pushed.map(\.number)).count), "order_posts": .integer(counts.orderPosts),
            "order_posts_accepted": .integer(counts.orderPostsAccepted),
            "shipments": .integer(shipments.shipments.filter { $0.channelId == Hub.channelId }.count),
            "returns": .integer(returns.returns.count), "answers": .integer(answers.answers.count),
            "requests": .integer(counts.requests), "refused_429": .integer(counts.byStatus[429] ?? 0),
            "by_status": .object(
                counts.byStatus.map { (String($0.key), $0.value) }.sorted { $0.0 < $1.0 }.map {
                    .init(key: $0.0, value: .integer($0.1))
                }),
        ]
    }
}

/// What has an SKU and a title to be found by.
private protocol TitledRow {
    var sku: String { get }
    var title: String { get }
}

extension Variant: TitledRow {}
extension Parent: TitledRow {}
