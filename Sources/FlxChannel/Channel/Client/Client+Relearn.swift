import CFlxChannel

/// The way back from what was learnt from the hub (decision 26): it is forgotten, and learnt anew.
extension Client {
    /// The facts that a host names; the usual ones if it names none.
    static func facts(named bytes: [UInt8]?) throws(ChannelError) -> [LearntFact] {
        guard let bytes, !bytes.isEmpty else { return LearntFact.usual }
        let document: JSONDocument
        do { document = try JSONDocument.parse(bytes) } catch { throw ChannelError(json: error, in: bytes, what: "what") }
        guard document.root.kind == .array else { throw ChannelError(FLX_E_JSON, "what is not a JSON array of names") }
        var facts: [LearntFact] = []
        for element in document.root.elements {
            guard let fact = element.string.flatMap({ LearntFact($0) }) else {
                let known = LearntFact.allCases.map { $0.name }.joined(separator: ", ")
                throw ChannelError(
                    FLX_E_ARGUMENT,
                    "\(Redaction.clean(element.text, longest: 50)) is not a fact that is learnt; there are \(known)",
                    path: "what")
            }
            facts.append(fact)
        }
        return facts
    }

    /// Does not drive, so that it may run beside a call that waits for what is lifted here.
    func relearn(_ facts: [LearntFact]) throws(ChannelError) {
        try checkUsable()
        for fact in LearntFact.allCases where facts.contains(fact) {
            switch fact {
            case .clock: try forgetClock()
            case .pool: try changeRateLimit { $0.forgetPool() }
            case .hold: try lift()
            case .filters: try forgetFilters()
            case .channel: try forgetChannel()
            }
            log.write(.warn, "client.relearns", [("fact", .text(fact.name))])
        }
    }

    private func forgetClock() throws(ChannelError) {
        try state { () throws(StateError) in
            try store.write { () throws(StateError) in try store.meta.remove(Client.clockKey) }
        }
        clock.forget()
    }

    /// What waits for its next attempt because the hub asked for it is due at once, too.
    private func lift() throws(ChannelError) {
        try changeRateLimit { $0.lift() }
        let now = store.clock.wallMs()
        try state { () throws(StateError) in
            try store.write { () throws(StateError) in
                try store.outbox.makeDue(at: now)
                try store.answers.makeDue(at: now)
            }
        }
    }

    private func changeRateLimit(_ change: (inout RateLimit) -> Void) throws(ChannelError) {
        let rateLimiter = inUse.rateLimiter
        do {
            try SignalGuard.run { () throws(RateLimitError) in
                try rateLimiter.change(by: .after(ms: settings.stateWaitMs), change)
            }
        } catch { throw ChannelError(TransportError.rateLimiter(error)) }
    }

    /// A pull that is under way finds it out when it stores its cursor.
    private func forgetFilters() throws(ChannelError) {
        try state { () throws(StateError) in
            try store.write { () throws(StateError) in
                try store.meta.remove(Lateness.key)
                for feed in Feed.all where feed.isQueue { try store.meta.remove(NamedListings.key(feed)) }
                for var row in try store.cursors.list() {
                    var note = CursorNote(row.note)
                    note.forgetFilters()
                    row.note = note.text
                    try store.cursors.put(row)
                }
            }
        }
    }

    /// A person's word that the state, with all that waits in it, is of the channel of the present token. A pull that is under
    /// way goes on with what it knows.
    func forgetChannel() throws(ChannelError) {
        let token = tokenInUse
        try state { () throws(StateError) in try identity.forget(accepting: token) }
    }
}
