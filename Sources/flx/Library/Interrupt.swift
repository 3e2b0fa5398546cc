import CFlxChannel
import Glibc

/// Lets SIGINT and SIGTERM end what is under way: the call into the library returns, and nothing that it accepted is lost.
///
/// There is one in a process. A second signal ends the process at once.
final class Interrupt {
    let handle: OpaquePointer?

    init() throws {
        handle = flx_cancel_new()
        let pipe = try Pipe()
        Pipe.waitForNothing(pipe.writer)
        (Interrupt.fired, Interrupt.ends) = (handle, (pipe.reader, pipe.writer))
        for number in [SIGINT, SIGTERM] {
            Glibc.signal(number) { number in
                if Interrupt.caught != 0 { _exit(128 + number) }
                Interrupt.caught = number
                flx_cancel_fire(Interrupt.fired)
                var byte: UInt8 = 1
                _ = write(Interrupt.ends.1, &byte, 1)
            }
        }
    }

    /// The signal that came; 0 as long as none did.
    var signal: Int32 { Interrupt.caught }

    /// Can be read from once a signal came.
    var descriptor: Int32 { Interrupt.ends.0 }

    /// Sleeps; false when a signal came meanwhile.
    func sleep(ms: Int64) -> Bool {
        let end = Instant.monotonicMs() + ms
        while caughtNone {
            let left = end - Instant.monotonicMs()
            guard left > 0 else { return true }
            var waited = pollfd(fd: Interrupt.ends.0, events: Int16(POLLIN), revents: 0)
            _ = poll(&waited, 1, Int32(clamping: left))
        }
        return false
    }

    private var caughtNone: Bool { Interrupt.caught == 0 }

    // Read by the handler of signals: plain words that are written before it is set, and by itself.
    nonisolated(unsafe) private static var fired: OpaquePointer?
    nonisolated(unsafe) private static var caught: Int32 = 0
    nonisolated(unsafe) private static var ends: (Int32, Int32) = (-1, -1)
}
