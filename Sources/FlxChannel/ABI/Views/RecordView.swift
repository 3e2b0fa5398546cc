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

extension flx_listing_status: HandleView {
    static let plan = ViewPlan(of: flx_listing_status.self) { v, f in
        f.text("id", &v.pointee.id)
        f.text("handle", &v.pointee.handle)
        f.text("name", &v.pointee.name)
    }
}

extension flx_unit: HandleView {
    static let plan = ViewPlan(of: flx_unit.self) { v, f in
        f.text("id", &v.pointee.id)
        f.text("handle", &v.pointee.handle)
        f.text("name", &v.pointee.name)
    }
}

/// An option, attribute or custom field.
extension flx_name_value: RecordView {
    static let plan = ViewPlan(of: flx_name_value.self) { v, f in
        f.text("id", &v.pointee.id)
        f.text("listingParentId", &v.pointee.listing_parent_id)
        f.text("attributeId", &v.pointee.attribute_id)
        f.text("attributeValueId", &v.pointee.attribute_value_id)
        f.text("name", &v.pointee.name)
        f.text("value", &v.pointee.value)
    }
}
