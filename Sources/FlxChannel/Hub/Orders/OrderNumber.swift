/// How like two order numbers are. A hub may trim, change case, drop a sign or cut what it was given (contract 9, row 3).
enum OrderNumber {
    enum Likeness: Equatable {
        case same
        /// Another spelling of it, as a hub might make.
        case alike
        case other
    }

    /// A hub that cuts leaves at least so much; less proves nothing.
    private static let leastCut = 8

    static func likeness(_ theirs: String, to ours: String) -> Likeness {
        if Text.isSame(theirs, ours) { return .same }
        let (theirs, ours) = (folded(theirs), folded(ours))
        guard !theirs.isEmpty else { return .other }
        if theirs == ours { return .alike }
        return theirs.count >= leastCut && ours.starts(with: theirs) ? .alike : .other
    }

    /// Letters in lower case and digits, and what is beyond ASCII as it is.
    private static func folded(_ number: String) -> [UInt8] {
        number.utf8.compactMap { byte in
            switch byte {
            case UInt8(ascii: "A")...UInt8(ascii: "Z"): byte | 0x20
            case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "0")...UInt8(ascii: "9"), 0x80...: byte
            default: nil
            }
        }
    }
}
