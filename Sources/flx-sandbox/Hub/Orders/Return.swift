struct ReturnItem {
    var id: Int
    var orderItemId: Int?
    var sku: String
    var title: String?
    var quantity: Int
    var reason: String
    var condition: String
    var salesPrice: JSONValue
    var refunded: JSONValue
}

/// Goods a buyer sends back.
struct Return {
    var id: Int
    var orderId: Int
    var channelId: Int
    var number: String?
    var status = "open"
    var items: [ReturnItem]
    var rmaIds: [Int] = []
    var inserted: Instant
    var updated: Instant
}

/// All returns in the order they were made.
struct ReturnBook {
    private(set) var returns: [Return] = []
    private var indexById: [Int: Int] = [:]
    private var nextReturn = 610_001
    private var nextItem = 620_001
    private var nextRma = 630_001

    subscript(id: Int) -> Return? {
        get { indexById[id].map { returns[$0] } }
        set {
            guard let index = indexById[id], let newValue else { return }
            returns[index] = newValue
        }
    }

    mutating func add(_ new: Return) {
        indexById[new.id] = returns.count
        returns.append(new)
    }

    mutating func newId() -> Int { nextReturn.taken() }
    mutating func newItemId() -> Int { nextItem.taken() }
    mutating func newRmaId() -> Int { nextRma.taken() }
}

extension Hub {
    /// Makes a return of an order; the second value is a warning, empty when all went well.
    func createReturn(_ body: JSONValue, channelId: Int?) throws(Refusal) -> (Return, String) {
        var found: Order?
        if let id = body["orderId"]?.integer { found = orders[id] }
        if found == nil, let number = body["orderNumber"]?.looseText {
            found = orders.order(number: keptForm(number), channelId: channelId ?? Hub.channelId)
        }
        if body["orderId"] == nil, body["orderNumber"] == nil { throw .badRequest("orderId or orderNumber is needed") }
        guard let order = found, channelId == nil || order.channelId == channelId else { throw .notFound("order") }
        guard let nodes = body["items"]?.array, !nodes.isEmpty else { throw .badRequest("items is missing or empty") }
        var warning = order.status == .closed ? "order \(order.number) is Closed; set it back to Open first" : ""
        var items: [ReturnItem] = []
        for (index, node) in nodes.enumerated() {
            let item = try returnItem(node, of: order, "items[\(index)]")
            if let line = order.items.first(where: { $0.id == item.orderItemId }), item.quantity > line.quantity {
                warning = "\(item.quantity) of \(line.sku) come back, \(line.quantity) were ordered"
            }
            items.append(item)
        }
        let made = Return(
            id: returns.newId(), orderId: order.id, channelId: order.channelId, number: body["returnNumber"]?.looseText,
            items: items, inserted: now, updated: now)
        returns.add(made)
        return (made, warning)
    }

    private func returnItem(_ node: JSONValue, of order: Order, _ path: String) throws(Refusal) -> ReturnItem {
        guard let quantity = node["returnQuantity"]?.integer, (1...Self.largestQuantity).contains(quantity) else {
            throw .badRequest("\(path).returnQuantity is missing or not a whole number from 1")
        }
        guard let reason = node["returnReason"]?.text else { throw .badRequest("\(path).returnReason is missing") }
        guard let condition = node["returnCondition"]?.text else { throw .badRequest("\(path).returnCondition is missing") }
        let id = node["orderItemId"]?.integer, sku = node["sku"]?.looseText
        guard id != nil || sku != nil else { throw .badRequest("\(path) has neither orderItemId nor sku") }
        guard let line = order.items.first(where: { id == $0.id || (id == nil && sku.hasBytes(of: $0.sku)) }) else {
            throw .badRequest("\(path): order \(order.number) has no such line")
        }
        return ReturnItem(
            id: returns.newItemId(), orderItemId: line.id, sku: line.sku, title: node["title"]?.text ?? line.title,
            quantity: quantity, reason: reason, condition: condition, salesPrice: node["salesPrice"] ?? line.price,
            refunded: node["refundedAmount"] ?? .null)
    }
}
