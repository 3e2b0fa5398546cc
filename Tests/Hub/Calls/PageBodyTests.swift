import Testing

@testable import FlxChannel

struct PageBodyTests {
    @Test func bareArrayIsAPage() throws {
        let page = try PageBody.read(Array(#" [{"id":1},{"id":2}] "#.utf8), hiding: "")

        #expect(page.records.count == 2)
        #expect(try PageBody.read(Array("[]".utf8), hiding: "").records.isEmpty)
    }

    @Test func h24ByteOrderMarkIsSkipped() throws {
        #expect(try PageBody.read([0xEF, 0xBB, 0xBF] + Array(#"[{"id":1}]"#.utf8), hiding: "").records.count == 1)
    }

    @Test func j01PageCutAtAnyByteIsNoPage() {
        let body = Array(#"[{"id":1,"sku":"A\u0041","price":19.90,"tags":["x"]},{"id":2,"sku":"B"}]"#.utf8)

        for count in 0..<body.count {
            let fault = refused(Array(body.prefix(count)))
            #expect(fault != nil, "\(count) bytes were taken")
            if count > 0, case .notAPage? = fault { Issue.record("\(count) bytes: not told as incomplete") }
        }
    }

    @Test(arguments: [
        "<html><body>busy</body></html>", "\n  <!DOCTYPE html>", "", #"{"error":"busy"}"#, #"{"data":[{"id":1}]}"#, "null", "true",
        "7",
        #""[]""#, "{}",
    ])
    func h06ToH08AndJ13AnswerThatIsNoListIsNoPage(_ body: String) {
        guard case .notAPage? = refused(Array(body.utf8)) else {
            Issue.record("was taken for a page, or for a cut one")
            return
        }
    }

    @Test func h08WhatTheHubSaysIsKeptApartAndHasNoToken() {
        let fault = refused(Array(#"{"error":"busy secret-token"}"#.utf8))

        #expect(fault?.message.contains("busy") == false)
        guard case .notAPage(_, let said)? = fault else {
            Issue.record("\(String(describing: fault))")
            return
        }
        #expect(said == "busy [token]")
    }

    @Test(arguments: ["[] []", "[]x", "[1,]", #"[{"id":1}]{"#, "// x\n[]"])
    func j12WhatFollowsTheListSpoilsIt(_ body: String) {
        #expect(refused(Array(body.utf8)) != nil)
    }

    @Test func h29MoreRecordsThanWeReadIsNotACutAnswer() {
        let body = "[" + repeatElement("1", count: JSONLimits.standard.records + 1).joined(separator: ",") + "]"

        guard case .notAPage? = refused(Array(body.utf8)) else {
            Issue.record("would be fetched again and again as if the connection were at fault")
            return
        }
    }

    @Test func j03BadRecordLeavesItsNeighbours() throws {
        let page = try PageBody.read(Array(#"[{"id":1},{"id":2,"x":"\ud800"},{"id":3}]"#.utf8), hiding: "")

        #expect(page.records.compactMap { $0.member("id")?.integer } == [1, 3])
        #expect(page.bad.map { $0.id } == ["2"])
    }

    @Test func largeBodyIsReadInSlices() throws {
        let row = #"{"id":1,"sku":"\#(String(repeating: "s", count: 1000))"},"#
        let body = Array(("[" + String(repeating: row, count: 3000) + row.dropLast() + "]").utf8)
        let reading = try PageBody.begin(body, hiding: "")
        var calls = 1
        var page = try reading.page { false }
        while page == nil, calls < 100 {
            page = try reading.page { false }
            calls += 1
        }

        #expect(page?.records.count == 3001)
        #expect((10...14).contains(calls))
    }

    private func refused(_ body: [UInt8]) -> PageBody.Fault? {
        do {
            _ = try PageBody.read(body, hiding: "secret-token")
            return nil
        } catch { return error }
    }
}
