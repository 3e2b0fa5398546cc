import Testing

@testable import FlxChannel

struct ReplyClassTests {
    @Test(arguments: [
        (200, ReplyClass.success), (201, .success), (204, .success), (299, .success), (429, .throttled), (401, .unauthorized),
        (403, .unauthorized), (400, .refused), (404, .refused), (409, .refused), (413, .refused), (418, .refused), (451, .refused),
        (499, .passing), (460, .passing), (420, .passing),
        (408, .passing), (425, .passing), (500, .passing), (503, .passing), (520, .passing), (599, .passing), (600, .passing),
        (99, .passing), (0, .passing), (-1, .passing), (304, .passing),
    ])
    func h17StatusHasOneMeaning(_ status: Int, _ meaning: ReplyClass) {
        #expect(ReplyClass(status: status) == meaning)
    }
}

struct ErrorBodyTests {
    @Test(arguments: [
        (#"{"error":"no price"}"#, "no price"), (#"{"message":"no price","error":""}"#, "no price"),
        (#"{"errorMessage":"x"}"#, "x"),
        (#"{"error":"Bad Request","message":"price is missing","status":400}"#, "Bad Request: price is missing"),
        (#"{"message":"price is missing","error":"price is missing"}"#, "price is missing"),
        (#"{"error":"Bad Request","message":"Bad Request: price is missing"}"#, "Bad Request: price is missing"),
        (
            #"{"error":"Bad Request","errors":["no price",{"field":"sku","defaultMessage":"x","message":"is missing"},7]}"#,
            "Bad Request: no price: sku is missing"
        ),
        (#"{"error":{"message":"no price","code":7}}"#, "no price"), (#"{"errors":["no price","no price"]}"#, "no price"),
        (#"{"error":null,"message":"no price","errors":[]}"#, "no price"),
        (#"{"detail":"x"}"#, "x"), ("plain words", "plain words"), ("", ""), ("  <html>x", "the answer is an HTML page"),
        (#"{"error":7}"#, #"{"error":7}"#),
    ])
    func messageIsTheWordsForAPerson(_ body: String, _ message: String) {
        #expect(ErrorBody.message(Array(body.utf8), hiding: "") == message)
    }

    @Test func j16HostileTextIsOneCleanShortLine() {
        let hostile = "a\u{1B}[31m\r\nb\u{202E}c%s%n token-1 " + String(repeating: "x", count: 100_000)

        let message = ErrorBody.message(Array(hostile.utf8), hiding: "token-1")

        #expect(message.utf8.count < 320)
        #expect(!message.unicodeScalars.contains { $0.value < 0x20 || $0.value == 0x202E })
        #expect(!message.contains("token-1"))
        #expect(message.contains("%s%n"))
    }

    @Test func secretInOneOfManyWordsIsHidden() {
        let long = String(repeating: "y", count: 290)
        let body = #"{"error":"\#(long)token-1","message":"token-1","errors":["a token-1","b"]}"#

        let message = ErrorBody.message(Array(body.utf8), hiding: "token-1")

        #expect(!message.contains("token-"))
        #expect(message.utf8.count < 320)
    }

    @Test func longAndDeepListsOfErrorsAreCut() {
        let many = #"{"errors":["# + (0..<5000).map { #""error \#($0) of many""# }.joined(separator: ",") + "]}"
        let deep = String(repeating: #"{"error":"#, count: 50) + #""deep""# + String(repeating: "}", count: 50)

        #expect(ErrorBody.message(Array(many.utf8), hiding: "x").hasPrefix("error 0 of many: error 1 of many"))
        #expect(ErrorBody.message(Array(many.utf8), hiding: "x").utf8.count < 320)
        #expect(ErrorBody.said(Array(deep.utf8), hiding: "x") == nil)
    }

    @Test func bytesThatAreNoTextDoNoHarm() {
        #expect(!ErrorBody.message([0xFF, 0x00, 0xC3, 0x28], hiding: "x").isEmpty)
        #expect(!ErrorBody.looksLikeHTML([]))
        #expect(!ErrorBody.looksLikeHTML(Array(repeating: 0x20, count: 100)))
    }
}
