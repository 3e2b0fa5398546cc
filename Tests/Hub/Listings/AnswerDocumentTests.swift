import Testing

@testable import FlxChannel

/// What the header says of flx_ack(), and contract 3.4, 3.7.
struct AnswerDocumentTests {
    // MARK: variants

    @Test func doneIsTheIdAndTheFetchInstant() throws {
        #expect(try sync(#"[{"id":"17"}]"#) == [#"{"listingVariantId":17,"syncedAt":"2026-01-31T12:00:00Z"}"#])
    }

    @Test func idMayBeANumber() throws {
        #expect(try sync(#"[{"id":17}]"#) == sync(#"[{"id":"17"}]"#))
    }

    @Test func errorGoesToTheHubWithTheSameInstant() throws {
        #expect(
            try sync(#"[{"id":"17","error":"price is missing"}]"#)
                == [#"{"listingVariantId":17,"error":"price is missing","syncedAt":"2026-01-31T12:00:00Z"}"#])
        #expect(try sync(#"[{"id":"17","error":null}]"#) == sync(#"[{"id":"17"}]"#))
    }

    @Test func forcedStatusGoesToTheHub() throws {
        #expect(
            try sync(#"[{"id":"17","status":"broken_link"}]"#)
                == [#"{"listingVariantId":17,"syncedAt":"2026-01-31T12:00:00Z","overrideStatus":{"handle":"broken_link"}}"#])
    }

    @Test func linkFlagGoesToTheHub() throws {
        #expect(try sync(#"[{"id":"17","isLinkedToRegularProduct":false}]"#)[0].contains(#""isLinkedToRegularProduct":false"#))
    }

    @Test func subsetInAnyOrderIsTaken() throws {
        #expect(try sync(#"[{"id":"19","confirm":"hidden"},{"id":"17"}]"#).count == 2)
        #expect(try sync("[]").isEmpty)
    }

    @Test func withoutAHubClockTheRowsOwnInstantIsTold() throws {
        let receipt = Self.receipt(.listingsToSync, at: nil)

        #expect(try wires(#"[{"id":"17"}]"#, receipt) == [#"{"listingVariantId":17,"syncedAt":"2026-01-31T10:00:00Z"}"#])
        #expect(try wires(#"[{"id":"18"}]"#, receipt) == [#"{"listingVariantId":18}"#])
    }

    /// Of what was seen when, contract 9 row 29.
    @Test(
        arguments: [
            ("2026-01-31T12:00:00Z", nil, nil, "2026-01-31T11:59:56Z", false),
            ("2026-01-31T12:00:00Z", "2026-01-31T10:00:00Z", nil, "2026-01-31T11:59:56Z", false),
            ("2026-01-31T12:00:00Z", "2026-01-31T11:59:58Z", "f", "2026-01-31T11:59:58Z", true),
            (nil, "2026-01-31T10:00:00Z", "f", "2026-01-31T10:00:00Z", true),
            (nil, "2026-01-31T10:00:00Z", nil, "2026-01-31T10:00:00Z", true),
            (nil, nil, "f", "", true),
        ] as [(String?, String?, String?, String, Bool)])
    func syncAnswerClaimsWhatWasSurelySeen(
        _ fetched: String?, _ content: String?, _ fingerprint: String?, _ claim: String, _ isReread: Bool
    ) throws {
        let row = Receipt.Row(
            id: "17", isHeld: false, pending: nil, contentAt: content.flatMap { Instant(iso: $0) }, variants: [],
            fingerprint: fingerprint)
        let receipt = Receipt(feed: .listingsToSync, fetchInstant: fetched.flatMap { Instant(iso: $0) }, rows: [row])
        let answer = try #require(try AnswerDocument.check(Array(#"[{"id":"17"}]"#.utf8), receipt: receipt, lateMs: 4000).first)

        let at = claim.isEmpty ? "" : #","syncedAt":"\#(claim)""#
        #expect(String(decoding: answer.wire, as: UTF8.self) == #"{"listingVariantId":17\#(at)}"#)
        #expect(answer.isReread == isReread)
    }

    @Test func publishAnswerIsAlwaysReadAgain() throws {
        for answer in [#"{"id":"7"}"#, #"{"id":"9","error":"no"}"#] {
            let rows = try AnswerDocument.check(Array("[\(answer)]".utf8), receipt: Self.receipt(.listingsToPublish))
            #expect(rows.first?.isReread == true)
        }
    }

    // MARK: queued status changes

    @Test(arguments: [
        #"{"id":"19"}"#, #"{"id":"19","confirm":null}"#, #"{"id":"19","error":null}"#,
        #"{"id":"19","isLinkedToRegularProduct":true}"#,
    ])
    func silenceAboutAQueuedHideIsRefused(_ answer: String) {
        #expect(faults("[\(answer)]").map { $0.path } == ["/0/confirm"])
    }

    @Test(arguments: [#"{"id":"19","confirm":"hidden"}"#, #"{"id":"19","error":"no"}"#, #"{"id":"19","status":"listed"}"#])
    func queuedHideIsConfirmedRefusedOrForced(_ answer: String) {
        #expect(faults("[\(answer)]").isEmpty)
    }

    @Test(arguments: [
        #"{"id":"19","confirm":"delisted"}"#, #"{"id":"19","confirm":7}"#, #"{"id":"17","confirm":"hidden"}"#,
        #"{"id":"19","confirm":"hidden","error":"no"}"#, #"{"id":"19","confirm":"hidden","status":"listed"}"#,
    ])
    func confirmationThatDoesNotFitIsRefused(_ answer: String) {
        #expect(faults("[\(answer)]").map { $0.path } == ["/0/confirm"])
    }

    @Test func confirmationIsSilenceOnTheWire() throws {
        #expect(try sync(#"[{"id":"19","confirm":"hidden"}]"#) == [#"{"listingVariantId":19,"syncedAt":"2026-01-31T12:00:00Z"}"#])
    }

    // MARK: held rows

    @Test func rowThatHadChangedByTheFetchInstantIsHeld() throws {
        let rows = try AnswerDocument.check(Array(#"[{"id":"20"},{"id":"17"}]"#.utf8), receipt: Self.receipt(.listingsToSync))

        #expect(rows.map { $0.isHeld } == [true, false])
    }

    // MARK: parents

    @Test func publishedParentCarriesIdsOfAllItsVariants() throws {
        let answer =
            #"[{"id":"7","externalId":"P7","variants":[{"id":"70","externalId":"V70","images":[{"id":"1","externalId":"I1"}]},{"id":"71","error":"no stock"}]}]"#

        #expect(
            try publish(answer) == [
                #"{"listingParentId":7,"externalListingId":"P7","variants":["#
                    + #"{"listingVariantId":70,"externalListingId":"V70","images":[{"id":1,"externalListingId":"I1"}]},"#
                    + #"{"listingVariantId":71,"error":"no stock"}]}"#
            ])
    }

    @Test func imagesMayStandOnEitherLevel() throws {
        #expect(
            try publish(#"[{"id":"9","images":[{"id":"1","externalId":"I1"},{"id":2}]}]"#)
                == [#"{"listingParentId":9,"variants":[],"images":[{"id":1,"externalListingId":"I1"},{"id":2}]}"#])
    }

    @Test func variantLeftOutIsAnsweredLikeItsParent() throws {
        #expect(
            try publish(#"[{"id":"7","variants":[{"id":"71","externalId":"V71"}]}]"#)
                == [
                    #"{"listingParentId":7,"variants":[{"listingVariantId":71,"externalListingId":"V71"},{"listingVariantId":70}]}"#
                ])
        #expect(
            try publish(#"[{"id":"7","error":"no category"}]"#) == [
                #"{"listingParentId":7,"error":"no category","variants":[{"listingVariantId":70,"error":"no category"},"#
                    + #"{"listingVariantId":71,"error":"no category"}]}"#
            ])
    }

    @Test func parentAnswerTellsNoInstant() throws {
        #expect(try publish(#"[{"id":"7"}]"#)[0].contains("syncedAt") == false)
    }

    @Test func parentWithoutVariantsHasAnEmptyList() throws {
        #expect(try publish(#"[{"id":"8","confirm":"hidden"}]"#) == [#"{"listingParentId":8,"variants":[]}"#])
    }

    @Test func queuedPublishNeedsNoConfirmationButAHideDoes() {
        #expect(faults(#"[{"id":"7"}]"#, .listingsToPublish).isEmpty)
        #expect(faults(#"[{"id":"7","confirm":"published"}]"#, .listingsToPublish).isEmpty)
        #expect(faults(#"[{"id":"8"}]"#, .listingsToPublish).map { $0.path } == ["/0/confirm"])
        #expect(faults(#"[{"id":"8","error":"no"}]"#, .listingsToPublish).isEmpty)
    }

    // MARK: queued status changes of variants

    @Test(arguments: [
        (#"{"id":"10"}"#, ["/0/variants", "/0/variants"]),
        (#"{"id":"10","confirm":null,"variants":[]}"#, ["/0/variants", "/0/variants"]),
        (#"{"id":"10","variants":[{"id":"101"},{"id":"102","confirm":"listed"}]}"#, ["/0/variants/0/confirm"]),
        (#"{"id":"10","variants":[{"id":"101","confirm":"hidden"}]}"#, ["/0/variants"]),
        (
            #"{"id":"10","variants":[{"id":"101","confirm":"listed"},{"id":"102","confirm":7}]}"#,
            ["/0/variants/0/confirm", "/0/variants/1/confirm"]
        ),
        (
            #"{"id":"10","variants":[{"id":"101","confirm":"hidden","error":"no"},{"id":"102","error":"no"}]}"#,
            ["/0/variants/0/confirm"]
        ),
        (#"{"id":"11"}"#, ["/0/variants", "/0/variants", "/0/confirm"]),
        (#"{"id":"11","confirm":"hidden"}"#, ["/0/variants"]),
        (#"{"id":"11","variants":[{"id":"110","confirm":"hidden"},{"id":"112","confirm":"listed"}]}"#, ["/0/confirm"]),
    ])
    func silenceAboutAQueuedChangeOfAVariantIsRefused(_ answer: String, _ paths: [String]) {
        #expect(faults("[\(answer)]", .listingsToPublish).map { $0.path } == paths)
    }

    @Test func queuedChangeOfAVariantIsConfirmedByNameOrRefused() throws {
        #expect(
            try publish(#"[{"id":"10","variants":[{"id":"101","confirm":"hidden"},{"id":"102","error":"no"}]}]"#) == [
                #"{"listingParentId":10,"variants":[{"listingVariantId":101},{"listingVariantId":102,"error":"no"},"#
                    + #"{"listingVariantId":100}]}"#
            ])
    }

    @Test func confirmationOfTheParentNamesTheSameChangeOfItsVariants() throws {
        let wire = [
            #"{"listingParentId":11,"variants":[{"listingVariantId":112},{"listingVariantId":110},{"listingVariantId":111}]}"#
        ]

        #expect(try publish(#"[{"id":"11","confirm":"hidden","variants":[{"id":"112","confirm":"listed"}]}]"#) == wire)
        #expect(
            try publish(
                #"[{"id":"11","confirm":"hidden","variants":[{"id":"112","confirm":"listed"},{"id":"110"},{"id":"111","confirm":"hidden"}]}]"#
            )
                == wire)
    }

    @Test func errorOfTheParentIsThatOfVariantsThatSayNothingElse() throws {
        #expect(
            try publish(#"[{"id":"10","error":"no","variants":[{"id":"100"},{"id":"101","confirm":"hidden"}]}]"#) == [
                #"{"listingParentId":10,"error":"no","variants":[{"listingVariantId":100,"error":"no"},"#
                    + #"{"listingVariantId":101},{"listingVariantId":102,"error":"no"}]}"#
            ])
    }

    @Test func externalIdsAreOneOfAKind() {
        #expect(
            faults(#"[{"id":"7","externalId":"X"},{"id":"9","externalId":"X"}]"#, .listingsToPublish).map { $0.path } == [
                "/1/externalId"
            ])
        #expect(
            faults(#"[{"id":"7","variants":[{"id":"70","externalId":"X"},{"id":"71","externalId":"X"}]}]"#, .listingsToPublish)
                .map { $0.path } == ["/0/variants/1/externalId"])
        #expect(faults(#"[{"id":"7","externalId":"X","variants":[{"id":"70","externalId":"X"}]}]"#, .listingsToPublish).isEmpty)
    }

    @Test func externalIdMayBeANumberOfTheShop() throws {
        #expect(try publish(#"[{"id":"7","externalId":1001}]"#)[0].contains(#""externalListingId":"1001""#))
    }

    // MARK: faults

    @Test(arguments: [
        (#"[{}]"#, "/0/id"), (#"[{"id":null}]"#, "/0/id"), (#"[{"id":"x"}]"#, "/0/id"), (#"[{"id":1.0}]"#, "/0/id"),
        (#"[{"id":"99"}]"#, "/0/id"), (#"[{"id":"17"},{"id":17}]"#, "/1/id"), ("[7]", "/0"), ("{}", ""), ("null", ""),
        (#"[{"id":"17","error":""}]"#, "/0/error"), (#"[{"id":"17","error":7}]"#, "/0/error"),
        (#"[{"id":"17","error":false}]"#, "/0/error"), (#"[{"id":"17","status":"gone"}]"#, "/0/status"),
        (#"[{"id":"17","status":7}]"#, "/0/status"),
        (#"[{"id":"17","isLinkedToRegularProduct":1}]"#, "/0/isLinkedToRegularProduct"),
        (#"[{"id":"17","eror":"x"}]"#, "/0/eror"), (#"[{"id":"17","externalId":"x"}]"#, "/0/externalId"),
        (#"[{"id":"17","variants":[]}]"#, "/0/variants"),
    ])
    func answerThatCannotBeIsNamed(_ answers: String, _ path: String) {
        #expect(faults(answers).map { $0.path } == [path])
    }

    @Test(arguments: [
        (#"{"id":"7","status":"listed"}"#, "/0/status"), (#"{"id":"7","variants":{}}"#, "/0/variants"),
        (#"{"id":"7","variants":[7]}"#, "/0/variants/0"), (#"{"id":"7","variants":[{"id":"90"}]}"#, "/0/variants/0/id"),
        (#"{"id":"7","variants":[{"id":"70"},{"id":70}]}"#, "/0/variants/1/id"), (#"{"id":"7","externalId":""}"#, "/0/externalId"),
        (#"{"id":"7","externalId":true}"#, "/0/externalId"),
        (#"{"id":"7","variants":[{"id":"70","error":""}]}"#, "/0/variants/0/error"),
        (#"{"id":"7","variants":[{"id":"70","images":{}}]}"#, "/0/variants/0/images"),
        (#"{"id":"7","variants":[{"id":"70","images":[{"externalId":"I"}]}]}"#, "/0/variants/0/images/0/id"),
        (#"{"id":"7","variants":[{"id":"70","images":[{"id":1,"url":"u"}]}]}"#, "/0/variants/0/images/0/url"),
        (#"{"id":"7","variants":[{"id":"70","confirm":"hidden"}]}"#, "/0/variants/0/confirm"),
    ])
    func publishAnswerThatCannotBeIsNamed(_ answer: String, _ path: String) {
        #expect(faults("[\(answer)]", .listingsToPublish).map { $0.path } == [path])
    }

    @Test func textsHaveBounds() {
        let long = String(repeating: "x", count: 2001)

        #expect(faults(#"[{"id":"17","error":"\#(long)"}]"#).map { $0.path } == ["/0/error"])
        #expect(faults(#"[{"id":"7","externalId":"\#(long)"}]"#, .listingsToPublish).map { $0.path } == ["/0/externalId"])
    }

    @Test func allFaultsAreToldAtOnce() {
        let answers = #"[{"id":"17"},{"id":"99"},{"id":"19"},{"id":"18","status":"x","errr":"y"}]"#

        #expect(Set(faults(answers).map { $0.path }) == ["/1/id", "/2/confirm", "/3/status", "/3/errr"])
    }

    @Test func misspelledMemberIsToldTheNearest() {
        #expect(faults(#"[{"id":"17","eror":"x"}]"#).first?.message.contains("\"error\"") == true)
    }

    @Test(arguments: ["", "[", #"[{"id":"17","id":"18"}]"#, "[]]"])
    func textThatIsNoJSONIsNoAnswer(_ text: String) {
        do {
            _ = try AnswerDocument.check(Array(text.utf8), receipt: Self.receipt(.listingsToSync))
            Issue.record("was taken")
        } catch {
            guard case .json = error else {
                Issue.record("\(error)")
                return
            }
        }
    }

    // MARK: given

    /// Sync: 17 and 18 plain, 19 to be hidden, 20 held. Publish: 7 with two variants, 8 to be hidden, 9 plain,
    /// 10 with variants to be hidden and listed, 11 to be hidden with one variant to be listed.
    private static func receipt(_ feed: Feed, at: String? = "2026-01-31T12:00:00Z") -> Receipt {
        func row(
            _ id: String, _ pending: String? = nil, isHeld: Bool = false, contentAt: String? = nil,
            variants: [(String, String?)] = []
        ) -> Receipt.Row {
            Receipt.Row(
                id: id, isHeld: isHeld, pending: pending, contentAt: contentAt.flatMap { Instant(iso: $0) },
                variants: variants.map { ListingRow.Variant(id: $0.0, pending: $0.1) })
        }
        let rows =
            feed == .listingsToPublish
            ? [
                row("7", "published", variants: [("70", nil), ("71", nil)]), row("8", "hidden"), row("9"),
                row("10", variants: [("100", "published"), ("101", "hidden"), ("102", "listed")]),
                row("11", "hidden", variants: [("110", "hidden"), ("111", nil), ("112", "listed")]),
            ]
            : [row("17", contentAt: "2026-01-31T10:00:00Z"), row("18"), row("19", "hidden"), row("20", isHeld: true)]
        return Receipt(feed: feed, fetchInstant: at.flatMap { Instant(iso: $0) }, rows: rows)
    }

    private func sync(_ answers: String) throws -> [String] { try wires(answers, Self.receipt(.listingsToSync)) }

    private func publish(_ answers: String) throws -> [String] { try wires(answers, Self.receipt(.listingsToPublish)) }

    private func wires(_ answers: String, _ receipt: Receipt) throws -> [String] {
        try AnswerDocument.check(Array(answers.utf8), receipt: receipt).map { String(decoding: $0.wire, as: UTF8.self) }
    }

    private func faults(_ answers: String, _ feed: Feed = .listingsToSync) -> [Fault] {
        do {
            _ = try AnswerDocument.check(Array(answers.utf8), receipt: Self.receipt(feed))
            return []
        } catch {
            guard case .faults(let faults) = error else {
                Issue.record("\(error)")
                return []
            }
            return faults
        }
    }
}
