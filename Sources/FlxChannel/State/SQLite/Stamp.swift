import CLibc

/// How a state file stood after our last commit, kept in the lock file beside it.
///
/// A file that looks otherwise was changed by somebody else, so it is read through before use (D-07). A file that was
/// further once is an older copy that was put back: what it calls open may have been sent since (D-15). The stamp comes
/// after the commit and is not synced, for it only ever may lag behind. Without a stamp the file counts as changed.
/// A copy of both files has the stamp of the first, but lies elsewhere on the disk; what was put back with its whole
/// machine shows in the boot.
struct Stamp: Equatable {
    /// Which state: part of a hash of its key.
    let state: UInt64
    /// Grows with each event and answer.
    let generation: Int64
    let size: Int64
    /// When the file was written last, in nanoseconds by its file system.
    let changedAt: Int64
    /// Which file of the disk it is: none that is made later has the same.
    let place: UInt64
    /// Of the machine; 0 if it does not tell.
    let boot: UInt64

    static let wordCount = 6

    /// Whether the file may be a copy of one that went on elsewhere, or is not the one that was stamped at all.
    static func isCopy(_ found: Stamp, of left: Stamp?) -> Bool {
        guard let left else { return true }
        return left.state != found.state || left.generation > found.generation || left.place != found.place
    }

    /// Whether the machine was started since.
    static func isOtherBoot(_ found: Stamp, than left: Stamp?) -> Bool {
        guard let left, left.boot != 0, found.boot != 0 else { return false }
        return left.boot != found.boot
    }

    /// The stamp that fits the file at `path` now. In the writer gate, with nothing uncommitted.
    init(_ database: SQLiteDatabase, key: [UInt8], at path: String, boot: UInt64) throws(StateError) {
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
        place = FilePlace.of(path)
        self.boot = boot
    }

    init?(_ words: [Int64]) {
        guard words.count == Stamp.wordCount else { return nil }
        (state, generation, size, changedAt) = (UInt64(bitPattern: words[0]), words[1], words[2], words[3])
        (place, boot) = (UInt64(bitPattern: words[4]), UInt64(bitPattern: words[5]))
    }

    /// Whether nobody wrote since, wherever and whenever that is.
    func isAsLeft(_ left: Stamp?) -> Bool {
        guard let left else { return false }
        return (state, generation, size, changedAt) == (left.state, left.generation, left.size, left.changedAt)
    }

    var words: [Int64] {
        [Int64(bitPattern: state), generation, size, changedAt, Int64(bitPattern: place), Int64(bitPattern: boot)]
    }
}
