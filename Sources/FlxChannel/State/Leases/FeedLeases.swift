/// The feeds that one open store holds, and how it comes to hold them.
final class FeedLeases: @unchecked Sendable {
    /// Holders at a time, in all processes of a channel.
    static let capacity = 256

    private let lock = Lock()
    private var leases: [FeedLease] = []

    enum Attempt {
        case taken(FeedLease)
        /// Somebody else has it, and uses it.
        case held(FeedHolder)
    }

    /// Takes a feed that nobody holds, or whose holder was idle for too long. Only in the writer gate.
    func lease(_ wanted: FeedHolder, _ slots: any FeedSlots) throws(StateError) -> Attempt {
        sweep()
        var mine: Int?
        var idle: (slot: Int, holder: FeedHolder)?
        for (slot, found) in try slots.records() where found.taker == nil && found.isOf(wanted.feed, wanted.name) {
            if mine == nil, try slots.take(slot) {  // its process ended, or released it
                mine = slot
            } else if found.isIdle() {
                idle = (slot, found)
            } else {
                return .held(found)
            }
        }
        if mine == nil { mine = try slots.takeFree() }
        guard let slot = mine else {
            throw .path(reason: "\(FeedLeases.capacity) feeds and cursors of this channel are held already; close pulls")
        }
        try slots.write(wanted, at: slot)
        if let idle { try slots.write(FeedTaker(process: wanted.process, at: wanted.since), at: idle.slot) }
        try slots.check()
        let lease = FeedLease(wanted, slots, slot: slot, takenFrom: idle?.holder)
        lock.holding { leases.append(lease) }
        return .taken(lease)
    }

    /// The host is at work with what a pull of `feed` gave it.
    func touch(_ feed: Int32) {
        for lease in held() where lease.holder.role == .pull && lease.holder.feed == feed { lease.touch() }
    }

    func releaseAll() {
        for lease in held() { lease.release() }
        lock.holding { leases = [] }
    }

    /// Lets the slots of lost feeds go, whose pulls nobody may ever call again.
    private func sweep() {
        for lease in held() { try? lease.check() }
        lock.holding { leases.removeAll { $0.isOver } }
    }

    private func held() -> [FeedLease] { lock.holding { leases } }
}
