import Testing

@testable import FlxChannel

struct OrderDocumentTests {
    static let address = #""shippingAddress":{"name":"Ann Lee","city":"Oslo"}"#
    static let item = #""orderItems":[{"sku":"A","quantity":2}]"#

    /// An order that has what it must, and `more`.
    static func order(_ more: String = "", items: String = item, address: String = address) -> String {
        #"{"orderNumber":"A-1","# + address + "," + items + (more.isEmpty ? "" : "," + more) + "}"
    }

    // MARK: the check

    @Test func orderWithWhatItMustHaveIsTaken() throws {
        #expect(try check(Self.order()).number == "A-1")
    }

    @Test(arguments: [
        ("{}", ["/orderNumber", "/shippingAddress", "/orderItems"]),
        (#"{"orderNumber":null,"shippingAddress":null,"orderItems":null}"#, ["/orderNumber", "/shippingAddress", "/orderItems"]),
        ("[]", ["/orderNumber", "/shippingAddress", "/orderItems"]), ("7", [""]), ("[{}]", [""]), (#""A-1""#, [""]),
        (#"{"orderNumber":"","shippingAddress":{},"orderItems":[]}"#, ["/orderNumber", "/shippingAddress", "/orderItems"]),
        (#"{"orderNumber":7,"shippingAddress":[],"orderItems":{}}"#, ["/orderNumber", "/shippingAddress", "/orderItems"]),
        (
            #"{"orderNumber":"a\tb","shippingAddress":"Oslo","orderItems":"A"}"#,
            ["/orderNumber", "/shippingAddress", "/orderItems"]
        ),
    ])
    func whatAnOrderMustHaveIsNamedWhereItIsMissing(_ text: String, _ paths: [String]) {
        #expect(faults(text).map { $0.path } == paths)
    }

    @Test func orderNumberHas200BytesAtMost() {
        let longest = String(repeating: "n", count: 200)

        #expect(faults(#"{"orderNumber":"\#(longest)",\#(Self.address),\#(Self.item)}"#).isEmpty)
        #expect(faults(#"{"orderNumber":"\#(longest)n",\#(Self.address),\#(Self.item)}"#).map { $0.path } == ["/orderNumber"])
    }

    @Test(arguments: [
        #""referenceNumber":7"#, #""note":["x"]"#, #""shippingText":true"#, #""orderTotal":"12,50""#, #""orderTotal":"""#,
        #""orderTotal":1e2"#, #""orderTotal":"1e2""#, #""orderTotal":true"#, #""orderTotal":".5""#, #""orderTotal":"01.5""#,
        #""orderTotal":1.1234567"#, #""orderTotal":" 1""#, #""orderTotal":"NaN""#, #""orderedAt":"2026-01-31""#,
        #""orderedAt":"2026-01-31T12:00:00""#, #""orderedAt":"2026-02-30T12:00:00Z""#, #""orderedAt":1769860800"#,
        #""billingAddress":"Oslo""#, #""tags":"red""#, #""customFields":{}"#, #""extra":["x"]"#,
    ])
    func fieldOfAWrongKindIsNamed(_ field: String) {
        let name = field.split(separator: "\"")[0]

        #expect(faults(Self.order(field)).map { $0.path } == ["/\(name)"])
    }

    @Test(arguments: [
        (#"{"sku":"A","quantity":0}"#, "quantity"), (#"{"sku":"A","quantity":-1}"#, "quantity"),
        (#"{"sku":"A","quantity":1.5}"#, "quantity"), (#"{"sku":"A","quantity":"0,55"}"#, "quantity"),
        (#"{"sku":"A","quantity":"two"}"#, "quantity"), (#"{"sku":"A","quantity":"1e0"}"#, "quantity"),
        (#"{"sku":"A","quantity":""}"#, "quantity"),
        (#"{"sku":"A","quantity":"0.3000"}"#, "quantity"), (#"{"sku":"A","quantity":1000000001}"#, "quantity"),
        (#"{"sku":"A","quantity":99999999999999999999}"#, "quantity"), (#"{"sku":"A"}"#, "quantity"),
        (#"{"sku":"A","quantity":1,"price":"19,99"}"#, "price"), (#"{"sku":7,"quantity":1}"#, "sku"),
        (#"{"quantity":1}"#, "sku"), (#"{"quantity":1,"sku":""}"#, "sku"), (#"{"quantity":1,"sku":null,"title":"T"}"#, "sku"),
        (#"{"quantity":1,"listingVariantId":"x"}"#, "listingVariantId"),
        (#"{"quantity":1,"listingVariantId":-1}"#, "listingVariantId"),
        (#"{"quantity":1,"listingVariantId":1.5}"#, "listingVariantId"),
        (#"{"quantity":1,"listingVariantId":"-1"}"#, "listingVariantId"),
        (#"{"quantity":1,"listingVariantId":"007"}"#, "listingVariantId"),
        (#"{"quantity":1,"productVariantId":9223372036854775808}"#, "productVariantId"),
        (#"{"quantity":1,"sku":"A","shippingAddress":{"city":7}}"#, "shippingAddress/city"),
        (#"{"quantity":1,"sku":"A","customFields":[{"name":1}]}"#, "customFields/0/name"),
    ])
    func lineThatCannotBeIsNamed(_ line: String, _ field: String) {
        let text = Self.order(items: #""orderItems":[{"sku":"A","quantity":1},\#(line)]"#)

        #expect(faults(text).map { $0.path } == ["/orderItems/1/\(field)"])
    }

    @Test(arguments: ["sku\":\"A\"", "externalListingId\":\"E\"", "listingVariantId\":17", "productVariantId\":\"17\""])
    func eachKeyAloneNamesTheListing(_ key: String) {
        #expect(faults(Self.order(items: #""orderItems":[{"quantity":1,"\#(key)}]"#)).isEmpty)
    }

    @Test(arguments: ["2", "2.0", "2.0000", #""2""#, #""2.0000""#, "2.000000000000000000"])
    func wholeNumberIsTakenInEverySpelling(_ two: String) throws {
        let plain = try check(Self.order())
        let order = try check(Self.order(items: #""orderItems":[{"sku":"A","quantity":\#(two)}]"#))

        #expect(order.wire == plain.wire)
        #expect(order.canonical == plain.canonical)
    }

    @Test(arguments: ["17", "17.0", "17.0000", #""17""#, #""17.00""#])
    func idIsTakenInEverySpelling(_ id: String) throws {
        let order = try check(Self.order(items: #""orderItems":[{"listingVariantId":\#(id),"quantity":1}]"#))

        #expect(order.wireText.contains(#""listingVariantId":17}"#))
    }

    @Test(arguments: ["19.990000000", #""19.990000000""#])
    func zerosAtTheEndOfMoneyDoNotCount(_ price: String) throws {
        let plain = try check(Self.order(items: #""orderItems":[{"sku":"A","quantity":2,"price":19.99}]"#))
        let order = try check(Self.order(items: #""orderItems":[{"sku":"A","quantity":2,"price":\#(price)}]"#))

        #expect(order.wire == plain.wire)
        #expect(order.canonical == plain.canonical)
    }

    @Test(arguments: [
        ("29.949999999999999", "has 15 decimals; at most 6 are allowed"), ("1e2", "has an exponent; write it out, like 1500.00"),
        ("1000000000000000000", "has 19 digits before the point; at most 18 are allowed"),
        (#""12,50""#, "is not a decimal number like 19.99; the decimal sign is a point"),
    ])
    func messageAboutMoneyNamesTheRule(_ total: String, _ message: String) {
        #expect(faults(Self.order(#""orderTotal":\#(total)"#)) == [Fault(path: "/orderTotal", message: message)])
    }

    /// PHP writes an empty array as [], also where an object is meant.
    @Test(arguments: ["billingAddress", "extra"])
    func emptyListIsAnEmptyObject(_ field: String) throws {
        let order = try check(Self.order(#""\#(field)":[]"#))

        #expect(try order.wire == check(Self.order()).wire)
        #expect(faults(Self.order(#""\#(field)":[1]"#)).map { $0.path } == ["/\(field)"])
    }

    @Test(arguments: ["{}", "[]", #"{"name":"","city":null}"#, #"{"name":" ","city":"\t"}"#, #"{"extra":{"door":""}}"#])
    func addressWithoutTextIsAFault(_ address: String) {
        let found = faults(Self.order(address: #""shippingAddress":\#(address)"#))

        #expect(found.map { $0.path } == ["/shippingAddress"])
        #expect(found.first?.message.contains("no text") == true)
    }

    /// An empty one would stand for "nobody" at the hub.
    @Test func addressWithoutTextThatNeedNotBeThereIsNotSent() throws {
        let order = try check(
            Self.order(
                #""billingAddress":{"name":"","city":null}"#,
                items: #""orderItems":[{"sku":"A","quantity":2,"shippingAddress":{}}]"#))

        #expect(try order.wire == check(Self.order()).wire)
    }

    @Test func lineThatIsNoObjectIsNamed() {
        #expect(faults(Self.order(items: #""orderItems":["A"]"#)).map { $0.path } == ["/orderItems/0"])
    }

    @Test func allFaultsAreToldAtOnce() {
        let text = #"""
            {"orderNumber":"A-1","orderTotl":"1","orderTotal":"12,50","shippingAddress":{"cty":"Oslo","email":7},
             "orderItems":[{"sku":"A","quantity":0,"price":"x"},{"quantity":1}],"tags":["a",1],"extra":{"note":"n"}}
            """#

        #expect(
            Set(faults(text).map { $0.path }) == [
                "/orderTotl", "/orderTotal", "/shippingAddress/cty", "/shippingAddress/email", "/orderItems/0/quantity",
                "/orderItems/0/price", "/orderItems/1/sku", "/tags/1", "/extra/note",
            ])
    }

    @Test func faultsAreCountedTo100() {
        let lines = (0..<500).map { _ in #"{"sku":"A","quantity":0}"# }.joined(separator: ",")

        #expect(faults(Self.order(items: #""orderItems":[\#(lines)]"#)).count == 100)
    }

    @Test func commaIsToldAboutThePoint() {
        let fault = faults(Self.order(items: #""orderItems":[{"sku":"A","quantity":1,"price":"19,99"}]"#)).first

        #expect(fault?.message.contains("the decimal sign is a point") == true)
        #expect(faults(Self.order(#""orderTotal":"x""#)).first?.message.contains("point") == false)
    }

    @Test(arguments: [
        (#""shipingText":"x""#, "shippingText"), (#""ordernumber":"x""#, "orderNumber"),
        (#""referenceNumbr":"x""#, "referenceNumber"), (#""OrderTotal":"1""#, "orderTotal"),
    ])
    func unknownNameIsToldTheNearest(_ field: String, _ near: String) {
        #expect(faults(Self.order(field)).first?.message.contains("\"\(near)\"") == true)
    }

    @Test func unknownNameFarFromAllIsSentToExtra() {
        let fault = faults(Self.order(#""taxDetailsOfTheBuyer":1"#)).first

        #expect(fault?.message.contains("did you mean") == false)
        #expect(fault?.message.contains("extra") == true)
    }

    @Test func pathOfAnUnknownNameIsAPointer() {
        #expect(faults(Self.order(#""a/b~c":1"#)).map { $0.path } == ["/a~1b~0c"])
    }

    @Test func listsAndTextsHaveBounds() {
        let tags = (0..<101).map { "\"\($0)\"" }.joined(separator: ",")
        let field = String(repeating: #"{"name":"n"},"#, count: 200) + #"{"name":"n"}"#

        #expect(faults(Self.order(#""tags":[\#(tags)]"#)).map { $0.path } == ["/tags"])
        #expect(faults(Self.order(#""customFields":[\#(field)]"#)).map { $0.path } == ["/customFields"])
        #expect(
            faults(Self.order(#""shippingText":"\#(String(repeating: "x", count: 201))""#)).map { $0.path } == ["/shippingText"])
        #expect(faults(Self.order(#""tags":["\#(String(repeating: "x", count: 501))"]"#)).map { $0.path } == ["/tags/0"])
    }

    @Test func orderOverItsSizeIsRefusedUnread() {
        let text = "[" + String(repeating: " ", count: OrderSchema.mostBytes)

        guard case .tooLarge(let bytes)? = refused(text) else {
            Issue.record("was taken")
            return
        }
        #expect(bytes == OrderSchema.mostBytes + 1)
    }

    @Test(arguments: ["", "{", #"{"orderNumber":"A-1","orderNumber":"A-2"}"#, "{} {}", #"{"a":01}"#])
    func textThatIsNoJSONIsNoOrder(_ text: String) {
        guard case .json? = refused(text) else {
            Issue.record("was taken for JSON")
            return
        }
    }

    // MARK: the wire

    @Test func wireKeepsTheHostsNumberText() throws {
        let text = Self.order(
            #""orderTotal":19.90"#,
            items: #""orderItems":[{"sku":"A","quantity":2,"price":"19.90"},{"sku":"B","quantity":1,"price":0.10}]"#)
        let wire = try check(text).wireText

        #expect(wire.contains(#""orderTotal":19.90"#))
        #expect(wire.contains(#""price":19.90"#))
        #expect(wire.contains(#""price":0.10"#))
        #expect(wire.contains(#""quantity":2"#))
    }

    @Test(arguments: [
        ("2026-01-31T12:00:00Z", "2026-01-31T12:00:00Z"), ("2026-01-31T13:00:00.750+01:00", "2026-01-31T12:00:00Z"),
        ("2026-01-31T12:00:00.999Z", "2026-01-31T12:00:00Z"),
    ])
    func wireHasWholeSecondsInUTC(_ given: String, _ wire: String) throws {
        #expect(try check(Self.order(#""orderedAt":"\#(given)""#)).wireText.contains(#""orderedAt":"\#(wire)""#))
    }

    @Test func idGivenAsTextIsANumberOnTheWire() throws {
        let wire = try check(Self.order(items: #""orderItems":[{"listingVariantId":"9007199254740993","quantity":1}]"#)).wireText

        #expect(wire.contains(#""listingVariantId":9007199254740993"#))
    }

    @Test func absentFieldsAndNullsAreNotOnTheWire() throws {
        let wire = try check(Self.order(#""note":null,"tags":[]"#)).wireText

        #expect(!wire.contains("note"))
        #expect(!wire.contains("billingAddress"))
        #expect(wire.contains(#""tags":[]"#))
    }

    @Test func extraPassesThroughInItsOwnBytes() throws {
        let text = Self.order(
            #""extra":{"taxTotal":1.50,"gift":{"a":[1e2]}}"#,
            items: #""orderItems":[{"sku":"A","quantity":1,"extra":{"taxRate":0.250}}]"#,
            address: #""shippingAddress":{"city":"Oslo","extra":{"doorCode":"7"}}"#)
        let wire = try check(text).wireText

        #expect(wire.contains(#""taxTotal":1.50,"gift":{"a":[1e2]}"#))
        #expect(wire.contains(#""quantity":1,"sku":"A","taxRate":0.250}"#))
        #expect(wire.contains(#""doorCode":"7""#))
        #expect(!wire.contains("extra"))
    }

    @Test func fieldOfItsOwnMayNotHideInExtra() {
        #expect(faults(Self.order(#""extra":{"orderTotal":"1"}"#)).map { $0.path } == ["/extra/orderTotal"])
    }

    @Test func overrideRenamesOnTheWireAndNotInTheDigest() throws {
        let names = try WireNames(
            overrides: parsed(#"{"createOrder":{"orderNumber":"number","orderItems":{"sku":"itemSku"},"address":{"city":"town"}}}"#)
        )
        let plain = try check(Self.order())
        let renamed = try check(Self.order(), names)

        #expect(renamed.wireText.contains(#""number":"A-1""#))
        #expect(renamed.wireText.contains(#""itemSku":"A""#))
        #expect(renamed.wireText.contains(#""town":"Oslo""#))
        #expect(!renamed.wireText.contains("orderNumber"))
        #expect(renamed.canonical == plain.canonical)
    }

    @Test func extraMayNotTakeANameThatAnOverrideGave() throws {
        let names = try WireNames(overrides: parsed(#"{"createOrder":{"orderNumber":"number","orderItems":{"sku":"itemSku"}}}"#))
        let text = Self.order(
            #""extra":{"number":"B-2"}"#, items: #""orderItems":[{"sku":"A","quantity":1,"extra":{"itemSku":"B"}}]"#)

        #expect(Set(faults(text, names).map { $0.path }) == ["/extra/number", "/orderItems/0/extra/itemSku"])
        #expect(faults(text).isEmpty)
    }

    // MARK: the digest

    @Test(arguments: [
        Self.order(#""orderTotal":19.9,"tags":["a","b"],"orderedAt":"2026-01-31T12:00:00Z""#),
        Self.order(#""tags":["a","b"],"orderedAt":"2026-01-31T12:00:00Z","orderTotal":19.90"#),
        Self.order(#""orderTotal":"19.9","orderedAt":"2026-01-31T13:00:00+01:00","tags":["a","b"]"#),
        Self.order(#""orderTotal":"19.900","note":null,"orderedAt":"2026-01-31T12:00:00.5Z","tags":["\u0061","b"]"#),
        Self.order(#""orderTotal":19.9,"tags":["a","b"],"orderedAt":"2026-01-31T12:00:00Z","extra":{}"#),
        #"{ "orderItems" : [{"quantity":2,"sku":"A"}], "tags":["a","b"],"orderedAt":"2026-01-31T12:00:00Z","orderTotal":19.9,\#n"#
            + #""shippingAddress":{"city":"Oslo","name":"Ann Lee"},"orderNumber":"A-1" }"#,
    ])
    func sameOrderInOtherWordsHasOneCanonicalForm(_ text: String) throws {
        let plain = try check(Self.order(#""orderTotal":19.9,"tags":["a","b"],"orderedAt":"2026-01-31T12:00:00Z""#))

        #expect(try check(text).canonical == plain.canonical)
    }

    @Test(arguments: [
        Self.order(#""note":"""#), Self.order(#""note":null"#), Self.order(#""tags":[]"#),
        Self.order(#""billingAddress":{"name":""}"#),
        Self.order(#""extra":{"a":null,"b":"","c":{"d":[]}}"#), Self.order(#""customFields":[]"#),
        Self.order(items: #""orderItems":[{"sku":"A","quantity":2,"title":"","shippingAddress":{}}]"#),
        Self.order(address: #""shippingAddress":{"name":"Ann Lee","city":"Oslo","addressLine2":"","phone":null}"#),
    ])
    func whatIsEmptyIsNoContent(_ text: String) throws {
        #expect(try check(text).canonical == check(Self.order()).canonical)
    }

    @Test func membersOfExtraAreInOneOrderToo() throws {
        let one = try check(Self.order(#""extra":{"a":1.50,"b":{"c":1,"d":2}}"#))
        let other = try check(Self.order(#""extra":{"b":{"d":2,"c":1},"a":1.5}"#))

        #expect(one.canonical == other.canonical)
    }

    @Test(arguments: [
        Self.order(#""orderTotal":19.91"#), Self.order(#""note":"n""#), Self.order(#""tags":["b","a"]"#),
        Self.order(#""extra":{"a":false}"#), Self.order(#""extra":{"a":1}"#),
        Self.order(items: #""orderItems":[{"sku":"A","quantity":3}]"#),
        Self.order(items: #""orderItems":[{"sku":"a","quantity":2}]"#),
        Self.order(items: #""orderItems":[{"sku":"A","quantity":2},{"sku":"A","quantity":2}]"#),
        Self.order(items: #""orderItems":[{"sku":"A","quantity":2,"title":"T"}]"#),
        Self.order(items: #""orderItems":[{"externalListingId":"A","quantity":2}]"#),
        Self.order(address: #""shippingAddress":{"name":"Ann Lee","city":"Bergen"}"#),
        Self.order(#""orderedAt":"2026-01-31T12:00:01Z""#), Self.order().replacing("A-1", with: "A-2"),
    ])
    func otherContentHasAnotherCanonicalForm(_ text: String) throws {
        #expect(try check(text).canonical != check(Self.order()).canonical)
    }

    @Test func fieldAndMemberOfExtraOfOneNameAreNotTheSame() throws {
        let inside = try check(Self.order(#""extra":{"x":{"sku":"A"}}"#))
        let beside = try check(Self.order(#""extra":{"x":"A"}"#))

        #expect(inside.canonical != beside.canonical)
    }

    // MARK: the schema

    @Test func everyFieldOfTheWireTableIsAFieldOfAnOrder() {
        let known = [
            "CreateOrderRequest": OrderSchema.order, "CreateOrderItem": OrderSchema.item, "AddressRequest": OrderSchema.address,
            "CustomField": OrderSchema.customField,
        ]
        for row in WireNames.fields {
            guard let fields = known[row.schema] else { continue }
            #expect(Set(fields.map { $0.name }) == Set(row.names), "\(row.schema)")
        }
    }

    private func check(_ text: String, _ names: WireNames = WireNames()) throws -> OrderDocument {
        try OrderDocument.check(Array(text.utf8), names: names)
    }

    private func refused(_ text: String) -> OrderDocument.Refusal? {
        do {
            _ = try OrderDocument.check(Array(text.utf8), names: WireNames())
            return nil
        } catch { return error }
    }

    private func faults(_ text: String, _ names: WireNames = WireNames()) -> [Fault] {
        do {
            _ = try OrderDocument.check(Array(text.utf8), names: names)
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

extension OrderDocument {
    fileprivate var wireText: String { String(decoding: wire, as: UTF8.self) }
}
