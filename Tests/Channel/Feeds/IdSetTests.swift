import Testing

@testable import FlxChannel

struct IdSetTests {
    @Test func idIsNewOnce() {
        let given = ["0", "1", "63", "64", "9007199254740993", "9223372036854775807", "2", "65", "9223372036854775806"]
        var ids = IdSet()

        let first = given.map { ids.insert($0) }
        let second = given.map { ids.insert($0) }
        #expect(first.allSatisfy { $0 })
        #expect(second.allSatisfy { !$0 })
    }

    @Test func denseAndSparseIdsAreTheSameToIt() {
        var ids = IdSet()
        var model = Set<Int64>()
        var seed: UInt64 = 42
        for step in 0..<4000 {
            seed = seed &* 6_364_136_223_846_793_005 &+ 1
            let id = step % 2 == 0 ? Int64(seed >> 52) : Int64(seed >> 1)
            let (isNew, wanted) = (ids.insert("\(id)"), model.insert(id).inserted)
            #expect(isNew == wanted)
        }
    }
}
