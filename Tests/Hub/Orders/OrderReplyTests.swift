import CFlxChannel
import Testing

@testable import FlxChannel

/// Decision 12; contract 9, rows 2 and 3.
struct OrderReplyTests {
    static let ours = #"{"id":5001,"orderNumber":"A-1","orderItems":[{"sku":"A","quantity":2}]}"#

    @Test(arguments: [200, 201, 202, 206, 299])
    func successWithAnOrderInItEndsPosting(_ status: Int) {
        guard case .answered(let order, let isNew) = read(status, Self.ours) else {
            Issue.record("not answered")
            return
        }
        #expect(order.id == "5001")
        #expect(isNew == (status == 201))
    }

    @Test(arguments: [#"{"id":"5001","orderNumber":"X"}"#, #"{"id":5001}"#, #"{"id":7,"orderNumber":"B-2"}"#])
    func successEndsPostingWhateverNumberItBears(_ body: String) {
        #expect(word(read(200, body)) == "answered")
    }

    @Test(arguments: [
        "", "[]", "null", "<html>busy</html>", #"{"error":"busy"}"#, #"{"orderNumber":"A-1"}"#, #"{"id":null,"orderNumber":"A-1"}"#,
        #"{"id":5001.5,"orderNumber":"A-1"}"#, #"{"id":5001,"orderNumber":"A-1""#, "true",
    ])
    func h06ToH09SuccessThatNamesNoOrderIsUnknown(_ body: String) {
        #expect(word(read(200, body)) == "unknown \(FLX_E_CONTRACT)")
        #expect(word(read(204, body)) == "unknown \(FLX_E_CONTRACT)")
    }

    @Test(arguments: [500, 502, 503, 504, 520, 599, 408, 425, 444, 460, 499])
    func h01AndH15FailureThatMayPassIsUnknown(_ status: Int) {
        #expect(word(read(status, #"{"error":"x"}"#)) == "unknown \(FLX_E_HUB)")
    }

    @Test(arguments: [400, 404, 405, 413, 414, 415, 418, 422, 431])
    func h11AndH16RefusalIsRefused(_ status: Int) {
        guard case .refused(let code, let message, let mayExist) = read(status, #"{"error":"no postal code"}"#) else {
            Issue.record("not refused")
            return
        }
        #expect(code == FLX_E_REFUSED)
        #expect(message.contains("no postal code"))
        #expect(message.contains("\(status)"))
        #expect(mayExist == [400, 418, 422].contains(status))
    }

    @Test(arguments: ["", "<html>", #"{"error":"no"}"#])
    func h14ConflictIsToBeCompared(_ body: String) {
        #expect(word(read(409, body)) == "exists")
    }

    /// The hub's words are no evidence.
    @Test(arguments: [
        (400, #"{"error":"Order already exists"}"#), (422, #"{"message":"DUPLICATE SKU in orderItems"}"#),
        (413, "order number already exists"),
    ])
    func wordsMakeNoRefusalAnythingElse(_ status: Int, _ body: String) {
        #expect(word(read(status, body)) == "refused")
    }

    @Test(arguments: [401, 403])
    func h12RefusedTokenPausesAndBlamesNoOrder(_ status: Int) {
        #expect(word(read(status, #"{"error":"already exists"}"#)) == "paused")
    }

    @Test func r02ThrottledIsNotApplied() {
        guard case .notApplied(let code, _) = read(429, "") else {
            Issue.record("wrong end")
            return
        }
        #expect(code == FLX_E_THROTTLED)
    }

    @Test(arguments: [
        (TransportError.connect(host: "h", detail: ""), "not applied"), (.resolve(host: "h"), "not applied"),
        (.connectTimeout(host: "h", afterMs: 1), "not applied"), (.tls(host: "h", detail: "", certificate: true), "not applied"),
        (.send(detail: "", mayHaveArrived: false), "not applied"), (.send(detail: "", mayHaveArrived: true), "unknown"),
        (.receive(detail: ""), "unknown"), (.idleTimeout(afterMs: 1), "unknown"),
        (.attemptTimeout(afterMs: 1, mayHaveArrived: true), "unknown"), (.protocolViolation("x"), "unknown"),
        (.tooLarge(limit: 1), "unknown"), (.redirect(status: 302, toHost: "h"), "unknown"),
        (.abandoned(mayHaveArrived: true), "unknown"), (.abandoned(mayHaveArrived: false), "not applied"),
    ])
    func attemptWithoutAnAnswerIsUnknownOnceItMayHaveArrived(_ error: TransportError, _ end: String) {
        #expect(word(OrderReply.read(.failed(error), hiding: "")).hasPrefix(end))
    }

    @Test func j16WhatTheHubSaysIsCleanAndWithoutTheToken() {
        guard case .refused(_, let message, _) = read(400, "{\"error\":\"no \\u001b[31m secret-token\"}") else {
            Issue.record("not refused")
            return
        }
        #expect(!message.contains("secret-token"))
        #expect(!message.utf8.contains(0x1B))
    }

    private func read(_ status: Int, _ body: String) -> OrderEnd {
        let response = HTTPResponse(
            status: status, body: Array(body.utf8), requestId: "r-1", startedMs: 0, tookMs: 1,
            dateMs: nil, retryAfterMs: nil, pool: nil)
        return OrderReply.read(.answered(response), hiding: "secret-token")
    }

    private func word(_ end: OrderEnd) -> String {
        switch end {
        case .answered: "answered"
        case .unknown(let code, _): "unknown \(code)"
        case .exists: "exists"
        case .notApplied: "not applied"
        case .refused: "refused"
        case .paused: "paused"
        }
    }
}
