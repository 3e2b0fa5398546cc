import Testing

@testable import FlxChannel

struct ReplyClassTests {
    @Test(arguments: [
        (200, ReplyClass.success), (201, .success), (204, .success), (299, .success), (429, .throttled), (401, .unauthorized),
        (403, .unauthorized), (400, .refused), (404, .refused), (409, .refused), (413, .refused), (418, .refused), (499, .refused),
        (408, .passing), (425, .passing), (500, .passing), (503, .passing), (520, .passing), (599, .passing), (600, .passing),
        (99, .passing), (0, .passing), (-1, .passing), (304, .passing),
    ])
    func h17StatusHasOneMeaning(_ status: Int, _ meaning: ReplyClass) {
        #expect(ReplyClass(status: status) == meaning)
    }
}

struct ErrorBodyTests {
    @Test(arguments: [
        (#"{"error":"no price"}"#, "no price"), (#"{"message":"no price","error":""}"#, "no price"), (#"{"errorMessage":"x"}"#, "x"),
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

    @Test func bytesThatAreNoTextDoNoHarm() {
        #expect(!ErrorBody.message([0xFF, 0x00, 0xC3, 0x28], hiding: "x").isEmpty)
        #expect(!ErrorBody.looksLikeHTML([]))
        #expect(!ErrorBody.looksLikeHTML(Array(repeating: 0x20, count: 100)))
    }
}
