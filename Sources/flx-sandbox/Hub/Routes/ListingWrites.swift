/// The writes a Channel token may be able to make: one listing at a time.
extension Hub {
    func postVariant(_ call: Call) throws(Refusal) -> Reply {
        let body = try call.needBody()
        guard let sku = body["sku"]?.text, !sku.isEmpty else { throw .badRequest("sku is missing") }
        let existing = catalogue.variant(sku: sku).flatMap { mayTouch($0.parent, call.caller) ? $0 : nil }
        try restrict(call, exists: existing != nil, sku)
        let variant: Variant
        if let existing {
            variant = existing
            keepPast(of: existing.parent)
        } else {
            let parent = try ownParent(body, sku: sku, call)
            if !parent.variants.isEmpty { keepPast(of: parent) }
            variant = Variant(
                id: catalogue.nextVariantId, parent: parent, sku: sku, title: body["title"]?.text ?? sku, inserted: now)
            catalogue.add(variant)
            touchContent(variant)
            touchDynamic(variant)
        }
        try apply(body, to: variant, isNew: existing == nil, call)
        return upsertReply(variant.id, sku, body, isNew: existing == nil)
    }

    func postParent(_ call: Call) throws(Refusal) -> Reply {
        let body = try call.needBody()
        guard let sku = body["sku"]?.text, !sku.isEmpty else { throw .badRequest("sku is missing") }
        let existing = catalogue.parent(sku: sku).flatMap { mayTouch($0, call.caller) ? $0 : nil }
        try restrict(call, exists: existing != nil, sku)
        if let existing { keepPast(of: existing) }
        let parent = existing ?? newParent(sku: sku, title: body["title"]?.text ?? sku, channel(of: call))
        if existing == nil || call.query["modifyContent"].map({ $0 != "none" }) ?? false {
            if let title = body["title"]?.text { parent.title = title }
            if let text = body["description"]?.text { parent.description = text }
            if let maker = body["manufacturer"]?.text { parent.manufacturer = maker }
            touchContent(parent)
        }
        if call.query["modifyPublishData"].map({ $0 != "none" }) ?? false, let external = body["externalListingId"] {
            catalogue.link(parent, to: external.text)
        }
        return upsertReply(parent.id, sku, body, isNew: existing == nil)
    }

    func deleteVariant(_ call: Call) throws(Refusal) -> Reply {
        let id = try call.id("variantId")
        guard let variant = catalogue.variant(id: id), mayTouch(variant.parent, call.caller) else {
            throw .notFound("listing variant \(id)")
        }
        let wasLinked = variant.isLinked
        let gone = catalogue.remove(variant, emptyParentToo: try call.flag("deleteParentIfLastVariant") ?? true)
        return Reply.json(
            200,
            [
                "numberOfListingVariantsDeleted": .integer(gone.variants), "numberOfListingParentsDeleted": .integer(gone.parents),
                "numberOfVariantsThatWereLinked": .integer(wasLinked ? 1 : 0),
            ]
        ).having(.did("listing_deleted"))
    }

    func deleteOrphanedCategories(_ call: Call) throws(Refusal) -> Reply {
        _ = try listingChannel(call)
        let used = Set(catalogue.parents.flatMap(\.categories))
        let orphaned = catalogue.categories.indices.filter { !used.contains($0) }.count
        return Reply.json(200, ["deletedCount": .integer(orphaned)]).having(.did("categories_deleted", rows: orphaned))
    }

    func buildListing(_ call: Call) throws(Refusal) -> Reply {
        let channel = try builderChannel(call), product = try call.id("productVariantId")
        guard let variant = catalogue.variant(id: product &- 1_000_000) else { throw .notFound("product variant \(product)") }
        let again = call.body?["rebuildIfExists"]?.bool ?? false
        if again {
            keepPast(of: variant.parent)
            touchContent(variant)
        }
        return Reply.json(
            200,
            [
                "listingVariantId": .integer(variant.id), "channelId": .integer(channel), "built": false,
                "rebuilt": .bool(again), "duplicateSkuFailure": .bool(!again),
            ]
        ).having(.did("listing_built", rows: again ? 1 : 0))
    }

