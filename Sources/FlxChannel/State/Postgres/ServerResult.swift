import CLibc

/// What the server answered to one statement, in binary form where it was asked by parameters.
///
/// Invariant: owns its result until it ends.
final class ServerResult {
    private let pq: LibPQ
    private let raw: LibPQ.Result
    let rowCount: Int32

    init(_ pq: LibPQ, _ raw: LibPQ.Result) {
        self.pq = pq
        self.raw = raw
        rowCount = pq.rows(raw)
    }

    deinit { pq.clear(raw) }

    /// Nil if it is none.
    var error: StateError? {
        let status = pq.resultStatus(raw)
        guard status != LibPQ.commandOK, status != LibPQ.tuplesOK else { return nil }
        return ServerFault.error(word(pq.resultField(raw, LibPQ.fieldState)), word(pq.resultField(raw, LibPQ.fieldMessage)))
    }

    /// What was done, such as COMMIT or ROLLBACK.
    var command: String { word(pq.commandStatus(raw)) }

    /// Rows that it changed.
    var changes: Int64 { Int64(word(pq.commandRows(raw))) ?? 0 }

    func name(_ column: Int32) -> String { word(pq.columnName(raw, column)) }

    /// The number of its type, as the server's catalogue has it.
    func type(_ column: Int32) -> UInt32 { pq.columnType(raw, column) }

    func isNull(_ row: Int32, _ column: Int32) -> Bool { pq.isNull(raw, row, column) != 0 }

    /// Nil for no such place.
    func bytes(_ row: Int32, _ column: Int32) -> [UInt8]? {
        guard (0..<rowCount).contains(row), !isNull(row, column), let start = pq.value(raw, row, column) else { return nil }
        // Safe: libpq gives as many bytes as it counts, valid until the result ends.
        return Array(UnsafeRawBufferPointer(start: start, count: Int(max(0, pq.length(raw, row, column)))))
    }

    /// A value that came in text form.
    func text(_ row: Int32, _ column: Int32) -> String? { bytes(row, column).map { String(decoding: $0, as: UTF8.self) } }

    private func word(_ text: LibPQ.Text?) -> String { text.map { String(cString: $0) } ?? "" }  // Safe: ends in a zero.
}
