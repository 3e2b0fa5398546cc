import CFlxChannel

/// A page as the host holds it: its JSON and views are laid out when they are asked for.
final class PageObject: @unchecked Sendable {
    let page: Page
    let views: RecordViews
    private let lock = Lock()
    private var array: Bytes?
    private var receipt: Bytes?
    /// By the record's place and the value's node: what is asked for twice is laid out once.
    private var values: [UInt64: Bytes] = [:]
    private var records: [Int: Bytes] = [:]

    /// A page whose views have at most `mostViewBytes`.
    init(_ page: Page, mostViewBytes: Int64) {
        self.page = page
        views = RecordViews(page, mostBytes: Int(clamping: mostViewBytes))
    }

    func json() throws(ChannelError) -> Bytes {
        try lock.holding { () throws(ChannelError) in
            if let array { return array }
            let made: Bytes
            if let whole = page.whole {
                made = Bytes.of(whole)
            } else {
                // The array as it grows, a larger one beside it, and the copy that stays.
                guard Memory.has(4 * page.jsonBytes) else {
                    throw ChannelError(FLX_E_MEMORY, "there is no memory for the page's JSON")
                }
                made = Bytes(page.jsonArray())
            }
            array = made
            return made
        }
    }

    func receiptText() -> Bytes {
        lock.holding {
            if let receipt { return receipt }
            let made = Bytes(Array(page.receipt.utf8))
            receipt = made
            return made
        }
    }

    func record(_ i: Int) -> Bytes? {
        guard page.records.indices.contains(i) else { return nil }
        return lock.holding {
            if let known = records[i] { return known }
            let made = Bytes.of(page.records[i])
            records[i] = made
            return made
        }
    }

    /// A value of record `i`, for as long as the page lives: text as it is meant, anything else as the hub wrote it.
    func value(_ value: JSONValue, of i: Int) throws(ChannelError) -> Bytes {
        try lock.holding { () throws(ChannelError) in
            let key = UInt64(truncatingIfNeeded: i) << 32 | UInt64(truncatingIfNeeded: value.node)
            if let known = values[key] { return known }
            guard Memory.has(2 * value.range.count) else { throw ChannelError(FLX_E_MEMORY, "there is no memory for the value") }
            let made = Bytes(value.unescapedBytes ?? Array(value.raw))
            values[key] = made
            return made
        }
    }
}
