import Testing

@testable import FlxChannel

struct ByteLockTests {
    @Test func claimIsOfOneClientUntilReleased() throws {
        let scratch = Scratch()
        let one = try scratch.store()
        let two = try scratch.store()
        let claim = try #require(try one.claim(row: 5))

        #expect(try one.claim(row: 5) == nil)
        #expect(try two.claim(row: 5) == nil)
        #expect(try two.claim(row: 6) != nil)
        claim.release()
        claim.release()
        #expect(try two.claim(row: 5) != nil)
    }

    @Test func lockBytesOfDifferentThingsDoNotMeet() {
        #expect(LockByte.order(0) == 4096)
        #expect(LockByte.line.upperBound < LockByte.holders.lowerBound)
        #expect(FeedSlots.byte(FeedSlots.capacity - 1) <= LockByte.holders.upperBound)
        #expect(LockByte.holders.upperBound < LockByte.order(0))
    }
}
