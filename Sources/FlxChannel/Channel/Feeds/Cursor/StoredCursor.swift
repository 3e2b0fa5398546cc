/// A named cursor in the state: where it stands, what was learnt of its feed, and what the host has stored.
struct StoredCursor {
    let client: Client
    let feed: Feed
    let name: String

    func row() throws(ChannelError) -> CursorRow? {
        try client.state { () throws(StateError) in
            try client.store.read { () throws(StateError) in try client.store.cursors.get(feed: feed.rawValue, name: name) }
        }
    }

    /// Writes down that the host has the versions of a page.
    func commit(_ page: Page) throws(ChannelError) {
        let statuses = feed == .orders ? page.records.compactMap { HubOrder($0) } : []
        try client.state { () throws(StateError) in
            try client.store.write { () throws(StateError) in
                try client.store.versions.commit(
                    feed: feed.rawValue, name: name, page.versions.map { ($0.id, $0.updatedAt, $0.hash) })
                for order in statuses { try note(order) }
            }
        }
    }

    private func note(_ order: HubOrder) throws(StateError) {
        try client.store.outbox.noteStatus(hubId: order.id, order.orderStatus, isFinal: order.isFinal)
        // Its parcels will ask for its number.
        guard let number = order.orderNumber, try client.store.outbox.row(hubId: order.id) == nil, try !client.mayBeOpenOrder(order)
        else { return }
        try client.store.numbers.keep(
            NumberRow(hubId: order.id, number: number, channel: order.channelId, keptAt: client.store.clock.wallMs()))
    }

    /// Writes the cursor with what was learnt of its feed; it never moves back.
    func write(_ note: inout CursorNote, movedTo target: Instant?) throws(ChannelError) {
        try client.state { () throws(StateError) in
            try client.store.write { () throws(StateError) in
                let old = try client.store.cursors.get(feed: feed.rawValue, name: name)
                if let old { note.follow(CursorNote(old.note)) }
                let at = max(target?.ms ?? Int64.min, old?.at ?? Int64.min)
                let now = client.store.clock.wallMs()
                try client.store.cursors.put(
                    CursorRow(
                        feed: feed.rawValue, name: name, at: at == Int64.min ? nil : at, note: note.text,
                        movedAt: target == nil ? old?.movedAt ?? now : now))
            }
        }
    }
}
