import CFlxChannel

/// Makes the views of a page's records, one record after the other. What is absent, null or of another type is absent there.
///
/// The record's JSON is copied once, and the views borrow their texts from the copy: the NUL behind a text takes the place of
/// the quote, comma or bracket that ends it.
///
/// Invariant: `copy` has the bytes of the present record, which begins at `start` in the document that `nodes` are of.
final class RecordReader {
    private let arena: Arena
    /// The host's order numbers by order id.
    private let orderNumbers: [ByteText: String]
    let document: JSONDocument
    private let nodes: JSONNodes
    private var copy: UnsafeMutablePointer<UInt8>
    private var start = 0

    init(of document: JSONDocument, _ arena: Arena, _ orderNumbers: [ByteText: String]) throws(Arena.NoRoom) {
        self.document = document
        self.arena = arena
        self.orderNumbers = orderNumbers
        nodes = JSONNodes(of: document)
        copy = try arena.copy(UnsafeBufferPointer(start: nil, count: 0))
    }

    /// The view of a record of the document.
    func view<View: RecordView>(of record: Int) throws(Arena.NoRoom) -> UnsafePointer<View> {
        start = nodes.start(record)
        copy = try arena.copy(nodes.raw(record))
        let view = try view(of: record, View.plan, isNested: false)
        return UnsafePointer(view.assumingMemoryBound(to: View.self))  // Safe: it was made by the plan of this type.
    }

    /// Whether a text is an id of the hub's.
    func isId(_ text: flx_text) -> Bool { id(text) != nil }

    /// The host's number of the order that has this id.
    func orderNumber(_ id: flx_text) throws(Arena.NoRoom) -> flx_text {
        guard !orderNumbers.isEmpty, let id = self.id(id), let number = orderNumbers[id] else { return flx_text() }
        return try Array(number.utf8).withUnsafeBufferPointer { (bytes) throws(Arena.NoRoom) in try arena.text(bytes) }
    }

    private func id(_ text: flx_text) -> String? {
        guard let p = text.p else { return nil }
        // Safe: a text of a view has so many bytes.
        let bytes = UnsafeBufferPointer(start: UnsafeRawPointer(p).assumingMemoryBound(to: UInt8.self), count: text.n)
        return OrderField.idText(bytes)
    }

    // MARK: objects

    /// It calls itself for the objects inside; how deep is limited by the parser.
    private func view(of node: Int, _ plan: ViewPlan, isNested: Bool) throws(Arena.NoRoom) -> UnsafeMutableRawPointer {
        let view = try arena.zeroed(plan.size)
        let has = try fill(view, from: node, plan, isNested)
        // Safe: every view begins with its size and `has`.
        view.storeBytes(of: UInt32(truncatingIfNeeded: plan.size), as: UInt32.self)
        view.storeBytes(of: has, toByteOffset: 4, as: UInt32.self)
        try plan.complete(view, self)
        return view
    }

    /// Sets the fields of `view` that the object at `node` has; gives the bits of `has`.
    private func fill(
        _ view: UnsafeMutableRawPointer, from node: Int, _ plan: ViewPlan, _ isNested: Bool
    ) throws(Arena.NoRoom) -> UInt32 {
        var has: UInt32 = 0
        try nodes.members(of: node, plan.names) { (place, node) throws(Arena.NoRoom) in
            let field = plan.fields + place  // Safe: a place is below the count of the names.
            let at = view + field.pointee.offset  // Safe: the plan measured it; the types below are those of the field.
            switch field.pointee.kind {
            case .text:
                at.assumingMemoryBound(to: flx_text.self).pointee = text(node)
            case .decimal:
                at.assumingMemoryBound(to: flx_decimal.self).pointee = decimal(node)
            case .integer:
                guard nodes.kind(node) == .number, let number = JSONNumber.integer(nodes.raw(node)) else { return }
                at.storeBytes(of: number, as: Int64.self)
                has |= field.pointee.bit
            case .flag:
                guard nodes.kind(node) == .bool else { return }
                at.storeBytes(of: nodes.raw(node).first == JSONByte.t ? 1 : 0, as: Int32.self)
                has |= field.pointee.bit
            case .instant:
                guard let instant = nodes.withText(node, { Instant(iso: $0) }) else { return }
                at.storeBytes(of: instant.ms, as: Int64.self)
                has |= field.pointee.bit
            case .members:
                if let plan = field.pointee.plan?.plan() {
                    has |= try plan.using { (plan) throws(Arena.NoRoom) in try fill(view, from: node, plan, isNested) }
                }
            case .texts, .list:
                try list(node, field, at, view + field.pointee.second)
            case .object, .parent, .handle:
                if field.pointee.kind == .parent, isNested { return }
                at.storeBytes(of: try object(node, field), as: UnsafeMutableRawPointer?.self)
            }
        }
        return has
    }

