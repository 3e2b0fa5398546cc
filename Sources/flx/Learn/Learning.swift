/// Settles what the contract leaves open, as far as reading can, and writes down what a client needs of it.
struct Learning {
    let settings: Settings
    /// Where it is written instead of its usual place.
    let output: String?
    /// A file with a token that may be used up.
    let spare: String?

    func run() throws -> LearnReport {
        guard let path = output ?? settings.learntPlace else {
            throw Failure.usage("there is no configuration file beside which it could be written; name one with --output")
        }
        // Before anything is asked: what cannot be replaced is seen now.
        guard Replacement.isPossible(path) else {
            throw Failure.local(
                "\(path) cannot be written by this user; name a place in learnt_file of the configuration, or with --output")
        }
        try Replacement.check(path)
        let found = try LearntFile(path), token = try spareToken()
        // What was learnt of another hub or channel is nothing that this one has to keep.
        let before = found.fault(for: settings) == nil ? found : LearntFile(path: path, members: [])
        let interrupt = try Interrupt()
        let interview = try Interview(settings, channel: try knownChannel(), interrupt: interrupt)
        let limits = try token.map { try Limits.ask(settings, token: $0, interrupt: interrupt) } ?? []
        interview.run(Probe.all)
        let facts = (Confirmation(interview.answers).facts + limits).sorted { ($0.row, $0.name) < ($1.row, $1.name) }
        let requests = interview.requests + (token == nil ? 0 : Limits.requests)
        let change = LearntChange(facts, before: before, of: settings)
        if !change.isEmpty || found.fault(for: settings) != nil { try change.after.write() }
        return LearnReport(
            facts: facts, requests: requests, end: interview.end, change: change,
            ignored: change.after.members.map(\.key).filter { settings.own(name: $0) != nil }, path: path,
            isLoaded: path == settings.learntPlace)
    }

    /// What the configuration says, or the state has learnt. Opening it makes the directory of the budget as well.
    private func knownChannel() throws -> String? {
        let learnt = try Client(try settings.config(usesLearnt: false)).stats()["learnt"]?.elements ?? []
        return settings.own(.channelId) ?? learnt.first { $0["fact"]?.string == "channel" }?["value"]?.plain
    }

    private func spareToken() throws -> String? {
        guard let spare else { return nil }
        let token = try TokenSource.file(spare).read()
        guard token != (try settings.token.read() ?? settings.own(.token)) else {
            throw Failure.usage("the token in \(spare) is the channel's own, and its budget would be used up; give a spare one")
        }
        return token
    }
}
