import CLibc
import Foundation
import Testing

@testable import FlxChannel

struct ForkGuardTests {
    @Test func generationGrowsInTheChildOnly() {
        ForkGate.install()
        let before = ForkGuard.generation

        let inTheChild = inChild { ForkGuard.generation - before }

        #expect(inTheChild == 1)
        #expect(ForkGuard.generation == before)
    }

    @Test func descriptorIsClosedInTheChildAndNotInTheParent() {
        let scratch = Scratch()
        let fd = ForkGuard.open(scratch.at("lock"), O_RDWR | O_CREAT, mode: 0o600)
        #expect(fd >= 0)

        let closed = inChild { dup(fd) == -1 && flxc_errno() == EBADF ? 7 : 0 }

        #expect(closed == 7)
        var status = stat()
        #expect(fstat(fd, &status) == 0)
        ForkGuard.close(fd)
    }

    @Test func numberOfAClosedDescriptorIsForgotten() {
        let scratch = Scratch()
        let fd = ForkGuard.open(scratch.at("lock"), O_RDWR | O_CREAT, mode: 0o600)
        ForkGuard.close(fd)

        let isLeft = inChild {  // what another door gave this number later is none of ours
            let other = flxc_open(scratch.at("lock"), O_RDWR, 0)
            dup3(other, fd, 0)
            return inChild { dup(fd) >= 0 ? 7 : 0 } ?? 0
        }

        #expect(isLeft == 7)
    }

    /// K-05: between the opening and its being known no fork may come, or the child would share the lock of its parent.
    @Test func noForkComesBetweenOpeningAndStanding() {
        let scratch = Scratch()
        let path = scratch.at("lock")
        scratch.write("lock", "")
        let ends = Ends()
        let thread = Thread {
            while !ends.isOver {
                ForkGuard.close(ForkGuard.open(path, O_RDWR))
                usleep(20)
            }
        }
        thread.start()

        let kept = (0..<300).filter { _ in inChild { isOpen(path) ? 1 : 0 } != 0 }

        ends.end()
        #expect(kept.count < 5)  // a fork waits half a second at most, and other tests fork too; without the wait it is every third
    }

    @Test func lockHeldAtForkIsFreeInTheChild() {
        let lock = Lock()
        ForkGuard.register(lock)
        #expect(lock.lock(by: .after(ms: 0)))

        let isFree = inChild { lock.lock(by: .after(ms: 0)) ? 7 : 0 }

        #expect(isFree == 7)
        #expect(!lock.lock(by: .after(ms: 0)))
        lock.unlock()
    }

    @Test func missingFileIsTold() {
        #expect(ForkGuard.open(Scratch().at("none"), O_RDWR) == ForkGuard.Refusal.system)
    }

    /// Whether this process has the file at `path` open.
    private func isOpen(_ path: String) -> Bool {
        var named = stat()
        stat(path, &named)
        return (Int32(0)..<256).contains { fd in
            var open = stat()
            return fstat(fd, &open) == 0 && open.st_ino == named.st_ino && open.st_dev == named.st_dev
        }
    }

    private final class Ends: @unchecked Sendable {
        private let lock = Lock()
        private var over = false

        var isOver: Bool { lock.holding { over } }
        func end() { lock.holding { over = true } }
    }
}
