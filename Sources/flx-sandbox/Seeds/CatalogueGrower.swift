/// Grows a shop's catalogue of the wanted size from the product lines.
struct CatalogueGrower {
    private let seed: Seed
    private let now: Instant
    private var random: SeededRandom
    private var categoryIndex: [ByteText: Int] = [:]
    private var nextImage = 4_000_001

    private static let adjectives = [
        "Alder", "Basalt", "Birch", "Cove", "Drift", "Ember", "Fjord", "Grove", "Heath", "Inlet", "Juniper", "Kestrel", "Larch",
        "Mesa", "Nimbus", "Otter", "Prairie", "Quarry", "Rowan", "Summit", "Tidal", "Umber", "Vale", "Willow", "Yarrow", "Zephyr",
    ]

    init(seed: Seed, now: Instant) {
        (self.seed, self.now) = (seed, now)
        random = SeededRandom(seed: seed.number)
    }

    mutating func grow(into catalogue: inout Catalogue) {
        catalogue.reserve(parents: seed.variants / 5, variants: seed.variants)
        var left = seed.variants
        var serial = 1000
        while left > 0 {
            let line = ProductLine.all[serial % ProductLine.all.count]
            let parent = page(line, serial, &catalogue)
            catalogue.add(parent)
            for choice in choices(line).prefix(left) {
                catalogue.add(unit(line, choice, of: parent, id: catalogue.nextVariantId))
                left -= 1
            }
            finish(parent, &catalogue)
            serial += 1
        }
    }

    // MARK: pages

    private mutating func page(_ line: ProductLine, _ serial: Int, _ catalogue: inout Catalogue) -> Parent {
        let brand = random.pick(line.brands), material = random.pick(line.materials)
        let noun = random.pick(line.nouns)
        let title = "\(brand) \(Self.adjectives[serial / ProductLine.all.count % Self.adjectives.count]) \(noun)"
        let inserted = now - (86400 * 30 + random.below(86400 * 400))
        let parent = Parent(
            id: catalogue.nextParentId, channelId: Hub.channelId, sku: "\(line.code)-\(serial)", title: title,
            description: description(title, noun, material, line), inserted: inserted)
        parent.manufacturer = brand
        parent.categories = categories(line, &catalogue)
        parent.optionNames = line.options.map(\.name)
        parent.images = (0..<(1 + random.below(4))).map { image("\(parent.sku.lowercased())/\($0 + 1)") }
        parent.attributes = [("Material", material), ("Brand", brand), ("Season", random.pick(["All year", "Summer", "Winter"]))]
        parent.customFields = [
            CustomField(id: parent.id * 10 + 1, name: "warranty_months", value: random.pick(["12", "24", "36"])),
            CustomField(id: parent.id * 10 + 2, name: "origin", value: random.pick(["Portugal", "USA", "Japan", "Vietnam"])),
        ]
        parent.tags = [line.categories[0].lowercased(), random.pick(["new", "bestseller", "core"])]
        parent.updated = past()
        return parent
    }

    private mutating func description(_ title: String, _ noun: String, _ material: String, _ line: ProductLine) -> String {
        let features = line.features.map { "<li>\($0)</li>" }.joined()
        let opening = random.pick([
            "Built for daily use", "Quietly well made", "A favourite since its first season", "Simple, sturdy &amp; honest",
        ])
        return "<p><strong>\(title)</strong> \u{2014} \(opening). This \(noun.lowercased()) is made of \(material).</p>"
            + "<ul>\(features)</ul><p>Questions? Write to us &#8211; we answer within a day.</p>"
    }

    /// The three levels, each made once.
    private mutating func categories(_ line: ProductLine, _ catalogue: inout Catalogue) -> [Int] {
        var outer: Int?
        var path = ""
        return line.categories.map { name in
            path += ">" + name
            let index = categoryIndex[path] ?? catalogue.categories.count
            if index == catalogue.categories.count {
                catalogue.categories.append(.init(id: 6001 + index, name: name, outer: outer))
                categoryIndex[path] = index
            }
            outer = index
            return index
        }
    }

