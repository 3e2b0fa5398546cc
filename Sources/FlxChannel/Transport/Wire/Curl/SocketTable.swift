import CCurl
import CLibc

/// The sockets libcurl has open for one transport, so that a child of `fork` can take its hands off them.
///
/// Invariant: every socket is made here, close-on-exec, and stands in a slot until it is closed. Outlives the multi
/// handle whose connections point to it.
final class SocketTable {
    private static let capacity = 64

    private let slots: UnsafeMutablePointer<Int32>  // a free slot holds -1

    init() {
        slots = .allocate(capacity: SocketTable.capacity)
        slots.initialize(repeating: -1, count: SocketTable.capacity)
    }

    deinit {
        slots.deallocate()
    }

    func attach(to easy: UnsafeMutableRawPointer) {
        let context = Unmanaged.passUnretained(self).toOpaque()  // Safe: the transport keeps self beyond its multi handle.
        _ = flxc_set_opensocket(easy) { context, _, address in
            guard let address, let table = SocketTable.of(context) else { return -1 }
            return table.open(address)
        }
        _ = flxc_set_pointer(easy, CURLOPT_OPENSOCKETDATA, context)
        _ = flxc_set_closesocket(easy) { context, fd in
            SocketTable.of(context)?.closeSocket(fd) ?? close(fd)
        }
        _ = flxc_set_pointer(easy, CURLOPT_CLOSESOCKETDATA, context)
    }

    /// Puts /dev/null over every socket: what libcurl writes at its end then reaches nobody (decision 20).
    func muteAfterFork() {
        let null = Descriptor.open("/dev/null", O_RDWR)
        guard null >= 0 else { return }
        for slot in 0..<SocketTable.capacity where slots[slot] >= 0 {
            dup2(null, slots[slot])
            _ = flxc_close_on_exec(slots[slot])
        }
        close(null)
    }

    private static func of(_ context: UnsafeMutableRawPointer?) -> SocketTable? {
        guard let context else { return nil }
        return Unmanaged<SocketTable>.fromOpaque(context).takeUnretainedValue()  // Safe: see attach.
    }

    private func open(_ address: UnsafeMutablePointer<curl_sockaddr>) -> Int32 {
        guard let slot = (0..<SocketTable.capacity).first(where: { slots[$0] == -1 }) else { return -1 }
        let fd = Descriptor.raised(flxc_cloexec_socket(address))
        slots[slot] = fd
        return fd
    }

    private func closeSocket(_ fd: Int32) -> Int32 {
        for slot in 0..<SocketTable.capacity where slots[slot] == fd { slots[slot] = -1 }
        return close(fd)
    }
}
