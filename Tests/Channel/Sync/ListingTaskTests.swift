import Testing

@testable import FlxChannel

struct ListingTaskTests {
    private static func row(_ pending: String? = nil, variants: [(String, String?)] = []) -> Receipt.Row {
        Receipt.Row(
            id: "7", isHeld: false, pending: pending, contentAt: nil,
            variants: variants.map { ListingRow.Variant(id: $0.0, pending: $0.1) })
    }

    private static func variant(_ pending: String? = nil) -> ListingTask { ListingTask(row(pending), isParent: false) }

    private static func yes(_ members: String = "{}") throws -> SyncReply {
        try SyncReply.read(Array(members.utf8), members: ListingTask.contentOfParent + ListingTask.contentOfVariant)
    }

    private static func text(_ answer: [UInt8]?) -> String? { answer.map { String(decoding: $0, as: UTF8.self) } }

    @Test func contentAloneIsAnswered() throws {
        var task = Self.variant()

        #expect(task.question == .content)
        #expect(task.answer == nil)
        task.replied(.yes([]))

        #expect(task.question == nil)
        #expect(Self.text(task.answer) == #"{"id":"7"}"#)
    }

    @Test func changeIsAskedBehindTheContentAndConfirmedByItsOwnReplyOnly() throws {
        var task = Self.variant("listed")

        task.replied(.yes([]))
        #expect(task.question == .change(variant: nil, to: "listed"))
        #expect(task.answer == nil)
        task.replied(.yes([]))

        #expect(Self.text(task.answer) == #"{"id":"7","confirm":"listed"}"#)
    }

    @Test(arguments: ["hidden", "delisted", "not_listed", "broken_link"])
    func listingThatIsToGoIsAskedAboutNothingElse(_ to: String) {
        var task = Self.variant(to)

        #expect(task.question == .change(variant: nil, to: to))
        task.replied(.yes([]))

        #expect(Self.text(task.answer) == #"{"id":"7","confirm":"\#(to)"}"#)
    }

    @Test(arguments: ["published", "overwrite_data"])
    func whatAPublishIsAboutAnywayIsNoQuestion(_ pending: String) {
        var task = ListingTask(Self.row(pending), isParent: true)

        task.replied(.yes([]))

        #expect(task.question == nil)
        #expect(Self.text(task.answer) == #"{"id":"7"}"#)
    }

    @Test func laterSaysNothingOfTheRecordAtAll() {
        var task = Self.variant("listed")

        task.replied(.yes([]))
        task.replied(.later("no time"))

        #expect(task.comesAgain && task.question == nil && task.answer == nil)
    }

    @Test func failureIsTheAnswerAndAsksNoMore() {
        var task = Self.variant("listed")

        task.replied(.failed("price is missing"))

        #expect(task.question == nil)
        #expect(Self.text(task.answer) == #"{"id":"7","error":"price is missing"}"#)
    }

    @Test func forcedStatusAnswersTheChange() throws {
        var task = Self.variant("listed")

        task.replied(try Self.yes(#"{"status":"broken_link"}"#))

        #expect(task.question == nil)
        #expect(Self.text(task.answer) == #"{"id":"7","status":"broken_link"}"#)
    }

    @Test func variantsOfAParentAreAskedOneByOneAndJoinWhatWasSaid() throws {
        var task = ListingTask(Self.row(variants: [("70", "hidden"), ("71", nil), ("72", "delisted")]), isParent: true)

        task.replied(try Self.yes(#"{"externalId":"P7","variants":[{"id":70,"externalId":"V70"},{"id":"71","externalId":"V71"}]}"#))
        #expect(task.question == .change(variant: "70", to: "hidden"))
        task.replied(.yes([]))
        #expect(task.question == .change(variant: "72", to: "delisted"))
        task.replied(.failed("the shop keeps it"))

        #expect(
            Self.text(task.answer)
                == #"{"id":"7","externalId":"P7","variants":[{"id":70,"externalId":"V70","confirm":"hidden"},{"id":"71","externalId":"V71"},{"id":"72","error":"the shop keeps it"}]}"#
        )
    }

    @Test func changeOfTheParentCoversVariantsWithTheSame() {
        var task = ListingTask(Self.row("hidden", variants: [("70", "hidden"), ("71", "listed")]), isParent: true)

        #expect(task.question == .change(variant: nil, to: "hidden"))
        task.replied(.yes([]))
        #expect(task.question == .change(variant: "71", to: "listed"))
        task.replied(.yes([]))

        #expect(Self.text(task.answer) == #"{"id":"7","confirm":"hidden","variants":[{"id":"71","confirm":"listed"}]}"#)
    }

    @Test func variantThatFailedIsNotAskedToChange() throws {
        var task = ListingTask(Self.row(variants: [("70", "hidden")]), isParent: true)

        task.replied(try Self.yes(#"{"variants":[{"id":"70","error":"no picture"}]}"#))

        #expect(task.question == nil)
        #expect(Self.text(task.answer) == #"{"id":"7","variants":[{"id":"70","error":"no picture"}]}"#)
    }

    @Test func draftIsTheAnswerAsIfTheRestWereDone() throws {
        var task = ListingTask(Self.row(variants: [("70", "hidden")]), isParent: true)

        task.replied(try Self.yes(#"{"variants":[{"id":"99"}]}"#))

        #expect(task.answer == nil)
        #expect(Self.text(task.draft) == #"{"id":"7","variants":[{"id":"99"},{"id":"70","confirm":"hidden"}]}"#)
    }
}

struct SyncReplyTests {
    private static func read(_ text: String, _ members: [String] = []) throws -> SyncReply {
        try SyncReply.read(Array(text.utf8), members: members)
    }

    @Test func wordsAndReasons() throws {
        guard case .yes(let said) = try Self.read("true"), said.isEmpty else { return #expect(Bool(false)) }
        guard case .yes = try Self.read("[]", ["status"]) else { return #expect(Bool(false)) }  // PHP's empty object
        guard case .later(let why) = try Self.read("false"), why.isEmpty else { return #expect(Bool(false)) }
        guard case .later("no time") = try Self.read(#"{"later":"no time"}"#) else { return #expect(Bool(false)) }
        guard case .failed("no") = try Self.read(#"{"error":"no"}"#) else { return #expect(Bool(false)) }
    }

    @Test(arguments: [
        (#""yes""#, ""), ("{}", ""), ("[]", ""), (#"{"error":null}"#, ""), ("1", ""), ("null", ""), (#"[true]"#, ""),
        (#"{"error":""}"#, "/error"), (#"{"error":7}"#, "/error"),
        (#"{"later":true}"#, "/later"), (#"{"error":"a","later":"b"}"#, "/error"), (#"{"confirm":"hidden"}"#, "/confirm"),
        (#"{"eror":"x"}"#, "/eror"), (#"{"externalId":"P7"}"#, "/externalId"),
    ])
    func wrongReplyIsRefusedWithItsPath(_ text: String, _ path: String) {
        let error = refusal { try Self.read(text) }

        #expect(error != nil, "\(text)")
        #expect(error?.path == path, "\(text): \(error?.message ?? "")")
    }

    @Test func nothingIsSaidBesideAnError() {
        let error = refusal { try Self.read(#"{"error":"no","externalId":"P7"}"#, ["externalId"]) }

        #expect(error?.path == "/error")
    }
}
