/// Whether orders, their bytes and their histories agree. SQLite sees no half commit whose journal was lost, and no changed
/// byte of a value; both would send an order that never was, or none.
///
/// Fault rows: D-07, D-08.
extension OutboxTable {
    /// What is wrong, or nil. Reads every order. `numberHash` is what the hash of a number must be.
    func disagreement(numberHash: (String) -> [UInt8]) throws(StateError) -> String? {
        let torn = try database.integer(
            """
            SELECT (SELECT count(*) FROM outbox WHERE purged_at IS NULL AND id NOT IN (SELECT id FROM wires))
              + (SELECT count(*) FROM wires WHERE id NOT IN (SELECT id FROM outbox WHERE purged_at IS NULL))
              + (SELECT count(*) FROM events WHERE row NOT IN (SELECT id FROM outbox))
            """)
        if torn > 0 { return "orders are without their bytes or their history" }
        // Each change of an order is one event and one step of its fencing token; those left out here are events alone.
        let untold = try database.integer(
            """
            SELECT count(*) FROM outbox AS o JOIN events AS e ON e.id = (SELECT max(id) FROM events
              WHERE row = o.id AND what NOT IN ('restored') AND (what <> 'looked_up' OR verdict <> 0))
            WHERE (e.what = 'sending') <> (o.state = 2) OR (e.what = 'settled') <> (o.state = 4)
              OR (e.what <> 'sending' AND e.verdict <> o.verdict)
              OR o.attempts <> (SELECT count(*) FROM events WHERE row = o.id AND what = 'sending')
              OR o.fence >= (SELECT count(*) FROM events WHERE row = o.id)
            """)
        if untold > 0 { return "orders do not agree with their history" }
        let numbers = try database.statement("SELECT number, number_hash FROM outbox WHERE number IS NOT NULL")
        defer { numbers.reset() }
        while try numbers.step() {
            guard numberHash(try numbers.text(0)) == (try numbers.bytes(1)) else { return "an order is not of this state file" }
        }
        let wires = try database.statement("SELECT wire, sum FROM wires")
        defer { wires.reset() }
        while try wires.step() {
            if try SHA256.hash(try wires.bytes(0)) != wires.bytes(1) { return "the bytes of an order have changed" }
        }
        return nil
    }
}
