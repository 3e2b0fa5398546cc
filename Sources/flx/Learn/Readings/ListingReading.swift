/// What the answers tell of listings: rows 10, 11 and 16, and what can be seen of rows that came anyway (22, 23, 24, 28 and 30).
struct ListingReading {
    private let answers: Answers
    private let variants: Pages
    private let parents: Pages

    init(_ answers: Answers) {
        self.answers = answers
        variants = Pages(.variants, answers)
        parents = Pages(.parents, answers)
    }

    private var none: String { answers.rows("variants") == nil ? answers.why("variants") : "there is no variant" }

    private static func texts(_ key: String, _ values: [String]) -> JSON.Member { .init(key: key, value: .texts(values)) }

    // MARK: bounds

    /// The variant that changed last, and when.
    private var newest: (id: String, at: Int64)? {
        variants.known.compactMap { row in
            guard let id = row["id"]?.id, let at = row["updatedAt"]?.string.flatMap(Instant.ms) else { return nil }
            return (id, at)
        }.max { $0.1 < $1.1 }
    }

    private func changed(after offsetMs: Int64, _ name: String) -> Question? {
        newest.map { id, at in
            HubList.variants.question(
                name, answers,
                [ListingReading.texts("ids", [id]), .init(key: "updatedAfter", value: .text(Instant.text(at + offsetMs)))],
                most: 20)
        }
    }

    static let asksForBounds: [Probe.Ask] = [
        { ListingReading($0).changed(after: 0, "bounds") },
        { answers in
            let reading = ListingReading(answers)
            // In: does a later bound leave it out? Out: does an earlier one let it in?
            return reading.isIn("bounds").flatMap {
                $0 ? reading.changed(after: 1000, "bounds.later") : reading.changed(after: -1000, "bounds.earlier")
            }
        },
    ]

    private func isIn(_ question: String) -> Bool? {
        answers.rows(question).map { rows in
            rows.ids.contains(answers.argument("ids", of: question)?.elements.first?.id ?? "")
        }
    }

    var bounds: [Fact] {
        let name = "bounds"
        guard newest != nil else {
            return [.open(11, name, variants.known.isEmpty ? none : "variants do not tell when they changed")]
        }
        switch (isIn("bounds"), isIn("bounds.later"), isIn("bounds.earlier")) {
        case (true, false, _): return [.settled(11, name, "inclusive", "a bound lets in what changed in its own second")]
        case (false, _, true): return [.settled(11, name, "exclusive", "a bound leaves out what changed in its own second")]
        case (true, true, _): return [.open(11, name, "updatedAfter of variants is overlooked")]
        case (false, _, false): return [.open(11, name, "the variant came under no bound")]
        case (nil, _, _): return [.open(11, name, answers.why("bounds"))]
        default: return [.open(11, name, answers.why(isIn("bounds") == true ? "bounds.later" : "bounds.earlier"))]
        }
    }

    // MARK: queue

    private var first: String? { answers.rows("queue")?.id(0) }

    /// One row alone is read: should reading take rows out of the queue, no more is lost than that.
    static let asksForQueue: [Probe.Ask] = [
        { answers in
            guard Pages(.variants, answers).sizeName != nil else { return nil }
            return HubList.variants.question("queue", answers, [.init(key: "sync", value: .bool(true))], most: 1)
        },
        { answers in
            guard let id = ListingReading(answers).first, answers.rows("queue")?.count == 1 else { return nil }
            return HubList.variants.question(
                "queue.again", answers, [.init(key: "sync", value: .bool(true)), texts("ids", [id])], most: 20)
        },
        // Whether it waits still: another process may have answered it meanwhile.
        { answers in
            guard let id = ListingReading(answers).first, answers.rows("queue.again")?.isEmpty == true else { return nil }
            return HubList.variants.question("queue.row", answers, [texts("ids", [id])], most: 20)
        },
    ]

