/// Something that the hub told us and that may be wrong: its value, who said it, when it was heard last and how often, and
/// another value that was heard once since (decision 26).
///
/// Invariant: another value takes the place of the known one only when it was heard twice with nothing else in between.
struct Learnt<Value: Equatable>: Equatable {
    private(set) var value: Value
    /// In a word, for people: "Date", "createOrder".
    private(set) var source: String
    /// When it was heard last, by the wall clock.
    private(set) var at: Int64
    /// Answers that said so, at least one.
    private(set) var witnesses: Int64
    /// What one answer said that disagrees.
    private(set) var rival: Value?

    private static var mostWitnesses: Int64 { 1_000_000 }

    init(_ value: Value, source: String, at: Int64, witnesses: Int64 = 1, rival: Value? = nil) {
        self.value = value
        self.source = source
        self.at = at
        self.witnesses = min(max(1, witnesses), Learnt.mostWitnesses)
        self.rival = rival
    }

    /// What an answer that was heard meant for a fact.
    enum Hearing: Equatable {
        /// Nothing was known before.
        case first
        /// It was known.
        case confirmed
        /// It is not what is known, and one answer is not enough.
        case doubted
        /// It was heard for the second time, and is what is known now.
        case replaced
    }

    /// Takes in what an answer said. `isSame` tells whether two values agree, where near is as good as equal.
    @discardableResult
    mutating func hear(
        _ heard: Value, source: String, at: Int64, isSame: (Value, Value) -> Bool = { $0 == $1 }
    ) -> Hearing {
        if isSame(heard, value) {
            self = Learnt(heard, source: source, at: at, witnesses: witnesses &+ 1)
            return .confirmed
        }
        guard let rival, isSame(heard, rival) else {
            self.rival = heard
            return .doubted
        }
        self = Learnt(heard, source: source, at: at, witnesses: 2)
        return .replaced
    }

    /// The same for a fact that may not be known yet.
    @discardableResult
    static func hear(
        _ heard: Value, source: String, at: Int64, in fact: inout Learnt?, isSame: (Value, Value) -> Bool = { $0 == $1 }
    ) -> Hearing {
        if fact != nil { return fact?.hear(heard, source: source, at: at, isSame: isSame) ?? .first }
        fact = Learnt(heard, source: source, at: at)
        return .first
    }

    /// Whether it was heard within the last `ms`. A fact of the future is none: a clock was set back since.
    func isFresh(within ms: Int64, now: Int64) -> Bool {
        let (age, overflow) = now.subtractingReportingOverflow(at)
        return !overflow && (0...ms).contains(age)
    }
}

/// What can be written as text, so that a fact of it can be stored.
protocol LearntValue: Equatable {
    var learntText: String { get }
    init?(learntText: String)
}

extension Int64: LearntValue {
    var learntText: String { "\(self)" }
    init?(learntText: String) { self.init(learntText) }
}

extension ByteText: LearntValue {
    var learntText: String { text }
    init?(learntText: String) { self.init(learntText) }
}

extension Learnt where Value: LearntValue {
    /// As JSON, to be stored.
    var text: String {
        var json = JSONWriter()
        json.beginObject()
        json.member("value", value.learntText)
        json.member("source", source)
        json.member("at", at)
        json.member("witnesses", witnesses)
        if let rival { json.member("rival", rival.learntText) }
        json.endObject()
        return json.text
    }

    /// Nil if `text` is none of ours: what cannot be read was never learnt.
    init?(text: String) {
        guard let root = (try? JSONDocument.parse(Array(text.utf8)))?.root,
            let value = root.member("value")?.string.flatMap({ Value(learntText: $0) }),
            let source = root.member("source")?.string, let at = root.member("at")?.integer,
            let witnesses = root.member("witnesses")?.integer
        else { return nil }
        self.init(
            value, source: source, at: at, witnesses: witnesses,
            rival: root.member("rival")?.string.flatMap { Value(learntText: $0) })
    }
}
