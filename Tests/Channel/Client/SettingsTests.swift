import CFlxChannel
import Testing

@testable import FlxChannel

struct SettingsTests {
    static let least = ["channel": "shop", "state_dir": "/s"]

    @Test func whatIsNotSetHasItsDefault() throws {
        let settings = try Settings(Self.least, token: "t")

        #expect(settings.origin.text == "https://api.flxpoint.com")
        #expect(settings.rateLimitDirectory == "/s")
        #expect(settings.httpWaitMs == 30_000)
        #expect(settings.feedsOverlapS == 120)
        #expect(settings.httpProxy == nil)
        #expect(settings.logLevel == .info)
    }

    /// A property that reads its neighbour's key has its neighbour's default.
    @Test func everyPropertyIsItsKeysDefault() throws {
        let settings = try Settings(Self.least, token: "t")
        let numbers = [
            ("state.wait_ms", settings.stateWaitMs), ("http.wait_ms", settings.httpWaitMs),
            ("http.connect_ms", settings.httpConnectMs),
            ("http.attempt_ms", settings.httpAttemptMs), ("http.idle_ms", settings.httpIdleMs),
            ("http.body_bytes", settings.httpBodyBytes),
            ("page.size", settings.pageSize), ("page.first", settings.pageFirst), ("page.most", settings.pageMost),
            ("pull.give_up_ms", settings.pullGiveUpMs), ("pull.idle_s", settings.pullIdleMs / 1000),
            ("feeds.overlap_s", settings.feedsOverlapS),
            ("feeds.late_s", settings.feedsLateS),
            ("feeds.reconcile_h", settings.feedsReconcileH), ("answers.batch", settings.answersBatch),
            ("answers.keep_hours", settings.answersKeepHours), ("state.keep_days", settings.stateKeepDays),
            ("orders.give_up_hours", settings.ordersGiveUpHours),
            ("orders.keep_hours", settings.ordersKeepHours), ("snapshots.keep_days", settings.snapshotsKeepDays),
        ]

        for (key, number) in numbers { #expect(ConfigKey.named(key)?.standard == "\(number)", "\(key)") }
        #expect([settings.httpCaFile, settings.httpProxy, settings.httpUserAgent].allSatisfy { $0 == nil })
    }

    /// Each number set to something that no other one is: a property that reads another key is found out.
    @Test func everyNumberIsReadByItsOwnKey() throws {
        let keys = ConfigKey.all.filter { if case .number = $0.kind { true } else { false } }
        var values = Self.least
        for (index, key) in keys.enumerated() {
            guard case .number(let range) = key.kind else { continue }
            values[key.name] = "\(key.name == "page.first" ? 0 : range.lowerBound + Int64(index) + 1)"
        }
        let settings = try Settings(values, token: "t")
        let read = [
            settings.stateWaitMs, settings.stateKeepDays, settings.httpWaitMs, settings.httpConnectMs, settings.httpAttemptMs,
            settings.httpIdleMs, settings.httpBodyBytes, settings.pageSize, settings.pageFirst, settings.pageMost,
            settings.pullGiveUpMs, settings.pullIdleMs / 1000, settings.feedsOverlapS, settings.feedsLateS,
            settings.feedsReconcileH,
            settings.answersBatch, settings.answersKeepHours, settings.ordersGiveUpHours, settings.ordersKeepHours,
            settings.snapshotsKeepDays,
            Int64(settings.channelId ?? "") ?? 0,
        ]

        #expect(read == keys.map { Int64(values[$0.name] ?? "") ?? -1 })
    }

    @Test func everyWordOfAChoiceIsRead() throws {
        for level in LogLevel.allCases {
            #expect(try Settings(Self.least.merging(["log.level": level.word]) { $1 }, token: "t").logLevel == level)
        }
        let settings = try Settings(
            Self.least.merging(["orders.reference_number": "as_given", "hub.arrays": "joined"]) { $1 }, token: "t")
        #expect((settings.names.copiesNumber, settings.names.joinsLists) == (false, true))
        #expect(try Settings(Self.least, token: "t").names.copiesNumber)
        #expect(try !Settings(Self.least, token: "t").names.joinsLists)
    }

    @Test func whatIsSetIsUsed() throws {
        let more = [
            "rate_limit.dir": "/p", "http.wait_ms": "7", "log.level": "debug", "http.proxy": "http://p:1",
            "origin": "http://127.0.0.1:80",
            "hub.overrides": #"{"createOrder":{"note":"memo"}}"#,
        ]
        let settings = try Settings(Self.least.merging(more) { $1 }, token: "t")

        #expect(settings.rateLimitDirectory == "/p")
        #expect(settings.httpWaitMs == 7)
        #expect(settings.logLevel == .debug)
        #expect(settings.httpProxy == "http://p:1")
        #expect(settings.names.field("CreateOrderRequest", "note") == "memo")
    }

    @Test func allThatIsMissingIsToldAtOnce() {
        let error = refusal { try Settings(["hub.overrides": #"{"createOrder":{"nte":"memo"}}"#], token: nil) }

        #expect(error?.code == FLX_E_CONFIG)
        #expect(Set(error?.faults.map { $0.path } ?? []) == ["channel", "token", "state_dir", "hub.overrides/createOrder/nte"])
    }

    @Test(arguments: ["channel", "state_dir"])
    func emptyTextIsMissing(_ key: String) {
        #expect(refusal { try Settings(Self.least.merging([key: ""]) { $1 }, token: "t") }?.path == key)
    }
}