    var queue: [Fact] {
        let name = "queue.read"
        guard let rows = answers.rows("queue") else {
            return [
                .open(
                    10, name,
                    answers["queue"] == nil && answers.ended == nil
                        ? "not asked: the hub may give more than one row" : answers.why("queue"))
            ]
        }
        guard let first else { return [.open(10, name, rows.isEmpty ? "nothing waits to be synced" : "a row has no id")] }
        guard let again = answers.rows("queue.again") else { return [.open(10, name, answers.why("queue.again"))] }
        if again.ids.contains(first) { return [.settled(10, name, "repeatable", "a row that was read still waits")] }
        guard again.isEmpty else { return [.open(10, name, "another row came than the one asked for")] }
        let member = "dynamicContentSyncedAt", now = answers.rows("queue.row")?.first { $0["id"]?.id == first }
        guard let now else { return [.open(10, name, "the row is gone, and it is not known why")] }
        guard rows.has(member), rows[0][member] == now[member] else {
            return [.open(10, name, "the row is gone, and another process may have answered it")]
        }
        guard isWaiting(rows[0]) else { return [.open(10, name, "a row came that does not say that it waits")] }
        return [.settled(10, name, "once", "reading took variant \(first) out of the queue: it comes again only once it changes")]
    }

    private func isWaiting(_ row: JSON) -> Bool {
        guard let updated = row["dynamicContentUpdatedAt"]?.string.flatMap(Instant.ms),
            let synced = row["dynamicContentSyncedAt"]?.string.flatMap(Instant.ms)
        else { return true }
        return updated > synced
    }

    // MARK: changes in queues

    /// A change that comes by the sync queue, if each has one of its own.
    private static let ofSync = ["hidden", "listed", "delisted"]

    /// Pages with such a change and no content that waits: in the publish queue they are only if a change comes by both.
    private var changedPages: [JSON] {
        func handle(_ row: JSON) -> String? { row["changeToListingStatus"]?["handle"]?.string }
        func isStill(_ row: JSON) -> Bool {
            guard let updated = row["staticContentUpdatedAt"]?.string.flatMap(Instant.ms),
                let synced = row["staticContentSyncedAt"]?.string.flatMap(Instant.ms)
            else { return false }
            return updated <= synced
        }
        let pages = parents.known.filter { page in
            let variants = page["variants"]?.elements ?? []
            let isChanged = ([page] + variants).contains { ListingReading.ofSync.contains(handle($0) ?? "") }
            // What is held back is in no queue.
            return isChanged && isStill(page) && variants.allSatisfy { isStill($0) && $0["paused"]?.bool != true }
        }
        return Array(pages.filter { !($0["sku"]?.string ?? ",").contains(",") }.prefix(5))
    }

    static let asksForFlow: Probe.Ask = { answers in
        let reading = ListingReading(answers), pages = reading.changedPages.compactMap { $0["sku"]?.string }
        guard !pages.isEmpty, reading.queue.first?.value == "repeatable" else { return nil }
        return HubList.parents.question(
            "flow", answers, [.init(key: "publish", value: .bool(true)), texts("skus", pages)], most: 20,
            isJoined: reading.arrays.value == "joined")
    }

    var flow: [Fact] {
        let name = "status_change.flow"
        guard let rows = answers.rows("flow") else {
            if answers["flow"] != nil || answers.ended != nil { return [.open(23, name, answers.why("flow"))] }
            if changedPages.isEmpty { return [.open(23, name, "no page has a change to its status alone")] }
            return [.open(23, name, "not asked: it is not sure that reading takes nothing out of a queue")]
        }
        let pages = changedPages.ids
        if rows.ids.contains(where: pages.contains) {
            return [.settled(23, name, "both", "a change to hide, list or delist comes by both queues")]
        }
        guard rows.isEmpty else { return [.open(23, name, "skus is overlooked")] }
        return [
            .settled(23, name, "split", "a change to hide, list or delist comes by the sync queue alone, by \(pages.count) pages")
        ]
    }

    // MARK: lists in a query

