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
        lock.holding { current.map { $0.pointee.descriptor } ?? -1 }  // Safe: see the invariant.
    }

    var source: CancelSource {
        CancelSource(fd: { [self] in descriptor }, isFired: { [self] in isFired })
    }
}

/// What a host fires: a flag, and a descriptor that wakes who waits. Lives in memory of its own, so that a signal handler
/// may touch it.
struct CancelFlag {
    private var fired: Int32
    let descriptor: Int32

    /// Nil if the system has no descriptor left.
    static func make() -> UnsafeMutablePointer<CancelFlag>? {
        let descriptor = eventfd(0, Int32(EFD_CLOEXEC | EFD_NONBLOCK))
        guard descriptor >= 0 else { return nil }
        let flag = UnsafeMutablePointer<CancelFlag>.allocate(capacity: 1)
        flag.initialize(to: CancelFlag(fired: 0, descriptor: descriptor))
        return flag
    }

    static func isFired(_ flag: UnsafeMutablePointer<CancelFlag>) -> Bool {
        flag.withMemoryRebound(to: Int32.self, capacity: 1) { flxc_load($0) != 0 }  // Safe: `fired` is the first member.
    }

    /// Async-signal-safe: two atomic stores' worth of work and a write.
    static func fire(_ flag: UnsafeMutablePointer<CancelFlag>) {
        flag.withMemoryRebound(to: Int32.self, capacity: 1) { flxc_store($0, 1) }  // Safe: `fired` is the first member.
        var one: UInt64 = 1
        _ = write(flag.pointee.descriptor, &one, 8)
    }

    static func reset(_ flag: UnsafeMutablePointer<CancelFlag>) {
        flag.withMemoryRebound(to: Int32.self, capacity: 1) { flxc_store($0, 0) }  // Safe: `fired` is the first member.
        var count: UInt64 = 0
        _ = read(flag.pointee.descriptor, &count, 8)
    }

    static func free(_ flag: UnsafeMutablePointer<CancelFlag>) {
        _ = CLibc.close(flag.pointee.descriptor)
        flag.deinitialize(count: 1)
        flag.deallocate()
    }
}
