import Testing

@testable import FlxChannel

struct LateRowsTests {
    private static let cursor = Instant(ms: 10_000_000)

    /// A note of a cursor whose first walk is over.
    private static func walked() -> CursorNote {
        var note = CursorNote(origin: nil)
        note.reconciledAt = 1
        return note
    }

    @Test func rowFromBeforeTheCursorIsToldOnceAndAgainWhenItIsWorse() {
        var note = Self.walked()
        var late = LateRows(cursorAt: Self.cursor)
        let told = [0, 1000, 5000, 3000, 9000].map { late.gave(Self.cursor.ms - $0, &note) }

        #expect(told == [nil, 1000, 5000, nil, 9000])
        #expect(note.lateMs == 9000)
    }

    @Test func latenessOfAnEarlierPullIsToldOnceToo() {
        var note = Self.walked()
        _ = note.learn(lateMs: 60_000)
        var late = LateRows(cursorAt: Self.cursor)

        #expect(late.gave(Self.cursor.ms - 1000, &note) == 1000)
        #expect(late.gave(Self.cursor.ms - 2000, &note) == nil)
        #expect(note.lateMs == 60_000)
    }

    @Test func rowThatCameBackAfterADayIsToldAndNotLearnt() {
        var note = Self.walked()
        var late = LateRows(cursorAt: Self.cursor)

        #expect(late.gave(Self.cursor.ms - 86_400_000, &note) == 86_400_000)
        #expect(note.lateMs == 0)
    }

    @Test func nothingIsLateInAFirstWalk() {
        var new = CursorNote(origin: nil)
        var (first, without) = (LateRows(cursorAt: Self.cursor), LateRows(cursorAt: nil))
        var note = Self.walked()

        #expect(first.gave(Self.cursor.ms - 1000, &new) == nil)
        #expect(without.gave(1, &note) == nil)
        #expect(new.lateMs == 0)
    }
}