    /// Two SKUs without a comma, at which they could be parted.
    private var skus: [String]? {
        if let asked = answers.argument("skus", of: "arrays.repeated")?.elements { return asked.compactMap(\.id) }
        let found = variants.known.distinct("sku").filter { !$0.contains(",") && !$0.isEmpty }.prefix(2)
        return found.count == 2 ? Array(found) : nil
    }

    static let asksForArrays: [Probe.Ask] = [false, true].map { isJoined in
        { answers in
            ListingReading(answers).skus.map {
                HubList.variants.question(
                    isJoined ? "arrays.joined" : "arrays.repeated", answers, [texts("skus", $0)], most: 20, isJoined: isJoined)
            }
        }
    }

    /// Whether both came and nothing else; nil where that is not known.
    private func isUnderstood(_ question: String) -> Bool? {
        answers.rows(question).map { rows in Set(rows.distinct("sku")) == Set(skus ?? []) }
    }

    var ofArrays: [Fact] { [arrays, .open(16, "arrays.comma", "not asked: the library sends no value that has a comma")] }

    private var arrays: Fact {
        let name = "arrays", key = SettingKey.listSpelling
        guard let skus else {
            return .open(16, name, variants.known.isEmpty ? none : "there are no two variants").bearing(on: key)
        }
        if let rows = answers.rows("arrays.repeated"), rows.distinct("sku").contains(where: { !skus.contains($0) }) {
            return .open(16, name, "skus is overlooked").bearing(on: key)
        }
        switch (isUnderstood("arrays.repeated"), isUnderstood("arrays.joined")) {
        case (true, true): return .settled(16, name, "both", "skus=A&skus=B and skus=A,B are understood").bearing(on: key)
        case (true, false): return .settled(16, name, "repeated", "only skus=A&skus=B is understood").bearing(on: key).exact()
        case (false, true): return .settled(16, name, "joined", "only skus=A,B is understood").bearing(on: key, .text("joined"))
        case (false, false): return .open(16, name, "neither spelling brought both variants").bearing(on: key)
        default:
            let missing = answers.rows("arrays.repeated") == nil ? "arrays.repeated" : "arrays.joined"
            return .open(16, name, answers.why(missing)).bearing(on: key)
        }
    }

    // MARK: rows

    var rows: [Fact] { [fields, statusChange, status, descriptions, numbers] }

    /// Variants, also those within parents.
    private var everyVariant: [JSON] { variants.known + parents.known.flatMap { $0["variants"]?.elements ?? [] } }

    private var fields: Fact {
        let name = "variant.fields", rows = variants.known
        if rows.isEmpty { return .open(22, name, none) }
        let names = ["price", "quantity", "title", "upc", "images", "options", "externalListingId", "listingParentId"]
        let missing = names.filter { !rows.has($0) }
        let value: String
        switch (missing.contains("price"), missing.contains("quantity")) {
        case (false, false): value = "full"
        case (true, false): value = "no_price"
        case (false, true): value = "no_quantity"
        case (true, true): value = "minimal"
        }
        return .settled(
            22, name, value,
            missing.isEmpty ? "variants have what a channel needs" : "variants have no \(missing.joined(separator: ", "))")
    }

    private var statusChange: Fact {
        let name = "status_change.on", member = "changeToListingStatus"
        if variants.known.isEmpty || parents.known.isEmpty { return .open(23, name, none) }
        let queued = (everyVariant + parents.known).filter { $0[member] != nil }.count
        if queued == 0 { return .open(23, name, "no change waits, so that it is not known who bears one") }
        let text = "\(queued) changes wait among \(parents.known.count) parents and \(everyVariant.count) variants"
        switch (everyVariant.has(member), parents.known.has(member)) {
        case (true, true): return .settled(23, name, "both", "variants and parents have it; \(text)")
        case (true, false): return .settled(23, name, "variant", "variants alone have it; \(text)")
        case (false, true): return .settled(23, name, "parent", "parents alone have it; \(text)")
        case (false, false): return .open(23, name, "no row has \(member): perhaps no change waits")
        }
    }

