import CFlxChannel

/// One walk over a feed.
final class Pull {
    enum Outcome {
        case page(Page)
        /// None yet.
        case again
        /// The end is proven.
        case done
    }

    private let handle: OpaquePointer?
    private let client: Client

    init(_ client: Client, _ feed: Feed, spec: JSON) throws {
        var opened: OpaquePointer?
        let text = spec.line
        try Call.run { flx_pull_open(client.handle, feed.number, text, text.utf8.count, &opened, $0) }
        handle = opened
        self.client = client
    }

    deinit { flx_pull_close(handle) }

    func next(waitMs: Int32) throws -> Outcome {
        var page: OpaquePointer?
        switch try Call.run({ flx_pull_next(handle, waitMs, &page, $0) }) {
        case FLX_OK: return .page(Page(page))
        case FLX_DONE: return .done
        default: return .again
        }
    }

    /// The host has stored the page.
    func commit(_ page: Page) throws { try Call.run { flx_pull_commit(handle, page.handle, $0) } }
}

/// One answer of the hub to a pull.
final class Page {
    let handle: OpaquePointer?

    fileprivate init(_ handle: OpaquePointer?) { self.handle = handle }

    deinit { flx_page_free(handle) }

    var count: Int { flx_page_count(handle) }

    /// In the hub's own bytes, on one line.
    func record(_ index: Int) -> [UInt8] { Clean.oneLine(Call.bytes { flx_record_json(handle, index, $0, $1) }) }

    func id(of index: Int) -> String { Call.text { flx_record_get(handle, index, "/id", 3, $0, $1) } }

    var receipt: String { Call.text { flx_page_receipt(handle, $0, $1) } }

    /// Records that could not be read, with their reasons.
    func quarantine() throws -> [JSON] { try Call.json { flx_page_quarantine(handle, $0, $1) }.elements }
}
