/// `GET /listing/...` and the deprecated search.
extension Hub {
    func getVariants(_ call: Call) throws(Refusal) -> Reply {
        let channel = try listingChannel(call)
        let paging = try Paging(call, .plain, resource: "variants", switches)
        let shape = try variantShape(call)
        let filter = try variantFilter(call, paging)
        let rows = try page(of: shownVariants, order: .sortVariants, paging) { variant throws(Refusal) in
            self.isInScope(variant.parent.channelId, call, asked: channel, resource: "listings") && filter(variant)
        }
        let writer = ListingWriter(self, shape)
        let reply = Reply.json(reserving: rows.count * 1800 + 16) { out in
            out.array(rows) { out, variant in writer.write(variant, into: &out) }
        }
        if try call.flag("sync") == true, switches[.queueRead] == "once" {
            for variant in rows { catalogue.variant(id: variant.id)?.handedOut = variant.dynamic.updated }
        }
        drift()
        return reply.having(.read(rows.count))
    }

    func countVariants(_ call: Call) throws(Refusal) -> Reply {
        let channel = try listingChannel(call)
        let updatedAfter = try call.instant("updatedAfter"), basicsAfter = try call.instant("basicsUpdatedAfter")
        let sync = try queueFlag(call, "sync"), publish = try queueFlag(call, "publish")
        let includesDeleting = try call.flag("includeDeleting"), includesPaused = try call.flag("includePaused")
        let minimum = try call.integer("minimumQuantity"), skus = try limited(call, "skus", to: 50).map { Set(texts: $0) }
        let rules = queueRules
        var count = 0
        for variant in shownVariants {
            guard isInScope(variant.parent.channelId, call, asked: channel, resource: "listings"),
                isAfter(variant.updated, updatedAfter),
                basicsAfter == nil || isAfter(variant.dynamic.updated ?? variant.updated, basicsAfter),
                sync == nil || rules.waitsForSync(variant) == sync, publish == nil || rules.goesOut(variant) == publish,
                includesDeleting != false || variant.change != .delisted, includesPaused != false || !variant.paused,
                minimum.map({ variant.quantity ?? 0 >= $0 }) ?? true, skus?.contains(variant.sku) ?? true
            else { continue }
            count += 1
        }
        return Reply.json(200, ["count": .integer(count)]).having(.read(1))
    }

    func getParents(_ call: Call) throws(Refusal) -> Reply {
        let channel = try listingChannel(call)
        let paging = try Paging(call, .plain, resource: "parents", switches)
        let filter = try parentFilter(call)
        let rows = try page(of: shownParents, order: .sortParents, paging) { parent throws(Refusal) in
            self.isInScope(parent.channelId, call, asked: channel, resource: "listings") && filter.passes(parent)
        }
        let writer = ListingWriter(self, try parentShape(call))
        var left = switches.number(.variantLimit) > 0 ? switches.number(.variantLimit) : .max
        let reply = Reply.json(reserving: rows.count * 8000 + 16) { out in
            out.array(rows) { out, parent in
                // The cut is silent: a parent keeps its place and loses its last variants.
                let variants = parent.variants.filter(filter.passes).prefix(left)
                left -= variants.count
                writer.write(parent, variants: Array(variants), into: &out)
            }
        }
        if filter.isPublish, switches[.queueRead] == "once" {
            for parent in rows { catalogue.parent(id: parent.id)?.handedOut = parent.newestContent }
        }
        drift()
        return reply.having(.read(rows.count))
    }

    func getParent(_ call: Call) throws(Refusal) -> Reply {
        let id = try call.id("parentId")
        guard let parent = catalogue.parent(id: id), mayTouch(parent, call.caller) else { throw .notFound("listing parent \(id)") }
        let writer = ListingWriter(self, .everything)
        return Reply.json { writer.write(parent, variants: parent.variants, into: &$0) }.having(.read(1))
    }

    func searchVariants(_ call: Call) throws(Refusal) -> Reply {
        let body = try call.needBody()
        let paging = try Paging(call, .plain, resource: "variants", switches)
        let channel = call.caller.channelId ?? body["filterChannelId"]?.integer
        let passes = searchFilter(body)
        let rows = try page(of: shownVariants, order: .sortVariants, paging) { variant throws(Refusal) in
            (channel == nil || variant.parent.channelId == channel) && passes(variant)
        }
        var shape = ListingShape()
        shape.parent = try call.flag("includeParent") ?? false
        shape.images = try call.flag("includeImages") ?? true
        shape.options = try call.flag("includeOptionValues") ?? true
        shape.overwrites = try call.flag("includeOverwrites") ?? false
        shape.customFields = try call.flag("includeCustomFields") ?? false
        let writer = ListingWriter(self, shape)
        return Reply.json { out in out.array(rows) { out, row in writer.write(row, into: &out) } }.having(.read(rows.count))
    }

    // MARK: parameters

    /// The channel an Account token must name and a Channel token has.
    func listingChannel(_ call: Call) throws(Refusal) -> Int? {
        let named = try call.integer("channelId")
        guard call.caller.kind == .account else { return call.caller.channelId }
        guard let named else { throw .badRequest("channelId is needed with an Account token") }
        return named
    }

    /// Whether only rows of a queue count, or only the others; nil when all do.
    private func queueFlag(_ call: Call, _ name: String) throws(Refusal) -> Bool? {
        let flag = try call.flag(name)
        return flag == false && switches[.falseFlags] == "ignored" ? nil : flag
    }

