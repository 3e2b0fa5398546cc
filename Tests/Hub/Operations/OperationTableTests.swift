import Testing

@testable import FlxChannel

struct OperationTableTests {
    @Test func everyIdIsThereOnce() {
        let ids = OperationTable.all.map { $0.id }

        #expect(Set(ids).count == ids.count)
        #expect(ids.count == 33)
    }

    @Test func operationIsFoundByItsIdOnly() {
        #expect(OperationTable.named("listOrders")?.path == "/orders")
        #expect(OperationTable.named("listorders") == nil)
    }

    @Test func unknownOperationIsToldTheNearestOne() {
        #expect(OperationTable.unknown("updateOrderStat").message.contains("updateOrderStatus"))
    }

    @Test func nearestOperationIsOneThatCanBeCalled() {
        #expect(!OperationTable.unknown("createOrde").message.contains("did you mean \"createOrder\""))
    }

    @Test func bracesOfThePathAreItsPathArgumentsInOrder() {
        for operation in OperationTable.all {
            let names = operation.arguments.filter { $0.place == .path }.map { $0.name }
            let braces = operation.path.split(separator: "/").filter { $0.hasPrefix("{") }.map { $0.dropFirst().dropLast() }

            #expect(names == braces.map(String.init), "\(operation.id)")
        }
    }

    @Test func pagedOperationHasTheArgumentsOfItsPageStyle() {
        for operation in OperationTable.all where operation.pages != .none {
            let names = operation.pages.parameters
            #expect(operation.arguments.contains { $0.name == names.number }, "\(operation.id)")
            #expect(operation.arguments.contains { $0.name == names.size }, "\(operation.id)")
        }
    }

    @Test(arguments: ["createOrder", "createOrderItem", "createReturn", "createShipment", "upsertListingVariant"])
    func creatingIsNotSafeToRepeat(_ id: String) {
        #expect(OperationTable.named(id)?.isRepeatable == false)
    }

    @Test func readingIsSafeToRepeat() {
        #expect(OperationTable.all.filter { $0.method == .get }.allSatisfy { $0.isRepeatable })
    }

    @Test func orderCreationAndAnswersAreRefusedAsCalls() {
        #expect(OperationTable.named("createOrder")?.refusal?.contains("flx_order_submit") == true)
        #expect(OperationTable.named("acknowledgeListingParents")?.refusal?.contains("flx_ack") == true)
        #expect(OperationTable.named("getOrderById")?.refusal == nil)
    }

    @Test func operationsOfOtherTokensAreRefusedAsCalls() {
        for id in ["getAccount", "getChannels", "createShipment", "patchShipment"] {
            #expect(OperationTable.named(id)?.refusal != nil, "\(id)")
        }
    }
}
