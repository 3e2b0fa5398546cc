import Testing

@testable import FlxChannel

/// The small languages of the wire: dates, hints, URLs, origins, heads.
@Suite struct WireTextTests {
    @Test(arguments: [
        "Sun, 06 Nov 1994 08:49:37 GMT", "Sunday, 06-Nov-94 08:49:37 GMT", "Sun Nov  6 08:49:37 1994",
        "sun, 06 nov 1994 08:49:37 GMT",
    ])
    func h04_dateIsReadInThreeSpellings(_ text: String) {
        #expect(HTTPDate.parse(text) == (text.hasPrefix("s") ? HTTPDate.parse(text) : 784_111_777_000))
    }

    @Test(
        arguments: [
            ("Thu, 01 Jan 1970 00:00:00 GMT", 0), ("Thu, 29 Feb 2024 23:59:59 GMT", 1_709_251_199_000),
            ("Fri, 31 Dec 2100 00:00:00 GMT", 4_133_894_400_000), ("Fri, 01 Mar 2024 00:00:00 GMT", 1_709_251_200_000),
        ] as [(String, Int64)])
    func dateIsTheRightInstant(_ text: String, _ ms: Int64) {
        #expect(HTTPDate.parse(text) == ms)
    }

    @Test(arguments: [
        "", "Sun", "Sun, 06 Nov 1994 08:49:37", "Sun, 06 Nov 1994 08:49:37 PST", "Sun, 30 Feb 1994 08:49:37 GMT",
        "Sun, 06 Nov 1994 24:00:00 GMT", "Sun, 06 Nov 1994 8:49:37 GMT", "Sun, 06 Foo 1994 08:49:37 GMT", "1994-11-06T08:49:37Z",
        "Sun, 06 Nov 99999 08:49:37 GMT", "Sun, -6 Nov 1994 08:49:37 GMT", "Sun, 00 Nov 1994 08:49:37 GMT",
    ])
    func otherDatesAreNone(_ text: String) {
        #expect(HTTPDate.parse(text) == nil)
    }

    private static let date: Int64 = 784_111_777_000

    @Test(
        arguments: [
            (["120"], 120_000), (["0"], 0), (["604800"], 604_800_000), (["604801"], nil), (["1000000000000"], nil), (["-5"], nil),
            (["soon"], nil), ([""], nil), ([], nil), (["1.5"], 2000), (["1.0"], 1000), (["1."], 1000), ([".5"], nil),
            (["1.5.5"], nil), (["120, 240"], 240_000),
            (["120, soon"], nil), (["+5"], nil), ([" 7"], 7000), (["3", "7", "5"], 7000), (["soon", "7"], 7000),
            (["Sun, 06 Nov 1994 08:50:37 GMT"], 60_000), (["Sunday, 06-Nov-94 08:50:37 GMT"], 60_000),
            (["Sun Nov  6 08:50:37 1994"], 60_000), (["Sun, 06 Nov 1994 08:40:37 GMT"], nil),
        ] as [([String], Int64?)])
    func h04_h05_hintIsMeasuredAgainstTheAnswersOwnDate(_ values: [String], _ ms: Int64?) {
        #expect(RetryAfter.parse(values, dateMs: WireTextTests.date) == ms)
    }

    @Test func h05_dateHintWithoutDateIsNone() {
        #expect(RetryAfter.parse(["Sun, 06 Nov 1994 08:50:37 GMT"], dateMs: nil) == nil)
    }

