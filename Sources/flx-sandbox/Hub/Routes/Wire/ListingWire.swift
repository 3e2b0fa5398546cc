/// Which nodes of a listing an answer holds, and in which manner numbers and dates are written.
struct ListingShape {
    var parent = false
    var images = true
    var options = true
    var attributes = false
    var categories = false
    var customFields = false
    var aggregates = false
    var overwrites = false
    var tags = false
    var variants = false

    static let everything = ListingShape(
        attributes: true, categories: true, customFields: true, overwrites: true, tags: true, variants: true)
}

/// Writes listings as the hub does under the present switches.
struct ListingWriter {
    private enum Numbers { case cents, fourPlaces, trailingZeros, exponent, text, integerAsFloat }
    private enum Fields { case full, minimal, noQuantity, noPrice }

    private let catalogue: Catalogue
    private let shape: ListingShape
    private let dates: DateWriter
    private let numbers: Numbers
    private let fields: Fields
    private let statusShape: String
    private let descriptions: String
    private let updatedAt: String
    private let hasStamps: Bool
    private let imageNode: String
    private let changeOnVariant: Bool
    private let changeOnParent: Bool
    private let bearsChannel: Bool

    init(_ hub: Hub, _ shape: ListingShape) {
        let switches = hub.switches
        (catalogue, self.shape) = (hub.catalogue, shape)
        dates = DateWriter(switches[.dates])
        numbers =
            switch switches[.numbers] {
            case "four_places": .fourPlaces
            case "trailing_zeros": .trailingZeros
            case "exponent": .exponent
            case "text": .text
            case "integer_as_float": .integerAsFloat
            default: .cents
            }
        fields =
            switch switches[.variantFields] {
            case "minimal": .minimal
            case "no_quantity": .noQuantity
            case "no_price": .noPrice
            default: .full
            }
        statusShape = switches[.listingStatusShape]
        descriptions = switches[.descriptions]
        updatedAt = switches[.updatedAt]
        hasStamps = switches[.queueStamps] == "emit"
        imageNode = switches[.imageNode]
        changeOnVariant = switches[.statusOn] != "parent"
        changeOnParent = switches[.statusOn] != "variant"
        bearsChannel = switches.bearChannelId("listings")
    }

    // MARK: variants

    func write(_ variant: Variant, into out: inout JSONWriter) {
        out.object { out in
            number("id", variant.id, &out)
            if fields != .minimal {
                out.member("accountId", Hub.accountId)
                channel(variant.parent.channelId, &out)
                out.member("listingParentId", variant.parent.id)
                out.member("productVariantId", variant.productVariantId)
            }
            out.member("sku", variant.sku)
            if fields != .minimal {
                writeIdentifiers(variant, &out)
                writeAmounts(variant, &out)
                writeNodes(variant, &out)
            }
            writeState(variant, &out)
        }
    }

    private func writeIdentifiers(_ variant: Variant, _ out: inout JSONWriter) {
        out.member("masterSku", "M-" + variant.sku)
        out.member("title", variant.title)
        out.member("upc", variant.upc)
        out.member("ean", nil as String?)
        out.member("gtin", variant.upc.map { "0" + $0 })
        out.member("mpn", variant.mpn)
        out.member("asin", nil as String?)
        out.member("referenceIdentifier", nil as String?)
        out.member("archived", variant.archived)
    }

    private func writeAmounts(_ variant: Variant, _ out: inout JSONWriter) {
        if fields != .noPrice { money("price", variant.price, &out, isPrice: true) }
        money("cost", variant.cost, &out)
        money("msrp", variant.msrp, &out)
        money("map", variant.minimumPrice, &out)
        money("shippingCost", nil, &out)
        money("dropshipFee", nil, &out)
        if fields != .noQuantity {
            if let quantity = variant.quantity { number("quantity", quantity, &out) } else { out.member("quantity", nil as Int?) }
        }
        money("weight", variant.weight, &out)
        out.member("weightUnit", value: variant.weight == nil ? nil : ["id": 1, "handle": "lb", "name": "Pounds"])
        money("length", variant.dimensions?.length, &out)
        money("width", variant.dimensions?.width, &out)
        money("height", variant.dimensions?.height, &out)
        out.member("dimensionUnit", value: variant.dimensions == nil ? nil : ["id": 1, "handle": "in", "name": "Inches"])
    }

