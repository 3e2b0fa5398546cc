/// A listing as the hub showed it last.
struct Snapshot {
    let id: String
    let sku: String
    /// When it was read, wall clock.
    let at: Int64
    /// The record in the hub's own bytes, less what is left out on purpose.
    let record: [UInt8]
}

/// The last seen listings, for hosts that keep none of their own (config key `snapshots.keep_days`).
///
/// The records of a hub are alike, and most of their bytes are names: each shape of them stands once, and a row has the values
/// alone. A hub whose every record is of another shape has the later ones stored whole.
struct SnapshotTable {
    let database: any Database
    private let shapes = Shapes()

    init(database: any Database) { self.database = database }

    /// Those that were read. One that was written never changes, nor goes.
    private final class Shapes {
        var known: [Int64: [UInt8]] = [:]
    }

    /// Rows that a call deletes at most.
    static let pruneLimit: Int64 = 1000
    private static let mostShapes: Int64 = 1000

    func put(_ rows: [Snapshot]) throws(StateError) {
        var last: (shape: [UInt8], id: Int64)?
        for row in rows {
            let parts = JSONShape(row.record)
            if last?.shape != parts.shape { last = try shape(parts.shape).map { (parts.shape, $0) } }
            let change = try database.change(
                """
                INSERT INTO snapshots (id, sku, at, shape, record) VALUES (?1, ?2, ?3, ?4, ?5)
                  ON CONFLICT (id) DO UPDATE SET sku = ?2, at = ?3, shape = ?4, record = ?5
                """)
            try change.bind(1, row.id)
            try change.bind(2, row.sku)
            try change.bind(3, row.at)
            try change.bind(4, last?.id)
            try change.bind(5, last == nil ? row.record : parts.values)
            try change.run()
        }
    }

    /// The number of a shape; nil where there are too many.
    private func shape(_ shape: [UInt8]) throws(StateError) -> Int64? {
        let known = try database.statement("SELECT id FROM shapes WHERE shape = ?1")
        defer { known.reset() }
        try known.bind(1, shape)
        if try known.step() { return try known.integer(0) }
        let next = try database.integer("SELECT coalesce(max(id), 0) + 1 FROM shapes")
        guard next <= SnapshotTable.mostShapes else { return nil }
        let change = try database.change("INSERT INTO shapes (id, shape) VALUES (?1, ?2)")
        try change.bind(1, next)
        try change.bind(2, shape)
        try change.run()
        return next
    }

    func get(id: String) throws(StateError) -> Snapshot? {
        try one(try database.statement("SELECT id, sku, at, record, shape FROM snapshots WHERE id = ?1"), id)
    }

    /// The newest of those with this SKU.
    func get(sku: String) throws(StateError) -> Snapshot? {
        try one(
            try database.statement(
                "SELECT id, sku, at, record, shape FROM snapshots WHERE sku = ?1 ORDER BY at DESC, id LIMIT 1"), sku)
    }

    private func shape(numbered number: Int64) throws(StateError) -> [UInt8]? {
        if let shape = shapes.known[number] { return shape }
        let query = try database.statement("SELECT shape FROM shapes WHERE id = ?1")
        defer { query.reset() }
        try query.bind(1, number)
        guard try query.step() else { return nil }
        let shape = try query.bytes(0)
        shapes.known[number] = shape
        return shape
    }

    func remove(_ id: String) throws(StateError) {
        let change = try database.change("DELETE FROM snapshots WHERE id = ?1")
        try change.bind(1, id)
        try change.run()
    }

    /// Deletes those that were read before an instant, `pruneLimit` a call.
    ///
    /// - Returns: how many were deleted.
    @discardableResult
    func prune(before: Int64) throws(StateError) -> Int64 {
        let change = try database.change(
            "DELETE FROM snapshots WHERE id IN (SELECT id FROM snapshots INDEXED BY snapshots_old WHERE at < ?1 LIMIT ?2)")
        try change.bind(1, before)
        try change.bind(2, SnapshotTable.pruneLimit)
        try change.run()
        return database.changes
    }

    private func one(_ query: any Statement, _ key: String) throws(StateError) -> Snapshot? {
        defer { query.reset() }
        try query.bind(1, key)
        guard try query.step() else { return nil }
        var record = try query.bytes(3)
        if let number = try query.optionalInteger(4) {
            guard let shape = try shape(numbered: number), let text = JSONShape.text(shape: shape, values: record) else {
                throw .corrupt(detail: "a snapshot is not of its shape")
            }
            record = text
        }
        return Snapshot(id: try query.text(0), sku: try query.text(1), at: try query.integer(2), record: record)
    }
}
