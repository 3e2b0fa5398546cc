import CLibc

/// What is done with a file that is not as our last commit left it: a writer ended in the middle, or somebody else wrote.
///
/// SQLite rolls a half commit back by itself. Beyond that the whole file is checked, whatever its size, before anything of it
/// is believed. That takes time in proportion to it, and while it lasts others are told that the state is in use: measured
/// are about 20 seconds for a gigabyte. Only beyond `largestCompared` the indexes are not compared with their tables, which
/// would be most of it; all pages and all orders are looked at still.
///
/// Fault rows: D-06, D-07, K-01.
enum Recovery {
    static let largestCompared: Int64 = 1 << 30

    /// Whether the journal holds something. In the writer gate, where no writer of ours is at work.
    static func isNeeded(_ path: String) -> Bool {
        var status = stat()
        return lstat(path + "-journal", &status) == 0 && status.st_size > 0
    }

    static func check(_ database: SQLiteDatabase, key: [UInt8]) throws(StateError) {
        let pages = try database.number("PRAGMA page_count")
        let pageSize = try database.number("PRAGMA page_size")
        let (size, overflow) = pages.multipliedReportingOverflow(by: pageSize)
        let isComparable = !overflow && size <= largestCompared
        let finding = isComparable ? try database.word("PRAGMA integrity_check(1)") : try database.word("PRAGMA quick_check(1)")
        try database.checkReads()
        guard finding.spells("ok") else { throw .corrupt(detail: Redaction.clean(finding ?? "no answer")) }
        let fault = try OutboxTable(database: database).disagreement { Identity.keyed(key, "number", Array($0.utf8)) }
        if let fault { throw .corrupt(detail: fault) }
    }
}