    private mutating func image(_ path: String) -> Image {
        Image(id: nextImage.taken(), url: "https://img.example/\(path).jpg", externalId: nil)
    }

    // MARK: units

    /// Every combination of a few values of each option.
    private mutating func choices(_ line: ProductLine) -> [[(text: String, code: String)]] {
        var found: [[(text: String, code: String)]] = [[]]
        for option in line.options {
            let count = min(option.values.count, 2 + random.below(option.values.count))
            found = found.flatMap { choice in option.values.prefix(max(2, count)).map { choice + [$0] } }
        }
        return Array(found.prefix(2 + random.below(9)))
    }

    private mutating func unit(_ line: ProductLine, _ choice: [(text: String, code: String)], of parent: Parent, id: Int) -> Variant
    {
        let suffix = choice.isEmpty ? "-ONE" : choice.map { "-" + $0.code }.joined()
        let title = choice.isEmpty ? parent.title : "\(parent.title), \(choice.map(\.text).joined(separator: " / "))"
        let variant = Variant(id: id, parent: parent, sku: parent.sku + suffix, title: title, inserted: parent.inserted)
        let cents = line.price.lowerBound + random.below(line.price.upperBound - line.price.lowerBound)
        let price = cents / 100 * 100 + random.pick([0, 49, 50, 95, 99])
        variant.price = Money(cents: price)
        variant.cost = Money(cents: price * (45 + random.below(20)) / 100)
        variant.msrp = Money(cents: price * 12 / 10 / 100 * 100 + 99)
        variant.minimumPrice = Money(cents: price * 9 / 10)
        variant.quantity = random.below(10) == 0 ? 0 : 1 + random.below(180)
        variant.weight = Money(cents: line.weight.lowerBound + random.below(line.weight.upperBound - line.weight.lowerBound))
        variant.dimensions = (
            Money(cents: 400 + random.below(1600)), Money(cents: 300 + random.below(1200)), Money(cents: 50 + random.below(900))
        )
        variant.upc = Self.upc(id)
        variant.mpn = "\(line.code)\(id)"
        variant.optionValues = choice.map(\.text)
        variant.image = image(variant.sku.lowercased())
        variant.customFields = [CustomField(id: id * 10 + 1, name: "bin", value: "A\(random.below(40))-\(random.below(20))")]
        return variant
    }

    /// A twelve digit code with a right check digit, from a prefix that is in nobody's range.
    private static func upc(_ id: Int) -> String {
        let body = "0" + String(10_000_000_000 + id % 10_000_000_000).suffix(10)
        var sum = 0
        for (index, digit) in body.utf8.enumerated() { sum += Int(digit - 0x30) * (index % 2 == 0 ? 3 : 1) }
        return body + String((10 - sum % 10) % 10)
    }

    // MARK: state

    /// Five pages in six are new and wait to be published; every unit waits to be synced.
    private mutating func finish(_ parent: Parent, _ catalogue: inout Catalogue) {
        let isNew = seed.isPending && random.below(6) > 0
        parent.content.updated = parent.updated
        for variant in parent.variants {
            variant.content.updated = parent.updated
            variant.dynamic.updated = past()
            variant.updated = max(parent.updated, variant.dynamic.updated ?? parent.updated)
            if isNew {
                variant.change = .published
                variant.changeQueued = variant.content.updated
                continue
            }
            variant.status = .listed
            variant.isLinked = true
            variant.isLinkedToRegularProduct = true
            variant.linkAttempted = parent.inserted + 3600
            variant.content.synced = parent.updated + 60
            variant.dynamic.synced = seed.isPending ? parent.inserted + 7200 : (variant.dynamic.updated.map { $0 + 60 })
            catalogue.link(variant, to: "shop-v-\(variant.id)")
        }
        guard !isNew else { return }
        parent.isLinked = true
        parent.linkAttempted = parent.inserted + 3600
        parent.content.synced = parent.updated + 60
        catalogue.link(parent, to: "shop-p-\(parent.id)")
    }

    /// A moment between two and thirty hours ago.
    private mutating func past() -> Instant {
        now - (7200 + random.below(100_000))
    }
}
