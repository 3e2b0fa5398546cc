import Testing

@testable import flx_sandbox

/// "é" as one scalar and as two: equal to `String`, two texts to a hub that compares bytes.
@Suite struct TextTests {
    private let composed = "caf\u{e9}", decomposed = "cafe\u{301}"

    @Test func textsOfOtherBytesAreTwoKeys() {
        #expect(composed.elementsEqual(decomposed))  // letter by letter
        #expect(composed != decomposed)
        #expect(ByteText(composed) != ByteText(decomposed))
        #expect(Set(texts: [composed, decomposed, composed]).count == 2)
    }

    @Test func twoFormsOfANumberAreTwoOrders() throws {
        let rig = try Rig()

        let statuses = [composed, decomposed, composed].map { rig.ask("POST", "/orders", rig.order($0)).status }

        #expect(statuses == [201, 201, 200])
        #expect(rig.hub.orders.orders.count == 2)
        #expect(rig.hub.orders.attempts[composed] == 2)
        #expect(rig.ask("GET", "/orders?orderNumber=cafe%CC%81").ids == [rig.hub.orders.orders[1].id])
        #expect(rig.ask("GET", "/_admin/orders/caf%C3%A9").json["id"]?.integer == rig.hub.orders.orders[0].id)
        #expect(rig.ask("GET", "/_admin/journal?order_number=cafe%CC%81").json.array?.count == 1)
    }

    @Test func faultIsForOneFormOfANumber() throws {
        let rig = try Rig()
        _ = try rig.hub.act("refuse", ["order_number": .string(composed)])

        #expect(rig.ask("POST", "/orders", rig.order(decomposed)).status == 201)
        #expect(rig.ask("POST", "/orders", rig.order(composed)).status == 422)
    }

    @Test func twoFormsOfASKUAreTwoListings() throws {
        let rig = try Rig()
        for sku in [composed, decomposed] { #expect(rig.ask("POST", "/listing/variants", ["sku": .string(sku)]).status == 200) }
        let variants = rig.hub.catalogue.variants.suffix(2)

        #expect(rig.ask("GET", "/listing/variants?skus=cafe%CC%81").ids == [variants.last?.id])
        #expect(rig.ask("POST", "/listing/search/variants", ["filterSkus": [.string(composed)]]).ids == [variants.first?.id])
        let line = rig.ask("POST", "/orders", rig.order("1", sku: decomposed)).json["orderItems"]?.array?.first
        #expect(line?["listingVariantId"]?.integer == variants.last?.id)
    }

    @Test func twoFormsOfAnExternalIdAreTwoIds() throws {
        let rig = try Rig()
        let answers = zip(rig.hub.catalogue.parents, [composed, decomposed]).map { parent, external -> JSONValue in
            ["listingParentId": .integer(parent.id), "externalListingId": .string(external), "variants": []]
        }

        #expect(rig.ask("PATCH", "/listing/parents", .array(Array(answers))).status == 200)
    }

    @Test func lineToShipIsNamedByTheBytesOfItsSKU() throws {
        let rig = try Rig()
        var order = rig.order("1", sku: composed).members ?? []
        order.removeLast()
        order.append(
            .init(
                key: "orderItems",
                value: [
                    ["sku": .string(composed), "quantity": 1], ["sku": .string(decomposed), "quantity": 2],
                ]))
        _ = rig.ask("POST", "/orders", .object(order))

        let made = try rig.hub.act("ship", ["order_number": "1", "lines": [["sku": .string(decomposed), "quantity": 2]]])

        #expect(made.array?.first?["shipmentItems"]?.array?.first?["quantity"] == 2)
    }
}