    private func writeNodes(_ variant: Variant, _ out: inout JSONWriter) {
        if shape.overwrites {
            out.member("priceOverwrite", value: ["priceOverwritten": false, "costOverwritten": false, "dynamicPrice": nil])
            out.member(
                "quantityOverwrite",
                value: [
                    "quantityOverwritten": false, "isLockedByOrderVolumeProtection": false, "dynamicQuantity": nil,
                ])
        }
        if shape.images {
            if imageNode != "image" {
                out.key("images"); images(variant.image.map { [$0] } ?? [], variant.parent.id, variant.id, &out)
            }
            if imageNode != "images" {
                out.key("image"); images(variant.image.map { [$0] } ?? [], variant.parent.id, variant.id, &out)
            }
        }
        if shape.options {
            out.key("options")
            out.array(zip(variant.parent.optionNames, variant.optionValues).enumerated()) { out, option in
                out.object { out in
                    out.member("id", variant.id * 10 + option.offset)
                    out.member("name", option.element.0)
                    out.member("value", option.element.1)
                }
            }
        }
        out.key("customFields")
        fields(shape.customFields ? variant.customFields : [], &out)
        if shape.aggregates { out.member("customAggregates", value: []) }
        if shape.tags { out.member("tags", value: .array(variant.tags.map { .string($0) })) }
        if shape.parent {
            out.key("parent")
            var outer = shape
            outer.variants = false
            write(variant.parent, variants: [], into: &out, shape: outer)
        }
    }

    private func writeState(_ variant: Variant, _ out: inout JSONWriter) {
        status("listingStatus", variant.status, &out)
        if changeOnVariant { change(variant.change, &out) }
        out.member("paused", variant.paused)
        out.member("externalListingId", variant.externalId)
        out.member("externalReferenceId", nil as String?)
        out.member("externalReferenceIdType", nil as String?)
        out.member("linkedToRegularProduct", variant.isLinkedToRegularProduct)
        dates.member("linkAttemptedAt", variant.linkAttempted, &out)
        out.member("syncError", variant.syncError)
        out.member("publishError", variant.publishError)
        if hasStamps {
            dates.member("dynamicContentUpdatedAt", variant.dynamic.updated, &out)
            dates.member("dynamicContentSyncedAt", variant.dynamic.synced, &out)
            dates.member("staticContentUpdatedAt", variant.content.updated, &out)
            dates.member("staticContentSyncedAt", variant.content.synced, &out)
        }
        dates.member("insertedAt", variant.inserted, &out)
        writeUpdated(variant.updated, &out)
    }

    // MARK: parents

    func write(_ parent: Parent, variants: [Variant], into out: inout JSONWriter) {
        write(parent, variants: variants, into: &out, shape: shape)
    }

    private func write(_ parent: Parent, variants: [Variant], into out: inout JSONWriter, shape: ListingShape) {
        out.object { out in
            number("id", parent.id, &out)
            out.member("accountId", Hub.accountId)
            channel(parent.channelId, &out)
            out.member("sku", parent.sku)
            out.member("title", parent.title)
            out.member("description", Descriptions.text(of: parent, form: descriptions))
            out.member("manufacturer", parent.manufacturer)
            dates.member("insertedAt", parent.inserted, &out)
            writeUpdated(parent.updated, &out)
            out.member("archived", parent.archived)
            if shape.categories { categories(parent, &out) }
            if shape.images { out.key("images"); images(parent.images, parent.id, nil, &out) }
            if shape.options {
                out.key("options")
                out.array(parent.optionNames.enumerated()) { out, option in
                    out.object { out in
                        out.member("id", parent.id * 10 + option.offset)
                        out.member("listingParentId", parent.id)
                        out.member("name", option.element)
                    }
                }
            }
            if shape.attributes { attributes(parent, &out) }
            out.key("customFields")
            fields(shape.customFields ? parent.customFields : [], &out)
            if shape.tags { out.member("tags", value: .array(parent.tags.map { .string($0) })) }
            writeState(parent, &out)
            out.key("variants")
            out.array(variants) { out, variant in self.write(variant, into: &out) }
        }
    }

