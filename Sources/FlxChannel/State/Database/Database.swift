/// What the tables ask of whichever database keeps the state.
///
/// Invariant: one thread at a time uses it, which is the business of `Store`, and only within `read` and `write` of that.
protocol Database: AnyObject {
    /// Whether nothing of ours is in it yet; throws if what is in it cannot be ours.
    func isNew() throws(StateError) -> Bool

    // Transactions

    func beginRead() throws(StateError)
    func beginWrite() throws(StateError)
    func commit() throws(StateError)
    /// Ends a transaction without its changes.
    func rollBack()
    /// Within a transaction that may change something.
    var isWriting: Bool { get }
    /// Rows changed by the last statement.
    var changes: Int64 { get }
    /// The number that the last insert gave its row.
    var lastRow: Int64 { get }

    /// The compiled form of a literal, made once a connection. Its address is its name, and text never becomes SQL. It is
    /// SQLite's, of the part that both databases share or that `Dialect` puts into the words of the other.
    /// The second literal, where there is one, goes on where the first ends, and names both: it stands in one place only.
    func statement(_ sql: StaticString, _ more: StaticString) throws(StateError) -> any Statement

    /// Inserts rows by a statement of one row, which ends in its VALUES.
    func insert(_ sql: StaticString, _ rows: [[StoredValue]]) throws(StateError)

    /// Waits for others, and for answers, no longer than that.
    func wait(until deadline: Deadline)

    /// The last number that `answers` gave a row, which may be gone.
    func lastAnswer() throws(StateError) -> Int64
    /// Has `answers` go on behind that number, and every other table behind its last row.
    func goOn(behindAnswer seq: Int64) throws(StateError)

    /// Runs a statement once, without keeping it.
    func execute(_ sql: StaticString) throws(StateError)

    /// Whether so much of it holds nothing any more that some should go back to the file system.
    func isLoose() throws(StateError) -> Bool
    /// Gives some of that back.
    func tighten() throws(StateError)
}

extension Database {
    func statement(_ sql: StaticString) throws(StateError) -> any Statement { try statement(sql, "") }

    /// Makes the changes of `body`, all or none.
    func transaction(_ body: () throws(StateError) -> Void) throws(StateError) {
        try beginWrite()
        do throws(StateError) {
            try body()
            try commit()
        } catch {
            rollBack()
            throw error
        }
    }

    /// A statement that changes rows; only within `write`.
    func change(_ sql: StaticString) throws(StateError) -> any Statement {
        guard isWriting else { throw .misuse(what: "a table was changed outside of a write") }
        return try statement(sql)
    }

    /// The first column of the only row, as a number, by a statement that is kept.
    func integer(_ sql: StaticString) throws(StateError) -> Int64 {
        let query = try statement(sql)
        defer { query.reset() }
        guard try query.step() else { throw .corrupt(detail: "no answer where one is certain") }
        return try query.integer(0)
    }
}
