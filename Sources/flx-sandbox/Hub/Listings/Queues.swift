/// The switches that decide who waits, read once for a whole list.
struct QueueRules {
    enum Protection {
        case flag, rule, off
    }

    var protection: Protection
    /// Whether every queued status change comes by both queues.
    var isFlowBoth: Bool

    init(_ switches: Switches) {
        protection =
            switch switches[.priceProtection] {
            case "rule": .rule
            case "off": .off
            default: .flag
            }
        isFlowBoth = switches[.statusFlow] == "both"
    }

    /// Frozen by hand or kept back because of its price; such a row is in no queue.
    func holdsBack(_ variant: Variant) -> Bool {
        if variant.paused || variant.archived || variant.parent.archived { return true }
        switch protection {
        case .off: return false
        case .flag: return variant.priceProtected
        case .rule:
            guard let price = variant.price, let cost = variant.cost, variant.quantity != nil else { return true }
            return price <= cost
        }
    }

    func waitsForSync(_ variant: Variant) -> Bool {
        guard variant.dynamic.isWaiting, !holdsBack(variant) else { return false }
        if variant.handedOut == variant.dynamic.updated { return false }
        return variant.change != nil || (variant.status != .delisted && variant.status != .brokenLink)
    }

    /// Whether a variant has content the channel has not confirmed.
    func waitsForPublish(_ variant: Variant) -> Bool {
        guard !holdsBack(variant) else { return false }
        return variant.content.isWaiting || (isFlowBoth && variant.change != nil)
    }

    /// Whether a publish brings this variant: for its own sake or its page's.
    func goesOut(_ variant: Variant) -> Bool {
        waitsForPublish(variant) || (variant.parent.content.isWaiting && !holdsBack(variant))
    }

    /// A page waits if it or one of its variants does, and a variant is left that may go out.
    func waitsForPublish(_ parent: Parent) -> Bool {
        guard !parent.archived else { return false }
        if let handedOut = parent.handedOut, handedOut == parent.newestContent { return false }
        if parent.content.isWaiting { return parent.variants.contains { !holdsBack($0) } }
        return parent.variants.contains { waitsForPublish($0) }
    }
}

extension Parent {
    /// The newest content change of the page or its variants.
    var newestContent: Instant? {
        variants.reduce(content.updated) { newest, variant in
            guard let updated = variant.content.updated else { return newest }
            return max(newest ?? updated, updated)
        }
    }
}

/// Changes on the hub's side, which put listings into the queues.
extension Hub {
    var queueRules: QueueRules { QueueRules(switches) }

    /// A price, quantity or status changed now.
    func touchDynamic(_ variant: Variant) {
        variant.dynamic.updated = now
        variant.updated = now
        variant.parent.updated = now
    }

    /// Text, images or the like of a page changed now.
    func touchContent(_ parent: Parent) {
        parent.content.updated = now
        parent.updated = now
    }

    func touchContent(_ variant: Variant) {
        variant.content.updated = now
        variant.updated = now
        touchContent(variant.parent)
    }

    /// Queues a status change for the channel's next answer, or takes a queued one back.
    func queue(_ change: ListingStatus?, for variant: Variant) {
        variant.change = change
        variant.changeQueued = change == nil ? nil : now
        guard let change, change.isPublishChange else { return touchDynamic(variant) }
        touchContent(variant)
    }
}
