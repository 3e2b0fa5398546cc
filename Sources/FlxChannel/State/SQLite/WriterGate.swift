/// Lets one writer at a time through, of all threads and processes, in fair turns.
///
/// SQLite's own wait is unfair: with eight writers the median commit took seconds. Here writers stand in a line of
/// locked bytes and move up as the byte ahead comes free, so that who was just inside cannot slip in again before them.
/// Behind a full line stands a crowd, in which who waits longer asks more often.
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
            guard isFree() || standInLine(by: deadline) else {
                throw .busy(waitedMs: Clock.monotonicMs() - start)
            }
            if file.isInPlace { return }
            file.release(LockByte.gate)
            let named = try LockFile.open(path)  // M-04: the name means another file now, and so do the other writers
            file.close()
            file = named
        }
    }

    func leave() { file.release(LockByte.gate) }

    /// What the last writer left; only past the gate.
    var stamp: Stamp? {
        get { file.stamp }
        set { if let newValue { file.write(newValue) } }
    }

    func close() { file.close() }

    /// Takes the gate if nobody stands before it.
    private func isFree() -> Bool { !file.isTaken(LockByte.line) && file.take(LockByte.gate) }

    private func standInLine(by deadline: Deadline) -> Bool {
        var place = LockByte.line.upperBound
        guard wait(for: place, by: deadline, pausesUs: 2000...10_000) else { return false }
        while place > LockByte.gate {
            // Far from the gate nobody needs to look more often than a commit takes: with 64 writers the looking was the load.
            let pauseUs: Int64 = place == 1 ? 80 : place < 8 ? 300 : 800
            let isAhead = wait(for: place - 1, by: deadline, pausesUs: pauseUs...pauseUs)
            file.release(place)
            guard isAhead else { return false }
            place -= 1
        }
        return true
    }

    private let longestPauseUs: Int64 = 5000

    /// Polls, because a kernel wait for a lock cannot be bounded without a signal.
    private func wait(for byte: Int64, by deadline: Deadline, pausesUs: ClosedRange<Int64>) -> Bool {
        if file.take(byte) { return true }
        var pause = pausesUs.upperBound
        let start = Clock.monotonicMs()
        let share = Random.upTo(1000)  // of half a pause, so that not all look at once
        while !file.take(byte) {
            guard !deadline.isOver else { return false }
            // A commit takes milliseconds. What takes longer is somebody who stands still: looking costs processor time.
            let patient = max(pause, min(longestPauseUs, (Clock.monotonicMs() &- start) &* 50))
            Pause.micro(patient / 2 + patient * share / 2000)
            pause = max(pausesUs.lowerBound, pause - pause / 8)
        }
        return true
    }
}
