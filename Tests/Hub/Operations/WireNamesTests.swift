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

    // MARK: every row has a reader

    /// An override that nobody reads is a promise that is not kept.
    @Test func everyParameterOfTheTableIsRenamedOnTheWire() throws {
        for row in WireNames.parameters {
            let operation = try #require(OperationTable.named(row.operation))
            for name in row.names {
                let plain = try target(operation, name, WireNames())
                let renamed = try target(operation, name, json(#"{"\#(row.operation).\#(name)":"zz-zz"}"#).names())

                #expect(plain.contains("\(name)="), "\(row.operation).\(name)")
                #expect(!plain.contains("zz-zz="))
                #expect(renamed.contains("zz-zz=") && !renamed.contains("\(name)="), "\(row.operation).\(name)")
            }
        }
    }

    @Test func everyFieldOfTheTableIsRenamedOnTheWire() throws {
        for row in WireNames.fields {
            for name in row.names {
                let plain = try count(name, at: row.place, in: body(row.place, WireNames()))
                let names = try json(#"{"\#(row.place).\#(name)":"zz-zz"}"#).names()
                let renamed = try body(row.place, names)

                #expect(plain > 0, "\(row.place).\(name) is on no wire")
                #expect(try count("zz-zz", at: row.place, in: renamed) == plain, "\(row.place).\(name)")
                #expect(try count(name, at: row.place, in: renamed) == 0, "\(row.place).\(name)")
            }
        }
    }

    @Test func everyNameThatTheContractInfersCanBeChanged() {
        for operation in OperationTable.all where operation.isForChannels {
            for argument in operation.arguments where argument.isInferred && argument.place == .query {
                #expect(WireNames.keys.contains("\(operation.id).\(argument.name)"), "\(operation.id).\(argument.name)")
            }
        }
    }

    /// The address of a call that gives this argument.
    private func target(_ operation: FlxChannel.Operation, _ name: String, _ names: WireNames) throws -> String {
        let argument = try #require(operation.arguments.first { $0.name == name })
        let required = operation.arguments.filter { ($0.isRequired || $0.place == .path) && $0.name != name }
        let given = ([argument] + required).map { #""\#($0.name)":\#(sample($0))"# }.joined(separator: ",")
        return try CallArguments(operation, json("{\(given)}"), names: names).target
    }

    private func sample(_ argument: Argument) -> String {
        if let choice = argument.choices.first { return "\"\(choice)\"" }
        return switch argument.type {
        case .integer, .decimal: "1"
        case .boolean: "true"
        case .instant: #""2026-01-31T12:00:00Z""#
        case .list(.integer): "[1]"
        case .list: #"["a"]"#
        case .text, .any, .object: #""a""#
        }
    }

    /// The body that the library writes for what has all its fields.
    private func body(_ place: String, _ names: WireNames) throws -> JSONValue {
        let operation = String(place.prefix { $0 != "." })
        switch operation {
        case "createOrder":
            let order = json(of: OrderSchema.order)
            return try JSONDocument.parse(try OrderDocument.check(Array(order.utf8), names: names).wire).root
        case "acknowledgeListingVariants":
            return try answer(#"{"id":"7","isLinkedToRegularProduct":true}"#, .listingsToSync, names)
        case "acknowledgeListingParents":
            return try answer(
                #"{"id":"7","images":[{"id":"1"}],"variants":[{"id":"70","images":[{"id":"1"}]}]}"#, .listingsToPublish, names)
        default:
            Issue.record("\(place) has no reader that this test knows")
            return try json("{}")
        }
    }

    private func answer(_ answer: String, _ feed: Feed, _ names: WireNames) throws -> JSONValue {
        let row = Receipt.Row(
            id: "7", isHeld: false, pending: nil, contentAt: nil, variants: [ListingRow.Variant(id: "70", pending: nil)])
        let receipt = Receipt(feed: feed, fetchInstant: nil, rows: [row])
        let wire = try #require(try AnswerDocument.check(Array("[\(answer)]".utf8), receipt: receipt, names: names).first).wire
        return try JSONDocument.parse(wire).root
    }

    private func json(of fields: [OrderField]) -> String {
        let members = fields.map { field in
            let value =
                switch field.kind {
                case .text, .number: field.name == "countryCode" ? #""US""# : #""A""#
                case .decimal, .quantity, .id: "1"
                case .instant: #""2026-01-31T12:00:00Z""#
                case .texts: #"["a"]"#
                case .object(_, let inner): json(of: inner)
                case .objects(_, let inner, _, _): "[\(json(of: inner))]"
                }
            return "\"\(field.name)\":\(value)"
        }
        return "{\(members.joined(separator: ","))}"
    }

    /// How often a member of this name stands in the objects of a place, wherever these are.
    private func count(_ name: String, at place: String, in body: JSONValue) throws -> Int {
        let objects: [JSONValue] =
            switch place {
            case "createOrder", "acknowledgeListingVariants", "acknowledgeListingParents": [body]
            case "createOrder.orderItems": body.member("orderItems").map { Array($0.elements) } ?? []
            case "acknowledgeListingParents.variants": body.member("variants").map { Array($0.elements) } ?? []
            case "createOrder.address": ["shippingAddress", "billingAddress"].compactMap { body.member($0) }
            case "createOrder.customFields": body.member("customFields").map { Array($0.elements) } ?? []
            default: []
            }
        return objects.count { $0.member(name) != nil }
    }

    private func json(_ text: String) throws -> JSONValue {
        try JSONDocument.parse(Array(text.utf8)).root
    }
}

extension JSONValue {
    fileprivate func names() throws -> WireNames { try WireNames(overrides: self) }
}
