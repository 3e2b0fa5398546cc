/// Listings that change between two pages of a walk.
extension Hub {
    /// Lets rows drift as the `paging.drift` switch says.
    func drift() {
        let manner = switches[.drift]
        guard manner != "none" else { return }
        for _ in 0..<switches.number(.driftRows) {
            let what = manner == "mix" ? random.pick(["touch", "insert", "delete"]) : manner
            change(oneListing: what)
        }
    }

    /// Touches, inserts or deletes one listing drawn by chance.
    func change(oneListing what: String) {
        guard !catalogue.variants.isEmpty else { return }
        let variant = random.pick(catalogue.variants)
        keepPast(of: variant.parent)
        switch what {
        case "insert":
            let id = catalogue.nextVariantId
            let new = Variant(id: id, parent: variant.parent, sku: "\(variant.sku)-N\(id)", title: variant.title, inserted: now)
            (new.price, new.cost, new.quantity, new.optionValues) = (variant.price, variant.cost, 5, variant.optionValues)
            catalogue.add(new)
            touchContent(new)
            touchDynamic(new)
        case "delete":
            _ = catalogue.remove(variant, emptyParentToo: true)
        case "price":
            variant.price = Money(units: (variant.price?.units ?? 99_900) + 100 * (1 + random.below(300)))
            touchDynamic(variant)
        default:
            variant.quantity = random.below(200)
            touchDynamic(variant)
        }
    }
}
