/// Rows that are not like the others: paused, price protected, or with a status change in the queue.
enum Exceptions {
    static func plant(in catalogue: inout Catalogue, now: Instant) {
        let listed = catalogue.variants.filter { $0.status == .listed }
        for (index, variant) in listed.enumerated().prefix(listed.count / 2) {
            switch index % 9 {
            case 1: queue(.hidden, variant, now)
            case 4: queue(.delisted, variant, now)
            case 7:
                variant.status = .hidden
                queue(.listed, variant, now)
            default: continue
            }
        }
        if let parent = listed.last?.parent {
            // A variant to hide inside a page to publish: what a channel would confirm unseen.
            if parent.variants.count > 1, let variant = parent.variants.first, variant.change == nil {
                queue(.hidden, variant, now)
            }
            for variant in parent.variants where variant.change == nil {
                variant.change = .overwriteData
                variant.changeQueued = now - 7200
                variant.content.updated = now - 7200
            }
            parent.content.updated = now - 7200
        }
        for (index, variant) in catalogue.variants.enumerated() {
            if index % 190 == 60 { variant.paused = true }
            if index % 190 == 130 {
                variant.priceProtected = true
                variant.price = variant.cost
            }
        }
    }

    private static func queue(_ change: ListingStatus, _ variant: Variant, _ now: Instant) {
        variant.change = change
        variant.changeQueued = now - 5400
        variant.dynamic.updated = now - 5400
        variant.updated = now - 5400
    }
}
