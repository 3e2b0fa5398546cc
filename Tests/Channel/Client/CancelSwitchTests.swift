import CFlxChannel
import CLibc
import Testing

@testable import FlxChannel

struct CancelSwitchTests {
    @Test func clientWithoutACancelIsNeverCanceled() {
        #expect(!CancelSwitch().isFired)
        #expect(CancelSwitch().descriptor == -1)
    }

    @Test func firingWakesWhoWaitsAndResettingTakesItBack() throws {
        let flag = try #require(CancelFlag.make())
        defer { CancelFlag.free(flag) }
        let cancel = CancelSwitch()
        cancel.set(flag)

        #expect(!cancel.isFired)
        #expect(!isReadable(cancel.descriptor))
        CancelFlag.fire(flag)
        CancelFlag.fire(flag)
        #expect(cancel.isFired)
        #expect(cancel.source.isFired())
        #expect(isReadable(cancel.descriptor))
        CancelFlag.reset(flag)
        CancelFlag.reset(flag)
        #expect(!cancel.isFired)
        #expect(!isReadable(cancel.descriptor))
    }

    @Test func oneCancelServesSeveralClientsAndCanBeTakenAway() throws {
        let flag = try #require(CancelFlag.make())
        defer { CancelFlag.free(flag) }
        let (one, other) = (CancelSwitch(), CancelSwitch())
        one.set(flag)
        other.set(flag)
        CancelFlag.fire(flag)

        #expect(one.isFired)
        #expect(other.isFired)
        other.set(nil)
        #expect(!other.isFired)
    }

    @Test func firedCancelEndsAWaitAndALaterCallAtOnce() throws {
        let rig = HubRig { _ in .empty }
        let client = try rig.client()
        defer { client.close() }
        let flag = try #require(CancelFlag.make())
        client.cancel.set(flag)
        let pull = try client.open(.listingsToSync)
        CancelFlag.fire(flag)

        #expect(refusal { try pull.next(by: .after(ms: 5000)) }?.code == FLX_E_CANCELED)
        #expect(refusal { try client.flushNow() }?.code == FLX_E_CANCELED)
        CancelFlag.reset(flag)
        #expect(try pull.page() == nil)
        pull.close()
        client.cancel.set(nil)
        CancelFlag.free(flag)
    }

    @Test func waitEndsWhenItIsFiredAndElseAtItsDeadline() throws {
        let flag = try #require(CancelFlag.make())
        defer { CancelFlag.free(flag) }
        let cancel = CancelSwitch()
        for given in [nil, flag] {
            cancel.set(given)
            takes(100...160) { cancel.wait(until: .after(ms: 100)) }
        }

        let start = Clock.monotonicMs()
        nonisolated(unsafe) let shared = flag
        onThreads(2) { index in
            if index == 0 {
                cancel.wait(until: .after(ms: 60_000))
            } else {
                TestSystem.sleep(ms: 50)
                CancelFlag.fire(shared)
            }
        }
        #expect(Clock.monotonicMs() - start < 30_000)
    }

    /// What is left in the descriptor when nothing is fired must not make a wait spin.
    @Test func wakeUpWithoutAFireIsTakenAway() throws {
        let flag = try #require(CancelFlag.make())
        defer { CancelFlag.free(flag) }
        let cancel = CancelSwitch()
        cancel.set(flag)
        var one: UInt64 = 1
        #expect(write(cancel.descriptor, &one, 8) == 8)
        cancel.wait(until: .after(ms: 100))
        #expect(!isReadable(cancel.descriptor))

        CancelFlag.fire(flag)
        cancel.source.calm()
        #expect(isReadable(cancel.descriptor), "a fire is not taken away")
    }

    private func isReadable(_ descriptor: Int32) -> Bool {
        var entry = pollfd(fd: descriptor, events: Int16(POLLIN), revents: 0)
        return poll(&entry, 1, 0) == 1
    }
}
