/// `/orders` and what hangs below it.
extension Hub {
    func getOrders(_ call: Call) throws(Refusal) -> Reply {
        let paging = try Paging(call, .plain, resource: "orders", switches)
        let asked = try call.integer("channelId")
        var status: OrderStatus?
        if let text = call.query["status"] {
            guard let known = OrderStatus(rawValue: text) else { throw .badRequest("status \(text) is unknown") }
            status = known
        }
        let orderedAfter = try call.instant("orderedAfter"), createdSince = try call.instant("createdSince")
        let createdUntil = try call.instant("createdUntil"), updatedAfter = try call.instant("updatedAfter")
        let number = call.query["orderNumber"].map { keptForm($0) }, needsChange = switches[.orderFilterTime] == "needs_change"
        let lag = switches.number(.ordersLag), madeUntil = lag > 0 ? clock.nowMicros - lag * 1_000_000 : .max
        let rows = try page(of: shown(orders.orders), order: .sortOrders, paging) { order throws(Refusal) in
            if order.madeMicros > madeUntil { return false }
            if let number, !order.number.hasBytes(of: number) { return false }
            if let status, order.status != status { return false }
            if let createdUntil, order.inserted > createdUntil { return false }
            if updatedAfter != nil, needsChange, order.updated == order.inserted { return false }
            return self.isInScope(order.channelId, call, asked: asked, resource: "orders")
                && self.isAfter(order.ordered, orderedAfter) && self.isAfter(order.inserted, createdSince)
                && self.isAfter(order.updated, updatedAfter)
        }
        let writer = OrderWriter(self), tags = try call.flag("includeTags") ?? false
        return Reply.json(reserving: rows.count * 2500 + 16) { out in
            out.array(rows) { out, order in out.value(writer.node(order, tags: tags)) }
        }.having(.read(rows.count))
    }

    func postOrder(_ call: Call) throws(Refusal) -> Reply {
        let body = try call.needBody()
        let channel = call.caller.channelId ?? body["channelId"]?.integer ?? Hub.channelId
        switch try create(body, channelId: channel) {
        case .created(let order):
            return createReply(order, switches.number(.orderCreatedStatus)).having(.did("order_created"))
        case .repeated(let order):
            return createReply(order, switches.number(.orderRepeatStatus)).having(.did("order_repeated"))
        }
    }

    private func createReply(_ order: Order, _ status: Int) -> Reply {
        guard status != 204 else { return Reply(204) }
        let node = OrderWriter(self).node(order)
        switch switches[.orderCreatedBody] {
        case "empty": return Reply(status)
        case "no_id": return Reply.json(status, .object((node.members ?? []).filter { $0.key != "id" }))
        case "id_only": return Reply.json(status, ["id": .integer(order.id)])
        case "text_id":
            return Reply.json(
                status,
                .object(
                    (node.members ?? []).map {
                        $0.key == "id" ? .init(key: "id", value: .string(String(order.id))) : $0
                    }))
        case "html": return Reply.html(status, title: "Thank you")
        case "text": return Reply(status, .text(Array("OK".utf8)))
        case "error": return Reply.json(status, ["error": "the order could not be saved"])
        case "array": return Reply.json(status, [node])
        default: return Reply.json(status, node)
        }
    }

    func getOrder(_ call: Call) throws(Refusal) -> Reply {
        let order = try visibleOrder(call, "id")
        return Reply.json(200, OrderWriter(self).node(order)).having(.read(1))
    }

    func patchOrderStatus(_ call: Call) throws(Refusal) -> Reply {
        var order = try visibleOrder(call, "id")
        guard let text = call.query["status"] else { throw .badRequest("status is missing in the query") }
        guard let status = OrderStatus(rawValue: text), status != .draft else { throw .badRequest("status \(text) cannot be set") }
        try change(&order, to: status, note: call.query["updateNote"])
        orders[order.id] = order
        return Reply(switches.number(.statusCode)).having(.did("order_status", order: order.sentNumber))
    }

    func patchOrderTags(_ call: Call) throws(Refusal) -> Reply {
        var order = try visibleOrder(call, "id")
        let body = try call.needBody()
        let gone = Set(texts: (body["remove"]?.array ?? []).compactMap(\.text))
        order.tags.removeAll { gone.contains($0) }
        for tag in (body["add"]?.array ?? []).compactMap(\.text) where !order.tags.contains(where: tag.hasBytes) {
            order.tags.append(tag)
        }
        order.updated = now
        orders[order.id] = order
        return Reply.json(200, .array(order.tags.map { .string($0) })).having(.did("order_tags", order: order.sentNumber))
    }

    func postOrderItem(_ call: Call) throws(Refusal) -> Reply {
        var order = try visibleOrder(call, "orderId")
        let body = try call.needBody()
        guard order.status != .closed, order.status != .canceled else {
            throw .badRequest("order \(order.number) is \(order.status.rawValue)")
        }
        guard body["price"]?.numberText != nil else { throw .badRequest("price is missing or no number") }
        let item = try item(body, "item")
        order.items.append(item)
        order.updated = now
        orders[order.id] = order
        return Reply.json(200, OrderWriter(self).node(item, of: order)).having(.did("order_item", order: order.sentNumber))
    }

    func linkOrders(_ call: Call) throws(Refusal) -> Reply {
        let byOrder = call.list("orderIds", switches), byItem = call.list("orderItemIds", switches)
        guard (byOrder == nil) != (byItem == nil) else { throw .badRequest("exactly one of orderIds and orderItemIds") }
        let wantedOrders = Set((byOrder ?? []).compactMap { Int($0) }), wantedItems = Set((byItem ?? []).compactMap { Int($0) })
        var linked: [Int] = []
        for var order in orders.orders where call.caller.channelId.map({ $0 == order.channelId }) ?? true {
            var hasLinked = false
            for index in order.items.indices where order.items[index].variantId == nil {
                let item = order.items[index]
                guard wantedOrders.contains(order.id) || wantedItems.contains(item.id),
                    let variant = catalogue.variant(sku: item.sku)
                else { continue }
                order.items[index].variantId = variant.id
                order.items[index].productVariantId = variant.productVariantId
                hasLinked = true
            }
            guard hasLinked else { continue }
            if order.hold != nil { try route(&order) }
            order.updated = now
            orders[order.id] = order
            linked.append(order.id)
        }
        return Reply.json(200, .array(linked.map { .integer($0) })).having(.did("orders_linked", rows: linked.count))
    }

    func patchOrderAccounting(_ call: Call) throws(Refusal) -> Reply {
        var order = try visibleOrder(call, "id")
        let body = try call.needBody()
        for item in body["items"]?.array ?? [] {
            guard let id = item["id"]?.integer, order.items.contains(where: { $0.id == id }) else {
                throw .badRequest("items.id is missing or not of this order")
            }
        }
        order.accountingSynced = body["accountingSynced"]?.bool ?? order.accountingSynced
        order.updated = now
        orders[order.id] = order
        return Reply.json(200, [:]).having(.did("order_accounting", order: order.sentNumber))
    }

    private func visibleOrder(_ call: Call, _ argument: String) throws(Refusal) -> Order {
        let id = try call.id(argument)
        guard let order = orders[id], call.caller.channelId.map({ $0 == order.channelId }) ?? true else {
            throw .notFound("order \(id)")
        }
        return order
    }
}
