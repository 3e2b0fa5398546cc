import Testing

@testable import flx_sandbox

/// The console's page, and who may have it.
@Suite struct ConsoleTests {
    private func asked(
        _ rig: Rig, _ target: String, _ headers: [String: String] = [:], method: String = "GET", body: JSONValue? = nil
    ) -> Rig.Answer {
        rig.ask(method, target, body, token: nil, headers: headers.map { Header($0.key, $0.value) })
    }

    @Test func browserIsLedFromTheFrontDoorToTheConsole() throws {
        let rig = try Rig()
        let answer = asked(rig, "/", ["Accept": "text/html,application/xhtml+xml,*/*;q=0.8"])
        #expect(answer.status == 302)
        #expect(answer.text.range(of: "Location: /_console\r\n") != nil)
        #expect(rig.hub.journal.entries.isEmpty)
    }

    @Test func programGetsTheAnswerOfTheAPIAtTheFrontDoor() throws {
        let rig = try Rig()
        #expect(asked(rig, "/", ["Accept": "*/*"]).status == 401)
        #expect(rig.ask("GET", "/", nil).status == 404)
        #expect(rig.ask("GET", "/", nil, headers: [Header("Accept", "text/html")]).status == 404)
        #expect(asked(rig, "/", ["Accept": "text/html"], method: "POST").status == 401)
        #expect(rig.hub.journal.entries.count == 4)
    }

    @Test func pageAndItsPartsAreThereWithTheirTypes() throws {
        let rig = try Rig(["content_type": "none", "framing": "chunked", "limiter": "strict"])
        for (name, type) in [
            ("", "text/html"), ("/console.css", "text/css"), ("/main.mjs", "text/javascript"), ("/icon.svg", "image/svg+xml"),
        ] {
            let answer = asked(rig, "/_console\(name)")
            #expect(answer.status == 200)
            #expect(answer.text.range(of: "Content-Type: \(type)") != nil)
            #expect(answer.body.isEmpty == false)
        }
        #expect(rig.hub.journal.entries.isEmpty)
    }

    @Test func everyPartThatThePageNamesIsThere() throws {
        let rig = try Rig()
        var waiting = ["/_console"], seen: Set<ByteText> = []
        while let name = waiting.popLast() {
            guard seen.insert(ByteText(name)).inserted else { continue }
            let answer = asked(rig, name)
            #expect(answer.status == 200, "\(name)")
            let folder = name.begins("/_console/Panels/") ? "/_console/Panels/" : "/_console/"
            waiting += quoted(answer.body).compactMap { part in
                if part.begins("./") { return folder + part.dropFirst(2) }
                if part.begins("../") { return "/_console/" + part.dropFirst(3) }
                return part.begins("/_console/") && part != Console.eventsPath ? part : nil
            }
        }
        #expect(seen.count == 14)
    }

    /// What stands in single or double quotes.
    private func quoted(_ text: String) -> [String] {
        ["\"", "'"].flatMap { mark in
            text.split(separator: "\n").flatMap { line in
                line.split(separator: Character(mark), omittingEmptySubsequences: false).enumerated().filter { $0.offset % 2 == 1 }
                    .map { String($0.element) }
            }
        }
    }

