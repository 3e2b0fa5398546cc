import CLibc

/// How a state file stood after our last commit, kept in the lock file beside it.
///
/// A file that looks otherwise was changed by somebody else, so it is read through before use (D-07). A file that was
/// further once is an older copy that was put back: what it calls open may have been sent since (D-15). The stamp comes
/// after the commit and is not synced, for it only ever may lag behind. Without a stamp the file counts as changed.
struct Stamp: Equatable {
    /// Which state: part of a hash of its key.
    let state: UInt64
    /// Grows with each event and answer.
    let generation: Int64
    let size: Int64
    /// When the file was written last, in nanoseconds by its file system.
    let changedAt: Int64

    static let wordCount = 4

    /// The stamp that fits the file at `path` now. In the writer gate, with nothing uncommitted.
    init(_ database: Database, key: [UInt8], at path: String) throws(StateError) {
        var status = stat()
        let isThere = lstat(path, &status) == 0
        state = SHA256.hash(Array("stamp".utf8) + key).prefix(8).reduce(0) { $0 << 8 | UInt64($1) }
        generation = try database.integer(
            """
            SELECT ifnull((SELECT max(id) FROM events), 0)
              + ifnull((SELECT seq FROM sqlite_sequence WHERE name = 'answers'), 0)
            """)
        size = isThere ? Int64(status.st_size) : -1
        changedAt = Int64(status.st_mtim.tv_sec) &* 1_000_000_000 &+ Int64(status.st_mtim.tv_nsec)
    }

    init?(_ words: [Int64]) {
        guard words.count == Stamp.wordCount else { return nil }
        (state, generation, size, changedAt) = (UInt64(bitPattern: words[0]), words[1], words[2], words[3])
    }

    var words: [Int64] { [Int64(bitPattern: state), generation, size, changedAt] }
}
