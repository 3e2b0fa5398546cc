/// Every listing of the hub, found by id, SKU and external id.
///
/// Invariant: parents and variants are in order of id; every variant is among its parent's.
struct Catalogue {
    struct Category {
        var id: Int
        var name: String
        /// Index of the category it is inside of.
        var outer: Int?
    }

    private(set) var parents: [Parent] = []
    private(set) var variants: [Variant] = []
    var categories: [Category] = []
    private var parentById: [Int: Parent] = [:]
    private var variantById: [Int: Variant] = [:]
    private var parentBySku: [ByteText: Parent] = [:]
    private var variantBySku: [ByteText: Variant] = [:]
    private var variantByExternalId: [ByteText: Int] = [:]
    private var parentByExternalId: [ByteText: Int] = [:]
    private(set) var nextParentId = 20_001
    private(set) var nextVariantId = 300_001

    mutating func reserve(parents: Int, variants: Int) {
        self.parents.reserveCapacity(parents)
        self.variants.reserveCapacity(variants)
        variantById.reserveCapacity(variants)
        variantBySku.reserveCapacity(variants)
    }

    func parent(id: Int) -> Parent? { parentById[id] }
    func variant(id: Int) -> Variant? { variantById[id] }
    func parent(sku: String) -> Parent? { parentBySku[sku] }
    func variant(sku: String) -> Variant? { variantBySku[sku] }

    func variant(externalId: String) -> Variant? {
        variantByExternalId[externalId].flatMap { variantById[$0] }
    }

    /// The id of the listing that holds an external id, parents and variants apart.
    func holder(ofParentExternalId text: String) -> Int? { parentByExternalId[text] }
    func holder(ofVariantExternalId text: String) -> Int? { variantByExternalId[text] }

    mutating func add(_ parent: Parent) {
        parents.append(parent)
        parentById[parent.id] = parent
        parentBySku[parent.sku] = parent
        nextParentId = max(nextParentId, parent.id + 1)
        if let external = parent.externalId { parentByExternalId[external] = parent.id }
    }

    mutating func add(_ variant: Variant) {
        variants.append(variant)
        variant.parent.variants.append(variant)
        variantById[variant.id] = variant
        variantBySku[variant.sku] = variant
        nextVariantId = max(nextVariantId, variant.id + 1)
        if let external = variant.externalId { variantByExternalId[external] = variant.id }
    }

    /// Takes a variant away, and its parent if asked and nothing is left of it.
    mutating func remove(_ variant: Variant, emptyParentToo: Bool) -> (variants: Int, parents: Int) {
        variants.removeAll { $0 === variant }
        variantById[variant.id] = nil
        if variantBySku[variant.sku] === variant { variantBySku[variant.sku] = nil }
        link(variant, to: nil)
        variant.parent.variants.removeAll { $0 === variant }
        guard emptyParentToo, variant.parent.variants.isEmpty else { return (1, 0) }
        let parent = variant.parent
        parents.removeAll { $0 === parent }
        parentById[parent.id] = nil
        if parentBySku[parent.sku] === parent { parentBySku[parent.sku] = nil }
        link(parent, to: nil)
        return (1, 1)
    }

    mutating func link(_ variant: Variant, to externalId: String?) {
        if let old = variant.externalId, variantByExternalId[old] == variant.id { variantByExternalId[old] = nil }
        variant.externalId = externalId
        if let externalId { variantByExternalId[externalId] = variant.id }
    }

    mutating func link(_ parent: Parent, to externalId: String?) {
        if let old = parent.externalId, parentByExternalId[old] == parent.id { parentByExternalId[old] = nil }
        parent.externalId = externalId
        if let externalId { parentByExternalId[externalId] = parent.id }
    }
}
