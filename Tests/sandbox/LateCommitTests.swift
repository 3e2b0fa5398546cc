import Testing

@testable import flx_sandbox

/// The fault `commit_late`: a hub that works on while nobody waits for it.
@Suite struct LateCommitTests {
    private func rig(_ parameters: [String: JSONValue] = [:]) throws -> Rig {
        let rig = try Rig()
        rig.holds = true
        let members: [JSONValue.Member] = [.init(key: "do", value: "commit_late"), .init(key: "ms", value: 3000)]
        _ = try rig.hub.act("faults", .object(members + parameters.map { .init(key: $0.key, value: $0.value) }))
        return rig
    }

    @Test func orderComesIntoBeingLateAndIsAnsweredThen() throws {
        let rig = try rig()
        let made = rig.hub.now + 3

        #expect(rig.ask("POST", "/orders", rig.order("1")).steps.isEmpty)
        rig.pass(millis: 2999)
        #expect(rig.hub.orders.orders.isEmpty && rig.hub.journal.entries.isEmpty)
        rig.pass(millis: 1)

        #expect(rig.hub.orders.orders.map(\.inserted) == [made])
        #expect(rig.answers.map(\.status) == [201])
        let entry = try #require(rig.hub.journal.entries.first)
        #expect((entry.effect.kind, entry.effect.isAccepted, entry.isAnswered) == ("order_created", true, true))
        #expect(entry.faults == ["commit_late"])
    }

    @Test(arguments: ["close", "reset", "half", "hang"])
    func orderComesIntoBeingAlthoughTheConnectionEnded(how: String) throws {
        let rig = try rig(["how": .string(how)])

        let answer = rig.ask("POST", "/orders", rig.order("1"))
        #expect(answer.text.isEmpty && answer.steps.count == 1)
        #expect(rig.ask("GET", "/orders").ids == [])
        rig.pass(seconds: 3)

        #expect(rig.ask("GET", "/orders").ids.count == 1)
        let entry = try #require(rig.hub.journal.entries.first { $0.operation == "createOrder" })
        #expect((entry.status, entry.effect.kind, entry.isAnswered) == (201, "order_created", false))
        #expect(rig.answers.count == 3)
    }

    /// Sent again meanwhile: a hub that tells repeats has one order, one that does not has two.
    @Test(arguments: [("first", 1, "order_repeated"), ("second", 2, "order_created")])
    func repeatThatOvertakesIsTheFirst(rule: String, orders: Int, late: String) throws {
        let rig = try rig()
        try rig.hub.switches.set("order.duplicate", to: rule)
        _ = rig.ask("POST", "/orders", rig.order("1"))

        #expect(rig.ask("POST", "/orders", rig.order("1")).status == 201)
        rig.pass(seconds: 3)

        #expect(rig.hub.orders.orders.count == orders)
        #expect(rig.hub.journal.entries.map(\.effect.kind) == ["order_created", late])
        #expect(rig.hub.journal.entries.map(\.attempt) == [2, 1])
    }

    @Test func nothingButAnOrderIsLate() throws {
        let rig = try rig(["times": 0])
        #expect(rig.ask("GET", "/orders").status == 200)
        #expect(rig.ask("PATCH", "/listing/variants", []).status == 200)
    }
}
