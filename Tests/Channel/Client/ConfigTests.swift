import CFlxChannel
import Testing

@testable import FlxChannel

struct ConfigTests {
    /// A value that each key takes, and values that it does not.
    static let values: [(key: String, good: [String], bad: [String])] = [
        (
            "channel", ["shop", "a", "s-1._x", String(repeating: "a", count: 64)],
            ["", "Shop", "a b", ".", "..", "a/b", "é", String(repeating: "a", count: 65)]
        ),
        (
            "state_dir", ["/var/lib/shop", "/", "/a b/ü"],
            [
                "", "relative", "./a", "~/flx", "/a\u{0}b", "/a\n", " /a", "/a ", "/a\u{A0}",
                "/" + String(repeating: "d", count: 3000),
            ]
        ),
        (
            "origin", ["https://api.flxpoint.com", "http://127.0.0.1:8080"],
            ["http://api.flxpoint.com", "ftp://x", "", "https://u:p@x", "https://api.flxpoint.com\n", " https://api.flxpoint.com"]
        ),
        (
            "state.url", ["postgresql://flx@db/shop?sslmode=verify-full", "service=shop"],
            ["service=shop\n", " service=shop", "a\u{0}b"]
        ),
        ("state.wait_ms", ["0", "600000"], ["-1", "600001", "1.5", "soon", "", " 1", "1\n"]),
        ("rate_limit.dir", ["/run/flx"], ["", "\u{0}", "run/flx", "/run/flx\r\n"]),
        ("http.wait_ms", ["1", "600000"], ["0", "600001"]),
        ("http.connect_ms", ["100", "600000"], ["99"]),
        ("http.attempt_ms", ["100", "600000"], ["99"]),
        ("http.idle_ms", ["100", "600000"], ["99"]),
        ("http.ca_file", ["/etc/ca.pem"], ["/a\nb", "ca.pem", ""]),
        ("http.proxy", ["http://127.0.0.1:3128"], ["a\nb", "http://127.0.0.1:3128 "]),
        ("http.user_agent", ["shop/1.0", "my shop"], ["shop\r\nX: y", "\u{FEFF}shop"]),
        ("http.body_bytes", ["65536", "1073741824"], ["65535", "1073741825"]),
        ("page.size", ["0", "1000"], ["-1", "1001"]),
        ("page.first", ["0", "1"], ["-1", "2", ""]),
        ("page.most", ["1", "10000000"], ["0", "10000001"]),
        ("pull.give_up_ms", ["1000", "86400000"], ["999", "86400001"]),
        ("pull.idle_s", ["1", "86400"], ["0", "86401", "-1", ""]),
        ("feeds.overlap_s", ["0", "86400"], ["-1", "86401"]),
        ("feeds.late_s", ["0", "3600"], ["-1", "3601", ""]),
        ("feeds.reconcile_h", ["0", "8760"], ["-1", "8761"]),
        ("state.keep_days", ["60", "36500"], ["59", "36501", ""]),
        ("answers.batch", ["1", "50"], ["0", "51"]),
        ("answers.keep_hours", ["1", "8760"], ["0", "8761"]),
        ("orders.give_up_hours", ["1", "8760"], ["0", "8761"]),
        ("orders.keep_hours", ["0", "87600"], ["-1", "87601"]),
        ("snapshots.keep_days", ["0", "3650"], ["-1", "3651"]),
        ("orders.reference_number", ["order_number", "as_given"], ["", "none"]),
        ("log.level", ["error", "warn", "info", "debug"], ["", "trace", "Info"]),
        ("hub.channel_id", ["1", "9223372036854775807"], ["0", "-1", "shop", ""]),
        ("hub.arrays", ["repeated", "joined"], ["", "both"]),
        ("hub.overrides", ["{}", "[]", "{ }\n", #"{"createOrder":{"note":"memo"}}"#], ["", "[1]", "x", "{"]),
    ]

    @Test func everyKeyIsTriedHere() {
        #expect(Set(Self.values.map { $0.key } + ["token"]) == Set(ConfigKey.all.map { $0.name }))
    }

    @Test(arguments: ConfigTests.values)
    func keyTakesWhatItMayBeAndNothingElse(_ key: String, _ good: [String], _ bad: [String]) throws {
        for value in good {
            let config = Config()
            try config.set(key, value)
            #expect(config.snapshot().values == [ByteText(key): value])
        }
        for value in bad {
            let config = Config()
            let error = refusal { try config.set(key, value) }
            #expect(error?.code == FLX_E_CONFIG, "\(key)=\(value.prefix(20))")
            #expect(error?.path == key)
            #expect(config.snapshot().values.isEmpty)
        }
    }

    @Test func everyDefaultIsAValueOfItsKey() {
        for key in ConfigKey.all {
            guard let standard = key.standard else { continue }
            #expect(key.refusal(of: standard) == nil, "\(key.name)")
        }
    }

    @Test func keySetTwiceHasItsLastValue() throws {
        let config = Config()
        try config.set("http.wait_ms", "1")
        try config.set("http.wait_ms", "2")

        #expect(config.snapshot().values == ["http.wait_ms": "2"])
    }

    @Test(arguments: [
        ("state.dir", "state_dir"), ("http.waitms", "http.wait_ms"), ("chanel", "channel"),
        ("orders.giveup_hours", "orders.give_up_hours"),
    ])
    func unknownKeyIsToldTheNearest(_ key: String, _ near: String) {
        let error = refusal { try Config().set(key, "x") }

        #expect(error?.code == FLX_E_CONFIG)
        #expect(error?.message.contains("\"\(near)\"") == true)
    }

    @Test(arguments: [
        ("/a\n", "byte 3 of 3 is a line break; remove it"), (" /a", "byte 1 of 3 is a blank; remove it"),
        ("/é\tb", "byte 4 of 5 is a tab; remove it"), ("/é\u{A0}", "byte 4 of 5 is a blank; remove it"),
        ("relative", "is not an absolute path; write it from / on"),
    ])
    func refusedSettingSaysWhatStandsWhere(_ value: String, _ message: String) {
        #expect(refusal { try Config().set("state_dir", value) }?.faults == [Fault(path: "state_dir", message: message)])
    }

    // MARK: the token

    @Test(arguments: [
        ("", "is empty"), ("abc123abc123\n", "byte 13 of 13 is a line break"), (" abc", "byte 1 of 4 is a blank"),
        ("a\u{7F}", "byte 2 of 2 is a control character"),
        ("abc\u{A0}", "byte 4 of 5 is not ASCII"), ("a\u{0}", "byte 2 of 2 is a zero byte"),
        (String(repeating: "t", count: 513), "has 513 bytes"),
    ])
    func refusedTokenSaysWhatStandsWhere(_ text: String, _ what: String) {
        let message = refusal { try Config.token(text) }?.faults.first?.message

        #expect(message == what + "; 1 to 512 visible ASCII characters are allowed")
    }

    @Test(arguments: ["t", "a!~b", String(repeating: "t", count: 512)])
    func tokenIsKeptApart_K13(_ text: String) throws {
        let json = Array("{\"channel\":\"shop\",\"token\":\"\(text)\"}".utf8)
        let config = Config()
        var bytes = json
        try config.set(json: &bytes)

        #expect(try Config.token(text).withBytes { Array($0) } == Array(text.utf8))
        #expect(config.snapshot().token?.withBytes { Array($0) } == Array(text.utf8))
        #expect(config.snapshot().values == ["channel": "shop"])
        #expect(bytes == [UInt8](repeating: 0, count: json.count))
    }

    @Test func tokenInJSONMayHoldEscapes() throws {
        let config = Config()
        try config.set(json: Array(#"{"tok\u0065n":"\u0061\/b"}"#.utf8))

        #expect(config.snapshot().token?.withBytes { Array($0) } == Array("a/b".utf8))
    }

    @Test(arguments: ["", "a b", "a\nb", "é", String(repeating: "t", count: 513)])
    func otherBytesAreNoToken(_ text: String) {
        for error in [
            refusal { try Config.token(text) },
            refusal { try Config().set(json: Array("{\"token\":\"\(text == "a\nb" ? "a\\nb" : text)\"}".utf8)) },
        ] {
            #expect(error?.code == FLX_E_CONFIG)
            #expect(error?.path == "token")
        }
    }

    @Test func tokenIsInNoMessage() {
        for error in [refusal { try Config.token("secret token") }, refusal { try Config().set("token", "secret-token") }] {
            #expect(error?.code == FLX_E_CONFIG)
            #expect(error?.message.contains("secret") == false)
        }
    }

    // MARK: many at once

    @Test func nestedObjectContinuesTheName() throws {
        let config = Config()
        try config.set(
            json: Array(
                #"{"channel":"shop","rate_limit":{"dir":"/run"},"http":{"wait_ms":5},"page.size":20,"hub":{"overrides":{"createOrder":{"note":"memo"}}}}"#
                    .utf8))

        let values = config.snapshot().values
        #expect(values["channel"] == "shop")
        #expect(values["rate_limit.dir"] == "/run")
        #expect(values["http.wait_ms"] == "5")
        #expect(values["page.size"] == "20")
        #expect(try values["hub.overrides"].map { try canonical(parsed($0)) } == Array(#"{"createOrder":{"note":"memo"}}"#.utf8))
        #expect(values.count == 5)
    }

    @Test func oneBadMemberSetsNothingAndAllFaultsAreTold() throws {
        let config = Config()
        try config.set("channel", "old")
        let error = refusal {
            try config.set(
                json: Array(#"{"channel":"new","http":{"wait_ms":0,"wait":1},"token":null,"page.size":true,"tokn":"x"}"#.utf8))
        }

        #expect(error?.code == FLX_E_CONFIG)
        #expect(Set(error?.faults.map { $0.path } ?? []) == ["http.wait_ms", "http.wait", "token", "page.size", "tokn"])
        #expect(config.snapshot().values == ["channel": "old"])
    }

    @Test(arguments: [
        (#"{"origin":null}"#, "origin"), (#"{"origin":""}"#, "origin"), (#"{"origin":{}}"#, "origin"),
        (#"{"origin":[]}"#, "origin"),
        (#"{"rate_limit":{"dir":null}}"#, "rate_limit.dir"), (#"{"log":{"level":[]}}"#, "log.level"),
        (#"{"log.level":["info"]}"#, "log.level"),
        (#"{"oirgin":null}"#, "oirgin"), (#"{"paec":{}}"#, "paec"), (#"{"paec":[]}"#, "paec"), (#"{"token":null}"#, "token"),
        (#"{"hub":{"overrides":null}}"#, "hub.overrides"),
    ])
    func whatIsNoValueIsNeverTheDefaultInSilence(_ json: String, _ path: String) {
        let error = refusal { try Config().set(json: Array(json.utf8)) }

        #expect(error?.code == FLX_E_CONFIG)
        #expect(error?.faults.map { $0.path } == [path])
    }

    @Test func nullIsToldAsWhatItIs() {
        let error = refusal { try Config().set(json: Array(#"{"origin":null}"#.utf8)) }

        #expect(error?.faults.first?.message == "is null; give it a value, or leave the key out")
    }

    /// PHP writes an empty array as [], also where an object is meant.
    @Test func emptyListIsAnEmptyObject() throws {
        let config = Config()
        try config.set(json: Array("[]".utf8))
        try config.set(json: Array(#"{"rate_limit":[],"http":{},"hub":{"overrides":[]}}"#.utf8))

        #expect(config.snapshot().values == ["hub.overrides": "{}"])
    }

    @Test(arguments: ["", "[1]", "7", "{", #"{"channel":"a"} x"#])
    func textThatIsNoObjectIsNoConfig(_ text: String) {
        #expect(refusal { try Config().set(json: Array(text.utf8)) }?.code == FLX_E_JSON)
    }

    @Test func logTargetIsDroppedWhenNobodyNeedsItAnyMore() throws {
        let dropped = UnsafeMutablePointer<Int32>.allocate(capacity: 1)
        dropped.initialize(to: 0)
        defer { dropped.deallocate() }
        var config: Config? = Config()
        config?.log(to: LogTarget({ _, _, _, _ in }, dropped, { $0?.assumingMemoryBound(to: Int32.self).pointee += 1 }).write)
        var kept = config?.snapshot().sink

        config = nil
        #expect(dropped.pointee == 0)
        #expect(kept != nil)
        kept = nil
        #expect(dropped.pointee == 1)
    }
}

extension Config {
    fileprivate func set(json bytes: [UInt8]) throws(ChannelError) {
        var bytes = bytes
        try set(json: &bytes)
    }

    @discardableResult
    fileprivate static func token(_ text: String) throws(ChannelError) -> Secret {
        let bytes = Secret(text: text)
        return try withExtendedLifetime(bytes) { () throws(ChannelError) in
            try ConfigKey.token(UnsafeRawBufferPointer(start: bytes.start, count: bytes.count), FLX_E_CONFIG)
        }
    }
}
