/// How far an array has been read, record by record.
struct JSONPageProgress {
    /// After so many bytes it is asked whether there is time to go on: about a millisecond.
    static let slice = 256 << 10

    fileprivate(set) var bad: [BadRecord] = []
    fileprivate var start: Int?
    fileprivate var index = 0
    /// The last record that was good.
    fileprivate var twin = 0
    fileprivate var isLast = false
}

extension JSONScanner {
    /// Reads an array record by record, to the end of the input; the records that were set aside are in `progress`. False if
    /// `goesOn` said no before the end: then it goes on from there when it is called again.
    mutating func page(_ progress: inout JSONPageProgress, while goesOn: () -> Bool = { true }) throws(JSONFault) -> Bool {
        let start = try begun(&progress)
        var nextLook = at + JSONPageProgress.slice
        while !progress.isLast {
            if at > nextLook {
                guard goesOn() else { return false }
                nextLook = at + JSONPageProgress.slice
            }
            guard progress.index < limits.records else { throw .records(at: at, limit: limits.records) }
            let node = nodes.count
            if let record = try record(progress.index, like: progress.twin) {
                progress.bad.append(record)
            } else {
                progress.twin = node
            }
            progress.index += 1
            progress.isLast = base[at] == JSONByte.closeBracket  // Safe: a record leaves `at` on the byte that ended it.
            if !progress.isLast {
                at += 1
                _ = try byteAfterSpace()
            }
        }
        at += 1
        nodes[0] = JSONNode(
            start: UInt32(truncatingIfNeeded: start), end: UInt32(truncatingIfNeeded: at),
            link: UInt32(truncatingIfNeeded: nodes.count), count: UInt32(truncatingIfNeeded: progress.index - progress.bad.count))
        try end()
        return true
    }

    /// Reads the opening bracket, the first time; gives where it stands.
    private mutating func begun(_ progress: inout JSONPageProgress) throws(JSONFault) -> Int {
        if let start = progress.start { return start }
        guard try byteAfterSpace() == JSONByte.openBracket else { throw .notArray(at: at) }
        let start = at
        try writeRoot()
        at += 1
        progress.start = start
        progress.isLast = try byteAfterSpace() == JSONByte.closeBracket
        return start
    }

    /// Reads one record and leaves `at` on the comma or bracket behind it. Gives the record if it is bad.
    private mutating func record(_ index: Int, like twin: Int) throws(JSONFault) -> BadRecord? {
        let start = at
        let kept = nodes.count
        let most = limits.values * 4  // see JSONLimits.values
        nodeLimit = min(kept + limits.values, most)
        do throws(JSONFault) {
            try value(within: 1, like: twin)
            guard isRecordEnd(try byteAfterSpace()) else { throw .unexpected(at: at) }
            return nil
        } catch {
            // Nothing was wrong up to the end of the input, or the index is full: then no later record can be told.
            if error.isTruncated || error.isMemory || nodes.count >= most { throw error }
            nodes.cut(to: kept)
            at = start
            let id = try skipRecord()
            return BadRecord(index: index, range: start..<contentEnd(), fault: error, id: id)
        }
    }

    func isRecordEnd(_ byte: UInt8) -> Bool { byte == JSONByte.comma || byte == JSONByte.closeBracket }

    /// One past the last byte before `at` that is not white space.
    private func contentEnd() -> Int {
        var end = at
        while end > 0, JSONByte.isSpace(base[end - 1]) { end -= 1 }  // Safe: end is above 0 and at most count.
        return end
    }
}
