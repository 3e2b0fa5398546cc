import Testing

@testable import FlxChannel

struct OperationsReportTests {
    @Test func everyOperationIsInTheReport() throws {
        let report = try JSONDocument.parse(OperationsReport.operations()).root

        #expect(report.count == OperationTable.all.count)
        #expect(report.element(0)?.member("id")?.string == "getAccount")
    }

    @Test func bodyIsToldDownToItsLeaves() throws {
        let report = try JSONDocument.parse(OperationsReport.operations()).root
        let tags = report.elements.first { $0.member("id")?.string == "updateOrderTags" }
        let body = try #require(tags?.member("body"))

        #expect(body.member("required")?.bool == true)
        #expect(body.member("type")?.string == "object")
        #expect(body.member("fields")?.element(0)?.member("name")?.string == "add")
        #expect(body.member("fields")?.element(0)?.member("of")?.member("type")?.string == "text")
    }

    @Test func everyFeedIsInTheReportWithItsFilters() throws {
        let report = try JSONDocument.parse(OperationsReport.feeds()).root

        #expect(report.count == 6)
        #expect(report.element(1)?.member("name")?.string == "listings_to_sync")
        #expect(report.element(1)?.member("fixed")?.member("sync")?.string == "true")
        #expect(report.element(4)?.member("bound")?.string == "filterUpdatedAfter")
        #expect(report.element(5)?.member("filters")?.count == 2)
    }
}
