enum Completion: String {
    case notStarted = "Not Started"
    case partial = "Partially Completed"
    case completed = "Completed"

    init(_ done: Int, of all: Int) {
        self = done <= 0 ? .notStarted : done < all ? .partial : .completed
    }
}

enum OrderStatus: String, CaseIterable {
    case open = "Open"
    case closed = "Closed"
    case onHold = "On Hold"
    case failed = "Failed"
    case noShippingMethod = "No Shipping Method"
    case canceled = "Canceled"
    case notManaged = "Not Managed"
    case draft = "Draft"
}

/// One line of an order.
struct OrderItem {
    var id: Int
    var quantity: Int
    var sku: String
    var title: String?
    var price: JSONValue
    var cost: Money?
    /// The listing the line was matched to; nil means Not Managed.
    var variantId: Int?
    var productVariantId: Int?
    var externalListingId: String?
    var shipped = 0
    var allocated = 0
    var acknowledged = 0
    var canceled = 0
    /// Whether a person canceled this line alone.
    var isTakenOut = false
    var customFields: [JSONValue] = []
    var shippingAddress: JSONValue?
    /// Members the contract does not name, as they were sent.
    var extra: [JSONValue.Member] = []

    /// What is to be shipped in the end, and what of it has not been.
    var wanted: Int { isTakenOut ? shipped : quantity }
    var open: Int { wanted - shipped }
}

struct FulfillmentRequest {
    var id: Int
    var number: String
    var status: String
    var generated: Instant
    var sent: Instant?
}

/// One buyer's order at the hub.
struct Order {
    var id: Int
    var channelId: Int
    /// Both numbers as the hub keeps them, and the order number as it was sent.
    var number: String
    var referenceNumber: String?
    var sentNumber: String
    var total: JSONValue
    var note: String?
    var ordered: Instant
    var inserted: Instant
    var updated: Instant
    /// Microseconds of the hub's clock at which it came into being.
    var madeMicros: Int
    var shippingText: String?
    var status = OrderStatus.open
    /// Why the order is held, for reports.
    var hold: String?
    var shippingAddress: JSONValue
    var billingAddress: JSONValue
    var items: [OrderItem]
    var requests: [FulfillmentRequest] = []
    var tags: [String] = []
    var customFields: [JSONValue] = []
    var extra: [JSONValue.Member] = []
    var accountingSynced = false
    /// Digest of the content in canonical form, to tell a repeat from a changed order.
    var digest: String
    /// Whether it came through the API of this run, not from the seed.
    var isPushed = true

    var quantity: Int { items.reduce(0) { $0 + $1.wanted } }
    var shipped: Completion { Completion(items.reduce(0) { $0 + $1.shipped }, of: quantity) }
    var acknowledged: Completion { Completion(items.reduce(0) { $0 + $1.acknowledged }, of: quantity) }
}

/// All orders, found by id, and by channel and number.
struct OrderBook {
    private struct Key: Hashable {
        enum Kind { case number, reference, sent }

        var kind: Kind
        var channelId: Int
        var text: ByteText

        init(_ kind: Kind, _ text: String, _ channelId: Int) {
            (self.kind, self.text, self.channelId) = (kind, ByteText(text), channelId)
        }
    }

    private(set) var orders: [Order] = []
    private var indexById: [Int: Int] = [:]
    private var indexByKey: [Key: Int] = [:]
    /// How often each number was posted, refused posts included.
    private(set) var attempts: [ByteText: Int] = [:]
    private var nextOrder = 700_001
    private var nextItem = 800_001
    private var nextRequest = 850_001
    private var nextAddress = 30_001

    subscript(id: Int) -> Order? {
        get { indexById[id].map { orders[$0] } }
        set {
            guard let index = indexById[id], let newValue else { return }
            orders[index] = newValue
            note(newValue, at: index)
        }
    }

    /// The first order of that number in the channel, as the hub keeps numbers.
    func order(number: String, channelId: Int) -> Order? { order(Key(.number, number, channelId)) }
    func order(reference: String, channelId: Int) -> Order? { order(Key(.reference, reference, channelId)) }

    /// The first order that was sent under that number.
    func order(sent number: String, channelId: Int) -> Order? { order(Key(.sent, number, channelId)) }

    mutating func add(_ order: Order) {
        indexById[order.id] = orders.count
        note(order, at: orders.count)
        orders.append(order)
    }

    private func order(_ key: Key) -> Order? { indexByKey[key].map { orders[$0] } }

    private mutating func note(_ order: Order, at index: Int) {
        var keys = [Key(.number, order.number, order.channelId), Key(.sent, order.sentNumber, order.channelId)]
        if let reference = order.referenceNumber { keys.append(Key(.reference, reference, order.channelId)) }
        for key in keys where indexByKey[key] == nil { indexByKey[key] = index }
    }

    mutating func countAttempt(_ number: String) -> Int {
        let count = (attempts[number] ?? 0) + 1
        attempts[number] = count
        return count
    }

    mutating func newOrderId() -> Int { nextOrder.taken() }
    mutating func newItemId() -> Int { nextItem.taken() }
    mutating func newRequestId() -> Int { nextRequest.taken() }
    mutating func newAddressId() -> Int { nextAddress.taken() }
}

extension Int {
    /// Gives the present value and moves on to the next.
    mutating func taken() -> Int {
        defer { self += 1 }
        return self
    }
}
