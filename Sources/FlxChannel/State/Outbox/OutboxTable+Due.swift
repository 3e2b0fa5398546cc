/// Ending waits early: a person lifted what the hub asked for.
extension OutboxTable {
    /// Has orders that never reached the hub tried at once. One that may have keeps its time: it is looked up first, and that
    /// too soon would find nothing.
    func makeDue(at now: Int64) throws(StateError) {
        let change = try database.change(
            """
            UPDATE outbox INDEXED BY outbox_open SET next_at = ?1
            WHERE state < 3 AND state = 1 AND ambiguous = 0 AND next_at > ?1
            """)
        try change.bind(1, now)
        try change.run()
    }
}

extension AnswerTable {
    /// Has all answers that wait tried at once.
    func makeDue(at now: Int64) throws(StateError) {
        let change = try database.change("UPDATE answers SET next_at = ?1 WHERE state = 1 AND next_at > ?1")
        try change.bind(1, now)
        try change.run()
    }
}
