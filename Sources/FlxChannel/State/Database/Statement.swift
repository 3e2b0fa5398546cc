/// One compiled statement of a connection.
///
/// Invariant: after use it is reset, so that it holds no lock and no bytes of a row. A column of another kind than asked for is
/// damage: what is stored is foreign input.
protocol Statement: AnyObject {
    // Binding. Parameters count from 1.

    func bind(_ index: Int32, _ value: Int64) throws(StateError)
    func bind(_ index: Int32, _ text: String) throws(StateError)
    func bind(_ index: Int32, _ bytes: [UInt8]) throws(StateError)
    func bindNull(_ index: Int32) throws(StateError)

    /// Goes to the next row; false at the end.
    func step() throws(StateError) -> Bool
    func reset()

    // Columns of the present row, from 0.

    func isNull(_ column: Int32) -> Bool
    /// Any 64 bits: a name, which nobody counts with.
    func anyInteger(_ column: Int32) throws(StateError) -> Int64
    func text(_ column: Int32) throws(StateError) -> String
    func bytes(_ column: Int32) throws(StateError) -> [UInt8]
    /// The damage of a value in `column` that it may not hold.
    func damage(_ column: Int32) -> StateError
}

extension Statement {
    /// Runs a statement that gives no rows, and resets it.
    func run() throws(StateError) {
        defer { reset() }
        while try step() {}
    }

    func bind(_ index: Int32, _ value: Int64?) throws(StateError) {
        guard let value else { return try bindNull(index) }
        try bind(index, value)
    }

    func bind(_ index: Int32, _ value: Bool) throws(StateError) { try bind(index, value ? 1 : 0) }

    func bind(_ index: Int32, _ text: String?) throws(StateError) {
        guard let text else { return try bindNull(index) }
        try bind(index, text)
    }

    /// A count, an instant or a row. None of ours comes near the end of what 64 bits hold, so that sums and products of
    /// them do not either (D-24): a number out there is damage.
    func integer(_ column: Int32) throws(StateError) -> Int64 {
        let value = try anyInteger(column)
        guard StoredNumber.range.contains(value) else { throw damage(column) }
        return value
    }

    func optionalInteger(_ column: Int32) throws(StateError) -> Int64? {
        isNull(column) ? nil : try integer(column)
    }

    func bool(_ column: Int32) throws(StateError) -> Bool { try integer(column) != 0 }

    func int32(_ column: Int32) throws(StateError) -> Int32 {
        guard let value = Int32(exactly: try integer(column)) else { throw damage(column) }
        return value
    }

    func optionalText(_ column: Int32) throws(StateError) -> String? {
        isNull(column) ? nil : try text(column)
    }
}

/// A value of any column, as it is stored.
enum StoredValue: Equatable {
    case null
    case number(Int64)
    case text(String)
    case bytes([UInt8])

    func bind(_ index: Int32, of statement: any Statement) throws(StateError) {
        switch self {
        case .null: try statement.bindNull(index)
        case .number(let number): try statement.bind(index, number)
        case .text(let text): try statement.bind(index, text)
        case .bytes(let bytes): try statement.bind(index, bytes)
        }
    }
}

/// What a number that is stored may be.
enum StoredNumber {
    static let farthest: Int64 = 1 << 53
    static let range = -farthest...farthest
}