    @Test func everythingOfTheConsoleComesUnderAStrictPolicy() throws {
        let rig = try Rig()
        for target in ["/_console", "/_console/main.mjs", "/_console/events", "/_console/none"] {
            let text = asked(rig, target).text
            for part in [
                "default-src 'none'", "script-src 'self';", "style-src 'self';", "connect-src 'self';", "frame-ancestors 'none'",
                "require-trusted-types-for 'script'",
            ] { #expect(text.range(of: part) != nil, "\(target) lacks \(part)") }
            #expect(text.range(of: "unsafe-") == nil)
            #expect(text.range(of: "X-Content-Type-Options: nosniff\r\n") != nil)
        }
    }

    @Test func pageHoldsNothingThatThePolicyForbids() throws {
        let page = asked(try Rig(), "/_console").body
        #expect(page.range(of: "<script>") == nil && page.range(of: "<style") == nil)
        #expect(page.range(of: " style=") == nil && page.range(of: " onclick=") == nil && page.range(of: "http") == nil)
    }

    @Test func tokenIsNotInTheConsole() throws {
        let rig = try Rig()
        let sink = TestSink()
        let stream = rig.desk.watch.add(sink)
        rig.rounds()
        rig.desk.watch.remove(stream)
        #expect(sink.text.range(of: "sandbox-channel-token") == nil)
        #expect(asked(rig, "/_admin/state").body.range(of: "sandbox-channel-token") == nil)
    }

    @Test func headSaysWhatGetWouldWithoutIt() throws {
        let rig = try Rig()
        let head = asked(rig, "/_console/console.css", method: "HEAD")
        #expect(head.status == 200 && head.body.isEmpty)
        #expect(head.text.range(of: "Content-Length: \(asked(rig, "/_console/console.css").body.utf8.count)\r\n") != nil)
    }

    @Test func onlyGetIsAskedHere() throws {
        #expect(asked(try Rig(), "/_console", method: "POST").status == 405)
    }

    @Test func faultForEveryRequestLeavesTheSandboxsOwnPathsAlone() throws {
        let rig = try Rig()
        _ = try rig.hub.act("faults", [["do": "cut_before", "times": 0], ["do": "early", "times": 0]])
        let request = Request(method: "POST", target: "/_admin/churn")
        #expect(rig.desk.takeEarly(request) == nil)
        #expect(asked(rig, "/_console").status == 200)
        #expect(rig.desk.takeEarly(Request(method: "POST", target: "/orders")) != nil)
    }
}

/// Pages of other sites, which have no business here.
@Suite struct ForeignPageTests {
    private static let host = "127.0.0.1:4000"

    private func status(_ method: String, _ target: String, _ headers: [String: String]) throws -> Int {
        let headers = headers.map { Header($0.key, $0.value) }
        return try Rig().ask(method, target, method == "GET" ? nil : [:], token: nil, headers: headers).status
    }

    @Test(arguments: [
        ["Host": host, "Origin": "http://shop.example"],
        ["Host": host, "Origin": "http://127.0.0.1:4001"],
        ["Host": host, "Origin": "null"],
        ["Host": "shop.example:4000", "Origin": "http://shop.example:4000"],
        ["Host": "shop.example"],
        ["Host": "127.0.0.1.shop.example:4000"],
        ["Host": "shop.example."],
        ["Host": "10.shop"],
        ["Host": host, "Sec-Fetch-Site": "cross-site"],
        ["Host": host, "Sec-Fetch-Site": "same-site", "Sec-Fetch-Mode": "navigate"],
        ["Origin": "http://shop.example"],
    ])
    func pageOfAnotherSiteChangesNothing(headers: [String: String]) throws {
        let rig = try Rig()
        let answer = rig.ask(
            "POST", "/_admin/switches", ["descriptions": "hostile"], token: nil, headers: headers.map { Header($0.key, $0.value) })
        #expect(answer.status == 403)
        #expect(rig.hub.switches[.descriptions] != "hostile")
    }

    @Test(arguments: [
        ["Host": host, "Origin": "http://\(host)"],
        ["Host": "localhost:4000", "Origin": "http://LOCALHOST:4000", "Sec-Fetch-Site": "same-origin"],
        ["Host": "[::1]:4000", "Origin": "http://[::1]:4000"],
        ["Host": host],
        ["Host": "hub:4000"],
        ["Host": "hub.localhost:4000"],
        [:],
    ])
    func consoleAndProgramsChangeWhatTheyWant(headers: [String: String]) throws {
        #expect(try status("POST", "/_admin/churn", headers) == 200)
        #expect(try status("GET", "/_console", headers) == 200)
    }

    @Test func pageOfAnotherSiteReadsNothing() throws {
        for target in ["/_admin/state", "/_admin/orders", "/_console", "/_console/events"] {
            #expect(try status("GET", target, ["Host": "shop.example:4000"]) == 403)
            #expect(try status("GET", target, ["Host": Self.host, "Origin": "http://shop.example"]) == 403)
            let image = ["Host": Self.host, "Sec-Fetch-Site": "cross-site", "Sec-Fetch-Mode": "no-cors"]
            #expect(try status("GET", target, image) == 403)
        }
    }

    @Test func linkOfAnotherSiteLeadsToTheConsole() throws {
        let link = ["Host": Self.host, "Sec-Fetch-Site": "cross-site", "Sec-Fetch-Mode": "navigate"]
        #expect(try status("GET", "/_console", link) == 200)
    }

    @Test func apiOfTheHubIsForWhoeverHasAToken() throws {
        let rig = try Rig()
        let headers = [Header("Host", "hub.example"), Header("Origin", "http://shop.example")]
        #expect(rig.ask("GET", "/orders", headers: headers).status == 200)
    }
}