    private func variantShape(_ call: Call) throws(Refusal) -> ListingShape {
        ListingShape(
            parent: try call.flag("includeParent") ?? false, images: try call.flag("includeImages") ?? true,
            options: try call.flag("includeOptions") ?? true, attributes: try call.flag("includeAttributes") ?? false,
            categories: try call.flag("includeCategories") ?? false,
            customFields: try call.flag("includeCustomFields") ?? false,
            aggregates: try call.flag("includeCustomAggregates") ?? false,
            overwrites: try call.flag("includeOverwrites") ?? false, tags: try call.flag("includeTags") ?? false)
    }

    private func parentShape(_ call: Call) throws(Refusal) -> ListingShape {
        var shape = try variantShape(call)
        shape.parent = false
        shape.variants = true
        return shape
    }

    /// An array of at most so many values.
    private func limited(_ call: Call, _ name: String, to most: Int) throws(Refusal) -> [String]? {
        let values = call.list(name, switches)
        if let values, values.count > most { throw .badRequest("\(name) has \(values.count) values, at most \(most)") }
        return values
    }

    private func variantFilter(_ call: Call, _ paging: Paging) throws(Refusal) -> (Variant) -> Bool {
        let updatedAfter = try call.instant("updatedAfter"), basicsAfter = try call.instant("basicsUpdatedAfter")
        let wantsSync = try call.flag("sync") == true
        let skus = try limited(call, "skus", to: paging.size).map { Set(texts: $0) }
        let upcs = try limited(call, "upcs", to: paging.size).map { Set(texts: $0) }
        var ids: Set<Int>?
        if let texts = try limited(call, "ids", to: paging.size) {
            let numbers = texts.compactMap { Int($0) }
            guard numbers.count == texts.count else { throw .badRequest("ids holds a value that is not an integer") }
            ids = Set(numbers)
        }
        let rules = queueRules
        return { variant in
            if wantsSync, !rules.waitsForSync(variant) { return false }
            if updatedAfter != nil, !self.isAfter(variant.updated, updatedAfter) { return false }
            if basicsAfter != nil, !self.isAfter(variant.dynamic.updated ?? variant.updated, basicsAfter) { return false }
            if let ids, !ids.contains(variant.id) { return false }
            if let skus, !skus.contains(variant.sku) { return false }
            if let upcs, !(variant.upc.map(upcs.contains) ?? false) { return false }
            return true
        }
    }

    private func parentFilter(_ call: Call) throws(Refusal) -> ParentFilter {
        var change: ListingStatus?
        if let handle = call.query["changeToListingStatusHandle"] {
            guard let known = ListingStatus(rawValue: handle) else { throw .badRequest("changeToListingStatusHandle is unknown") }
            change = known
        }
        let after = try call.instant("updatedAfter")
        return ParentFilter(
            rules: queueRules, isPublish: try call.flag("publish") == true,
            skus: try limited(call, "skus", to: 50).map { Set(texts: $0) }, change: change,
            includesDeleting: try call.flag("includeDeleting") ?? true, includesPaused: try call.flag("includePaused") ?? true,
            includesEmpty: try call.flag("includeOutOfStockVariants") ?? true,
            needsImages: try call.flag("includeHavingImagesCached") == true,
            isRecent: { self.isAfter($0.updated, after) })
    }

    private func searchFilter(_ body: JSONValue) -> (Variant) -> Bool {
        func texts(_ name: String) -> Set<ByteText>? { body[name]?.array.map { Set(texts: $0.compactMap(\.looseText)) } }
        func numbers(_ name: String) -> Set<Int>? { body[name]?.array.map { Set($0.compactMap(\.integer)) } }
        let parents = numbers("filterParentIds"), ids = numbers("filterVariantIds")
        let products = numbers("filterProductVariantIds"), external = texts("filterExternalIds")
        let skus = texts("filterSkus"), upcs = texts("filterUpcs"), mpns = texts("filterMpns")
        let absent = [texts("filterEans"), texts("filterAsins")].contains { $0?.isEmpty == false }
        let needsSync = body["filterNeedsSynced"]?.bool, deleting = body["filterNeedsDeleting"]?.bool ?? false
        let rules = queueRules
        return { variant in
            if absent { return false }
            if let parents, !parents.contains(variant.parent.id) { return false }
            if let ids, !ids.contains(variant.id) { return false }
            if let products, !products.contains(variant.productVariantId) { return false }
            if let external, !(variant.externalId.map(external.contains) ?? false) { return false }
            if let skus, !skus.contains(variant.sku) { return false }
            if let upcs, !(variant.upc.map(upcs.contains) ?? false) { return false }
            if let mpns, !(variant.mpn.map(mpns.contains) ?? false) { return false }
            if let needsSync, rules.waitsForSync(variant) != needsSync { return false }
            return !deleting || variant.change == .delisted
        }
    }
}

/// Which parents, and which of their variants, an answer holds.
struct ParentFilter {
    var rules: QueueRules
    var isPublish: Bool
    var skus: Set<ByteText>?
    var change: ListingStatus?
    var includesDeleting: Bool
    var includesPaused: Bool
    var includesEmpty: Bool
    var needsImages: Bool
    var isRecent: (Parent) -> Bool

    func passes(_ parent: Parent) -> Bool {
        if isPublish, !rules.waitsForPublish(parent) { return false }
        if let skus, !skus.contains(parent.sku), !parent.variants.contains(where: { skus.contains($0.sku) }) { return false }
        if let change, parent.change != change, !parent.variants.contains(where: { $0.change == change }) { return false }
        if needsImages, parent.images.isEmpty { return false }
        return isRecent(parent)
    }

    func passes(_ variant: Variant) -> Bool {
        if isPublish, rules.holdsBack(variant) { return false }
        if !includesDeleting, variant.change == .delisted { return false }
        if !includesPaused, variant.paused { return false }
        return includesEmpty || variant.quantity ?? 0 > 0
    }
}
