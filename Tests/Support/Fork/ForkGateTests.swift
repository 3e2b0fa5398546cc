import CLibc
import Foundation
import Testing

@testable import FlxChannel

struct ForkGateTests {
    /// K-17: what a thread has half done would stay so in the child for ever.
    @Test func noForkComesWhileAThreadIsAtWork() {
        let thread = Worker { flag in
            ForkGate.run {
                flag.set(1)
                usleep(500)
                flag.set(0)
            }
            usleep(20)
        }

        let amid = (0..<100).filter { _ in inChild { thread.flag.value } != 0 }

        thread.end()
        #expect(amid.count < 5)  // a fork waits a second at most; without the wait it is nearly each
    }

    @Test func aWaitWithinACallHoldsNoFork() {
        let thread = Worker { flag in
            ForkGate.run {
                ForkGate.outside {
                    flag.set(1)
                    usleep(3_000_000)
                }
            }
        }
        while thread.flag.value == 0 { usleep(100) }

        #expect(inChild { ForkGate.isTainted ? 1 : 7 } == 7)
        thread.end()
    }

    @Test func theChildOfAForkThatCouldNotWaitKnows() {
        let thread = Worker { flag in
            ForkGate.run {
                flag.set(1)
                while flag.value != 2 { usleep(1000) }
            }
        }
        while thread.flag.value == 0 { usleep(100) }

        let answer = inChild { ForkGate.isTainted ? 7 : 1 }

        thread.flag.set(2)
        thread.end()
        #expect(answer == 7)
        #expect(!ForkGate.isTainted)
    }

    @Test func callsWithinCallsEndOnce() {
        let thread = Worker { flag in
            ForkGate.run { ForkGate.outside { ForkGate.run { ForkGate.run { flag.set(1) } } } }
            flag.set(2)
            usleep(3_000_000)
        }
        while thread.flag.value != 2 { usleep(100) }

        #expect(inChild { ForkGate.isTainted ? 1 : 7 } == 7)
        thread.end()
    }

    @Test func aChildThatIsMadeWithinAWaitGoesOn() {
        let answer = inChild {
            ForkGate.run { ForkGate.outside { inChild { ForkGate.run { inChild { ForkGate.isTainted ? 1 : 7 } ?? 2 } } ?? 3 } }
        }

        #expect(answer == 7)
    }

    /// An `Int32` that threads share.
    private final class Flag: @unchecked Sendable {
        private let place = UnsafeMutablePointer<Int32>.allocate(capacity: 1)

        init() { place.initialize(to: 0) }
        deinit { place.deallocate() }
        var value: Int32 { flxc_load(place) }
        func set(_ value: Int32) { flxc_store(place, value) }
    }

    /// A thread that does something again and again.
    private final class Worker: @unchecked Sendable {
        let flag = Flag()
        private let over = Flag()

        init(_ body: @escaping @Sendable (Flag) -> Void) {
            let (flag, over) = (flag, over)
            Thread { while over.value == 0 { body(flag) } }.start()
        }

        func end() { over.set(1) }
    }
}
