extension JSONScanner {
    /// Reads an array record by record, to the end of the input; gives the records that were set aside.
    mutating func page() throws(JSONFault) -> [BadRecord] {
        guard try byteAfterSpace() == JSONByte.openBracket else { throw .notArray(at: at) }
        let start = at
        try writeRoot()
        at += 1

        var bad: [BadRecord] = []
        var index = 0
        var twin = 0  // the last record that was good
        var isLast = try byteAfterSpace() == JSONByte.closeBracket
        while !isLast {
            guard index < limits.records else { throw .records(at: at, limit: limits.records) }
            let node = nodes.count
            if let record = try record(index, like: twin) { bad.append(record) } else { twin = node }
            index += 1
            isLast = base[at] == JSONByte.closeBracket  // Safe: a record leaves `at` on the byte that ended it.
            if !isLast {
                at += 1
                _ = try byteAfterSpace()
            }
        }
        at += 1
        nodes[0] = JSONNode(
            start: UInt32(truncatingIfNeeded: start), end: UInt32(truncatingIfNeeded: at),
            link: UInt32(truncatingIfNeeded: nodes.count), count: UInt32(truncatingIfNeeded: index - bad.count))
        try end()
        return bad
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
