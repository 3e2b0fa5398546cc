import CLibc

/// Lets one writer at a time through, of all threads and processes, in fair turns.
///
/// SQLite's own wait is unfair: with eight writers the median commit took seconds. Here a writer first takes the place
/// of the next in line, then the gate, then leaves that place. So the one that was just inside cannot slip in again
/// before the next, and only the next polls quickly.
///
/// Fault rows: M-01, M-02, M-04.
final class WriterGate {
    private let path: String
    private var file: LockFile

    init(_ path: String) throws(StateError) {
        self.path = path
        file = try LockFile.open(path)
    }

    /// Waits for the gate. Pair it with `leave()`.
    func enter(by deadline: Deadline) throws(StateError) {
        let start = Clock.monotonicMs()
        while true {
            guard wait(for: LockByte.nextInLine, by: deadline, pauseUs: 700) else {
                throw .busy(waitedMs: Clock.monotonicMs() - start)
            }
            let isInside = wait(for: LockByte.gate, by: deadline, pauseUs: 80)
            file.release(LockByte.nextInLine)
            guard isInside else { throw .busy(waitedMs: Clock.monotonicMs() - start) }
            if file.isInPlace { return }
            file.shut()  // M-04: the name means another file now, and so do the other writers
            file = try LockFile.open(path)
        }
    }

    func leave() { file.release(LockByte.gate) }

    func shut() { file.shut() }

    /// Polls, because a kernel wait for a lock cannot be bounded without a signal. Who waits longer asks more often.
    private func wait(for byte: Int64, by deadline: Deadline, pauseUs: Int64) -> Bool {
        var pause = pauseUs
        while !file.take(byte) {
            guard !deadline.isOver else { return false }
            Pause.micro(pause / 2 + Random.upTo(pause))
            pause = max(80, pause - pause / 8)
        }
        return true
    }
}

/// A short sleep, cut short by nothing but a signal.
enum Pause {
    static func micro(_ us: Int64) {
        var time = timespec()
        time.tv_nsec = Int(min(max(us, 0), 999_999) * 1000)
        nanosleep(&time, nil)
    }
}
