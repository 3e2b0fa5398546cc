/// Listings changed by hand, as somebody in the hub's app would.
extension Hub {
    /// Changes the variant (`sku`, `id`) or the page (`parent_sku`, `parent_id`) that is named.
    func changeListing(_ body: JSONValue) throws(Refusal) -> JSONValue {
        if body["parent_sku"] != nil || body["parent_id"] != nil { return try changeParent(body) }
        let found =
            body["id"]?.integer.flatMap { catalogue.variant(id: $0) }
            ?? body["sku"]?.looseText.flatMap { catalogue.variant(sku: $0) }
        guard let variant = found else {
            if let parent = body["sku"]?.looseText.flatMap({ catalogue.parent(sku: $0) }) { return try change(parent, body) }
            throw .notFound("listing")
        }
        keepPast(of: variant.parent)
        if body["delete"]?.bool == true {
            _ = catalogue.remove(variant, emptyParentToo: true)
            return ["deleted": .integer(variant.id)]
        }
        try changeAmounts(variant, body)
        try changeState(variant, body)
        return report(variant)
    }

    private func changeAmounts(_ variant: Variant, _ body: JSONValue) throws(Refusal) {
        func money(_ name: String) throws(Refusal) -> Money? {
            guard let text = body[name]?.looseText else { return nil }
            guard let value = Money(text) else { throw .badRequest("\(name) is not a decimal of up to four places") }
            return value
        }
        if let price = try money("price") { variant.price = price } else if body["price"]?.isNull == true { variant.price = nil }
        if let cost = try money("cost") { variant.cost = cost }
        if let quantity = body["quantity"]?.integer {
            variant.quantity = quantity
        } else if body["quantity"]?.isNull == true {
            variant.quantity = nil
        }
        if ["price", "cost", "quantity", "touch"].contains(where: { body[$0] != nil }) { touchDynamic(variant) }
        if let title = body["title"]?.text {
            variant.title = title
            touchContent(variant)
        }
    }

    private func changeState(_ variant: Variant, _ body: JSONValue) throws(Refusal) {
        if let flag = body["paused"]?.bool { variant.paused = flag }
        if let flag = body["archived"]?.bool { variant.archived = flag }
        if let flag = body["price_protected"]?.bool { variant.priceProtected = flag }
        if let external = body["external_id"] { catalogue.link(variant, to: external.text) }
        if let handle = body["listing_status"]?.text {
            guard let status = ListingStatus(rawValue: handle) else { throw .badRequest("no status \(handle)") }
            variant.status = status
        }
        if let node = body["status"] {
            if node.isNull { return queue(nil, for: variant) }
            guard let change = node.text.flatMap(ListingStatus.init), change.canBeQueued else {
                throw .badRequest("that status cannot be queued")
            }
            queue(change, for: variant)
        }
    }

    private func changeParent(_ body: JSONValue) throws(Refusal) -> JSONValue {
        let found =
            body["parent_id"]?.integer.flatMap { catalogue.parent(id: $0) }
            ?? body["parent_sku"]?.looseText.flatMap { catalogue.parent(sku: $0) }
        guard let parent = found else { throw .notFound("listing parent") }
        return try change(parent, body)
    }

    private func change(_ parent: Parent, _ body: JSONValue) throws(Refusal) -> JSONValue {
        keepPast(of: parent)
        if let title = body["title"]?.text { parent.title = title }
        if let text = body["description"]?.text { parent.description = text }
        if let text = body["manufacturer"]?.text { parent.manufacturer = text }
        if ["title", "description", "manufacturer", "touch"].contains(where: { body[$0] != nil }) { touchContent(parent) }
        if let flag = body["archived"]?.bool { parent.archived = flag }
        if let handle = body["status"]?.text {
            guard let change = ListingStatus(rawValue: handle), change.canBeQueued else {
                throw .badRequest("that status cannot be queued")
            }
            for variant in parent.variants { queue(change, for: variant) }
        }
        return report(parent)
    }

    /// Changes so many variants drawn by chance: `what` is quantity, price, insert, delete or mix.
    func churn(_ body: JSONValue) throws(Refusal) -> JSONValue {
        let rows = max(0, min(body["rows"]?.integer ?? 10, 1_000_000))
        let what = body["what"]?.text ?? "quantity"
        guard ["quantity", "price", "insert", "delete", "mix"].contains(what) else {
            throw .badRequest("what is quantity, price, insert, delete or mix")
        }
        for _ in 0..<rows { change(oneListing: what == "mix" ? random.pick(["quantity", "price", "insert", "delete"]) : what) }
        return ["changed": .integer(rows)]
    }

    // MARK: reports

    func report(_ variant: Variant) -> JSONValue {
        let rules = queueRules
        return [
            "id": .integer(variant.id), "parent_id": .integer(variant.parent.id), "sku": .string(variant.sku),
            "title": .string(variant.title),
            "price": .text(variant.price?.text()), "cost": .text(variant.cost?.text()),
            "quantity": variant.quantity.map { .integer($0) } ?? .null, "listing_status": .string(variant.status.rawValue),
            "status": .text(variant.change?.rawValue), "external_id": .text(variant.externalId), "linked": .bool(variant.isLinked),
            "paused": .bool(variant.paused), "price_protected": .bool(variant.priceProtected), "archived": .bool(variant.archived),
            "waits_for_sync": .bool(rules.waitsForSync(variant)), "waits_for_publish": .bool(rules.waitsForPublish(variant)),
            "held_back": .bool(rules.holdsBack(variant)), "sync_error": .text(variant.syncError),
            "publish_error": .text(variant.publishError), "dynamic_updated_at": .text(variant.dynamic.updated?.iso),
            "dynamic_synced_at": .text(variant.dynamic.synced?.iso), "content_updated_at": .text(variant.content.updated?.iso),
            "content_synced_at": .text(variant.content.synced?.iso), "updated_at": .string(variant.updated.iso),
            "channel_id": .integer(variant.parent.channelId),
        ]
    }

    func report(_ parent: Parent) -> JSONValue {
        [
            "id": .integer(parent.id), "sku": .string(parent.sku), "title": .string(parent.title),
            "description": .string(parent.description), "external_id": .text(parent.externalId), "linked": .bool(parent.isLinked),
            "archived": .bool(parent.archived), "waits_for_publish": .bool(queueRules.waitsForPublish(parent)),
            "publish_error": .text(parent.publishError), "content_updated_at": .text(parent.newestContent?.iso),
            "content_synced_at": .text(parent.content.synced?.iso), "updated_at": .string(parent.updated.iso),
            "channel_id": .integer(parent.channelId), "variants": .array(parent.variants.map { report($0) }),
        ]
    }
}
