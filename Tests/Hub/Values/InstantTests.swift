import Testing

@testable import FlxChannel

@Suite struct InstantTests {
    @Test(
        arguments: [
            ("1970-01-01T00:00:00Z", 0), ("2026-01-31T12:00:00Z", 1_769_860_800_000),
            ("2026-01-31t12:00:00z", 1_769_860_800_000),
            ("2026-01-31 12:00:00Z", 1_769_860_800_000), ("2026-01-31T12:00:00+00:00", 1_769_860_800_000),
            ("2026-01-31T13:00:00+01:00", 1_769_860_800_000), ("2026-01-31T06:30:00-0530", 1_769_860_800_000),
            ("2026-01-31T12:00:00.5Z", 1_769_860_800_500), ("2026-01-31T12:00:00.123456789Z", 1_769_860_800_123),
            ("2026-01-31T12:00:00,04Z", 1_769_860_800_040), ("1969-12-31T23:59:59.999Z", -1),
            ("2024-02-29T00:00:00Z", 1_709_164_800_000), ("2000-02-29T00:00:00Z", 951_782_400_000),
            ("0001-01-01T00:00:00Z", -62_135_596_800_000), ("9999-12-31T23:59:59.999Z", 253_402_300_799_999),
            ("9999-12-31T23:59:59-00:00", 253_402_300_799_000),
        ] as [(String, Int64)])
    func readsWhatNamesOneMomentJ10(_ text: String, _ ms: Int64) {
        #expect(Instant(iso: text)?.ms == ms)
    }

    @Test(arguments: [
        "", "2026-01-31", "2026-01-31T12:00:00", "2026-01-31T12:00Z", "2026-01-31T24:00:00Z", "2026-01-31T23:59:60Z",
        "2026-01-31T12:60:00Z", "2026-02-30T00:00:00Z", "2025-02-29T00:00:00Z", "1900-02-29T00:00:00Z",
        "2026-04-31T00:00:00Z", "2026-00-01T00:00:00Z", "2026-13-01T00:00:00Z", "2026-01-00T00:00:00Z",
        "0000-01-01T00:00:00Z", "10000-01-01T00:00:00Z", "+2026-01-31T12:00:00Z", "-2026-01-31T12:00:00Z",
        "2026-1-31T12:00:00Z", "2026-01-31T12:00:00.Z", "2026-01-31T12:00:00.1234567890Z", "2026-01-31T12:00:00+01",
        "2026-01-31T12:00:00+24:00", "2026-01-31T12:00:00+01:60", "2026-01-31T12:00:00Z ", " 2026-01-31T12:00:00Z",
        "2026-01-31T12:00:00ZZ", "2026-01-31T12:00:00Europe/Berlin", "20260131T120000Z", "0001-01-01T00:00:00+00:01",
        "9999-12-31T23:59:59-00:01", "1769860800", "2026-01-31T12:00:00\0Z", "２026-01-31T12:00:00Z",
    ])
    func refusesWhatDoesNotJ10(_ text: String) {
        #expect(Instant(iso: text) == nil)
    }

    @Test func isWrittenInWholeSecondsRoundedDown() {
        #expect(Instant(ms: 1_769_860_800_999).isoSeconds == "2026-01-31T12:00:00Z")
        #expect(Instant(ms: -1).isoSeconds == "1969-12-31T23:59:59Z")
        #expect(Instant(ms: -62_135_596_800_000).isoSeconds == "0001-01-01T00:00:00Z")
    }

    @Test func staysWithinTheYearsThatCanBeWritten() {
        #expect(Instant(ms: .min).isoSeconds == "0001-01-01T00:00:00Z")
        #expect(Instant(ms: .max).isoSeconds == "9999-12-31T23:59:59Z")
        #expect(Instant(ms: .min) < Instant(ms: 0))
    }

    @Test func everyDayIsWrittenAndReadBack() {
        let day: Int64 = 86_400_000
        var previous = ""
        for number in stride(from: Calendar.years.lowerBound, through: Calendar.years.upperBound, by: Int(day * 13)) {
            let instant = Instant(ms: number + 45_296_000)  // 12:34:56
            let text = instant.isoSeconds
            #expect(Instant(iso: text) == instant)
            #expect(previous < text)
            previous = text
        }
    }
}
