import CLibc
import Testing

@testable import FlxChannel

struct RandomTests {
    @Test func bytesAreAsManyAsAskedForAndDiffer() throws {
        let (one, two) = (try #require(Random.bytes(32)), try #require(Random.bytes(32)))

        #expect(one.count == 32)
        #expect(one != two)
        #expect(Random.bytes(0) == [])
    }

    @Test func distinctNamesDiffer() {
        let names = Set((0..<1000).map { _ in Random.distinct(8) })

        #expect(names.count == 1000)
        #expect(Random.distinct(100).count == 100)
    }

    @Test func numbersStayWithinTheirBound() {
        #expect((0..<1000).allSatisfy { _ in (0...7).contains(Random.upTo(7)) })
        #expect(Random.upTo(-1) == 0)
        #expect(Random.upTo(Int64.max) >= 0)
    }
}