    func rebuildListing(_ call: Call) throws(Refusal) -> Reply {
        _ = try builderChannel(call)
        let id = try call.id("listingVariantId")
        guard let variant = catalogue.variant(id: id), mayTouch(variant.parent, call.caller) else {
            throw .notFound("listing variant \(id)")
        }
        keepPast(of: variant.parent)
        touchContent(variant)
        return Reply.json(200, ["success": true, "error": nil]).having(.did("listing_built"))
    }

    // MARK: steps

    /// The restriction, read from the query.
    private func restrict(_ call: Call, exists: Bool, _ sku: String) throws(Refusal) {
        guard let which = call.query["restrictCreateOrUpdate"] else { return }
        switch which {
        case "createOnly": if exists { throw .badRequest("listing \(sku) exists") }
        case "updateOnly": if !exists { throw .badRequest("no listing \(sku)") }
        default: throw .badRequest("restrictCreateOrUpdate is createOnly or updateOnly")
        }
    }

    private func channel(of call: Call) -> Int { call.caller.channelId ?? Hub.channelId }

    private func builderChannel(_ call: Call) throws(Refusal) -> Int {
        let channel = try call.id("channelId")
        guard call.caller.channelId == nil || call.caller.channelId == channel || switches[.foreignChannel] == "200" else {
            throw Refusal(status: switches.number(.foreignChannel), message: "channel \(channel) is not this token's")
        }
        return channel
    }

    private func ownParent(_ body: JSONValue, sku: String, _ call: Call) throws(Refusal) -> Parent {
        guard let id = body["listingParentId"]?.integer else {
            return newParent(sku: "P-" + sku, title: body["title"]?.text ?? sku, channel(of: call))
        }
        guard let parent = catalogue.parent(id: id), mayTouch(parent, call.caller) else {
            throw .badRequest("no listing parent \(id)")
        }
        return parent
    }

    private func newParent(sku: String, title: String, _ channel: Int) -> Parent {
        let parent = Parent(id: catalogue.nextParentId, channelId: channel, sku: sku, title: title, description: "", inserted: now)
        keepAbsence(of: parent)
        catalogue.add(parent)
        touchContent(parent)
        return parent
    }

    /// Applies the groups of members that the `modify...` switches name; a new listing takes all.
    private func apply(_ body: JSONValue, to variant: Variant, isNew: Bool, _ call: Call) throws(Refusal) {
        func wants(_ group: String) -> Bool { isNew || call.query[group].map { $0 != "none" } ?? false }
        if wants("modifyContent"), let title = body["title"]?.text {
            variant.title = title
            touchContent(variant)
        }
        if wants("modifyIdentifiers") {
            if let upc = body["upc"]?.text { variant.upc = upc }
            if let mpn = body["mpn"]?.text { variant.mpn = mpn }
        }
        if wants("modifyPriceOverwrite"), let text = body["price"]?.numberText {
            guard let price = Money(text) else { throw .badRequest("price has more than four places") }
            variant.price = price
            touchDynamic(variant)
        }
        if wants("modifyQuantityOverwrite"), let quantity = body["quantity"]?.integer {
            variant.quantity = quantity
            touchDynamic(variant)
        }
        if wants("modifyPublishData"), let external = body["externalListingId"] { catalogue.link(variant, to: external.text) }
        if wants("modifySyncData"), let error = body["syncError"] { variant.syncError = error.text }
        if let handle = body["changeToListingStatus"]?["handle"]?.text {
            guard let change = ListingStatus(rawValue: handle), change.canBeQueued else {
                throw .badRequest("changeToListingStatus.handle \(handle) cannot be queued")
            }
            queue(change, for: variant)
        }
        variant.updated = now
    }

    private func upsertReply(_ id: Int, _ sku: String, _ body: JSONValue, isNew: Bool) -> Reply {
        Reply.json(
            200,
            [
                "id": .integer(id), "sku": .string(sku), "success": true, "result": "changed", "errors": [],
            ]
        ).having(.did(isNew ? "listing_created" : "listing_updated"))
    }
}
