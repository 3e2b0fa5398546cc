import CFlxChannel

/// A C struct of the header that stands for an object of the hub. All zero it is the view of an object without members.
protocol RecordView {
    var size: UInt32 { get set }
    var has: UInt32 { get set }
    init()
    /// Which member of the object goes where.
    static var plan: ViewPlan { get }
    /// Sets what does not come from one member alone, once the rest is there.
    mutating func complete(_ record: RecordReader) throws(Arena.NoRoom)
}

extension RecordView {
    mutating func complete(_ record: RecordReader) throws(Arena.NoRoom) {}
}

/// A value of a list that the hub keeps, such as a status or a unit.
protocol HandleView: RecordView {
    var id: flx_text { get set }
    var handle: flx_text { get set }
    var name: flx_text { get set }
}
