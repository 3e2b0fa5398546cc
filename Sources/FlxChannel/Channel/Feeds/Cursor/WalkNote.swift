/// A walk over a list that was cut short, kept with its cursor. A pull that is closed before the end is gone on with by the
/// next one, so that a host with little time comes round, however long the list is.
///
/// Invariant: nothing on `page`, or before it, is given and not committed, or left out for now.
struct WalkNote: Equatable {
    /// What pages of the list have shown of channels: whose the rows behind them are depends on it.
    struct Channels: Equatable {
        /// Those that rows bear.
        var ids: [String] = []
        var hasOwn = false

        static func == (a: Channels, b: Channels) -> Bool {
            a.hasOwn == b.hasOwn && a.ids.count == b.ids.count && zip(a.ids, b.ids).allSatisfy { Text.isSame($0, $1) }
        }
    }

    /// The last page of the pass under way that is behind us, and what it had up to the end of that page.
    var page = 0
    var seen = PassProof.Seen()
    /// The pass before, if there is one.
    var earlier: PassProof.Seen?
    /// Pages of another size, or since another instant, are another list's.
    let pageSize: Int64
    let bound: Int64?
    /// When the walk began, not the pull that goes on with it: the cursor never passes it. Nil if the hub told no time.
    var began: WalkStart?
    var channels = Channels()

    private static let mostPages: Int64 = 10_000_000

    init(pageSize: Int64, bound: Int64?) {
        (self.pageSize, self.bound) = (pageSize, bound)
    }

    init?(_ value: JSONValue) {
        guard let page = value.member("page")?.integer, (0..<WalkNote.mostPages).contains(page),
            let size = value.member("page_size")?.integer, let seen = value.member("seen").flatMap({ PassProof.Seen($0) })
        else { return nil }
        self.init(pageSize: size, bound: value.member("bound")?.integer)
        (self.page, self.seen) = (Int(page), seen)
        earlier = value.member("earlier").flatMap { PassProof.Seen($0) }
        began = value.member("began")?.integer.map {
            WalkStart(at: Instant(ms: $0), isSure: value.member("is_sure")?.bool ?? false)
        }
        channels = Channels(
            ids: Text.words(value.member("channels")?.string ?? ""), hasOwn: value.member("has_own")?.bool ?? false)
    }

    func write(_ json: inout JSONWriter) {
        json.beginObject()
        json.member("page", Int64(page))
        json.member("page_size", pageSize)
        seen.write("seen", &json)
        earlier?.write("earlier", &json)
        if let bound { json.member("bound", bound) }
        if let began {
            json.member("began", began.at.ms)
            json.member("is_sure", began.isSure)
        }
        var ids = ""
        for id in channels.ids { ids += "\(id) " }
        json.member("channels", ids)
        json.member("has_own", channels.hasOwn)
        json.endObject()
    }
}

/// What is known of a pass from one pull to the next.
extension PassProof.Seen {
    init?(_ value: JSONValue) {
        guard let sequence = value.member("sequence")?.integer, let rows = value.member("rows")?.integer, rows >= 0
        else { return nil }
        self.init(
            sequence: UInt64(bitPattern: sequence), rows: Int(rows), isFlawed: value.member("is_flawed")?.bool ?? false,
            hasEarlierInFront: value.member("has_earlier")?.bool ?? false)
    }

    func write(_ name: String, _ json: inout JSONWriter) {
        json.key(name)
        json.beginObject()
        json.member("sequence", Int64(bitPattern: sequence))
        json.member("rows", Int64(rows))
        json.member("is_flawed", isFlawed)
        json.member("has_earlier", hasEarlierInFront)
        json.endObject()
    }
}
