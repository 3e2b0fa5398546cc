/// What is said of an outcome: in our words, which may stand in any log, and in the hub's, which may name a buyer.
///
/// As one text, such as the state keeps, our words stand in the first line and the hub's in the second: neither has a line
/// break, as both were cleaned.
struct Told: Equatable {
    let ours: String
    var theirs = ""

    var text: String { theirs.isEmpty ? ours : ours + "\n" + theirs }

    init(_ ours: String, theirs: String = "") {
        (self.ours, self.theirs) = (ours, theirs)
    }

    init(text: String) {
        let lines = text.utf8.split(separator: 0x0A, maxSplits: 1, omittingEmptySubsequences: false)
        ours = String(decoding: lines.first ?? text.utf8[...], as: UTF8.self)
        theirs = lines.count > 1 ? String(decoding: lines[1], as: UTF8.self) : ""  // Safe: there are two.
    }
}

extension JSONWriter {
    /// The two members in which reports have the words for an outcome.
    mutating func told(_ text: String) {
        let told = Told(text: text)
        member("message", told.ours)
        member("hub_said", told.theirs)
    }
}