    @Test func backoffDoublesToItsCap() {
        #expect(
            [1, 2, 3, 10, 11, 12, 100].map { Backoff.delayMs(attempt: $0, jitter: { $0 }) } == [
                1000, 2000, 4000, 512_000, 900_000, 900_000, 900_000,
            ])
        #expect(Backoff.delayMs(attempt: 1, throttled: true, jitter: { $0 }) == 5000)
        #expect(Backoff.delayMs(attempt: 5, jitter: { _ in 0 }) == 0)
    }

    @Test func s02_partsCannotChangeTheShapeOfAURL() throws {
        for (part, encoded) in [
            ("a/b", "a%2Fb"), ("?x=1", "%3Fx%3D1"), ("#", "%23"), ("%2e%2e", "%252e%252e"), ("../x", "..%2Fx"), ("é", "%C3%A9"),
            ("a b", "a%20b"), ("a\r\nX: y", "a%0D%0AX%3A%20y"), ("A-1_~.", "A-1_~."), ("😀", "%F0%9F%98%80"),
        ] {
            var url = URLBuilder("/orders")
            try url.segment(part)
            #expect(url.target == "/orders/" + encoded)
        }
        var url = URLBuilder("/orders")
        try url.query("page", "1")
        try url.query("q&", "a=b&c")
        #expect(url.target == "/orders?page=1&q%26=a%3Db%26c")
    }

    @Test(arguments: ["", ".", "..", "a\0b", String(repeating: "x", count: 257)])
    func s02_impossiblePartsAreRefused(_ part: String) {
        var url = URLBuilder("/orders")
        #expect(throws: URLFault.self) { try url.segment(part) }
        #expect(url.target == "/orders")
    }

    @Test(arguments: [
        ("https://api.flxpoint.com", "https://api.flxpoint.com"), ("HTTPS://API.Flxpoint.com:443", "https://api.flxpoint.com"),
        ("https://hub:8443", "https://hub:8443"), ("http://127.0.0.1:8080", "http://127.0.0.1:8080"),
        ("http://localhost", "http://localhost"), ("http://[::1]:80", "http://[::1]"),
        ("https://[2001:db8::1]:9", "https://[2001:db8::1]:9"),
        ("http://127.8.9.255:1", "http://127.8.9.255:1"),
    ])
    func originIsBroughtToOneForm(_ given: String, _ text: String) throws {
        #expect(try Origin(given).text == text)
    }

    @Test(arguments: [
        "", "api.flxpoint.com", "http://api.flxpoint.com", "http://127.0.0.1.evil.com", "http://127.1", "http://0x7f.0.0.1",
        "http://127.0.0.256",
        "https://user:pass@hub", "https://hub/", "https://hub/path", "https://hub?x", "https://hub#x", "https://hub:0",
        "https://hub:65536",
        "https://hub:", "https://hub:1a", "https://hub:99999999999999999999", "https://", "https://[fe80::1%25eth0]",
        "https://[::1", "https://[]",
        "https://[::1]x:1", "https://h\u{FC}b.com", "https://hub\\x", "https://hub\r\nX: y", "https://-hub", "https://a..b",
        "file:///etc", "https://h b",
        "http://localhost.evil.com", "ftp://hub",
    ])
    func s03_whatIsNotPlainlyAnOriginIsRefused(_ given: String) {
        #expect(throws: OriginFault.self) { try Origin(given) }
    }

    @Test(arguments: ["", "a b", "a\r\nX: y", "a\0", "tok\u{E9}n", String(repeating: "x", count: 513)])
    func s01_impossibleTokensAreRefused(_ token: String) {
        #expect(throws: TransportError.self) { try TransportConfig.checkToken(Secret(text: token)) }
    }

    @Test(arguments: ["/nonexistent/ca.pem", "/dev/null", "/etc/hostname", "/tmp"])
    func t11_uselessCAFileIsRefusedAtOpen(_ path: String) throws {
        var config = TransportConfig(origin: try Origin("https://hub"), token: "t", userAgent: "u")
        config.caFile = path
        #expect(throws: TransportError.self) { try config.check() }
    }

    @Test func c04_hubClockKeepsTheSmallestOfEight() {
        let clock = HubClock()
        let base: Int64 = 1_700_000_000_000
        clock.observe(dateMs: base + 600_000, answeredMs: 0)  // a node that is ahead
        for at in 1...7 { clock.observe(dateMs: base, answeredMs: Int64(at) * 10) }
        #expect(clock.offsetMs == base - 70)

        for _ in 0..<8 { clock.observe(dateMs: base + 5000, answeredMs: 0) }
        #expect(clock.offsetMs == base + 5000)
        #expect(clock.fetchInstant(requestStartedMs: 1234) == base + 5000)
        clock.observe(dateMs: 0, answeredMs: 0)  // 1970
        clock.observe(dateMs: 5_000_000_000_000, answeredMs: 0)  // 2128
        #expect(clock.offsetMs == base + 5000)
    }
}
