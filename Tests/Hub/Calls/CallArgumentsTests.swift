import Testing

@testable import FlxChannel

struct CallArgumentsTests {
    @Test func pathArgumentsFillTheBraces() throws {
        #expect(try target("updateOrderStatus", #"{"id":5001,"status":"On Hold"}"#) == "/orders/5001/status?status=On%20Hold")
    }

    @Test func idsMayBeText() throws {
        #expect(try target("getOrderById", #"{"id":"5001"}"#) == "/orders/5001")
    }

    @Test(arguments: ["5001.0", "5001.0000", #""5001.00""#])
    func idIsJudgedByItsValue(_ id: String) throws {
        #expect(try target("getOrderById", #"{"id":\#(id)}"#) == "/orders/5001")
    }

    /// PHP writes an empty array as [], also where an object is meant.
    @Test func emptyListIsAnEmptyObject() throws {
        #expect(try target("listOrders", "[]") == "/orders")
        #expect(faults("createReturn", #"{"body":[]}"#).map { $0.path } == faults("createReturn", #"{"body":{}}"#).map { $0.path })
    }

    @Test func literalPartsAfterAnIdStay() throws {
        let text = try target("rebuildListingVariant", #"{"channelId":7,"listingVariantId":8}"#)

        #expect(text == "/listing/7/builder/re-build/variant/8")
    }

    @Test func slashAtTheEndOfAPathStays() throws {
        #expect(try target("getChannels", "{}") == "/channel/")
    }

    @Test func listsAreRepeatedParameters() throws {
        let text = try target("getListingVariants", #"{"skus":["A 1","B&2"],"ids":[1,"300002"]}"#)

        #expect(text == "/listing/variants?skus=A%201&skus=B%262&ids=1&ids=300002")
    }

    @Test func instantsBecomeWholeSecondsInUTC() throws {
        let text = try target("listOrders", #"{"updatedAfter":"2026-01-31T12:00:00.999+02:00"}"#)

        #expect(text == "/orders?updatedAfter=2026-01-31T10%3A00%3A00Z")
    }

    @Test func noArgumentsAreFineWhereNoneIsRequired() throws {
        #expect(try CallArguments(operation("listOrders"), nil).target == "/orders")
    }

    @Test func renamedParameterIsUsed() throws {
        let names = try WireNames(overrides: json(#"{"listOrders.orderedAfter":"since"}"#))
        let given = try json(#"{"orderedAfter":"2026-01-31T12:00:00Z"}"#)

        let text = try CallArguments(operation("listOrders"), given, names: names).target

        #expect(text == "/orders?since=2026-01-31T12%3A00%3A00Z")
    }

    // What the hub would ignore or misread, with the place of the fault.
    @Test(arguments: [
        ("listOrders", #"{"page_size":3}"#, "/page_size"),
        ("listOrders", #"{"pageSize":"three"}"#, "/pageSize"),
        ("listOrders", #"{"pageSize":101}"#, "/pageSize"),
        ("listOrders", #"{"pageSize":0}"#, "/pageSize"),
        ("listOrders", #"{"pageSize":1.5}"#, "/pageSize"),
        ("listOrders", #"{"pageSize":null}"#, "/pageSize"),
        ("listOrders", #"{"includeTags":"true"}"#, "/includeTags"),
        ("listOrders", #"{"orderedAfter":"2026-01-31T12:00:00"}"#, "/orderedAfter"),
        ("listOrders", #"{"orderedAfter":"2026-02-30T12:00:00Z"}"#, "/orderedAfter"),
        ("listOrders", #"{"orderedAfter":1767225600}"#, "/orderedAfter"),
        ("listOrders", #"{"status":"Cancelled"}"#, "/status"),  // the hub's word has one l
        ("listOrders", #"{"orderNumber":""}"#, "/orderNumber"),
        ("listOrders", #"{"orderNumber":"a\nb"}"#, "/orderNumber"),
        ("listOrders", #"{"body":{}}"#, "/body"),
        ("listOrders", #"{"a/b~c":1}"#, "/a~1b~0c"),
        ("listOrders", #"[1]"#, ""),
        ("updateOrderStatus", #"{"id":1,"status":"Draft"}"#, "/status"),
        ("updateOrderStatus", #"{"id":1}"#, "/status"),
        ("getOrderById", "{}", "/id"),
        ("getOrderById", #"{"id":-1}"#, "/id"),
        ("getOrderById", #"{"id":"1/../2"}"#, "/id"),
        ("getOrderById", #"{"id":9223372036854775808}"#, "/id"),
        ("getListingVariants", #"{"skus":"A"}"#, "/skus"),
        ("getListingVariants", #"{"skus":["A",1]}"#, "/skus/1"),
        ("getListingVariants", #"{"skus":["A,B"]}"#, "/skus/0"),
        ("getListingVariants", #"{"skus":[]}"#, "/skus"),
        ("getListingVariants", #"{"pageSize":2,"skus":["A","B","C"]}"#, "/skus"),
        ("linkUnmanagedOrders", "{}", ""),
        ("linkUnmanagedOrders", #"{"orderIds":[1],"orderItemIds":[2]}"#, ""),
        ("createReturn", "{}", "/body"),
        ("createReturn", #"{"body":[1]}"#, "/body"),
        ("createOrderItem", #"{"orderId":1,"body":{"price":1}}"#, "/body/quantity"),
        ("createOrderItem", #"{"orderId":1,"body":{"quantity":1,"qty":1}}"#, "/body/qty"),
        ("createOrderItem", #"{"orderId":1,"body":{"quantity":null}}"#, "/body/quantity"),
        ("createOrderItem", #"{"orderId":1,"body":{"quantity":1,"price":"1,5"}}"#, "/body/price"),
        (
            "createOrderItem", #"{"orderId":1,"body":{"quantity":1,"shippingAddress":{"town":"X"}}}"#,
            "/body/shippingAddress/town"
        ),
        ("flagShipmentsWithErrors", #"{"body":{"id":1}}"#, "/body"),
        ("flagShipmentsWithErrors", #"{"body":[{"id":true}]}"#, "/body/0/id"),
    ])
    func faultIsToldWithItsPath(_ id: String, _ given: String, _ path: String) {
        #expect(faults(id, given).map { $0.path } == [path])
    }

    @Test func allFaultsAreToldAtOnce() {
        let item = #"{"sku":7,"returnQuantity":"two"}"#
        let paths = faults("createReturn", #"{"limit":1,"body":{"items":[\#(item)]}}"#).map { $0.path }

        #expect(
            paths == [
                "/limit", "/body/items/0/sku", "/body/items/0/returnQuantity", "/body/items/0/returnReason",
                "/body/items/0/returnCondition", "/body",
            ])
    }

    @Test func unknownArgumentIsToldTheNearestOne() {
        #expect(faults("listOrders", #"{"pagesize":1}"#).first?.message.contains("pageSize") == true)
    }

    @Test func messageDoesNotTellTheValue() {
        let all = faults("createOrderItem", #"{"orderId":"secret street","body":{"quantity":"secret street"}}"#)

        #expect(all.count == 2)
        #expect(all.allSatisfy { !$0.message.contains("secret") && !$0.path.contains("secret") })
    }

    @Test func textOfNumbersInTheBodyIsKept() throws {
        let body = #"{"items":[{"id":7,"orderItemAccountingItems":[{"quantity":2}]}],"accountingSynced":true}"#

        #expect(try self.body("syncOrderAccounting", #"{"id":1,"body":\#(body)}"#) == body)
    }

    @Test func decimalsKeepTheirDigits() throws {
        let text = try body("createOrderItem", #"{"orderId":1,"body":{"quantity":1,"price":19.9900}}"#)

        #expect(text == #"{"quantity":1,"price":19.9900}"#)
    }

    @Test func idsAndMoneyAsTextBecomeNumbersInTheBody() throws {
        let text = try body(
            "createOrderItem", #"{"orderId":1,"body":{"quantity":"2","price":"19.99","listingVariantId":"9007199254740993"}}"#)

        #expect(text == #"{"quantity":2,"price":19.99,"listingVariantId":9007199254740993}"#)
    }

    @Test func nullPassesWhereTheHubTakesIt() throws {
        #expect(try body("syncOrderAccounting", #"{"id":1,"body":{"accountingSynced":null}}"#) == #"{"accountingSynced":null}"#)
    }

    @Test func unlistedMembersPassInBodiesThatAreReconstructed() throws {
        let text = try body("flagShipmentsWithErrors", #"{"body":[{"id":1,"newer":{"a":[1.50]}}]}"#)

        #expect(text == #"[{"id":1,"newer":{"a":[1.50]}}]"#)
    }

    @Test func bodyThatIsNotRequiredMayBeLeftOut() throws {
        #expect(try CallArguments(operation("buildListing"), json(#"{"channelId":1,"productVariantId":2}"#)).body == nil)
    }

    @Test func tooLongURLIsAFault() {
        let skus = (1...100).map { "\"\($0)\(String(repeating: "x", count: 100))\"" }.joined(separator: ",")

        #expect(faults("getListingVariants", "{\"pageSize\":100,\"skus\":[\(skus)]}").count == 1)
    }

    @Test func filterOfAFeedIsCheckedLikeAnArgument() throws {
        let argument = try #require(Feed.orders.filters.first { $0.name == "orderedAfter" })
        let good = try json(#"["2026-01-31T12:00:00Z"]"#)

        guard case .values(let values) = CallArguments.queryValues(try #require(good.element(0)), argument, path: "/x")
        else {
            Issue.record("was refused")
            return
        }
        #expect(values == ["2026-01-31T12:00:00Z"])
        guard case .faults(let faults) = CallArguments.queryValues(good, argument, path: "/x") else {
            Issue.record("was taken")
            return
        }
        #expect(faults.map { $0.path } == ["/x"])
    }

    private func json(_ text: String) throws -> JSONValue {
        try JSONDocument.parse(Array(text.utf8)).root
    }

    private func operation(_ id: String) throws -> FlxChannel.Operation {
        try #require(OperationTable.named(id))
    }

    private func target(_ id: String, _ given: String) throws -> String {
        try CallArguments(operation(id), json(given)).target
    }

    private func body(_ id: String, _ given: String) throws -> String {
        String(decoding: try #require(try CallArguments(operation(id), json(given)).body), as: UTF8.self)
    }

    private func faults(_ id: String, _ given: String) -> [Fault] {
        do {
            _ = try CallArguments(operation(id), json(given))
            return []
        } catch let error as Faults {
            return error.faults
        } catch {
            return [Fault(path: "?", message: "\(error)")]
        }
    }
}
