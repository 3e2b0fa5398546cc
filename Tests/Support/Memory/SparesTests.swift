import Testing

@testable import FlxChannel

/// Memory of pages that were freed is there for the next ones, within limits.
@Suite struct SparesTests {
    private struct Block: SpareBlock, Equatable {
        let room: Int
    }

    private func spares(_ rooms: Int...) -> Spares<Block> {
        let spares = Spares<Block>(most: 3, leastBytes: 100)
        for room in rooms {
            let isKept = spares.keep(Block(room: room))
            #expect(isKept)
        }
        return spares
    }

    @Test func blockThatFitsBestIsTakenOnce() {
        let spares = spares(4000, 1000, 2000)

        #expect(spares.take(900)?.room == 1000)
        #expect(spares.take(900)?.room == 2000)
        #expect(spares.take(900) == nil)  // 4,000 is far too large
        #expect(spares.takeLargest()?.room == 4000)
        #expect(spares.takeLargest() == nil)
    }

    @Test func whatIsSmallOrTooMuchIsNotKept() {
        let spares = spares(1000, 1000, 1000)

        #expect(!spares.keep(Block(room: 1000)))
        #expect(spares.take(1000) != nil)
        #expect(!spares.keep(Block(room: 99)))
        #expect(!spares.keep(Block(room: 5 << 20)))
        #expect(spares.keep(Block(room: 1 << 20)))
    }

    @Test func sizesAreRoundedToPowersOfTwo() {
        #expect([1, 2, 3, 4097, 1 << 20, Int.max - 1].map(SpareSize.rounded) == [1, 2, 4, 8192, 1 << 20, Int.max - 1])
    }

    /// The document may die while somebody else still has its bytes.
    @Test func bytesThatSomebodyHasStayAsTheyAre() throws {
        let text = "[\"" + String(repeating: "x", count: 200_000) + "\"]"
        let bytes = Array(text.utf8)
        do { _ = try JSONDocument.parse(bytes) }

        for _ in 0..<4 {
            var next = PageBytes.take(200_000) ?? []
            #expect(next.isEmpty && next.capacity >= 200_000)
            next.append(contentsOf: repeatElement(0x79, count: 200_000))
        }
        #expect(bytes.elementsEqual(text.utf8))
    }
}