    private var status: Fact {
        let name = "listing_status", member = "listingStatus"
        if variants.known.isEmpty { return .open(24, name, none) }
        guard let value = variants.known.lazy.compactMap({ $0[member] }).first else {
            return .settled(24, name, "omit", "variants do not tell their status")
        }
        return value.string == nil
            ? .settled(24, name, "object", "it is an object with a handle") : .settled(24, name, "text", "it is a handle alone")
    }

    private var descriptions: Fact {
        let name = "descriptions"
        let texts = parents.known.prefix(100).map { $0["description"]?.string ?? "" }
        if texts.isEmpty { return .open(28, name, answers.rows("parents") == nil ? answers.why("parents") : "there is no parent") }
        let forms = DescriptionForm.allCases.filter { form in texts.contains(where: form.isIn) }
        return .settled(28, name, forms.map(\.rawValue).joined(separator: ", "), "what \(texts.count) descriptions hold")
    }

    private var numbers: Fact {
        let name = "numbers"
        let prices = everyVariant.compactMap { $0["price"] }
        if everyVariant.isEmpty { return .open(30, name, none) }
        let counts = everyVariant.flatMap { [$0["id"], $0["quantity"]] }.compactMap { $0?.id }
        if counts.contains(where: { $0.contains(".") }) {
            return .settled(30, name, "integer_as_float", "ids or quantities have a decimal point")
        }
        if prices.isEmpty { return .open(30, name, "variants have no price") }
        if prices.contains(where: { $0.string != nil }) { return .settled(30, name, "text", "prices are text") }
        let texts = prices.compactMap(\.id)
        if texts.contains(where: { $0.contains("e") || $0.contains("E") }) {
            return .settled(30, name, "exponent", "prices have an exponent")
        }
        let places = texts.map { $0.split(separator: ".").dropFirst().first.map(String.init) ?? "" }
        if places.contains(where: { $0.count > 2 && $0.hasSuffix("0") }) {
            return .settled(30, name, "trailing_zeros", "prices end in zeros")
        }
        let most = places.map(\.count).max() ?? 0
        return most > 2
            ? .settled(30, name, "four_places", "prices have up to \(most) places")
            : .settled(30, name, "cents", "prices have up to two places")
    }
}

/// What may stand in a description (contract 9, row 28).
enum DescriptionForm: String, CaseIterable {
    case none, plain, tags, lists, entities, script
    case wordProcessor = "word processor"
    case editor

    func isIn(_ text: String) -> Bool {
        func has(_ parts: String...) -> Bool { parts.contains { text.lowercased().contains($0) } }
        switch self {
        case .none: return text.isEmpty
        case .plain: return !text.isEmpty && !has("<", "&lt;", "&amp;", "{\"ops\"")
        case .tags: return has("</")
        case .lists: return has("<ul", "<ol")
        case .entities: return has("&lt;", "&amp;lt;")
        case .script: return has("<script", "javascript:", "onerror=", "onclick=")
        case .wordProcessor: return has("mso-", "<o:p")
        case .editor: return has("{\"ops\"")
        }
    }
}

extension Probe {
    static let bounds = Probe(
        rows: [11], about: "whether a bound is in or out", asks: ListingReading.asksForBounds, read: { ListingReading($0).bounds })

    static let queue = Probe(
        rows: [10], about: "whether reading takes rows out of a queue", asks: ListingReading.asksForQueue,
        read: { ListingReading($0).queue })

    static let flow = Probe(
        rows: [23], about: "by which queue a change comes", asks: [ListingReading.asksForFlow], read: { ListingReading($0).flow })

    static let arrays = Probe(
        rows: [16], about: "how a list is written", asks: ListingReading.asksForArrays, read: { ListingReading($0).ofArrays })

    static let listings = Probe(
        rows: [22, 23, 24, 28, 30], about: "what a listing looks like", asks: [], read: { ListingReading($0).rows })
}
