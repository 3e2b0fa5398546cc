import CFlxChannel
import Testing

@testable import FlxChannel

struct SettingsTests {
    static let least = ["channel": "shop", "state_dir": "/s"]

    @Test func whatIsNotSetHasItsDefault() throws {
        let settings = try Settings(Self.least, token: "t")

        #expect(settings.origin.text == "https://api.flxpoint.com")
        #expect(settings.paceDirectory == "/s")
        #expect(settings.number("http.wait_ms") == 30_000)
        #expect(settings.number("feeds.overlap_s") == 120)
        #expect(settings.text("http.proxy") == nil)
        #expect(settings.logLevel == .info)
    }

    @Test func whatIsSetIsUsed() throws {
        let more = [
            "pace.dir": "/p", "http.wait_ms": "7", "log.level": "debug", "http.proxy": "http://p:1", "origin": "http://127.0.0.1:80",
            "hub.overrides": #"{"createOrder":{"note":"memo"}}"#,
        ]
        let settings = try Settings(Self.least.merging(more) { $1 }, token: "t")

        #expect(settings.paceDirectory == "/p")
        #expect(settings.number("http.wait_ms") == 7)
        #expect(settings.logLevel == .debug)
        #expect(settings.text("http.proxy") == "http://p:1")
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
