import CFlxChannel

/// A C struct of the header that stands for an object of the hub.
protocol RecordView {
    var size: UInt32 { get set }
    var has: UInt32 { get set }
    init()
    /// Reads every member but `size` and `has`. All of them are absent before.
    mutating func read(_ record: RecordReader)
}

/// A value of a list that the hub keeps, such as a status or a unit.
protocol HandleView: RecordView {
    var id: flx_text { get set }
    var handle: flx_text { get set }
    var name: flx_text { get set }
}

extension HandleView {
    mutating func read(_ record: RecordReader) {
        id = record.text("id")
        handle = record.text("handle")
        name = record.text("name")
    }
}

extension flx_listing_status: HandleView {}

extension flx_unit: HandleView {}

/// An option, attribute or custom field.
extension flx_name_value: RecordView {
    mutating func read(_ record: RecordReader) {
        id = record.text("id")
        listing_parent_id = record.text("listingParentId")
        attribute_id = record.text("attributeId")
        attribute_value_id = record.text("attributeValueId")
        name = record.text("name")
        value = record.text("value")
    }
}
