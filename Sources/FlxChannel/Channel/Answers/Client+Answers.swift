import CFlxChannel

/// Taking and reporting answers of queue feeds (decisions 14 to 16). Sending them is the flush's.
extension Client {
    func acknowledge(receipt text: String, answers: [UInt8]) throws(ChannelError) {
        try checkUsable()
        guard let receipt = Receipt.read(text, key: store.key) else {
            throw ChannelError(FLX_E_RECEIPT, "this is not a receipt of channel \(settings.channel), or it was changed")
        }
        guard receipt.feed.isQueue else {
            throw ChannelError(FLX_E_USE, "records of feed \(receipt.feed.name) are not answered; commit their page")
        }
        let lateMs = try lateMs()
        let rows: [AnswerDocument.Row]
        do { rows = try AnswerDocument.check(answers, receipt: receipt, lateMs: lateMs, names: settings.names) } catch {
            switch error {
            case .json(let fault): throw ChannelError(json: fault, in: answers, what: "the list of answers")
            case .faults(let faults): throw ChannelError(FLX_E_ANSWER, faults: faults)
            }
        }
        let (now, boot) = (store.clock.wallMs(), store.boot)
        let stored = rows.map { row in
            AnswerRow(
                seq: 0, feed: receipt.feed.rawValue, recordId: row.id, body: row.wire,
                fetchedAt: receipt.fetchInstant?.ms ?? row.contentAt?.ms ?? 0, pending: row.pending,
                state: row.isHeld ? .sent : .waiting, verdict: row.isHeld ? .notApplied : .none, attempts: 0, nextAt: 0,
                message: row.isHeld ? "the listing changed while it was fetched; it comes again" : "", httpStatus: 0,
                answeredAt: now, recheck: row.isReread, contentAt: row.contentAt?.ms, fingerprint: row.fingerprint, sku: row.sku,
                rereads: row.rereads, rereadAt: RereadDue.after(row.rereads, lateMs: lateMs, now: store.clock.bootMs()), boot: boot)
        }
        try state { () throws(StateError) in
            try store.write { () throws(StateError) in try store.answers.put(stored) }
        }
        store.touch(receipt.feed.rawValue)  // a host that answers is at work with its pull
        log.write(.info, "answers.stored", [("feed", .text(receipt.feed.name)), ("rows", .number(Int64(stored.count)))])
    }

    func answerResults(after: Int64, most: Int) throws(ChannelError) -> [UInt8] {
        let rows = try state { () throws(StateError) in
            try store.read { () throws(StateError) in try store.answers.results(after: after, limit: most) }
        }
        var json = JSONWriter()
        json.beginArray()
        for row in rows {
            guard let feed = Feed(rawValue: row.feed) else { continue }
            json.beginObject()
            json.member("seq", row.seq)
            json.member("feed", feed.name)
            json.member("id", row.recordId)
            json.member("verdict", row.verdict == .notApplied ? "held" : row.verdict.name)
            json.told(row.message)
            json.member("http_status", row.httpStatus)
            json.endObject()
        }
        json.endArray()
        return json.bytes
    }
}
