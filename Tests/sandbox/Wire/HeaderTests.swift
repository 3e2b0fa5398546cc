import Testing

@testable import flx_sandbox

@Suite struct DateHeaderTests {
    private func dates(_ answer: Rig.Answer) -> [String] {
        answer.text.split(separator: "\r\n").filter { $0.hasPrefix("Date: ") }.map { String($0.dropFirst(6)) }
    }

    @Test func dateMayBeAbsentOrDoubled() throws {
        let rig = try Rig()
        let now = rig.hub.now
        #expect(dates(rig.ask("GET", "/orders")) == [now.httpDate])

        try rig.hub.switches.set("date.header", to: "off")
        #expect(dates(rig.ask("GET", "/orders")) == [])

        try rig.hub.switches.set("date.header", to: "two")
        #expect(dates(rig.ask("GET", "/orders")) == [now.httpDate, (now + 3600).httpDate])
    }

    @Test(arguments: ["on", "two"])
    func skewMovesEveryDate(header: String) throws {
        let rig = try Rig(["date.header": header, "date.skew_s": "-90"])
        let wanted = [rig.hub.now - 90] + (header == "two" ? [rig.hub.now + 3510] : [])

        for token in ["sandbox-channel-token", "unknown"] {
            #expect(dates(rig.ask("GET", "/orders", token: token)) == wanted.map(\.httpDate))
        }
    }

    @Test func oneAnswerMayHaveAWrongDate() throws {
        let rig = try Rig()
        let wrong = (rig.hub.now + 600).httpDate
        _ = try rig.hub.act(
            "faults",
            [
                "do": "header", "drop": "Date", "name": "Date", "value": .string(wrong), "operation": "listOrders", "nth": 2,
            ])

        let answers = (1...3).map { _ in dates(rig.ask("GET", "/orders")) }

        #expect(answers == [[rig.hub.now.httpDate], [wrong], [rig.hub.now.httpDate]])
    }
}

@Suite struct ErrorBodyTests {
    @Test func springTellsWhatIsWrongInItsMessage() throws {
        let rig = try Rig(["errors.bad_request.body": "spring", "errors.body": "spring"])

        let bad = rig.ask("GET", "/orders?page=0"), absent = rig.ask("GET", "/orders/1")

        #expect(
            bad.json == [
                "timestamp": "2025-06-15T15:06:40.000+00:00", "status": 400, "error": "Bad Request", "message": "page starts at 1",
                "path": "/orders",
            ])
        #expect(
            (absent.json["error"], absent.json["message"], absent.json["path"]) == ("Not Found", "order 1 not found", "/orders/1"))
    }

    @Test func faultMayAnswerAsSpringDoes() throws {
        let rig = try Rig()
        _ = try rig.hub.act("refuse", ["order_number": "1", "body": "spring", "error": "no such sku"])

        #expect(rig.ask("POST", "/orders", rig.order("1")).json["message"] == "no such sku")
    }
}
