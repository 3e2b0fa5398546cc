import CFlxChannel

/// Reads the fields of one record into a C struct of the header. What is absent, null or of another type is absent there.
///
/// Invariant: `has` holds the bits of the fields that were read and found.
final class RecordReader {
    /// Where the views stay, and the host's order numbers by order id.
    private let arena: Arena
    private let orderNumbers: [String: String]
    private let record: JSONFields
    /// Whether the record stands in another one.
    let isNested: Bool
    private var has: UInt32 = 0

    private init(_ record: JSONValue, _ arena: Arena, _ orderNumbers: [String: String], isNested: Bool) {
        self.record = JSONFields(of: record)
        self.arena = arena
        self.orderNumbers = orderNumbers
        self.isNested = isNested
    }

    /// The view of a record. It calls itself for the objects inside; how deep is limited by the parser.
    static func view<View: RecordView & BitwiseCopyable>(
        of record: JSONValue, _ arena: Arena, _ orderNumbers: [String: String], isNested: Bool = false
    ) -> UnsafePointer<View> {
        let reader = RecordReader(record, arena, orderNumbers, isNested: isNested)
        var view = View()
        view.read(reader)
        view.size = UInt32(truncatingIfNeeded: MemoryLayout<View>.size)
        view.has = reader.has
        return arena.store(view)
    }

    /// Text without escapes; numbers, true and false as the hub wrote them; others absent.
    func text(_ name: StaticString) -> flx_text {
        guard let node = record.node(name) else { return flx_text(p: nil, n: 0) }
        return text(record, node)
    }

    private func text(_ fields: JSONFields, _ node: Int) -> flx_text {
        switch fields.kind(node) {
        case .string:
            let (raw, holdsEscape) = fields.quoted(node)
            return holdsEscape ? arena.unescaped(raw) : arena.text(raw)
        case .number, .bool:
            return arena.text(fields.raw(node))
        case .null, .array, .object:
            return flx_text(p: nil, n: 0)
        }
    }

    func decimal(_ name: StaticString) -> flx_decimal {
        var result = flx_decimal()
        guard let node = record.node(name) else { return result }
        let kind = record.kind(node)
        guard kind == .number || kind == .string else { return result }
        result.text = text(record, node)
        let number = kind == .number ? Decimal.parts(record.raw(node)) : record.withText(node) { Decimal.parts($0) }
        if let number { (result.unscaled, result.scale, result.fits) = (number.unscaled, number.scale, 1) }
        return result
    }

    func integer(_ name: StaticString, _ bit: UInt32) -> Int64 {
        guard let node = record.node(name), record.kind(node) == .number,
            let number = JSONNumber.integer(record.raw(node)) else { return 0 }
        has |= bit
        return number
    }

    func flag(_ name: StaticString, _ bit: UInt32) -> Int32 {
        guard let isSet = bool(name) else { return 0 }
        has |= bit
        return isSet ? 1 : 0
    }

    func instant(_ name: StaticString, _ bit: UInt32) -> Int64 {
        guard let node = record.node(name), let instant = record.withText(node, { Instant(iso: $0) }) else { return 0 }
        has |= bit
        return instant.ms
    }

    func bool(_ name: StaticString) -> Bool? {
        guard let node = record.node(name), record.kind(node) == .bool else { return nil }
        return record.raw(node).first == JSONByte.t
    }

    /// Whether there is an id.
    func isIdThere(_ name: StaticString) -> Bool { record.member(name).flatMap(OrderField.idText) != nil }

    /// The host's number of the order whose id is at `name`.
    func orderNumber(_ name: StaticString) -> flx_text {
        guard let id = record.member(name).flatMap(OrderField.idText), let number = orderNumbers[id] else {
            return flx_text(p: nil, n: 0)
        }
        return Array(number.utf8).withUnsafeBufferPointer { arena.text($0) }
    }

    /// The object at `name`.
    func object<View: RecordView & BitwiseCopyable>(_ name: StaticString) -> UnsafePointer<View>? {
        guard let node = record.node(name), record.kind(node) == .object else { return nil }
        return view(of: record.value(node))
    }

    /// The value at `name`, which is an object, or its handle as plain text (contract 1.9).
    func handle<View: HandleView & BitwiseCopyable>(_ name: StaticString) -> UnsafePointer<View>? {
        if let view: UnsafePointer<View> = object(name) { return view.pointee.handle.p == nil ? nil : view }
        var view = View()
        view.size = UInt32(truncatingIfNeeded: MemoryLayout<View>.size)
        view.handle = text(name)
        return view.handle.p == nil ? nil : arena.store(view)
    }

    /// A text inside the object at `name`.
    func text(_ name: StaticString, in object: StaticString) -> flx_text {
        guard let outer = record.member(object) else { return flx_text(p: nil, n: 0) }
        let fields = JSONFields(of: outer)
        return fields.node(name).map { text(fields, $0) } ?? flx_text(p: nil, n: 0)
    }

    /// The objects of the list at `name`.
    func list<View: RecordView & BitwiseCopyable>(_ name: StaticString) -> (UnsafePointer<UnsafePointer<View>?>?, Int) {
        guard let node = record.node(name), record.kind(node) == .array else { return (nil, 0) }
        let list = record.value(node)
        var views: [UnsafePointer<View>] = []
        for element in list.elements where element.kind == .object { views.append(view(of: element)) }
        return (arena.store(views), views.count)
    }

    /// The texts of the list at `name`.
    func texts(_ name: StaticString) -> (UnsafePointer<UnsafePointer<flx_text>?>?, Int) {
        guard let list = record.member(name), list.kind == .array else { return (nil, 0) }
        var texts: [UnsafePointer<flx_text>] = []
        for element in list.elements where element.kind == .string { texts.append(arena.store(text(record, element.node))) }
        return (arena.store(texts), texts.count)
    }

    func isList(_ name: StaticString) -> Bool { record.node(name).map { record.kind($0) == .array } ?? false }

    private func view<View: RecordView & BitwiseCopyable>(of value: JSONValue) -> UnsafePointer<View> {
        RecordReader.view(of: value, arena, orderNumbers, isNested: true)
    }
}
