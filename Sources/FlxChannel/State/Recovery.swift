import CLibc

/// What is done with a file that is not as our last commit left it: a writer ended in the middle, or somebody else wrote.
///
/// SQLite rolls a half commit back by itself. The check beyond that is bounded: it reads at most `largestChecked`, which
/// takes about a second.
///
/// Fault rows: D-06, D-07, K-01.
enum Recovery {
    /// A larger file is checked only where it tells what it is.
    static let largestChecked: Int64 = 64 << 20

    /// Whether the journal holds something. In the writer gate, where no writer of ours is at work.
    static func isNeeded(_ path: String) -> Bool {
        var status = stat()
        return lstat(path + "-journal", &status) == 0 && status.st_size > 0
    }

    static func check(_ database: Database, key: [UInt8]) throws(StateError) {
        let pages = try database.number("PRAGMA page_count")
        let pageSize = try database.number("PRAGMA page_size")
        let (size, overflow) = pages.multipliedReportingOverflow(by: pageSize)
        let isSmall = !overflow && size <= largestChecked
        let finding = isSmall ? try database.word("PRAGMA integrity_check(1)") : try database.word("PRAGMA quick_check(meta)")
        try database.checkReads()
        guard finding.spells("ok") else { throw .corrupt(detail: Redaction.clean(finding ?? "no answer")) }
        guard isSmall else { return }
        let fault = try OutboxTable(database: database).disagreement { Identity.keyed(key, "number", Array($0.utf8)) }
        if let fault { throw .corrupt(detail: fault) }
    }
}
