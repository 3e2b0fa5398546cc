/// Every row of an acknowledgement that the hub took, in the order it came.
struct AnswerBook {
    struct Answer {
        var queue: String
        var id: Int
        var at: Instant
        var syncedAt: Instant
        var error: String?
        /// The queued status change this answer confirmed.
        var confirmed: ListingStatus?
    }

    private(set) var answers: [Answer] = []

    mutating func record(_ answer: Answer) {
        answers.append(answer)
    }
}

/// What became of each row of an acknowledgement.
struct AckOutcome {
    struct Row {
        var id: Int
        var error: String?
    }

    var rows: [Row] = []
    var applied = 0
    /// The refusal to answer with, although rows may have been applied.
    var refusal: Refusal?
    /// Why nothing was applied, told in an answer that has a good status.
    var failure: String?
}

extension Hub {
    /// Checks every row and then applies them, as `ack.partial` and `ack.success` say.
    func acknowledge<Row>(
        _ rows: [JSONValue], read: (JSONValue) throws(Refusal) -> Row, id: (Row) -> Int, apply: (Row) throws(Refusal) -> Void
    ) throws(Refusal) -> AckOutcome {
        let most = switches.number(.ackBatch)
        if most > 0, rows.count > most { throw .badRequest("at most \(most) rows, \(rows.count) were sent") }
        let mode = switches[.ackPartial], poison = Set(texts: switches.list(.ackPoison))
        if switches[.ackSuccess] == "false_object", let index = rows.firstIndex(where: { isNamed($0, in: poison) }) {
            return AckOutcome(failure: "row \(index) cannot be acknowledged")
        }
        var outcome = AckOutcome(), good: [Row] = [], firstFault: Refusal?
        for (index, value) in rows.enumerated() {
            do throws(Refusal) {
                let row = try read(value)
                if isNamed(value, in: poison) { throw .badRequest("row \(index): listing \(id(row)) cannot be acknowledged") }
                if mode != "refuse_all" { try apply(row) }
                good.append(row)
                outcome.rows.append(.init(id: id(row), error: nil))
            } catch {
                if mode == "refuse_all" { throw error }
                if firstFault == nil { firstFault = error }
                outcome.rows.append(.init(id: listing(of: value).id ?? 0, error: error.message))
            }
        }
        if mode == "refuse_all" {
            for row in good { try apply(row) }
        }
        outcome.applied = good.count
        if mode == "some_applied", let firstFault { outcome.refusal = .badRequest(firstFault.message) }
        return outcome
    }

    /// The listing a row is about, read or not.
    private func listing(of row: JSONValue) -> (id: Int?, sku: String?) {
        if let id = row["listingVariantId"]?.integer { return (id, catalogue.variant(id: id)?.sku) }
        let id = row["listingParentId"]?.integer
        return (id, id.flatMap { catalogue.parent(id: $0)?.sku })
    }

    private func isNamed(_ row: JSONValue, in names: Set<ByteText>) -> Bool {
        guard !names.isEmpty else { return false }
        let (id, sku) = listing(of: row)
        return id.map { names.contains(String($0)) } == true || sku.map(names.contains) == true
    }

    /// The instant an answer speaks of: the one it names, or now; a future one as `synced_at.future` says.
    func syncedInstant(_ value: JSONValue?) throws(Refusal) -> Instant {
        guard let value, !value.isNull else { return now }
        guard let text = value.text, let instant = Instant(iso: text) else {
            throw .badRequest("syncedAt is not a date-time with a zone")
        }
        guard instant > now else { return instant }
        switch switches[.futureSynced] {
        case "accept": return instant
        case "refuse": throw .badRequest("syncedAt lies in the future")
        default: return now
        }
    }
}
