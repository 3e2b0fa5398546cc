/// One row of `PATCH /listing/parents`, read and checked.
struct PublishAnswer {
    struct Unit {
        var variant: Variant
        var externalId: String
        var error: String?
        var images: [(id: Int, externalId: String)]
    }

    var parent: Parent
    var externalId: String
    var error: String?
    var units: [Unit]
}

extension Hub {
    func acknowledgePublish(_ rows: [JSONValue], caller: Caller) throws(Refusal) -> AckOutcome {
        var taken = TakenIds()
        return try acknowledge(
            rows,
            read: { value throws(Refusal) in
                let answer = try self.publishAnswer(value, caller)
                if self.switches[.publishUnique] == "refuse" { try self.check(answer, &taken) }
                return answer
            },
            id: { $0.parent.id }, apply: { row throws(Refusal) in self.apply(row) })
    }

    private func publishAnswer(_ value: JSONValue, _ caller: Caller) throws(Refusal) -> PublishAnswer {
        guard let id = value["listingParentId"]?.integer else { throw .badRequest("listingParentId is missing or no integer") }
        guard let parent = catalogue.parent(id: id), mayTouch(parent, caller) else { throw .notFound("listing parent \(id)") }
        guard let nodes = value["variants"]?.array else { throw .badRequest("variants is missing or no array") }
        var units: [PublishAnswer.Unit] = []
        for node in nodes { units.append(try unit(node, of: parent)) }
        return PublishAnswer(
            parent: parent, externalId: try externalId(value) ?? parent.externalId ?? parent.sku,
            error: try answerError(value), units: units)
    }

    private func unit(_ node: JSONValue, of parent: Parent) throws(Refusal) -> PublishAnswer.Unit {
        guard let id = node["listingVariantId"]?.integer else { throw .badRequest("variants.listingVariantId is missing") }
        guard let variant = catalogue.variant(id: id), variant.parent === parent else {
            throw .badRequest("listing variant \(id) is not of parent \(parent.id)")
        }
        var images: [(id: Int, externalId: String)] = []
        for image in node["images"]?.array ?? [] {
            if let id = image["id"]?.integer, let external = image["externalListingId"]?.looseText { images.append((id, external)) }
        }
        return .init(
            variant: variant, externalId: try externalId(node) ?? variant.externalId ?? variant.sku,
            error: try answerError(node), images: images)
    }

    /// The external id of a node; without one the SKU becomes it.
    private func externalId(_ node: JSONValue) throws(Refusal) -> String? {
        guard let value = node["externalListingId"], !value.isNull else { return nil }
        guard let text = value.text, !text.isEmpty else { throw .badRequest("externalListingId is not a text") }
        return text
    }

    // MARK: uniqueness

    /// The external ids the rows of one acknowledgement claim, before any is stored.
    private struct TakenIds {
        var parents: [ByteText: Int] = [:]
        var variants: [ByteText: Int] = [:]
    }

    private func check(_ answer: PublishAnswer, _ taken: inout TakenIds) throws(Refusal) {
        guard answer.error == nil else { return }
        let id = answer.externalId
        let holder = taken.parents[id] ?? catalogue.holder(ofParentExternalId: id)
        if let holder, holder != answer.parent.id { throw .badRequest("externalListingId \(id) belongs to parent \(holder)") }
        taken.parents[id] = answer.parent.id
        for unit in answer.units where unit.error == nil {
            let holder = taken.variants[unit.externalId] ?? catalogue.holder(ofVariantExternalId: unit.externalId)
            if let holder, holder != unit.variant.id {
                throw .badRequest("externalListingId \(unit.externalId) belongs to variant \(holder)")
            }
            taken.variants[unit.externalId] = unit.variant.id
        }
    }

    // MARK: effect

    private func apply(_ answer: PublishAnswer) {
        let parent = answer.parent
        defer { pasts.takeAnswer(of: parent) }
        parent.publishError = answer.error
        answers.record(
            .init(queue: "publish", id: parent.id, at: now, syncedAt: now, error: answer.error, confirmed: nil))
        guard answer.error == nil else {
            if switches[.ackErrored] == "leaves" { parent.handedOut = parent.newestContent }
            return
        }
        parent.content.synced = now
        parent.linkAttempted = now
        parent.isLinked = true
        if parent.change?.isPublishChange == true { parent.change = nil }
        parent.updated = now
        catalogue.link(parent, to: answer.externalId)
        for unit in answer.units { apply(unit) }
    }

    private func apply(_ unit: PublishAnswer.Unit) {
        let variant = unit.variant
        variant.publishError = unit.error
        let change = variant.change
        answers.record(
            .init(
                queue: "publish_variant", id: variant.id, at: now, syncedAt: now, error: unit.error,
                confirmed: unit.error == nil ? change : nil))
        if unit.error != nil {
            if switches[.ackErrored] == "leaves" { variant.content.synced = now }
            return
        }
        variant.content.synced = now
        variant.linkAttempted = now
        catalogue.link(variant, to: unit.externalId)
        for (id, external) in unit.images {
            if variant.image?.id == id { variant.image?.externalId = external }
            if let index = variant.parent.images.firstIndex(where: { $0.id == id }) {
                variant.parent.images[index].externalId = external
            }
        }
        let confirms = change.map { $0.isPublishChange || switches[.statusFlow] == "both" } ?? false
        if confirms {
            variant.change = nil
            variant.changeQueued = nil
        }
        settle(variant, confirms ? change ?? .published : variant.status == .hidden ? .hidden : .published)
    }
}
