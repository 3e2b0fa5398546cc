/// Records of a pull that wait for what the hub does not tell now: a later pull gives them, for the cursor stays before them.
struct HeldBack {
    private var seen = IdSet()
    private var count: Int64 = 0
    private var isTold = false

    var isEmpty: Bool { count == 0 }

    /// Counts a record if it waits. True if it does.
    mutating func take(_ record: JSONValue, of order: ParcelOrder?) -> Bool {
        guard case .awaited = order else { return false }
        if seen.insert(record.member("id").flatMap(OrderField.idText) ?? "") { count += 1 }
        return true
    }

    /// Says once how many there are, at the end of the pull or when it is closed.
    mutating func tell(_ client: Client, feed: Feed) {
        guard count > 0, !isTold else { return }
        isTold = true
        client.log.write(.warn, "pull.held_back", [("feed", .text(feed.name)), ("rows", .number(count))])
    }
}
