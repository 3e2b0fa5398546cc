import CFlxChannel

/// The C structs of a page's records, each made when it is first asked for.
///
/// Invariant: under `lock`; what was handed out stays where it is until the page is freed.
final class RecordViews: @unchecked Sendable {
    private let page: Page
    private let lock = Lock()
    private let arena = Arena()
    private var made: [Int: UnsafeRawPointer] = [:]

    init(_ page: Page) {
        self.page = page
    }

    func variant(_ i: Int) -> UnsafePointer<flx_listing_variant>? {
        guard page.feed == .listingsToSync || page.feed == .listings else { return nil }
        return view(i) { $0.variant($1) }
    }

    func parent(_ i: Int) -> UnsafePointer<flx_listing_parent>? {
        guard page.feed == .listingsToPublish else { return nil }
        return view(i) { $0.parent($1) }
    }

    func order(_ i: Int) -> UnsafePointer<flx_order>? {
        guard page.feed == .orders else { return nil }
        return view(i) { $0.order($1) }
    }

    func shipment(_ i: Int) -> UnsafePointer<flx_shipment>? {
        guard page.feed == .shipments else { return nil }
        let numbers = page.orderNumbers
        return view(i) { $0.shipment($1, numbers) }
    }

    func goodsReturn(_ i: Int) -> UnsafePointer<flx_return>? {
        guard page.feed == .returns else { return nil }
        return view(i) { $0.goodsReturn($1) }
    }

    private func view<Value: BitwiseCopyable>(
        _ i: Int, _ make: (RecordReader, JSONValue) -> Value
    ) -> UnsafePointer<Value>? {
        guard page.records.indices.contains(i) else { return nil }
        return lock.holding {
            // Safe: a page is of one feed, so that all its views have one type.
            if let known = made[i] { return known.assumingMemoryBound(to: Value.self) }
            let pointer = arena.store(make(RecordReader(arena: arena), page.records[i]))
            made[i] = UnsafeRawPointer(pointer)
            return pointer
        }
    }
}
