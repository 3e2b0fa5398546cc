/// One table, as a move takes it to another place: a page of rows at a time, in the order of its key.
struct MovedTable {
    enum Column { case number, text, bytes }

    let name: StaticString
    let columns: [Column]
    /// So many of the first columns are its key.
    let keys: Int
    /// Rows that are in memory at a time.
    let pageRows: Int
    /// The rows from a key on.
    let page: StaticString
    let insert: StaticString
    let clear: StaticString
    let count: StaticString

    /// Makes the tables of one place hold what those of the other hold; only within a transaction of each.
    static func moveAll(from source: any Database, to destination: any Database) throws(StateError) {
        for table in all { try destination.change(table.clear).run() }
        for table in all { try table.move(from: source, to: destination) }
        try destination.goOn(behindAnswer: try ofSource { () throws(StateError) in try source.lastAnswer() })
    }

    private func move(from source: any Database, to destination: any Database) throws(StateError) {
        var moved: Int64 = 0
        var last: [StoredValue]?
        while true {
            let rows = try MovedTable.ofSource { () throws(StateError) in try read(source, from: last) }
            destination.wait(until: StateMove.patience)
            try destination.insert(insert, rows)
            moved += Int64(rows.count)
            guard let end = rows.last else { break }
            last = Array(end.prefix(keys))
        }
        // A rule of the server, or a trigger, may have done otherwise.
        guard try destination.integer(count) == moved else {
            throw .corrupt(detail: "\(name) does not hold the \(moved) rows that were put into it")
        }
    }

    /// The next rows behind that of a key, or the first.
    private func read(_ source: any Database, from last: [StoredValue]?) throws(StateError) -> [[StoredValue]] {
        source.wait(until: StateMove.patience)
        let query = try source.statement(page)
        defer { query.reset() }
        let start = last ?? columns.prefix(keys).map { MovedTable.least($0) }
        for (index, value) in start.enumerated() { try value.bind(Int32(index + 1), of: query) }
        try query.bind(Int32(keys + 1), Int64(pageRows + 1))
        var rows: [[StoredValue]] = []
        while try query.step() {
            let row = try row(of: query)
            if let last, rows.isEmpty, Array(row.prefix(keys)) == last { continue }  // the one that the last page ended with
            rows.append(row)
        }
        return rows
    }

    private func row(of query: any Statement) throws(StateError) -> [StoredValue] {
        var row: [StoredValue] = []
        row.reserveCapacity(columns.count)
        for (index, column) in columns.enumerated() {
            let place = Int32(index)
            if query.isNull(place) {
                row.append(.null)
                continue
            }
            switch column {
            case .number: row.append(.number(try query.anyInteger(place)))
            case .text: row.append(.text(try query.text(place)))
            case .bytes: row.append(.bytes(try query.bytes(place)))
            }
        }
        return row
    }

    /// No value of a column comes before it.
    private static func least(_ column: Column) -> StoredValue {
        switch column {
        case .number: .number(Int64.min)
        case .text: .text("")
        case .bytes: .bytes([])
        }
    }

    private static func ofSource<R>(_ body: () throws(StateError) -> R) throws(StateError) -> R {
        do throws(StateError) { return try body() } catch { throw .atSource(error) }
    }
}
