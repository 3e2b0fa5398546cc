/// Where it stands who holds which feed, as one lease of a client sees it.
///
/// A holder has a slot, locked for as long as its process lives, and a record in it. A lock of a process that lives cannot be
/// taken away, a feed can: the taker writes its name into the holder's record and its own record into another slot. So one
/// feed has at most one holder whose slot is locked and whose record names no taker. Records and takers are written where
/// only one process is at a time; so is what a holder writes, which asks there whether the feed is its own still.
protocol FeedSlots: AnyObject {
    /// What stands in the slots, dead or alive.
    func records() throws(StateError) -> [(slot: Int, holder: FeedHolder)]
    /// What stands in a slot of ours; nil if it cannot be ours any more.
    func holder(at slot: Int) -> FeedHolder?
    /// Locks a slot, or answers false: another has it.
    func take(_ slot: Int) throws(StateError) -> Bool
    func write(_ holder: FeedHolder, at slot: Int) throws(StateError)
    func write(_ taker: FeedTaker, at slot: Int) throws(StateError)
    func write(usedUntilMs: Int64, at slot: Int) throws(StateError)
    /// Throws if what was written is nothing that others see.
    func check() throws(StateError)
    /// Lets the slot go that was locked through this object.
    func close()
}

extension FeedSlots {
    /// Locks a slot that nobody has, or answers nil: there is none.
    func takeFree() throws(StateError) -> Int? {
        for slot in 0..<FeedLeases.capacity where try take(slot) { return slot }
        return nil
    }
}
