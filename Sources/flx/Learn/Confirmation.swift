/// What counts of the facts: no single odd answer may settle one.
///
/// A fact rests on an answer if it is another without it. Where that answer tells by what is missing, or the fact is exact, the
/// question is asked again, and the fact counts if it is the same with the second answer.
struct Confirmation {
    private let answers: Answers
    private let first: [Fact]
    /// By fact: the questions that have to be asked again, in the order in which they were.
    private let needed: [String: [String]]

    init(_ answers: Answers) {
        self.answers = answers
        first = Probe.facts(answers)
        var needed: [String: [String]] = [:]
        for (question, answer) in answers.all {
            let without = Confirmation.named(answers.replacing([question.name: nil]))
            for fact in first where fact.value != nil && (fact.isExact || answer.isLacking) && !fact.says(without[fact.name]) {
                needed[fact.name, default: []].append(question.name)
            }
        }
        self.needed = needed
    }

    private static func named(_ answers: Answers) -> [String: Fact] {
        Dictionary(Probe.facts(answers).map { ($0.name, $0) }) { $1 }
    }

    /// Questions to ask again: first those of what goes into the file.
    var doubts: [String] {
        var names: [String] = []
        for fact in first.filter({ $0.setting != nil }) + first.filter({ $0.setting == nil }) {
            for name in needed[fact.name] ?? [] where !names.contains(name) { names.append(name) }
        }
        return names
    }

    var facts: [Fact] {
        let seconds = answers.again.keys.map { name in (name, Confirmation.named(answers.replacing([name: answers.again[name]]))) }
        let second = Dictionary(seconds) { $1 }
        let all = Confirmation.named(answers.replacing(answers.again))
        return first.map { fact in
            guard let needed = needed[fact.name] else { return fact }
            guard needed.allSatisfy({ second[$0] != nil }) else {
                return fact.unsettled("seen once, and not asked again: \(answers.ended ?? "the hub was not asked")")
            }
            let isSame = needed.allSatisfy { fact.says(second[$0]?[fact.name]) } && fact.says(all[fact.name])
            return isSame ? fact : fact.unsettled("another answer came when it was asked for again")
        }
    }
}
