import CLibc

/// What a child made by `fork()` must not keep: our lock descriptors, and locks that a thread of the parent may hold.
///
/// Invariant: a descriptor that stands here is open and is ours. No fork comes between its opening and its standing here,
/// nor between its leaving and its closing, so that no child shares the lock of its parent.
/// A fork waits for the registered locks, briefly, so that the child finds whole what they protect.
/// The child handler allocates nothing and takes no lock: it reads and writes `Int32`s made beforehand.
///
/// Fault row: K-05.
final class ForkGuard: @unchecked Sendable {
    /// Descriptors at a time, in the whole process.
    static let capacity = 4096
    static let lockCapacity = 64
    private static let longestWaitMs: Int64 = 500

    private static let shared = ForkGuard()

    private let lock = Lock()
    private let descriptors: UnsafeMutablePointer<Int32>  // a free slot holds -1
    private let locks: UnsafeMutablePointer<Unmanaged<Lock>?>
    private let state: UnsafeMutablePointer<Int32>  // generation, locks in use, locks taken for a fork
    private var nextSlot = 0

    private init() {
        descriptors = .allocate(capacity: ForkGuard.capacity)
        descriptors.initialize(repeating: -1, count: ForkGuard.capacity)
        locks = .allocate(capacity: ForkGuard.lockCapacity)
        locks.initialize(repeating: nil, count: ForkGuard.lockCapacity)
        locks.pointee = Unmanaged.passRetained(lock)  // Safe: there is room for more than one.
        state = .allocate(capacity: 3)
        state.initialize(repeating: 0, count: 3)
        flxc_store(state + 1, 1)  // Safe: three were allocated.
    }

    /// Grows by one in each child. Who opened something under another generation must let it alone.
    static var generation: Int32 { flxc_load(shared.state) }

    /// Where `generation` stands, for signal handlers: it is there for as long as the process.
    static var generationCell: UnsafePointer<Int32> { UnsafePointer(shared.state) }

    // Called by `ForkGate`, for one fork at a time: before it, and behind it in the parent and in the child.
    static func takeLocks() { shared.takeLocks() }
    static func giveLocks() { shared.giveLocks() }
    static func enterChild() { shared.enterChild() }

    /// What `open` answers instead of a descriptor.
    enum Refusal {
        static let system: Int32 = -1  // errno has the reason
        static let noRoom: Int32 = -2  // as many as `capacity` are open
    }

    /// Opens a file whose descriptor no child keeps. A negative answer is a `Refusal`.
    static func open(_ path: String, _ flags: Int32, mode: UInt32 = 0) -> Int32 {
        ForkGate.install()
        return shared.lock.holding {
            let fd = Descriptor.open(path, flags, mode: mode)
            guard fd >= 0, !shared.put(fd) else { return fd }
            CLibc.close(fd)
            return Refusal.noRoom
        }
    }

    /// Closes what `open` gave. Only in the process that opened it: a child has it closed already.
    static func close(_ fd: Int32) {
        guard fd >= 0 else { return }
        shared.lock.holding {
            shared.remove(fd)
            CLibc.close(fd)
        }
    }

    /// Has children close a descriptor that somebody else opened and will close. It may be -1. False if there is no room.
    @discardableResult
    static func adopt(_ fd: Int32) -> Bool {
        guard fd >= 0 else { return true }
        ForkGate.install()
        return shared.lock.holding { shared.put(fd) }
    }

    /// Before whoever opened it closes it.
    static func disown(_ fd: Int32) {
        guard fd >= 0 else { return }
        shared.lock.holding { shared.remove(fd) }
    }

    /// Has a lock that lives as long as the process made free in every child. False if the table is full.
    @discardableResult
    static func register(_ lock: Lock) -> Bool {
        ForkGate.install()
        return shared.lock.holding {
            let used = flxc_load(shared.locksInUse)
            guard used < lockCapacity else { return false }
            shared.locks[Int(used)] = Unmanaged.passRetained(lock)  // Safe: used is below the capacity.
            flxc_store(shared.locksInUse, used + 1)
            return true
        }
    }

    private var locksInUse: UnsafeMutablePointer<Int32> { state + 1 }  // Safe: three were allocated.
    private var locksTaken: UnsafeMutablePointer<Int32> { state + 2 }

    private func put(_ fd: Int32) -> Bool {
        for step in 0..<ForkGuard.capacity {
            let slot = (nextSlot + step) % ForkGuard.capacity
            guard flxc_load(descriptors + slot) == -1 else { continue }  // Safe: slot is below the capacity.
            flxc_store(descriptors + slot, fd)
            nextSlot = slot + 1
            return true
        }
        return false
    }

    private func remove(_ fd: Int32) {
        for slot in 0..<ForkGuard.capacity where flxc_load(descriptors + slot) == fd {  // Safe: slot is below the capacity.
            flxc_store(descriptors + slot, -1)
            nextSlot = min(nextSlot, slot)
            return
        }
    }

    /// Takes the registered locks in their order; all of them are leaves. Stops at one that does not come free.
    private func takeLocks() {
        let deadline = Deadline.after(ms: ForkGuard.longestWaitMs)
        var taken: Int32 = 0
        while taken < flxc_load(locksInUse), locks[Int(taken)]?.takeUnretainedValue().lock(by: deadline) == true { taken += 1 }
        flxc_store(locksTaken, taken)
    }

    private func giveLocks() {
        for index in 0..<Int(flxc_load(locksTaken)) { locks[index]?.takeUnretainedValue().unlock() }  // Safe: they were taken.
    }

    /// Runs in the child, right after fork, where only async-signal-safe calls are allowed.
    private func enterChild() {
        flxc_store(state, flxc_load(state) &+ 1)
        for slot in 0..<ForkGuard.capacity {
            let fd = flxc_load(descriptors + slot)  // Safe: slot is below the capacity.
            guard fd >= 0 else { continue }
            CLibc.close(fd)
            flxc_store(descriptors + slot, -1)
        }
        for index in 0..<Int(flxc_load(locksInUse)) {
            locks[index]?.takeUnretainedValue().resetAfterFork()  // Safe: locksInUse never exceeds the capacity.
        }
    }
}
