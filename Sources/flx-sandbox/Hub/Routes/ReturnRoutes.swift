/// `/returns`.
extension Hub {
    func getReturns(_ call: Call) throws(Refusal) -> Reply {
        let paging = try Paging(call, .number, resource: "returns", switches)
        let order = try call.integer("orderId"), channel = try call.integer("channelId")
        let rmas = try call.flag("includeRmas") ?? false
        let rows = try page(of: shown(returns.returns), order: .sortReturns, paging) { row throws(Refusal) in
            (order == nil || row.orderId == order) && self.isInScope(row.channelId, call, asked: channel, resource: "returns")
        }
        return Reply.json(200, .array(rows.map { node($0, rmas: rmas) })).having(.read(rows.count))
    }

    func getReturn(_ call: Call) throws(Refusal) -> Reply {
        Reply.json(200, node(try visibleReturn(call), rmas: true)).having(.read(1))
    }

    func postReturn(_ call: Call) throws(Refusal) -> Reply {
        let (made, warning) = try createReturn(try call.needBody(), channelId: call.caller.channelId)
        return Reply.json(200, ["warning": .string(warning), "return": node(made, rmas: true)])
            .having(.did("return_created", order: orders[made.orderId]?.sentNumber))
    }

    func patchReturn(_ call: Call) throws(Refusal) -> Reply {
        var found = try visibleReturn(call)
        guard let status = try call.needBody()["returnStatus"]?.text else { throw .badRequest("returnStatus is missing") }
        found.status = status
        found.updated = now
        returns[found.id] = found
        return Reply.json(200, node(found, rmas: false)).having(.did("return_updated"))
    }

    private func visibleReturn(_ call: Call) throws(Refusal) -> Return {
        let id = try call.id("id")
        guard let found = returns[id], call.caller.channelId.map({ $0 == found.channelId }) ?? true else {
            throw .notFound("return \(id)")
        }
        return found
    }

    func node(_ row: Return, rmas: Bool) -> JSONValue {
        var members: [JSONValue.Member] = []
        func add(_ name: String, _ value: JSONValue) { members.append(.init(key: name, value: value)) }
        add("id", .integer(row.id))
        add("orderId", .integer(row.orderId))
        add("returnNumber", .text(row.number))
        add("accountId", .integer(Hub.accountId))
        if switches.bearChannelId("returns") { add("channelId", .integer(row.channelId)) }
        add("returnStatus", .string(row.status))
        add("totalReturnItems", .integer(row.items.reduce(0) { $0 + $1.quantity }))
        add("totalRmas", .integer(row.rmaIds.count))
        add(
            "items",
            .array(
                row.items.map { item in
                    [
                        "id": .integer(item.id), "returnId": .integer(row.id),
                        "orderItemId": item.orderItemId.map { .integer($0) } ?? .null, "sku": .string(item.sku),
                        "returnQuantity": .integer(item.quantity), "returnReason": .string(item.reason),
                        "returnCondition": .string(item.condition), "salesPrice": item.salesPrice, "title": .text(item.title),
                        "refundedAmount": item.refunded, "bundleComponents": [],
                    ]
                }))
        add(
            "rmas",
            .array(
                rmas
                    ? row.rmaIds.map { rma in
                        [
                            "id": .integer(rma), "returnId": .integer(row.id), "sourceId": .integer(Hub.sourceId),
                            "rmaNumber": .string("RMA-\(rma)"), "accountId": .integer(Hub.accountId), "returnToAddress": nil,
                            "items": [],
                        ]
                    } : []))
        return .object(members)
    }
}
