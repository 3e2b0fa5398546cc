/// An order that a host submitted, checked and made ready for the wire.
///
/// Invariant: made only by `check`, so that every field obeys `OrderSchema`.
struct OrderDocument {
    /// Version of the canonical form below; stored beside the digest.
    static let digestVersion: Int64 = 2

    let number: String
    let orderedAt: Instant?
    /// The body of the request, frozen for every attempt.
    let wire: [UInt8]
    /// The host's order in one form, whatever the order of its members, the spelling of its numbers, or whether it gives what
    /// is empty as "", null or not at all.
    let canonical: [UInt8]

    /// Why text is no order: not JSON at all, or every fault of its fields.
    enum Refusal: Error {
        case json(JSONFault)
        case faults([Fault])
        case tooLarge(bytes: Int)
    }

    static func check(_ bytes: [UInt8], names: WireNames) throws(Refusal) -> OrderDocument {
        guard bytes.count <= OrderSchema.mostBytes else { throw .tooLarge(bytes: bytes.count) }
        let document: JSONDocument
        do { document = try JSONDocument.parse(bytes) } catch { throw .json(error) }
        guard document.root.isObject else {
            throw .faults([Fault(path: "", message: "is not a JSON object; an order is one object")])
        }
        var checker = OrderChecker(names: names)
        checker.object(document.root, OrderSchema.order, schema: "CreateOrderRequest", path: "")
        guard checker.faults.isEmpty, let number = document.root.member("orderNumber")?.string else {
            throw .faults(checker.faults)
        }

        var wire = OrderWriter(names: names, isCanonical: false)
        wire.object(document.root, OrderSchema.order, schema: "CreateOrderRequest")
        var canonical = OrderWriter(names: names, isCanonical: true)
        canonical.object(document.root, OrderSchema.order, schema: "CreateOrderRequest")
        return OrderDocument(
            number: number, orderedAt: document.root.member("orderedAt")?.string.flatMap { Instant(iso: $0) },
            wire: wire.json.bytes, canonical: canonical.json.bytes)
    }
}

/// Finds every fault of an order at once.
private struct OrderChecker {
    let names: WireNames
    private(set) var faults: [Fault] = []

    init(names: WireNames) { self.names = names }

    mutating func object(_ value: JSONValue, _ fields: [OrderField], schema: String, path: String) {
        guard value.isObject else { return fault(path, "is not an object") }
        for (key, member) in value.members where key != OrderSchema.extra {
            guard !fields.contains(where: { $0.name == key }) else { continue }
            let near = Text.suggestion(for: key, in: fields.map { $0.name })
            fault(path + "/" + pointer(key), "is not a field of an order\(near); put fields of your own into \"extra\"")
            _ = member
        }
        for field in fields {
            let here = path + "/" + field.name
            guard let member = value.member(field.name), !member.isNull else {
                if field.isRequired { fault(here, "is missing; \(field.meaning)") }
                continue
            }
            let before = faults.count
            check(member, field, here)
            if field.isRequired, faults.count == before, case .object(_, let inner) = field.kind, !hasText(member, inner) {
                fault(here, "has no text in it; \(field.meaning)")
            }
        }
        if let extra = value.member(OrderSchema.extra), !extra.isNull {
            checkExtra(extra, fields, schema, path + "/" + OrderSchema.extra)
        }
    }

