import CFlxChannel

/// Which member of the hub's object goes where in a view, so that one pass over the members fills it.
///
/// Invariant: made once for each view type and never changed; `fields` has as many as `names`, and each lies inside a view.
final class ViewPlan: @unchecked Sendable {
    enum Kind {
        case text, decimal, integer, flag, instant, texts
        /// A view of its own; `parent` only if the record stands in no other one.
        case object, parent, handle, list
        /// An object whose members are fields of this view.
        case members
    }

    /// A plan that is asked for late, as a parent's variants have parents. It lives for ever, so that nobody counts who uses it.
    struct Later {
        let plan: () -> Unmanaged<ViewPlan>
    }

    struct Field {
        let kind: Kind
        /// Bytes from the start of the view.
        let offset: Int
        /// Of a list: where its count is.
        var second = 0
        /// In `has`.
        var bit: UInt32 = 0
        /// Of what is inside.
        var plan: Later?
    }

    let size: Int
    let names: JSONNames
    let fields: UnsafeMutablePointer<Field>
    let complete: (UnsafeMutableRawPointer, RecordReader) throws(Arena.NoRoom) -> Void

    /// `list` names every field of the view that it is given. That view is only there to measure where the fields are.
    init<View: RecordView>(
        of type: View.Type, _ list: (_ view: UnsafeMutablePointer<View>, _ fields: inout ViewFields) -> Void
    ) {
        let sample = UnsafeMutablePointer<View>.allocate(capacity: 1)
        defer { sample.deallocate() }
        sample.initialize(to: View())
        var found = ViewFields(base: sample)
        list(sample, &found)
        size = MemoryLayout<View>.size
        names = JSONNames(found.names)
        fields = ViewPlan.keep(found.fields)
        // Safe: the reader hands over a view of this plan.
        complete = { (view, reader) throws(Arena.NoRoom) in
            try view.assumingMemoryBound(to: View.self).pointee.complete(reader)
        }
    }

    /// Of the members of an object inside.
    fileprivate init(inside found: ViewFields) {
        size = 0
        names = JSONNames(found.names)
        fields = ViewPlan.keep(found.fields)
        complete = { _, _ in }
    }

    deinit {
        fields.deinitialize(count: names.count)
        fields.deallocate()
    }

    private static func keep(_ found: [Field]) -> UnsafeMutablePointer<Field> {
        let fields = UnsafeMutablePointer<Field>.allocate(capacity: max(1, found.count))
        for (place, field) in found.enumerated() { (fields + place).initialize(to: field) }
        return fields
    }
}

extension Unmanaged where Instance == ViewPlan {
    /// Hands the plan to `body` without counting a reference.
    @inline(__always)
    func using<Made>(_ body: (ViewPlan) throws(Arena.NoRoom) -> Made) throws(Arena.NoRoom) -> Made {
        try _withUnsafeGuaranteedRef { plan in Result { () throws(Arena.NoRoom) in try body(plan) } }.get()
    }
}

/// Takes down the fields of a view.
struct ViewFields {
    fileprivate let base: UnsafeRawPointer
    fileprivate var names: [StaticString] = []
    fileprivate var fields: [ViewPlan.Field] = []

    fileprivate init(base: UnsafeRawPointer) {
        self.base = base
    }

    /// Text without escapes; numbers, true and false as the hub wrote them.
    mutating func text(_ name: StaticString, _ at: UnsafeMutablePointer<flx_text>) { add(name, .text, at) }

    mutating func decimal(_ name: StaticString, _ at: UnsafeMutablePointer<flx_decimal>) { add(name, .decimal, at) }

    mutating func integer(_ name: StaticString, _ at: UnsafeMutablePointer<Int64>, _ bit: UInt32) {
        add(name, .integer, at, bit: bit)
    }

    mutating func flag(_ name: StaticString, _ at: UnsafeMutablePointer<Int32>, _ bit: UInt32) {
        add(name, .flag, at, bit: bit)
    }

    mutating func instant(_ name: StaticString, _ at: UnsafeMutablePointer<Int64>, _ bit: UInt32) {
        add(name, .instant, at, bit: bit)
    }

    mutating func object<View: RecordView>(
        _ name: StaticString, _ at: UnsafeMutablePointer<UnsafePointer<View>?>, isOutermostOnly: Bool = false
    ) {
        add(name, isOutermostOnly ? .parent : .object, at, plan: ViewPlan.Later { .passUnretained(View.plan) })
    }

    /// An object, or its handle as plain text (contract 1.9).
    mutating func handle<View: HandleView>(_ name: StaticString, _ at: UnsafeMutablePointer<UnsafePointer<View>?>) {
        add(name, .handle, at, plan: ViewPlan.Later { .passUnretained(View.plan) })
    }

    /// The objects of a list.
    mutating func list<View: RecordView>(
        _ name: StaticString, _ at: UnsafeMutablePointer<UnsafePointer<UnsafePointer<View>?>?>,
        _ count: UnsafeMutablePointer<Int>
    ) {
        add(name, .list, at, second: UnsafeRawPointer(count) - base, plan: ViewPlan.Later { .passUnretained(View.plan) })
    }

    /// The texts of a list.
    mutating func texts(
        _ name: StaticString, _ at: UnsafeMutablePointer<UnsafePointer<UnsafePointer<flx_text>?>?>,
        _ count: UnsafeMutablePointer<Int>
    ) {
        add(name, .texts, at, second: UnsafeRawPointer(count) - base)
    }

    /// The members of an object that are fields of this view.
    mutating func members(_ name: StaticString, _ list: (inout ViewFields) -> Void) {
        var inside = ViewFields(base: base)
        list(&inside)
        let plan = ViewPlan(inside: inside)
        add(name, .members, base, plan: ViewPlan.Later { .passUnretained(plan) })
    }

    private mutating func add(
        _ name: StaticString, _ kind: ViewPlan.Kind, _ at: UnsafeRawPointer, second: Int = 0, bit: UInt32 = 0,
        plan: ViewPlan.Later? = nil
    ) {
        names.append(name)
        fields.append(ViewPlan.Field(kind: kind, offset: at - base, second: second, bit: bit, plan: plan))
    }
}
