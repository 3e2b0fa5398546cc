import Testing

@testable import FlxChannel

/// What is kept of a walk that was cut short, as it is written down with its cursor.
struct WalkNoteTests {
    private static func readBack(_ note: CursorNote) -> CursorNote { CursorNote(note.text) }

    @Test func walkIsReadBackAsItWasWritten() {
        var note = CursorNote(origin: 7)
        var walk = WalkNote(pageSize: 100, bound: nil)
        walk.page = 12
        walk.seen = PassProof.Seen(sequence: .max - 4, rows: 1200, isFlawed: true, hasEarlierInFront: true)
        note.walk = walk
        #expect(Self.readBack(note) == note)

        walk.earlier = PassProof.Seen(sequence: 5, rows: 3)
        walk.began = WalkStart(at: Instant(ms: 1_700_000_000_000), isSure: true)
        note.walk = walk
        #expect(Self.readBack(note) == note)
        note.walk = nil
        #expect(Self.readBack(note) == note)
    }

    @Test(
        arguments: [
            #"{"page":-1,"page_size":100,"seen":{"sequence":1,"rows":1}}"#,
            #"{"page":10000000,"page_size":100,"seen":{"sequence":1,"rows":1}}"#,
            #"{"page":1,"page_size":100,"seen":{"sequence":1,"rows":-1}}"#,
            #"{"page":1,"page_size":100}"#, #"{"page":1,"seen":{"sequence":1,"rows":1}}"#, "[]", "7",
        ])
    func nonsenseIsNoWalk(_ walk: String) {
        #expect(CursorNote(#"{"origin":7,"walk":\#(walk)}"#).walk == nil)
        #expect(CursorNote(#"{"origin":7,"walk":\#(walk)}"#).origin == 7)
    }

    @Test func flawsAreNoneWhereTheyAreNotNamed() {
        let note = CursorNote(#"{"walk":{"page":1,"page_size":100,"seen":{"sequence":-1,"rows":9}}}"#)

        #expect(note.walk?.seen == PassProof.Seen(sequence: .max, rows: 9))
        #expect(note.walk?.began == nil)
    }

    @Test func walkIsForgottenWithTheFilters() {
        var note = CursorNote(origin: nil)
        note.walk = WalkNote(pageSize: 100, bound: nil)
        note.forgetFilters()

        #expect(note.walk == nil)
    }
}
