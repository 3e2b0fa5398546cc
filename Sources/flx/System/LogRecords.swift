/// The newest records of a log file.
struct LogRecords {
    let records: [JSON]

    private static let mostBytes: Int64 = 256 << 10
    private static let most = 2000
    /// What tells that a feed was read or answered.
    private static let successes = ["pull.page", "answers.stored", "cursor.moved"]

    /// None where there is no log, or it cannot be read.
    init(_ path: String?) {
        guard let path, var tail = try? LogTail(path, most: LogRecords.mostBytes), let bytes = try? tail.read() else {
            records = []
            return
        }
        records = bytes.split(separator: 0x0A).suffix(LogRecords.most).compactMap { try? JSONParser.parse(Array($0)) }
    }

    /// When a feed was read or answered last, as a span of time; empty where the log does not tell. The state file does not.
    func lastSuccess(of feed: String) -> String {
        let newest = records.last { $0["feed"]?.string == feed && LogRecords.successes.contains($0["event"]?.string ?? "") }
        return newest?["at"]?.integer.map { Instant.ago(Instant.text($0)) } ?? ""
    }
}
