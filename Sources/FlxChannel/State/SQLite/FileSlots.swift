/// The part of the lock file in which it stands who holds which feed.
///
/// A holder has a slot of its own: it locks the slot's byte, which the kernel takes back when its process dies, and writes
/// its record there. A lock of a process that lives cannot be taken away, a feed can: the taker writes its name into the
/// holder's record and its own record into another slot. So one feed has at most one holder whose byte is locked and whose
/// record names no taker, and whoever slept through its loss and wakes writes nowhere but into its own slot.
///
/// Records and takers are written in the writer gate; hence who is in the gate and has no taker will have none until it
/// leaves, and a write that asks there is refused in time.
final class FileSlots: FeedSlots {
    /// Behind the stamp. The first slots share its block, so that a full disk has room for them.
    private static let start: Int64 = 64

    private let path: String
    private let file: LockFile

    init(_ path: String) throws(StateError) {
        self.path = path
        file = try LockFile.open(path)
    }

    static func byte(_ slot: Int) -> Int64 { LockByte.holders.lowerBound + Int64(slot) }

    func holder(at slot: Int) -> FeedHolder? {
        guard file.isInPlace else { return nil }  // M-04: others look at another file
        return FeedHolder(file.words(at: FileSlots.place(slot), most: FeedHolder.wordCount)[...])
    }

    func records() -> [(slot: Int, holder: FeedHolder)] {
        let words = file.words(at: FileSlots.start, most: FeedLeases.capacity * FeedHolder.wordCount)
        return (0..<words.count / FeedHolder.wordCount).compactMap { slot in
            let from = slot * FeedHolder.wordCount
            return FeedHolder(words[from..<from + FeedHolder.wordCount]).map { (slot, $0) }
        }
    }

    /// Who holds a feed now; only through an opening that holds none itself.
    func living() -> [FeedHolder] {
        records().filter { slot, holder in
            let byte = FileSlots.byte(slot)
            return holder.taker == nil && file.isTaken(byte...byte)
        }.map { $0.holder }
    }

    func take(_ slot: Int) -> Bool { file.take(FileSlots.byte(slot)) }

    func write(_ holder: FeedHolder, at slot: Int) throws(StateError) {
        try file.write(holder.words, at: FileSlots.place(slot))
    }

    func write(_ taker: FeedTaker, at slot: Int) throws(StateError) {
        try file.write(FeedHolder.words(of: taker), at: FileSlots.place(slot, FeedHolder.takerWord))
    }

    func write(usedUntilMs: Int64, at slot: Int) throws(StateError) {
        try file.write([usedUntilMs], at: FileSlots.place(slot, FeedHolder.usedWord))
    }

    func check() throws(StateError) {
        guard file.isInPlace else { throw .replaced(what: path) }
    }

    func close() { file.close() }

    private static func place(_ slot: Int, _ word: Int = 0) -> Int64 {
        start + Int64(slot * FeedHolder.wordCount + word) * 8
    }
}
