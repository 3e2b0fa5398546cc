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

    @Test func feedLocksAreByFeedAndName() throws {
        let scratch = Scratch()
        let store = try scratch.store()
        let held = [try store.lockFeed(1, name: ""), try store.lockFeed(3, name: "erp")]

        #expect(held.allSatisfy { $0 != nil })
        #expect(try store.lockFeed(1, name: "") == nil)
        #expect(try store.lockFeed(3, name: "erp") == nil)
        #expect(try store.lockFeed(3, name: "mail") != nil)
        #expect(try store.lockFeed(4, name: "erp") != nil)
        #expect(try store.lockFeed(2, name: "") != nil)
        #expect(try store.accept("A-1") == 1)  // the gate is another byte
    }

    @Test func lockBytesOfDifferentThingsDoNotMeet() {
        #expect(LockByte.order(0) == 4096)
        #expect(LockByte.order(.max) < 1 << 62)
        #expect(LockByte.feed(0, name: "") == 16)
        #expect(LockByte.feed(4079, name: "") < LockByte.order(0))
        #expect(LockByte.feed(4080, name: "") >= 1 << 62)
        #expect(LockByte.feed(-1, name: "") >= 1 << 62)
        #expect(LockByte.feed(3, name: "erp") >= 1 << 62)
    }
}
