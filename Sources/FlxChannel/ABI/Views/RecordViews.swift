import CFlxChannel

/// The C structs of a page's records, each made when it is first asked for.
///
/// Invariant: under `lock`; what was handed out stays where it is until the page is freed.
final class RecordViews: @unchecked Sendable {
    private let page: Page
    private let lock = Lock()
    private let arena: Arena
    /// One for each record, once the first is asked for.
    private var made: [UnsafeRawPointer?] = []
    private var reader: RecordReader?

    /// Views of `page`, in at most `mostBytes`: one that does not fit is not there.
    init(_ page: Page, mostBytes: Int) {
        self.page = page
        arena = Arena(mostBytes: mostBytes)
    }

    func variant(_ i: Int) -> UnsafePointer<flx_listing_variant>? {
        page.feed == .listingsToSync || page.feed == .listings ? view(i) : nil
    }

    func parent(_ i: Int) -> UnsafePointer<flx_listing_parent>? { page.feed == .listingsToPublish ? view(i) : nil }

    func order(_ i: Int) -> UnsafePointer<flx_order>? { page.feed == .orders ? view(i) : nil }

    func shipment(_ i: Int) -> UnsafePointer<flx_shipment>? { page.feed == .shipments ? view(i) : nil }

    func goodsReturn(_ i: Int) -> UnsafePointer<flx_return>? { page.feed == .returns ? view(i) : nil }

    private func view<View: RecordView>(_ i: Int) -> UnsafePointer<View>? {
        guard page.records.indices.contains(i) else { return nil }
        return lock.holding {
            if made.isEmpty { made = Array(repeating: nil, count: page.records.count) }
            // Safe: a page is of one feed, so that all its views have one type.
            if let known = made[i] { return known.assumingMemoryBound(to: View.self) }
            guard let pointer: UnsafePointer<View> = try? reader(of: page.records[i].document).view(of: page.records[i].node) else {
                return nil
            }
            made[i] = UnsafeRawPointer(pointer)
            return pointer
        }
    }

    private func reader(of document: JSONDocument) throws(Arena.NoRoom) -> RecordReader {
        if let reader, reader.document === document { return reader }
        let reader = try RecordReader(of: document, arena, page.orderNumbers)
        self.reader = reader
        return reader
    }
}
