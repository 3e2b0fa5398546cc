/// One row of `PATCH /listing/variants`, read and checked.
struct SyncAnswer {
    var variant: Variant
    var syncedAt: Instant
    var error: String?
    var override: ListingStatus?
    var isLinkedToRegularProduct: Bool?
}

extension Hub {
    func acknowledgeSync(_ rows: [JSONValue], caller: Caller) throws(Refusal) -> AckOutcome {
        try acknowledge(
            rows, read: { value throws(Refusal) in try self.syncAnswer(value, caller) },
            id: { $0.variant.id }, apply: { row throws(Refusal) in self.apply(row) })
    }

    private func syncAnswer(_ value: JSONValue, _ caller: Caller) throws(Refusal) -> SyncAnswer {
        guard let id = value["listingVariantId"]?.integer else { throw .badRequest("listingVariantId is missing or no integer") }
        guard let variant = catalogue.variant(id: id), mayTouch(variant.parent, caller) else {
            throw .notFound("listing variant \(id)")
        }
        var override: ListingStatus?
        if let node = value["overrideStatus"], !node.isNull {
            guard let handle = node["handle"]?.text, let status = ListingStatus(rawValue: handle) else {
                throw .badRequest("overrideStatus.handle is missing or unknown")
            }
            override = status
        }
        return SyncAnswer(
            variant: variant, syncedAt: try syncedInstant(value["syncedAt"]), error: try answerError(value),
            override: override, isLinkedToRegularProduct: value["isLinkedToRegularProduct"]?.bool)
    }

    /// The text of `error`; null, absent and empty mean success.
    func answerError(_ value: JSONValue) throws(Refusal) -> String? {
        guard let error = value["error"], !error.isNull else { return nil }
        guard let text = error.text else { throw .badRequest("error is not a string") }
        return text.isEmpty ? nil : text
    }

    /// An error stores its text and applies nothing; success moves the synced stamp and confirms the queued change.
    private func apply(_ answer: SyncAnswer) {
        let variant = answer.variant
        var record = AnswerBook.Answer(
            queue: "sync", id: variant.id, at: now, syncedAt: answer.syncedAt, error: answer.error, confirmed: nil)
        defer {
            answers.record(record)
            pasts.takeAnswer(of: variant.parent)
        }
        variant.syncError = answer.error
        guard answer.error == nil else {
            if switches[.ackErrored] == "leaves" { variant.handedOut = variant.dynamic.updated }
            return
        }
        variant.dynamic.synced = answer.syncedAt
        variant.linkAttempted = now
        if let linked = answer.isLinkedToRegularProduct { variant.isLinkedToRegularProduct = linked }
        record.confirmed = confirmChange(of: variant, seenAt: answer.syncedAt)
        if let override = answer.override { settle(variant, override) }
    }

    /// Applies the queued hide, unhide or delist, if this answer can have seen it.
    private func confirmChange(of variant: Variant, seenAt instant: Instant) -> ListingStatus? {
        guard let change = variant.change ?? variant.parent.change else { return nil }
        if change.isPublishChange, switches[.statusFlow] != "both" { return nil }
        if switches[.statusConfirm] == "seen", let queued = variant.changeQueued, queued > instant { return nil }
        variant.change = nil
        variant.changeQueued = nil
        settle(variant, change)
        return change
    }

    /// Puts a variant into the state a confirmed change leads to.
    func settle(_ variant: Variant, _ status: ListingStatus) {
        switch status {
        case .published, .overwriteData:
            variant.status = .listed
            variant.isLinked = true
        case .delisted, .notListed:
            variant.status = status
            variant.isLinked = false
            catalogue.link(variant, to: nil)
        case .listed, .hidden, .brokenLink:
            variant.status = status
        }
        variant.updated = now
    }

    func mayTouch(_ parent: Parent, _ caller: Caller) -> Bool {
        caller.channelId == nil || parent.channelId == caller.channelId
    }
}
