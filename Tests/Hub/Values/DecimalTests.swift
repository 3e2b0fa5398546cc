import Testing

@testable import FlxChannel

@Suite struct DecimalTests {
    @Test(
        arguments: [
            ("19.99", "19.99", 1999, 2), ("19.990", "19.99", 1999, 2), ("19.990000000", "19.99", 1999, 2), ("0", "0", 0, 0),
            ("-0.00", "0", 0, 0),
            ("-0.05", "-0.05", -5, 2), ("100", "100", 100, 0), ("0.000001", "0.000001", 1, 6),
            ("999999999999999999", "999999999999999999", 999_999_999_999_999_999, 0),
            ("999999999999999999.999999", "999999999999999999.999999", nil, 6),
        ] as [(String, String, Int64?, Int32)])
    func readsSubmittedMoney(_ text: String, _ normal: String, _ unscaled: Int64?, _ scale: Int32) {
        let decimal = Decimal(text: text)

        #expect(decimal?.text == normal)
        #expect(decimal?.unscaled == unscaled)
        #expect(decimal?.scale == scale)
    }

    @Test(arguments: [
        "", "-", ".5", "5.", "1e2", "1E2", "19,99", "+1", "01", "00", "-01.5", " 1", "1 ", "NaN", "1.2.3", "--1",
        "0x10",
        "1.0000001", "1000000000000000000", "1_000", "١", "$5",
    ])
    func refusesOtherSpellingsOfSubmittedMoneyJ07(_ text: String) {
        #expect(Decimal(text: text) == nil)
    }

    @Test(
        arguments: [
            ("19.99", 1999, 2), ("1e2", 100, 0), ("1.5E-3", 15, 4), ("-0", 0, 0), ("0e0", 0, 0), ("0.0e-40", 0, 0),
            ("9223372036854775807", Int64.max, 0), ("-9.223372036854775808", Int64.min, 18),
            ("92233720368547758070e-1", Int64.max, 0),
        ] as [(String, Int64, Int32)])
    func readsTheHubsNumbersExactlyJ07(_ text: String, _ unscaled: Int64, _ scale: Int32) {
        #expect(Decimal.read(text)?.unscaled == unscaled)
        #expect(Decimal.read(text)?.scale == scale)
    }

    @Test(arguments: [
        "9223372036854775808", "1e19", "1e400", "1e-400", "1e-31", "19,99", "NaN", "", "1e99999999999999999999", "0x1",
        "1e25",
        "1234567890123456789012345678901234567890",
    ])
    func whatDoesNotFitIsNilAndNeverRoundedJ07(_ text: String) {
        #expect(Decimal.read(text) == nil)
    }

    @Test func equalValuesAreEqual() {
        #expect(Decimal(text: "19.90") == Decimal.read("1.99e1"))
        #expect(Decimal(text: "-0") == Decimal(text: "0"))
        #expect(Decimal(text: "-0")?.isNegative == false)
        #expect(Decimal(text: "-0.1")?.isNegative == true)
    }
}