    private mutating func check(_ value: JSONValue, _ field: OrderField, _ path: String) {
        switch field.kind {
        case .text(let most): text(value, most, path)
        case .number: number(value, path)
        case .decimal: decimal(value, path)
        case .quantity:
            guard let quantity = value.whole else { return fault(path, "is not a whole number") }
            if quantity < 1 || quantity > 1_000_000_000 { fault(path, "is \(quantity); 1 to 1000000000 is allowed") }
        case .id:
            if OrderField.givenId(value) == nil { fault(path, "is not a hub id; give its digits") }
        case .instant:
            guard let text = value.string else { return fault(path, "is not text; give an instant such as 2026-01-31T12:00:00Z") }
            if Instant(iso: text) == nil { fault(path, "is not an instant with a zone; write it like 2026-01-31T12:00:00Z") }
        case .object(let schema, let fields): object(value, fields, schema: schema, path: path)
        case .objects(let schema, let fields, let least, let most): objects(value, fields, schema, least, most, path)
        case .texts(let most):
            guard value.kind == .array else { return fault(path, "is not a list") }
            if value.count > most { return fault(path, "has \(value.count) members; at most \(most) are allowed") }
            var index = 0
            for element in value.elements {
                text(element, 500, path + "/\(index)")
                index += 1
            }
        }
    }

    private mutating func objects(
        _ value: JSONValue, _ fields: [OrderField], _ schema: String, _ least: Int, _ most: Int, _ path: String
    ) {
        guard value.kind == .array else { return fault(path, "is not a list") }
        guard value.count >= least else { return fault(path, "is empty; at least \(least) is needed") }
        guard value.count <= most else {
            return fault(path, "has \(value.count) members; at most \(most) are allowed")
        }
        var index = 0
        for element in value.elements {
            let here = path + "/\(index)"
            object(element, fields, schema: schema, path: here)
            if fields.contains(where: { $0.name == "quantity" }) { checkKeys(of: element, here) }
            index += 1
        }
    }

    /// A line without any key could never be matched to a listing.
    private mutating func checkKeys(of item: JSONValue, _ path: String) {
        guard item.kind == .object else { return }
        let isNamed = OrderSchema.itemKeys.contains { key in
            guard let value = item.member(key) else { return false }
            return !value.isNull && !value.string.spells("")
        }
        if !isNamed { fault(path + "/sku", "is missing; name the listing by sku, externalListingId or listingVariantId") }
    }

    private mutating func text(_ value: JSONValue, _ most: Int, _ path: String) {
        guard let text = value.string else { return fault(path, "is not text") }
        if text.utf8.count > most { fault(path, "has \(text.utf8.count) bytes; at most \(most) are allowed") }
    }

    private mutating func number(_ value: JSONValue, _ path: String) {
        guard let text = value.string else { return fault(path, "is not text") }
        if text.isEmpty { return fault(path, "is empty") }
        if text.utf8.count > 200 { fault(path, "has \(text.utf8.count) bytes; at most 200 are allowed") }
        if text.utf8.contains(where: { $0 < 0x20 || $0 == 0x7F }) { fault(path, "holds a control character") }
    }

    private mutating func decimal(_ value: JSONValue, _ path: String) {
        guard let text = value.string ?? value.numberText else { return fault(path, "is not a decimal number") }
        do { _ = try Decimal(submitted: text) } catch { fault(path, error.message) }
    }

    /// Whether one of the fields has text that is not blank, or the host has something of its own there.
    private func hasText(_ value: JSONValue, _ fields: [OrderField]) -> Bool {
        if let extra = value.member(OrderSchema.extra), !extra.isEmpty { return true }
        return fields.contains { field in
            value.member(field.name)?.withStringBytes { text in text.contains { $0 > 0x20 } } == true
        }
    }

    /// Names on the wire count too: an override may have given a field one that the host's member has (J-05).
    private mutating func checkExtra(_ value: JSONValue, _ fields: [OrderField], _ schema: String, _ path: String) {
        guard value.isObject else { return fault(path, "is not an object") }
        for (key, _) in value.members where fields.contains(where: { $0.name == key || names.field(schema, $0.name) == key }) {
            fault(path + "/" + pointer(key), "is a field of its own; move it out of \"extra\"")
        }
    }

    private func pointer(_ key: String) -> String { Fault.pointerToken(key) }

