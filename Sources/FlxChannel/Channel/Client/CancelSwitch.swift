import CLibc

/// The cancel of a client: the switch that the host gave it, or none.
///
/// Invariant: `current` points to a live switch, because the host keeps it until the client is closed or has another.
final class CancelSwitch: @unchecked Sendable {
    private let lock = Lock()
    private var current: UnsafeMutablePointer<CancelFlag>?

    func set(_ flag: UnsafeMutablePointer<CancelFlag>?) {
        lock.holding { current = flag }
    }

    var isFired: Bool {
        lock.holding { current.map { CancelFlag.isFired($0) } ?? false }  // Safe: see the invariant.
    }

    var descriptor: Int32 {
        lock.holding { current.map { CancelFlag.ownDescriptor($0) } ?? -1 }  // Safe: see the invariant.
    }

    /// Waits until it is fired, at most until `deadline`; costs no processor time.
    func wait(until deadline: Deadline) {
        // Now and then it is asked anew, for the host may give the client another cancel meanwhile.
        let ms = min(deadline.remainingMs, CancelSwitch.longestWaitMs)
        guard ms > 0, !isFired else { return }
        var entry = pollfd(fd: descriptor, events: Int16(POLLIN), revents: 0)  // one of -1 is left out
        let woken = ForkGate.outside { poll(&entry, 1, Int32(clamping: ms)) }
        if woken == 1, !isFired { calm() }
    }

    private static let longestWaitMs: Int64 = 1000

    private func calm() {
        lock.holding {
            if let current { CancelFlag.calm(current) }  // Safe: see the invariant.
        }
    }

    var source: CancelSource {
        CancelSource(fd: { [self] in descriptor }, isFired: { [self] in isFired }, calm: { [self] in calm() })
    }
}

/// What a host fires: a flag, and a descriptor that wakes who waits. Lives in memory of its own, so that a signal handler
/// may touch it.
///
/// Invariant: whoever waits does so on a descriptor of this process. That of a copy in a child of fork is the parent's: the
/// child leaves it alone until it waits itself, and has one of its own from then on, under the same number.
struct CancelFlag {
    private var fired: Int32
    /// Of the process whose the descriptor is, by `ForkGuard`.
    private var owner: Int32
    private let current: UnsafePointer<Int32>
    let descriptor: Int32

    private static let flags = Int32(EFD_CLOEXEC | EFD_NONBLOCK)
    /// Held while a child takes a descriptor of its own.
    private static let taking: Lock = {
        let lock = Lock()
        ForkGuard.register(lock)
        return lock
    }()

    /// Nil if the system has no descriptor left.
    static func make() -> UnsafeMutablePointer<CancelFlag>? {
        ForkGate.install()
        let descriptor = Descriptor.raised(eventfd(0, flags))
        guard descriptor >= 0 else { return nil }
        let flag = UnsafeMutablePointer<CancelFlag>.allocate(capacity: 1)
        flag.initialize(
            to: CancelFlag(
                fired: 0, owner: ForkGuard.generation, current: ForkGuard.generationCell, descriptor: descriptor))
        return flag
    }

    static func isFired(_ flag: UnsafeMutablePointer<CancelFlag>) -> Bool {
        flag.withMemoryRebound(to: Int32.self, capacity: 2) { flxc_load($0) != 0 }  // Safe: `fired` is the first member.
    }

    /// Async-signal-safe: two atomic stores' worth of work and a write.
    static func fire(_ flag: UnsafeMutablePointer<CancelFlag>) {
        flag.withMemoryRebound(to: Int32.self, capacity: 2) { flxc_store($0, 1) }  // Safe: `fired` is the first member.
        if isOurs(flag) { wake(flag) }  // else nobody waits on it in this process, and others must not wake
    }

    static func reset(_ flag: UnsafeMutablePointer<CancelFlag>) {
        flag.withMemoryRebound(to: Int32.self, capacity: 2) { flxc_store($0, 0) }  // Safe: `fired` is the first member.
        if isOurs(flag) { empty(flag) }
    }

    /// The descriptor to wait on; -1 if a child can have none of its own.
    static func ownDescriptor(_ flag: UnsafeMutablePointer<CancelFlag>) -> Int32 {
        if isOurs(flag) { return flag.pointee.descriptor }
        return taking.holding {
            if isOurs(flag) { return flag.pointee.descriptor }
            let made = Descriptor.raised(eventfd(0, flags))
            guard made >= 0 else { return -1 }
            defer { close(made) }
            guard dup3(made, flag.pointee.descriptor, O_CLOEXEC) >= 0 else { return -1 }
            // Safe: `owner` is the second member.
            flag.withMemoryRebound(to: Int32.self, capacity: 2) { flxc_store($0 + 1, flxc_load(flag.pointee.current)) }
            if isFired(flag) { wake(flag) }
            return flag.pointee.descriptor
        }
    }

    /// Someone who waits was woken although nothing is fired, as when it was reset meanwhile: nobody is to be woken again for
    /// that. A fire that comes in between is not lost for others who wait.
    static func calm(_ flag: UnsafeMutablePointer<CancelFlag>) {
        guard isOurs(flag) else { return }
        empty(flag)
        if isFired(flag) { wake(flag) }
    }

    private static func isOurs(_ flag: UnsafeMutablePointer<CancelFlag>) -> Bool {
        // Safe: `owner` is the second member.
        flag.withMemoryRebound(to: Int32.self, capacity: 2) { flxc_load($0 + 1) } == flxc_load(flag.pointee.current)
    }

    private static func wake(_ flag: UnsafeMutablePointer<CancelFlag>) {
        var one: UInt64 = 1
        _ = write(flag.pointee.descriptor, &one, 8)
    }

    private static func empty(_ flag: UnsafeMutablePointer<CancelFlag>) {
        var count: UInt64 = 0
        _ = read(flag.pointee.descriptor, &count, 8)
    }

    static func free(_ flag: UnsafeMutablePointer<CancelFlag>) {
        _ = CLibc.close(flag.pointee.descriptor)
        flag.deinitialize(count: 1)
        flag.deallocate()
    }
}
