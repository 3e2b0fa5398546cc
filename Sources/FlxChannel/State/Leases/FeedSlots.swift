/// The part of the lock file in which it stands who holds which feed.
///
/// A holder has a slot of its own: it locks the slot's byte, which the kernel takes back when its process dies, and writes
/// its record there. A lock of a process that lives cannot be taken away, a feed can: the taker writes its name into the
/// holder's record and its own record into another slot. So one feed has at most one holder whose byte is locked and whose
/// record names no taker, and whoever slept through its loss and wakes writes nowhere but into its own slot.
///
/// Records and takers are written in the writer gate; hence who is in the gate and has no taker will have none until it
/// leaves, and a write that asks there is refused in time.
struct FeedSlots {
    /// Holders at a time, in all processes of a channel.
    static let capacity = 256
    /// Behind the stamp. The first slots share its block, so that a full disk has room for them.
    private static let start: Int64 = 64

    let file: LockFile

    static func byte(_ slot: Int) -> Int64 { LockByte.holders.lowerBound + Int64(slot) }

    func holder(at slot: Int) -> FeedHolder? {
        FeedHolder(file.words(at: FeedSlots.place(slot), most: FeedHolder.wordCount)[...])
    }

    /// What stands in the slots, dead or alive.
    func records() -> [(slot: Int, holder: FeedHolder)] {
        let words = file.words(at: FeedSlots.start, most: FeedSlots.capacity * FeedHolder.wordCount)
        return (0..<words.count / FeedHolder.wordCount).compactMap { slot in
            let from = slot * FeedHolder.wordCount
            return FeedHolder(words[from..<from + FeedHolder.wordCount]).map { (slot, $0) }
        }
    }

    /// Who holds a feed now; only through an opening that holds none itself.
    func living() -> [FeedHolder] {
        records().filter { slot, holder in
            let byte = FeedSlots.byte(slot)
            return holder.taker == nil && file.isTaken(byte...byte)
        }.map { $0.holder }
    }

    /// Locks a slot that nobody has, or answers nil: there is none.
    func takeFree() -> Int? { (0..<FeedSlots.capacity).first { file.take(FeedSlots.byte($0)) } }

    func write(_ holder: FeedHolder, at slot: Int) throws(StateError) {
        try file.write(holder.words, at: FeedSlots.place(slot))
    }

    func write(_ taker: FeedTaker, at slot: Int) throws(StateError) {
        try file.write(FeedHolder.words(of: taker), at: FeedSlots.place(slot, FeedHolder.takerWord))
    }

    func write(usedUntilMs: Int64, at slot: Int) throws(StateError) {
        try file.write([usedUntilMs], at: FeedSlots.place(slot, FeedHolder.usedWord))
    }

    private static func place(_ slot: Int, _ word: Int = 0) -> Int64 {
        start + Int64(slot * FeedHolder.wordCount + word) * 8
    }
}
