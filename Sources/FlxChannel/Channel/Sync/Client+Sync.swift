import CFlxChannel

/// What a round needs of its client besides pulls and flushes.
extension Client {
    /// Says whether an answer could be taken as it is: with the path inside of it, if not.
    func checkAnswer(_ answer: [UInt8], _ receipt: Receipt) throws(ChannelError) {
        do { _ = try AnswerDocument.check(Client.list([answer]), receipt: receipt, names: settings.names) } catch {
            guard case .faults(let faults) = error else { throw ChannelError(FLX_E_INTERNAL, "an answer could not be read back") }
            throw ChannelError(FLX_E_ANSWER, faults: faults.map { Fault(path: Client.inner($0.path).path, message: $0.message) })
        }
    }

    /// Stores all answers that can be; gives why the others cannot, such as one id for two listings.
    func acknowledgeEach(receipt text: String, _ answers: [[UInt8]]) throws(ChannelError) -> [Fault] {
        var (left, refused) = (answers, [Fault]())
        while !left.isEmpty {
            do throws(ChannelError) {
                try acknowledge(receipt: text, answers: Client.list(left))
                return refused
            } catch {
                guard error.code == FLX_E_ANSWER, !error.faults.isEmpty else { throw error }
                let places = Set(error.faults.compactMap { Client.inner($0.path).index })
                guard !places.isEmpty else { throw error }
                refused += error.faults
                left = left.indices.filter { !places.contains($0) }.map { left[$0] }
            }
        }
        return refused
    }

    /// What the host was told of between two whole reads is missed by the next as well, should it be gone by then.
    func noteTold(_ rows: [ListingSeen]) throws(ChannelError) {
        guard !rows.isEmpty else { return }
        try write { store throws(StateError) in
            let note = CensusNote(try store.meta.text(CensusNote.key) ?? "") ?? CensusNote()
            try store.listings.told(rows, since: note.read)
        }
    }

    private static func list(_ answers: [[UInt8]]) -> [UInt8] {
        var json = JSONWriter()
        json.beginArray()
        for answer in answers { json.raw(answer) }
        json.endArray()
        return json.bytes
    }

    /// The place in a list that a path begins with, and the rest of it.
    private static func inner(_ path: String) -> (index: Int?, path: String) {
        let parts = path.split(separator: "/", maxSplits: 1, omittingEmptySubsequences: true)
        return (parts.first.flatMap { Int($0) }, parts.count > 1 ? "/" + parts[1] : "")
    }

    /// Orders whose verdict the host has not taken, after a row, oldest first, as `flx_outbox_results` lists them.
    func unsettledOrders(after row: Int64, most: Int) throws(ChannelError) -> [(row: Int64, number: String, json: [UInt8])] {
        let rows = try stored { store throws(StateError) in try store.outbox.list(state: .resolved, after: row, limit: most) }
        return rows.map { row in (row.id, row.number ?? "", told(row)) }
    }
}
