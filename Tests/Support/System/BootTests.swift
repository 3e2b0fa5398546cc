import Testing

@testable import FlxChannel

/// K-15: two processes of which one does not see the name of the boot.
struct BootTests {
    private let then = Moment(bootMs: 50_000, wallMs: 1_700_000_000_000)
    private let soon = Moment(bootMs: 80_000, wallMs: 1_700_000_030_000)

    @Test func namesDecideWhereBothAreKnown() {
        #expect(Boot.isSame(5, at: then, 5, at: Moment(bootMs: 1, wallMs: 0)))
        #expect(!Boot.isSame(5, at: then, 6, at: soon))
    }

    @Test(arguments: [(0, 5), (5, 0), (0, 0)] as [(UInt64, UInt64)])
    func clocksDecideWhereOneIsNot(_ names: (UInt64, UInt64)) {
        func isSame(_ now: Moment) -> Bool { Boot.isSame(names.0, at: then, names.1, at: now) }

        #expect(isSame(soon))
        #expect(isSame(Moment(bootMs: 80_000, wallMs: soon.wallMs + 30_000)))  // the wall clock was set a little
        #expect(!isSame(Moment(bootMs: 20_000, wallMs: soon.wallMs)))  // started anew
        #expect(!isSame(Moment(bootMs: 80_000, wallMs: soon.wallMs + 3_600_000)))
        #expect(!Boot.isSame(names.0, at: Moment(bootMs: 0, wallMs: Int64.min), names.1, at: Moment(bootMs: 0, wallMs: Int64.max)))
    }
}
