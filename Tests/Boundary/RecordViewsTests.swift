import CFlxChannel
import Testing

@testable import FlxChannel

/// The C structs of records.
struct RecordViewsTests {
    /// Views borrow from these.
    private let pages = Box<[RecordViews]>([])

    @Test func variantHasWhatTheHubSent() throws {
        let page = try page(
            .listingsToSync,
            #"""
            {"id":9007199254740993,"sku":"A\u0042","price":19.90,"quantity":0,"archived":false,"weightUnit":{"handle":"lb"},
             "updatedAt":"2026-01-31T12:00:00Z","listingStatus":{"handle":"listed","name":"Listed"},"image":[{"url":"u","sortOrder":2}],
             "parent":{"id":7,"changeToListingStatus":{"handle":"hidden"}}}
            """#)
        let view = try #require(page.variant(0)).pointee

        #expect(view.size == UInt32(MemoryLayout<flx_listing_variant>.size))
        #expect(text(view.id) == "9007199254740993")
        #expect(text(view.sku) == "AB")
        #expect(text(view.price.text) == "19.90")
        #expect((view.price.unscaled, view.price.scale, view.price.fits) == (199, 1, 1))
        #expect(view.has & FLX_HAS_QUANTITY != 0)
        #expect(view.quantity == 0)
        #expect(view.has & FLX_HAS_ARCHIVED != 0)
        #expect(view.has & FLX_HAS_PAUSED == 0)
        #expect(text(view.weight_unit?.pointee.handle) == "lb")
        #expect(view.updated_at == Instant(iso: "2026-01-31T12:00:00Z")?.ms)
        #expect(text(view.status?.pointee.handle) == "listed")
        #expect(text(view.change_to?.pointee.handle) == "hidden")
        #expect(view.image_count == 1)
        #expect(view.images?[0]?.pointee.sort_order == 2)
        #expect(text(view.parent?.pointee.id) == "7")
    }

    @Test func whatIsAbsentNullOrOfAnotherKindIsAbsent() throws {
        let page = try page(
            .listingsToSync,
            #"{"id":1,"sku":null,"price":"x","quantity":1.5,"archived":"no","updatedAt":"soon","images":{},"listingStatus":{},"parent":[]}"#
        )
        let view = try #require(page.variant(0)).pointee

        #expect(view.sku.p == nil)
        #expect(view.title.p == nil)
        #expect(view.has == 0)
        #expect(view.price.fits == 0)
        #expect(text(view.price.text) == "x")
        #expect(view.cost.text.p == nil)
        #expect(view.image_count == 0)
        #expect(view.images == nil)
        #expect(view.status == nil)
        #expect(view.parent == nil)
        #expect(view.change_to == nil)
    }

    @Test func parentHasItsVariants() throws {
        let page = try page(
            .listingsToPublish,
            #"""
            {"id":7,"sku":"P","categoryOne":{"name":"Tees","productCategory":{"inventoryCategory":{"name":"Tops"}}},"variants":[{"id":70,"parent":{"id":7}},{"id":71}],
             "attributes":[{"id":1,"name":"Fit","value":"slim"}],"options":[{"name":"Size"}]}
            """#)
        let view = try #require(page.parent(0)).pointee

        let category = try #require(view.category_one).pointee
        #expect(text(category.name) == "Tees")
        #expect(text(category.product_category?.pointee.inventory_category?.pointee.name) == "Tops")
        #expect(view.variant_count == 2)
        #expect(text(view.variants?[1]?.pointee.id) == "71")
        #expect(view.variants?[0]?.pointee.parent == nil, "depth is bounded")
        #expect(text(view.attributes?[0]?.pointee.value) == "slim")
        #expect(text(view.options?[0]?.pointee.name) == "Size")
    }

    @Test func orderHasAddressLinesAndTags() throws {
        let page = try page(
            .orders,
            #"""
            {"id":5001,"orderNumber":1001,"orderTotal":"45.48","orderedAt":"2026-01-31T12:00:00Z","tags":["a",7,"b"],
             "shippingAddress":{"addressLine1":"Main 1","redacted":true},"orderItems":[{"sku":"A","quantity":2,"canceledQuantity":1}]}
            """#)
        let view = try #require(page.order(0)).pointee

        #expect(text(view.order_number) == "1001")
        #expect((view.order_total.unscaled, view.order_total.scale) == (4548, 2))
        #expect(view.tag_count == 2)
        #expect(text(view.tags?[1]?.pointee) == "b")
        #expect(text(view.shipping_address?.pointee.address_line_1) == "Main 1")
        #expect(view.shipping_address?.pointee.redacted == 1)
        #expect(view.billing_address == nil)
        let item = try #require(view.items?[0]).pointee
        #expect((item.quantity, item.canceled_quantity) == (2, 1))
        #expect(item.has & FLX_HAS_SHIPPED_QUANTITY == 0)
    }

    @Test(arguments: [
        (#"{"id":1,"orderId":5001}"#, FLX_SHIPMENT_DELIVERY),
        (#"{"id":1,"orderId":5001,"suppressed":true}"#, FLX_SHIPMENT_SUPPRESSED),
        (#"{"id":1,"orderId":5001,"rmaId":3,"suppressed":true}"#, FLX_SHIPMENT_RETURN),
        (#"{"id":1,"orderId":5001,"crossDockPurchaseOrderId":3}"#, FLX_SHIPMENT_CROSS_DOCK),
        (#"{"id":1,"orderId":5001,"rmaId":null,"suppressed":false}"#, FLX_SHIPMENT_DELIVERY),
        (#"{"id":1,"orderId":5001,"rmaId":"3"}"#, FLX_SHIPMENT_RETURN),
        (#"{"id":1,"orderId":5001,"crossDockPurchaseOrderId":"3"}"#, FLX_SHIPMENT_CROSS_DOCK),
    ])
    func shipmentIsOfOneKindAndNamesTheHostsOrder(_ record: String, _ kind: Int32) throws {
        let view = try #require(try page(.shipments, record).shipment(0)).pointee

        #expect(view.kind == kind)
        #expect(text(view.order_number) == "A-1")
    }

    @Test func returnHasItsLines() throws {
        let page = try page(
            .returns, #"{"id":1,"returnStatus":"Open","items":[{"sku":"A","returnQuantity":2,"refundedAmount":5.5}]}"#)
        let view = try #require(page.goodsReturn(0)).pointee

        #expect(text(view.status) == "Open")
        #expect(view.items?[0]?.pointee.quantity == 2)
        #expect(view.items?[0]?.pointee.refunded_amount.unscaled == 55)
    }

    @Test func viewOfAnotherFeedOrARecordThatIsNotThereIsNone() throws {
        let page = try page(.orders, #"{"id":1}"#)

        #expect(page.order(0) != nil)
        #expect(page.order(0) == page.order(0))
        #expect(page.order(1) == nil)
        #expect(page.order(-1) == nil)
        #expect(page.variant(0) == nil)
        #expect(page.parent(0) == nil)
        #expect(page.shipment(0) == nil)
        #expect(page.goodsReturn(0) == nil)
    }

    @Test func manyLargeRecordsStayWhereTheyAre() throws {
        let long = String(repeating: "x", count: 40_000)
        let page = try page(.orders, (0..<50).map { #"{"id":\#($0),"note":"\#(long)\#($0)"}"# }.joined(separator: ","))
        let views = (0..<50).map { page.order($0) }

        for index in 0..<50 {
            #expect(text(views[index]?.pointee.id) == "\(index)")
            #expect(text(views[index]?.pointee.note)?.hasSuffix("x\(index)") == true)
        }
    }

    @Test func viewsOfAPageHaveABound() throws {
        let images = Array(repeating: "{}", count: 20_000).joined(separator: ",")
        let page = try page(
            .listingsToSync, #"{"id":1,"sku":"A"},{"id":2,"image":[\#(images)]},{"id":3,"sku":"C"}"#, mostBytes: 200_000)

        #expect(text(page.variant(0)?.pointee.id) == "1")
        #expect(page.variant(1) == nil)
        #expect(page.variant(1) == nil)
        #expect(text(page.variant(0)?.pointee.sku) == "A")
    }

    private func page(_ feed: Feed, _ records: String, mostBytes: Int = 1 << 24) throws -> RecordViews {
        let body = try JSONDocument.parsePage(Array("[\(records)]".utf8))
        let views = RecordViews(
            Page(
                feed: feed, records: body.records, quarantined: [], receipt: Receipt(feed: feed, fetchInstant: nil, rows: []),
                key: [],
                pullNumber: 1, position: 1,
                orderNumbers: ["5001": "A-1"]),
            mostBytes: mostBytes)
        pages.change { $0.append(views) }
        return views
    }

    /// The text up to its NUL, if that is where its length says.
    private func text(_ view: flx_text?) -> String? {
        guard let view, let start = view.p, start[view.n] == 0 else { return nil }
        return String(cString: start)
    }
}
