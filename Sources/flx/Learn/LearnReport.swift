/// What was learnt, as people and programs read it.
struct LearnReport {
    let facts: [Fact]
    let requests: Int
    /// Why it ended early.
    let end: Failure?
    let change: LearntChange
    /// Keys of the file that the configuration has as well.
    let ignored: [String]
    let path: String
    /// flx reads the file by itself.
    let isLoaded: Bool

    var json: JSON {
        .object([
            .init(key: "requests", value: .integer(requests)),
            .init(key: "ended_early", value: end.map { .text($0.message) } ?? .null),
            .init(key: "facts", value: .list(facts.map(\.json))),
            .init(
                key: "need_a_write",
                value: .list(
                    Probe.needAWrite.map {
                        .object([.init(key: "row", value: .integer($0.row)), .init(key: "text", value: .text($0.text))])
                    })),
            .init(key: "file", value: .text(path)), .init(key: "settings", value: .object(change.after.members)),
            .init(key: "changes", value: .texts(change.words)), .init(key: "not_used", value: .texts(ignored)),
        ])
    }

    var lines: [String] {
        var table = Table(["row", "fact", "value", ""])
        for fact in facts { table.add(["\(fact.row)", fact.name, fact.value ?? "not settled", fact.text]) }
        var writes = Table(["row", "only a write can settle"])
        for need in Probe.needAWrite { writes.add(["\(need.row)", need.text]) }
        return table.lines + [""] + writes.lines + [""] + ending
    }

    private var ending: [String] {
        let settled = facts.filter { $0.value != nil }.count
        let count = "\(requests) requests, all of them reads; \(settled) facts settled, \(facts.count - settled) not"
        let early = end.map { ["it ended early: \($0.message)"] } ?? []
        let unused =
            ignored.isEmpty ? [] : ["  not used, for the configuration has its own: \(ignored.joined(separator: ", "))"]
        return [count] + early + [file] + change.words.map { "  \($0)" } + unused
    }

    private var file: String {
        let keys = change.after.members.map(\.key).joined(separator: ", ")
        guard !keys.isEmpty else { return "no setting is needed: a client is right with its defaults" }
        let reader = isLoaded ? "flx reads it by itself" : "name it in learnt_file, or give it to flx_config_set_json"
        return "\(path) has \(keys)\(change.isEmpty ? ", as before" : ""); \(reader)"
    }
}
