/// Proves that two openings of one file keep each other out, by both kinds of lock that the state rests on.
///
/// A file system may take every lock and keep none; then two processes would send one order each. Cheap enough for every
/// opening: a dozen system calls, none of which reaches a disk.
///
/// Fault rows: D-12, D-21, M-04.
enum LockProof {
    /// What is wrong with the locks of the lock file at `path`, or nil. Others may use the file meanwhile.
    static func fault(of path: String) throws(StateError) -> String? {
        let (first, second) = try openings(of: path)
        defer {
            first.close()
            second.close()
        }
        let byte = LockByte.proof()
        guard first.take(byte) else { return "a file cannot be locked" }
        guard second.isTaken(byte...byte), !second.take(byte) else { return "one file can be locked twice" }
        first.release(byte)
        guard second.take(byte) else { return "a lock that was let go stays" }
        second.release(byte)
        return fault(ofProcess: first, seenBy: second, byte)
    }

    /// Two openings of one file. Who deletes or replaces the file between the two makes openings of two files, whose locks say
    /// nothing of each other.
    private static func openings(of path: String) throws(StateError) -> (LockFile, LockFile) {
        for attempt in 0..<100 {
            if attempt > 10 { Pause.micro(Random.upTo(500)) }  // out of step with who does so all the time
            let (first, second) = (try LockFile.open(path), try LockFile.open(path))
            if first.isSameFile(as: second) { return (first, second) }
            first.close()
            second.close()
        }
        throw .replaced(what: path)
    }

    /// Tried again, because the lock of a process goes when another thread closes any opening of the file.
    private static func fault(ofProcess first: LockFile, seenBy second: LockFile, _ byte: Int64) -> String? {
        for attempt in 0..<200 {
            if attempt > 10 { Pause.micro(Random.upTo(500)) }  // out of step with those who open and close it all the time
            guard first.takeForProcess(byte) else { return "a file cannot be locked for a process" }
            if second.isTaken(byte...byte) { return nil }
        }
        return "what one process locks another can lock too"
    }
}
