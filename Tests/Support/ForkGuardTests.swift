import CLibc
import Testing

@testable import FlxChannel

struct ForkGuardTests {
    @Test func generationGrowsInTheChildOnly() {
        ForkGuard.install()
        let before = ForkGuard.generation

        let inTheChild = inChild { ForkGuard.generation - before }

        #expect(inTheChild == 1)
        #expect(ForkGuard.generation == before)
    }

    @Test func registeredDescriptorIsClosedInTheChildAndNotInTheParent() {
        let scratch = Scratch()
        let fd = flxc_open(scratch.at("lock"), O_RDWR | O_CREAT, 0o600)
        #expect(ForkGuard.register(fd))

        let closed = inChild { dup(fd) == -1 && flxc_errno() == EBADF ? 7 : 0 }

        #expect(closed == 7)
        var status = stat()
        #expect(fstat(fd, &status) == 0)
        ForkGuard.unregister(fd)
        close(fd)
    }

    @Test func unregisteredDescriptorIsLeftAlone() {
        let scratch = Scratch()
        let fd = flxc_open(scratch.at("lock"), O_RDWR | O_CREAT, 0o600)
        ForkGuard.register(fd)
        ForkGuard.unregister(fd)

        let isOpen = inChild { dup(fd) >= 0 ? 7 : 0 }

        #expect(isOpen == 7)
        close(fd)
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

    @Test func negativeDescriptorIsRefused() {
        #expect(!ForkGuard.register(-1))
    }
}
