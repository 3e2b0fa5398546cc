import Testing

@testable import FlxChannel

/// Passes over a list, as their pages came, and whether they prove that no row was skipped.
struct PassProofTests {
    /// A pass of pages of rows (id, updatedAt in minutes), which ends; true if it is the proof.
    private final class Passes {
        private(set) var proof: PassProof

        init(after earlier: PassProof.Seen? = nil, goingOnWith begun: PassProof.Seen? = nil) {
            proof = PassProof(after: earlier, goingOnWith: begun)
        }

        /// A pass of pages of rows (id, updatedAt in minutes) ends; true if it is the proof.
        func end(_ pages: [[(Int, Int)]], isLate: Bool = false, hasRepeated: Bool = false, pageSize: Int64 = 100) throws -> Bool {
            let texts = pages.map { $0.map { #"{"id":\#($0.0),"updatedAt":"2026-01-31T11:\#($0.1 + 10):00Z"}"# } }
            return try end(texts: texts, isLate: isLate, hasRepeated: hasRepeated, pageSize: pageSize)
        }

        func add(_ texts: [[String]]) throws {
            for page in texts { proof.add(try JSONDocument.parsePage(Array("[\(page.joined(separator: ","))]".utf8))) }
        }

        func end(texts: [[String]], isLate: Bool = false, hasRepeated: Bool = false, pageSize: Int64 = 100) throws -> Bool {
            try add(texts)
            if isLate { proof.foundFlaw() }
            let tally = PageWalkMachine.Tally(rows: texts.reduce(0) { $0 + $1.count }, pagesWithRows: texts.count)
            return proof.endPass(tally, hasRepeated: hasRepeated, pageSize: pageSize)
        }
    }

    private static func pages(_ ids: [Int]...) -> [[(Int, Int)]] { ids.map { $0.map { ($0, 0) } } }

    // MARK: one pass

    /// (rows, page size, is proof)
    @Test(
        arguments: [(0, 100, true), (1, 100, true), (9, 100, true), (10, 100, false), (4, 5, true), (5, 5, false)]
            as [(Int, Int64, Bool)])
    func pageThatHoldsTheWholeListIsTheProof(_ rows: Int, _ pageSize: Int64, _ isProof: Bool) throws {
        let proof = Passes()
        let pages = rows == 0 ? [] : Self.pages(Array(1...rows))

        #expect(try proof.end(pages, pageSize: pageSize) == isProof)
    }

    @Test func onePassOverMorePagesProvesNothing() throws {
        let proof = Passes()

        #expect(try !proof.end(Self.pages([1], [2])))
    }

    // MARK: two passes

    /// (first pass, second pass, is proof)
    @Test(
        arguments: [
            ([[1, 2], [3]], [[1, 2], [3]], true),
            ([[3, 1], [2]], [[3], [1, 2]], true),  // any order, the same sequence
            ([[3, 1], [2]], [[1, 3], [2]], false),
            ([[1, 2], [3]], [[1, 2], [3, 4]], true),  // by id: the second has all rows of the first
            ([[3, 2], [1]], [[4, 3], [2, 1]], true),
            ([[1, 2], [4]], [[2, 3], [4]], false),  // P-01: row 1 went, so that one may have moved over the edge
            ([[1, 2], [3]], [[1], [3]], false),
        ] as [([[Int]], [[Int]], Bool)])
    func secondPassIsTheProofIfNoRowCanHaveBeenSkipped(_ first: [[Int]], _ second: [[Int]], _ isProof: Bool) throws {
        let proof = Passes()
        _ = try proof.end(first.map { $0.map { ($0, $0 * 7 % 5) } })

        #expect(try proof.end(second.map { $0.map { ($0, $0 * 7 % 5) } }) == isProof)
    }

    @Test func newestFirstIsAnOrderThatHoldsItsRows() throws {
        let proof = Passes()
        _ = try proof.end([[(5, 9), (2, 8)], [(7, 1)]])

        #expect(try proof.end([[(4, 10), (5, 9)], [(2, 8), (7, 1)]]))
        #expect(try !proof.end([[(4, 10), (5, 9)], [(7, 1)]]), "row 2 is gone")
    }

    @Test func rowsInNoOrderAndAnotherSequenceProveNothing() throws {
        let proof = Passes()
        _ = try proof.end([[(5, 1), (2, 8)], [(7, 3)]])

        #expect(try !proof.end([[(5, 1), (7, 3)], [(2, 8)]]))
    }

    // MARK: what speaks against it

    @Test func rowThatCameLateOrAPageThatCameTwiceUndoesTheProofOfItsPassOnly() throws {
        let list = Self.pages([1], [2])
        let proof = Passes()
        _ = try proof.end(list)
        #expect(try !proof.end(list, isLate: true))
        #expect(try !proof.end(list, hasRepeated: true))
        #expect(try proof.end(list))

        let onePage = Passes()
        #expect(try !onePage.end(Self.pages([1]), hasRepeated: true))
    }

    @Test func badRecordsAreRowsInTheirPlaces() throws {
        let (good, bad, rest) = (#"{"id":1}"#, #"{"id":2,"x":"\ud800"}"#, #"{"id":3}"#)
        let proof = Passes()
        _ = try proof.end(texts: [[good, bad, rest], [good]])

        #expect(try proof.end(texts: [[good], [bad, rest, good]]))
        #expect(try !proof.end(texts: [[good, rest], [good]]), "a bad one is gone")
    }

    // MARK: across pulls

    /// What a pull saw of these pages when it was closed before the end of the list.
    private static func begun(_ pages: [[(Int, Int)]], after earlier: PassProof.Seen? = nil) throws -> PassProof.Seen {
        let proof = Passes(after: earlier)
        try proof.add(pages.map { $0.map { #"{"id":\#($0.0)}"# } })
        return proof.proof.seen
    }

    @Test func sequenceOfAnEarlierPullIsTheFirstOfTwoPasses() throws {
        let first = Passes()
        _ = try first.end(Self.pages([1, 2], [3]))
        let ended = try #require(first.proof.ended)

        #expect(try Passes(after: ended).end(Self.pages([1], [2, 3])))
        #expect(try Passes(after: ended).end(Self.pages([1, 2], [3, 4])), "what is new stands behind the rest")
        #expect(try !Passes(after: ended).end(Self.pages([1, 4], [2, 3])))
        #expect(try !Passes(after: ended).end(Self.pages([1], [2])))
        let ofAnotherWalk = PassProof.Seen(sequence: ended.sequence)
        #expect(try Passes(after: ofAnotherWalk).end(Self.pages([1], [2, 3])))
        #expect(try !Passes(after: ofAnotherWalk).end(Self.pages([1, 2], [3, 4])), "row 4 may be older than this walk")
    }

    @Test func passThatAnEarlierPullBeganGoesOn() throws {
        let first = Passes(goingOnWith: try Self.begun(Self.pages([5, 1], [3])))
        #expect(try !first.end(Self.pages([2])), "one page, but not the whole list")
        let ended = try #require(first.proof.ended)
        #expect(try first.end(Self.pages([5, 1], [3, 2])))

        let begun = try Self.begun(Self.pages([5, 1]), after: ended)
        #expect(try Passes(after: ended, goingOnWith: begun).end(Self.pages([3, 2])))
        #expect(try !Passes(after: ended, goingOnWith: begun).end(Self.pages([2, 3])))
        let behind = try Self.begun(Self.pages([5, 1], [3, 2], [7]), after: ended)
        #expect(try Passes(after: ended, goingOnWith: behind).end(Self.pages([8])), "the rows of the first are behind it")
    }

    @Test func flawOfAPassOutlivesThePull() throws {
        let list = Self.pages([1], [2])
        let first = Passes()
        _ = try first.end(list)
        var begun = try Self.begun(Self.pages([1]))
        begun.isFlawed = true

        #expect(try !Passes(after: first.proof.ended, goingOnWith: begun).end(Self.pages([2])))
    }
}
