/// What the answers tell of orders, parcels and errors (rows 4, 14, 18, 21 and 27).
struct OrderReading {
    private let answers: Answers
    private let orders: Pages
    private let parcels: Pages

    init(_ answers: Answers) {
        self.answers = answers
        orders = Pages(.orders, answers)
        parcels = Pages(.shipments, answers)
    }

    // MARK: orders

    private static let members = Set(
        """
        id accountId channelId orderNumber referenceNumber orderTotal note importedFrom orderedAt insertedAt updatedAt shippingText \
        acknowledgedStatus shippedStatus orderStatus shippingAddress billingAddress orderItems fulfillmentRequests tags customFields
        """.split(separator: " ").map(String.init))

    static let asksForOrder: Probe.Ask = { answers in
        let rows = Pages(.orders, answers).known, ours = ChannelReading(answers).ours
        let own = rows.filter { $0["channelId"] == nil || ours == nil || $0["channelId"]?.id == ours }
        return own.last?["id"]?.id.map {
            Question(name: "order", operation: "getOrderById", arguments: [.init(key: "id", value: .text($0))])
        }
    }

    /// As lists and single records show them.
    private var rows: [JSON] { (answers.body("order").map { [$0] } ?? []) + orders.known }

    private var none: String { answers.rows("orders") == nil ? answers.why("orders") : "there is no order" }

    var ofOrders: [Fact] { [extra, numbers] }

    private var extra: Fact {
        if rows.isEmpty { return .open(4, "order.extra", none) }
        let others = Set(rows.flatMap(\.members).map(\.key)).subtracting(OrderReading.members).sorted()
        return others.isEmpty
            ? .settled(4, "order.extra", "none", "orders have no member that the contract does not name")
            : .settled(4, "order.extra", others.joined(separator: ", "), "members that the contract does not name")
    }

    private var numbers: Fact {
        let money = rows.flatMap { [$0["orderTotal"]] + ($0["orderItems"]?.elements ?? []).map { $0["price"] } }.compactMap(\.self)
        let name = "order.numbers"
        if money.isEmpty { return .open(27, name, none) }
        if money.contains(where: { $0.string != nil }) { return .settled(27, name, "text", "money of an order is text") }
        let places = Set(money.compactMap(\.id).map { $0.split(separator: ".").dropFirst().first?.count ?? 0 })
        return places == [2]
            ? .settled(27, name, "two_places", "money of an order has two places")
            : .settled(27, name, "echo", "money of an order is a number with as many places as it needs")
    }

    // MARK: parcels

    private var unknownOrder: String? {
        let known = Set(orders.known.ids)
        return parcels.known.distinct("orderId").first { !known.contains($0) }
    }

    static let asksForStranger: Probe.Ask = { answers in
        OrderReading(answers).unknownOrder.map {
            Question(name: "stranger", operation: "getOrderById", arguments: [.init(key: "id", value: .text($0))])
        }
    }

    var ofParcels: [Fact] { [flag, strangers] }

    private var flag: Fact {
        let name = "shipments.synced_flag", rows = parcels.known
        if rows.isEmpty {
            return .open(21, name, answers.rows("shipments") == nil ? answers.why("shipments") : "there is no parcel")
        }
        let flags = rows.compactMap { $0["syncedToChannel"]?.bool }, set = flags.filter { $0 }.count
        if flags.isEmpty { return .settled(21, name, "absent", "no parcel has syncedToChannel") }
        let value = set == 0 ? "false" : set == flags.count ? "true" : "some"
        return .settled(21, name, value, "syncedToChannel is true on \(set) of \(rows.count) parcels")
    }

    private var strangers: Fact {
        let name = "foreign.rows.shipments", ours = ChannelReading(answers).ours
        if parcels.known.isEmpty {
            return .open(18, name, answers.rows("shipments") == nil ? answers.why("shipments") : "there is no parcel")
        }
        let foreign = orders.known.filter { $0["channelId"] != nil && ours != nil && $0["channelId"]?.id != ours }.ids
        if parcels.known.distinct("orderId").contains(where: foreign.contains) {
            return .settled(18, name, "yes", "a parcel is of another channel's order")
        }
        guard unknownOrder != nil else {
            return parcels.isWhole
                ? .settled(18, name, "no", "all parcels are of orders that the list of orders has")
                : .open(18, name, "none among the first \(parcels.known.count) parcels")
        }
        if answers.body("order") != nil, answers.refusal("stranger") != nil {
            return .settled(18, name, "yes", "a parcel is of an order that this token may not read")
        }
        if let id = answers.body("stranger")?["channelId"]?.id, let ours, id != ours {
            return .settled(18, name, "yes", "a parcel is of an order of channel \(id)")
        }
        return .open(
            18, name, answers.body("stranger") == nil ? answers.why("stranger") : "the list of orders does not have all of theirs")
    }

    // MARK: errors

    /// What a channel has no order of, and a date that says no zone: the library writes none, so it goes as a number under the
    /// name of a date.
    static let asksForErrors: [Probe.Ask] = [
        { _ in Question(name: "error.none", operation: "getOrderById", arguments: [.init(key: "id", value: .integer(0))]) },
        { answers in
            HubList.orders.question(
                "error.date", answers, [.init(key: "orderNumber", value: .text("2026-01-31T12:00:00"))], most: 1,
                names: [
                    "listOrders.orderNumber": answers.wire["listOrders.orderedAfter"] ?? "orderedAfter",
                    "listOrders.orderedAfter": "notUsed",
                ])
        },
    ]

    var ofErrors: [Fact] {
        [
            error("errors.bad_request.body", "error.date", [400, 422], "a date without its zone"),
            error("errors.body", "error.none", [404], "an order that is not there"),
        ]
    }

    private func error(_ name: String, _ question: String, _ statuses: [Int64], _ what: String) -> Fact {
        guard case .refused(let status, let said) = answers[question], statuses.contains(status) else {
            if answers.body(question) != nil { return .open(14, name, "the hub took \(what)") }
            return .open(14, name, answers.why(question))
        }
        let (value, text) = OrderReading.kind(of: said, status)
        return .settled(14, name, value, "\(what) gives \(status) and \(text)")
    }

    /// What the library passes on of a body does not tell a text from a JSON object that holds it.
    static func kind(of said: String, _ status: Int64) -> (value: String, text: String) {
        if said.isEmpty { return ("empty", "not a word") }
        if said == "the answer is an HTML page" { return ("html", "a page of HTML") }
        let phrases: [Int64: String] = [
            400: "Bad Request", 404: "Not Found", 422: "Unprocessable", 429: "Too Many Requests", 503: "Service Unavailable",
        ]
        if let phrase = phrases[status], said.hasPrefix("\(phrase): ") { return ("spring", "the reason phrase and a sentence") }
        return ("words", "a sentence, as text or in JSON")
    }
}

extension Probe {
    static let order = Probe(
        rows: [4, 27], about: "what an order is made of", asks: [OrderReading.asksForOrder], read: { OrderReading($0).ofOrders })

    static let shipments = Probe(
        rows: [18, 21], about: "whose parcels are", asks: [OrderReading.asksForStranger], read: { OrderReading($0).ofParcels })

    static let errors = Probe(
        rows: [14], about: "what an error says", asks: OrderReading.asksForErrors, read: { OrderReading($0).ofErrors })
}
