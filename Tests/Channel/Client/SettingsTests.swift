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

    /// The properties are the only place that has the keys as text: each must be one.
    @Test func everyPropertyIsItsKeysDefault() throws {
        let settings = try Settings(Self.least, token: "t")
        let numbers = [
            ("state.wait_ms", settings.stateWaitMs), ("http.wait_ms", settings.httpWaitMs), ("http.connect_ms", settings.httpConnectMs),
            ("http.attempt_ms", settings.httpAttemptMs), ("http.idle_ms", settings.httpIdleMs), ("http.body_bytes", settings.httpBodyBytes),
            ("page.size", settings.pageSize), ("page.first", settings.pageFirst), ("page.most", settings.pageMost),
            ("pull.give_up_ms", settings.pullGiveUpMs), ("pull.idle_s", settings.pullIdleMs / 1000), ("feeds.overlap_s", settings.feedsOverlapS),
            ("feeds.late_s", settings.feedsLateS),
            ("feeds.reconcile_h", settings.feedsReconcileH), ("answers.batch", settings.answersBatch),
            ("answers.keep_hours", settings.answersKeepHours), ("state.keep_days", settings.stateKeepDays), ("orders.give_up_hours", settings.ordersGiveUpHours),
            ("orders.keep_hours", settings.ordersKeepHours),
        ]

        for (key, number) in numbers { #expect(ConfigKey.named(key)?.standard == "\(number)", "\(key)") }
        #expect([settings.httpCaFile, settings.httpProxy, settings.httpUserAgent].allSatisfy { $0 == nil })
    }

    @Test func whatIsSetIsUsed() throws {
        let more = [
            "rate_limit.dir": "/p", "http.wait_ms": "7", "log.level": "debug", "http.proxy": "http://p:1", "origin": "http://127.0.0.1:80",
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
