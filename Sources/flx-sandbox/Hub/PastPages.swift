/// Pages as they were before their latest changes, for a hub whose lists show changes late (`late.visible_s`).
///
/// A page is kept before each change with the instant of the change; without the switch nothing is kept. What the channel
/// answers is no change here: it is seen at once in every state of a page, so that an answered row does not wait again.
struct PastPages {
    private struct Past {
        /// Microseconds of the hub's clock at which the page was changed.
        var until: Int
        /// Nil when it was made then.
        var page: Parent?
    }

    private var pasts: [Int: [Past]] = [:]

    var isEmpty: Bool { pasts.isEmpty }

    /// Keeps a page that is about to change, and forgets what no list shows any more.
    mutating func keep(_ parent: Parent, until: Int, forgettingBefore limit: Int) {
        pasts[parent.id, default: []].removeAll { $0.until <= limit }
        pasts[parent.id, default: []].append(Past(until: until, page: parent.copy()))
    }

    /// Notes that a page was not there before.
    mutating func keepAbsence(of parent: Parent, until: Int) {
        pasts[parent.id] = [Past(until: until, page: nil)]
    }

    /// A page as it was at an instant, or nil if it was not there.
    func page(_ parent: Parent, at instant: Int) -> Parent? {
        guard let past = pasts[parent.id]?.first(where: { $0.until > instant }) else { return parent }
        return past.page
    }

    /// Takes over what an answer changed of a page or its variants.
    func takeAnswer(of parent: Parent) {
        for past in pasts[parent.id] ?? [] { past.page?.takeAnswer(from: parent) }
    }
}

extension Hub {
    /// Must come before a change of a page or one of its variants.
    func keepPast(of parent: Parent) {
        let late = switches.number(.lateVisible)
        guard late > 0 else { return }
        let now = clock.nowMicros
        pasts.keep(parent, until: now, forgettingBefore: now - late * 1_000_000)
    }

    func keepAbsence(of parent: Parent) {
        if switches.number(.lateVisible) > 0 { pasts.keepAbsence(of: parent, until: clock.nowMicros) }
    }

    /// The pages as lists show them now.
    var shownParents: [Parent] {
        guard let instant = shownInstant else { return catalogue.parents }
        return catalogue.parents.compactMap { pasts.page($0, at: instant) }
    }

    /// The variants as lists show them now. One that was deleted is gone at once.
    var shownVariants: [Variant] {
        guard let instant = shownInstant else { return catalogue.variants }
        return catalogue.variants.compactMap { variant in
            guard let page = pasts.page(variant.parent, at: instant) else { return nil }
            return page === variant.parent ? variant : page.variants.first { $0.id == variant.id }
        }
    }

    private var shownInstant: Int? {
        let late = switches.number(.lateVisible)
        return late > 0 && !pasts.isEmpty ? clock.nowMicros - late * 1_000_000 : nil
    }
}

extension Parent {
    /// The page with its variants as they are now; `Catalogue` does not know the copies.
    func copy() -> Parent {
        let copy = Parent(id: id, channelId: channelId, sku: sku, title: title, description: description, inserted: inserted)
        (copy.manufacturer, copy.categories, copy.images) = (manufacturer, categories, images)
        (copy.optionNames, copy.attributes, copy.customFields, copy.tags) = (optionNames, attributes, customFields, tags)
        (copy.archived, copy.externalId, copy.isLinked) = (archived, externalId, isLinked)
        (copy.linkAttempted, copy.content, copy.change) = (linkAttempted, content, change)
        (copy.publishError, copy.syncError) = (publishError, syncError)
        (copy.updated, copy.handedOut) = (updated, handedOut)
        copy.variants = variants.map { $0.copy(in: copy) }
        return copy
    }

    fileprivate func takeAnswer(from page: Parent) {
        (content.synced, publishError, syncError) = (page.content.synced, page.publishError, page.syncError)
        (externalId, isLinked, linkAttempted) = (page.externalId, page.isLinked, page.linkAttempted)
        if page.change == nil { change = nil }
        for variant in variants {
            if let answered = page.variants.first(where: { $0.id == variant.id }) { variant.takeAnswer(from: answered) }
        }
    }
}

extension Variant {
    fileprivate func copy(in parent: Parent) -> Variant {
        let copy = Variant(id: id, parent: parent, sku: sku, title: title, inserted: inserted)
        (copy.upc, copy.mpn) = (upc, mpn)
        (copy.price, copy.cost, copy.msrp, copy.minimumPrice) = (price, cost, msrp, minimumPrice)
        (copy.quantity, copy.weight, copy.dimensions) = (quantity, weight, dimensions)
        (copy.optionValues, copy.image, copy.customFields, copy.tags) = (optionValues, image, customFields, tags)
        (copy.archived, copy.paused, copy.priceProtected) = (archived, paused, priceProtected)
        (copy.status, copy.change, copy.changeQueued) = (status, change, changeQueued)
        (copy.externalId, copy.isLinked, copy.linkAttempted) = (externalId, isLinked, linkAttempted)
        copy.isLinkedToRegularProduct = isLinkedToRegularProduct
        (copy.dynamic, copy.content) = (dynamic, content)
        (copy.syncError, copy.publishError) = (syncError, publishError)
        (copy.updated, copy.handedOut) = (updated, handedOut)
        return copy
    }

    fileprivate func takeAnswer(from variant: Variant) {
        (dynamic.synced, content.synced) = (variant.dynamic.synced, variant.content.synced)
        (syncError, publishError) = (variant.syncError, variant.publishError)
        (status, externalId, isLinked) = (variant.status, variant.externalId, variant.isLinked)
        (linkAttempted, isLinkedToRegularProduct) = (variant.linkAttempted, variant.isLinkedToRegularProduct)
        if variant.change == nil { (change, changeQueued) = (nil, nil) }
    }
}
