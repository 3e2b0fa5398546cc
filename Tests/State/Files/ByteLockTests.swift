import Testing

@testable import FlxChannel

struct ByteLockTests {
    @Test func leaseIsOfOneClientUntilReleased() throws {
        let scratch = Scratch()
        let one = try scratch.store()
        let two = try scratch.store()
        let lease = try #require(try one.lease(row: 5))

        #expect(try one.lease(row: 5) == nil)
        #expect(try two.lease(row: 5) == nil)
        #expect(try two.lease(row: 6) != nil)
        lease.release()
        lease.release()
        #expect(try two.lease(row: 5) != nil)
    }

    @Test func lockBytesOfDifferentThingsDoNotMeet() {
        #expect(LockByte.order(0) == 4096)
        #expect(LockByte.line.upperBound < LockByte.holders.lowerBound)
        #expect(FileSlots.byte(FeedLeases.capacity - 1) <= LockByte.holders.upperBound)
        #expect(LockByte.holders.upperBound < LockByte.order(0))
    }
}