    private func writeState(_ parent: Parent, _ out: inout JSONWriter) {
        out.member("externalListingId", parent.externalId)
        out.member("externalReferenceId", nil as String?)
        out.member("externalReferenceIdType", nil as String?)
        out.member("linkedToRegularProduct", parent.isLinked)
        dates.member("linkAttemptedAt", parent.linkAttempted, &out)
        out.member("syncError", parent.syncError)
        out.member("publishError", parent.publishError)
        if hasStamps {
            let newest = parent.variants.compactMap(\.dynamic.updated).max()
            dates.member("dynamicContentUpdatedAt", newest, &out)
            dates.member("dynamicContentSyncedAt", parent.variants.compactMap(\.dynamic.synced).min(), &out)
            dates.member("staticContentUpdatedAt", parent.newestContent, &out)
            dates.member("staticContentSyncedAt", parent.content.synced, &out)
        }
        guard changeOnParent else { return }
        let first = parent.variants.first?.change
        change(parent.change ?? (parent.variants.allSatisfy { $0.change == first } ? first : nil), &out)
    }

    private func attributes(_ parent: Parent, _ out: inout JSONWriter) {
        out.key("attributes")
        out.array(parent.attributes.enumerated()) { out, attribute in
            out.object { out in
                out.member("id", parent.id * 100 + attribute.offset)
                out.member("attributeId", attribute.offset + 1)
                out.member("attributeValueId", parent.id * 100 + attribute.offset + 50)
                out.member("name", attribute.element.name)
                out.member("value", attribute.element.value)
            }
        }
    }

    private func categories(_ parent: Parent, _ out: inout JSONWriter) {
        let names: [StaticString] = ["categoryOne", "categoryTwo", "categoryThree"]
        for (level, name) in names.enumerated() {
            out.key(name)
            guard level < parent.categories.count else { out.null(); continue }
            let category = catalogue.categories[parent.categories[level]]
            out.object { out in
                out.member("id", category.id)
                out.member("accountId", Hub.accountId)
                channel(parent.channelId, &out)
                out.member("name", category.name)
                out.member("customized", false)
                out.member("parentCategoryId", category.outer.map { catalogue.categories[$0].id })
                out.member("productCategoryId", category.id + 10_000)
            }
        }
    }

    // MARK: small parts

    private func channel(_ id: Int, _ out: inout JSONWriter) {
        if bearsChannel { out.member("channelId", id) }
    }

    private func images(_ images: [Image], _ parent: Int, _ variant: Int?, _ out: inout JSONWriter) {
        out.array(images.enumerated()) { out, image in
            out.object { out in
                out.member("id", image.element.id)
                channel(Hub.channelId, &out)
                out.member("listingParentId", parent)
                out.member("listingVariantId", variant)
                out.member("hash", hexText(withUnsafeBytes(of: UInt64(image.element.id).bigEndian, Array.init)))
                out.member("originalUrl", image.element.url)
                out.member("url", image.element.url)
                out.member("sortOrder", image.offset)
                out.member("externalListingId", image.element.externalId)
            }
        }
    }

    private func fields(_ fields: [CustomField], _ out: inout JSONWriter) {
        out.array(fields) { out, field in
            out.object { out in
                out.member("id", field.id)
                out.member("name", field.name)
                out.member("value", field.value)
            }
        }
    }

    private func status(_ name: StaticString, _ status: ListingStatus, _ out: inout JSONWriter) {
        switch statusShape {
        case "omit": return
        case "text": out.member(name, status.rawValue)
        default: out.key(name); node(status, &out)
        }
    }

    private func change(_ change: ListingStatus?, _ out: inout JSONWriter) {
        out.key("changeToListingStatus")
        if let change { node(change, &out) } else { out.null() }
    }

    private func node(_ status: ListingStatus, _ out: inout JSONWriter) {
        out.object { out in
            out.member("id", status.id)
            out.member("handle", status.rawValue)
            out.member("name", status.name)
        }
    }

    private func writeUpdated(_ instant: Instant, _ out: inout JSONWriter) {
        switch updatedAt {
        case "omit": return
        case "null": out.member("updatedAt", nil as String?)
        default: dates.member("updatedAt", instant, &out)
        }
    }

    private func number(_ name: StaticString, _ value: Int, _ out: inout JSONWriter) {
        out.key(name)
        if numbers == .integerAsFloat { out.raw("\(value).0") } else { out.integer(value) }
    }

    private func money(_ name: StaticString, _ value: Money?, _ out: inout JSONWriter, isPrice: Bool = false) {
        out.key(name)
        guard var value else { return out.null() }
        switch numbers {
        case .cents, .integerAsFloat: out.raw(value.text())
        case .fourPlaces:
            if isPrice { value.units += 12 }
            out.raw(value.text())
        case .trailingZeros: out.raw(value.text(places: 4))
        case .exponent: out.raw("\(value.units)e-4")
        case .text: out.string(value.text(places: 2))
        }
    }
}