    private mutating func fault(_ path: String, _ message: String) {
        guard faults.count < 100 else { return }  // enough for a person to go on with
        faults.append(Fault(path: path, message: message))
    }
}

extension OrderField {
    /// The digits of a hub id as a host gives it: databases know 17 as 17.0000 too.
    static func givenId(_ value: JSONValue) -> String? {
        value.whole.flatMap { $0 >= 0 ? "\($0)" : nil }
    }

    /// The digits of a hub id, given as text or as a JSON integer.
    static func idText(_ value: JSONValue) -> String? {
        if value.kind == .number { return value.withRaw { idText($0) } }
        return value.withStringBytes { idText($0) } ?? nil
    }

    static func idText(_ bytes: UnsafeBufferPointer<UInt8>) -> String? {
        guard bytes.first != JSONByte.minus, JSONNumber.integer(bytes) != nil else { return nil }
        return String(decoding: bytes, as: UTF8.self)
    }
}

/// Writes a checked order: for the wire with the hub's names, or in canonical form for the digest.
private struct OrderWriter {
    let names: WireNames
    let isCanonical: Bool
    var json = JSONWriter()

    mutating func object(_ value: JSONValue, _ fields: [OrderField], schema: String) {
        json.beginObject()
        for field in isCanonical ? fields.sorted(by: { $0.name < $1.name }) : fields {
            guard let member = member(field.name, of: value), !isLeftOut(member, field) else { continue }
            json.key(isCanonical ? field.name : names.field(schema, field.name))
            write(member, field.kind)
        }
        if let extra = value.member(OrderSchema.extra), extra.count > 0 {
            if isCanonical {
                if !extra.isEmpty {
                    json.key(OrderSchema.extra)
                    json.raw(canonical(extra, withEmpty: false))
                }
            } else {
                for (key, member) in extra.members {
                    json.key(key)
                    json.raw(Array(member.text.utf8))
                }
            }
        }
        json.endObject()
    }

    /// In the digest whatever is empty; on the wire null, and an object without content: an empty address is none.
    private func isLeftOut(_ member: JSONValue, _ field: OrderField) -> Bool {
        if case .object = field.kind { return member.isEmpty }
        return isCanonical ? member.isEmpty : member.isNull
    }

    /// A member of an order, or what stands for it: contract 1.8 leaves open by which of its two numbers the hub knows an order
    /// again, so that both hold the host's unless it has another for the second.
    private func member(_ name: String, of value: JSONValue) -> JSONValue? {
        let member = value.member(name)
        guard !isCanonical, names.copiesNumber, name == "referenceNumber",
            member == nil || member?.isNull == true || member?.string.spells("") == true
        else { return member }
        return value.member("orderNumber")
    }

    /// Whether a number is written with more decimals than we take; those beyond are zeros.
    private func isLong(_ number: String) -> Bool {
        guard let point = number.utf8.firstIndex(of: JSONByte.point) else { return false }
        return number.utf8[point...].count - 1 > Decimal.mostDecimals
    }

    private mutating func write(_ value: JSONValue, _ kind: OrderField.Kind) {
        switch kind {
        case .text, .number: json.string(value.string ?? "")
        case .decimal:
            let text = value.string ?? value.numberText ?? "0"
            json.number(text: isCanonical || isLong(text) ? Decimal(text: text)?.text ?? text : text)
        case .quantity, .id: json.number(text: OrderField.givenId(value) ?? "0")
        case .instant:
            let text = value.string ?? ""
            json.string(Instant(iso: text)?.isoSeconds ?? text)  // contract 1.4: whole seconds, Z
        case .object(let schema, let fields): object(value, fields, schema: schema)
        case .objects(let schema, let fields, _, _):
            json.beginArray()
            for element in value.elements { object(element, fields, schema: schema) }
            json.endArray()
        case .texts:
            json.beginArray()
            for element in value.elements { json.string(element.string ?? "") }
            json.endArray()
        }
    }
}
