import Testing

@testable import FlxChannel

struct WireNamesTests {
    @Test func namesAreThoseOfTheContractUnlessOverridden() {
        let names = WireNames()

        #expect(names.parameter("listOrders", "orderedAfter") == "orderedAfter")
        #expect(names.field("CreateOrderRequest", "orderNumber") == "orderNumber")
    }

    @Test func overrideRenamesOneNameInOnePlace() throws {
        let names = try WireNames(
            overrides: json(#"{"createOrder.orderItems.sku":"itemSku","listOrders.updatedAfter":"changedSince"}"#))

        #expect(names.field("CreateOrderItem", "sku") == "itemSku")
        #expect(names.field("CreateOrderRequest", "sku") == "sku")
        #expect(names.parameter("listOrders", "updatedAfter") == "changedSince")
        #expect(names.parameter("getListingVariants", "updatedAfter") == "updatedAfter")
    }

    @Test func keysThatBeginAlikeMayStandInAnObject() throws {
        let text = #"{"createOrder":{"orderNumber":"number","orderItems":{"sku":"itemSku"}},"listOrders":{"page":"p"}}"#
        let names = try WireNames(overrides: json(text))

        #expect(names.field("CreateOrderRequest", "orderNumber") == "number")
        #expect(names.field("CreateOrderItem", "sku") == "itemSku")
        #expect(names.parameter("listOrders", "page") == "p")
    }

    @Test func twoNamesMayBeSwapped() throws {
        let names = try WireNames(
            overrides: json(#"{"createOrder.orderNumber":"referenceNumber","createOrder.referenceNumber":"orderNumber"}"#))

        #expect(names.field("CreateOrderRequest", "orderNumber") == "referenceNumber")
        #expect(names.field("CreateOrderRequest", "referenceNumber") == "orderNumber")
    }

    @Test(arguments: [
        #"{"createOrder.ordernumber":"number"}"#, #"{"listOrders":"x"}"#, #"{"createOrder.orderNumber":""}"#,
        #"{"createOrder.orderNumber":7}"#, #"{"createOrder":{"number":"x"}}"#, #"{"createOrder":{"orderItems":"a b"}}"#,
        #"{"orders":{"page":"x"}}"#, #"{"createOrder.orderNumber":"a b"}"#, #"{"createOrder.orderNumber":"note"}"#,
        #"{"createOrder.orderNumber":"x","createOrder.note":"x"}"#, #"["x"]"#,
        #"{"listShipments.filterPageNumber":"findByOrderId"}"#,
    ])
    func overrideThatCannotBeIsRefused(_ text: String) throws {
        let overrides = try json(text)

        #expect(throws: Faults.self) { try WireNames(overrides: overrides) }
    }

    @Test func unknownKeyIsToldTheNearestOne() throws {
        let overrides = try json(#"{"createOrder.ordernumber":"number"}"#)

        do {
            _ = try WireNames(overrides: overrides)
            Issue.record("was taken")
        } catch {
            #expect(error.faults.first?.path == "/createOrder.ordernumber")
            #expect(error.faults.first?.message.contains("createOrder.orderNumber") == true)
        }
    }

    @Test func everyParameterOfTheTableIsOneOfItsOperation() {
        for row in WireNames.parameters {
            let known = OperationTable.named(row.operation)?.arguments.map { $0.name } ?? []
            for name in row.names { #expect(known.contains(name), "\(row.operation) \(name)") }
        }
    }

    private func json(_ text: String) throws -> JSONValue {
        try JSONDocument.parse(Array(text.utf8)).root
    }
}