    private func object(
        _ node: Int, _ field: UnsafeMutablePointer<ViewPlan.Field>
    ) throws(Arena.NoRoom) -> UnsafeMutableRawPointer? {
        guard let plan = field.pointee.plan?.plan() else { return nil }
        let isObject = nodes.kind(node) == .object
        return try plan.using { (plan) throws(Arena.NoRoom) in
            guard field.pointee.kind == .handle else { return isObject ? try view(of: node, plan, isNested: true) : nil }
            return try handle(node, isObject, plan)
        }
    }

    private func handle(_ node: Int, _ isObject: Bool, _ plan: ViewPlan) throws(Arena.NoRoom) -> UnsafeMutableRawPointer? {
        // Safe: the handles have one layout.
        if isObject {
            let made = try view(of: node, plan, isNested: true)
            return made.assumingMemoryBound(to: flx_listing_status.self).pointee.handle.p == nil ? nil : made
        }
        let text = text(node)
        guard text.p != nil else { return nil }
        let made = try arena.zeroed(plan.size)
        let view = made.assumingMemoryBound(to: flx_listing_status.self)
        view.pointee.size = UInt32(truncatingIfNeeded: plan.size)
        view.pointee.handle = text
        return made
    }

    /// Sets the list of pointers to what is in the array at `node`, and their count.
    private func list(
        _ node: Int, _ field: UnsafeMutablePointer<ViewPlan.Field>, _ at: UnsafeMutableRawPointer,
        _ countAt: UnsafeMutableRawPointer
    ) throws(Arena.NoRoom) {
        guard nodes.kind(node) == .array, nodes.count(node) > 0 else { return }
        let plan = field.pointee.plan?.plan()
        let pointers = try arena.pointers(nodes.count(node))
        var count = 0
        var element = node + 1
        for _ in 0..<nodes.count(node) {
            if let plan {
                if nodes.kind(element) == .object {
                    let made = try plan.using { (plan) throws(Arena.NoRoom) in try view(of: element, plan, isNested: true) }
                    pointers[count] = UnsafeRawPointer(made)  // Safe: a place for each element.
                    count += 1
                }
            } else if nodes.kind(element) == .string {
                pointers[count] = UnsafeRawPointer(try arena.store(text(element)))
                count += 1
            }
            element = nodes.next(element)
        }
        guard count > 0 else { return }
        at.storeBytes(of: UnsafeMutableRawPointer(pointers), as: UnsafeMutableRawPointer?.self)
        countAt.storeBytes(of: count, as: Int.self)
    }

    // MARK: values

    @inline(__always)
    private func text(_ node: Int) -> flx_text {
        switch nodes.kind(node) {
        case .string:
            let (raw, holdsEscape) = nodes.quoted(node)
            let place = copy + (nodes.start(node) &+ 1 &- start)  // Safe: the value lies inside the record.
            return terminated(place, holdsEscape ? JSONText.unescape(raw, to: place) : raw.count)
        case .number, .bool:
            return terminated(copy + (nodes.start(node) &- start), nodes.raw(node).count)  // Safe: as above.
        case .null, .array, .object:
            return flx_text()
        }
    }

    /// A value stands in an object or array, so that the copy has a byte behind it. Text is never longer than its JSON.
    @inline(__always)
    private func terminated(_ text: UnsafeMutablePointer<UInt8>, _ count: Int) -> flx_text {
        text[count] = 0
        return flx_text(p: UnsafeRawPointer(text).assumingMemoryBound(to: CChar.self), n: count)
    }

    private func decimal(_ node: Int) -> flx_decimal {
        var result = flx_decimal()
        let kind = nodes.kind(node)
        guard kind == .number || kind == .string else { return result }
        result.text = text(node)
        let number = kind == .number ? Decimal.parts(nodes.raw(node)) : nodes.withText(node) { Decimal.parts($0) }
        if let number { (result.unscaled, result.scale, result.fits) = (number.unscaled, number.scale, 1) }
        return result
    }
}
