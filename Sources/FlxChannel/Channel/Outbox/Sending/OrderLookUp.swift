/// Looks for an order at the hub: by its number, and where that filter was not seen to work through the orders since it was
/// made (decision 12, contract 9 row 5).
///
/// Pure: gives the next question, takes the answer. Invariant: "nothing" is said only of a list that was read to its end.
struct OrderLookUp {
    enum Finding {
        /// Orders that bear the number, or another spelling of it.
        case found([HubOrder])
        case nothing
        /// This token may not read the list (contract 9, row 17).
        case denied
        /// The list could not be read, or has no end: it says nothing.
        case unclear(String)
    }

    /// What this hub was seen to do, so that it is not found out with each order.
    struct Manners {
        /// It overlooks the filter by number.
        var overlooksNumber = false
        /// It found an order by its number: where it shows none there is none.
        var findsByNumber = false
        /// The number of an order that it has, to see whether it finds one; nil if we know of none.
        var witness: String?
        /// Place in `sizes` of the page size that it takes.
        var size = 0
    }

    private enum Stage { case byNumber, byWitness, byDate }

    /// Page sizes to ask for; the last is the hub's own.
    private static let sizes: [Int?] = [100, 50, 20, nil]
    private static let mostPages = 50
    /// How far before the order its date is looked for.
    private static let beforeMs: Int64 = 15 * 60 * 1000

    private(set) var manners: Manners
    private let number: String
    private let since: Instant
    private var stage: Stage
    private var page = 1
    private var alike: [HubOrder] = []
    private var hasUnread = false

    /// - Parameter madeAt: when the buyer ordered, or if that is not known when the order was submitted.
    init(number: String, madeAt: Instant, _ manners: Manners) {
        self.number = number
        self.manners = manners
        since = Instant(ms: madeAt.ms &- OrderLookUp.beforeMs)
        stage = manners.overlooksNumber ? .byDate : .byNumber
    }

    /// What to ask of `listOrders`; pages are numbered from 1.
    struct Question: Equatable {
        let page: Int
        let size: Int?
        let filter: String
        let value: String
    }

    var question: Question {
        let size = OrderLookUp.sizes.indices.contains(manners.size) ? OrderLookUp.sizes[manners.size] : nil
        return switch stage {
        case .byNumber: Question(page: page, size: size, filter: "orderNumber", value: number)
        case .byWitness: Question(page: page, size: size, filter: "orderNumber", value: manners.witness ?? number)
        case .byDate: Question(page: page, size: size, filter: "orderedAfter", value: since.isoSeconds)
        }
    }

    var isAtFirstQuestion: Bool { page == 1 && (stage == .byNumber || manners.overlooksNumber) }

    /// Takes the answer to the question; nil if there is another one.
    mutating func read(_ outcome: ExchangeOutcome, hiding secret: Secret) -> Finding? {
        guard case .answered(let response) = outcome else { return .unclear("the order could not be looked up") }
        switch ReplyClass(status: response.status) {
        case .success: break
        case .unauthorized: return .denied
        case .refused:
            guard response.status != 404, manners.size + 1 < OrderLookUp.sizes.count else { return .denied }
            manners.size += 1  // contract 9, row 6: the page may be too large
            (page, alike, hasUnread) = (1, [], false)
            return nil
        case .throttled, .passing:
            return .unclear("the order could not be looked up: the hub answered with status \(response.status)")
        }
        guard let body = try? PageBody.read(response.body, hiding: secret) else {
            return .unclear("the order could not be looked up: the hub's list cannot be read")
        }
        return read(body)
    }

    private mutating func read(_ body: JSONPage) -> Finding? {
        if stage == .byWitness { return readWitness(body) }
        for bad in body.bad where mayBeOurs(body.document.bytes[bad.range]) { hasUnread = true }
        var same: [HubOrder] = []
        var isOverlooked = false
        for record in body.records {
            guard let order = HubOrder(record) else {
                if mayBeOurs(record.raw) { hasUnread = true }
                continue
            }
            switch order.likeness(to: number) {
            case .same: same.append(order)
            case .alike: alike.append(order)
            case .other: isOverlooked = true
            }
        }
        if !same.isEmpty {
            if stage == .byNumber { manners.findsByNumber = true }
            return .found(same)
        }
        if stage == .byNumber {
            if isOverlooked { manners.overlooksNumber = true }  // other orders came (contract 8.12)
            // Nothing came, of a filter that nobody saw working: it may compare something else (contract 9, row 5).
            let isUnproven = body.records.isEmpty && body.bad.isEmpty && !manners.findsByNumber
            guard isOverlooked || isUnproven, alike.isEmpty else { return end() }
            (stage, page, hasUnread) = (isUnproven && manners.witness != nil ? .byWitness : .byDate, 1, false)
            return nil
        }
        if body.records.isEmpty, body.bad.isEmpty { return end() }
        guard page < OrderLookUp.mostPages else {
            // Then what the filter said is all there is.
            guard manners.overlooksNumber else { return end() }
            return .unclear("the order could not be looked up: the hub's list has no end")
        }
        page += 1
        return nil
    }

    /// A filter that finds another order of ours would have found this one. Without that all orders since are read, which may be
    /// more than a host has time for in one go.
    private mutating func readWitness(_ body: JSONPage) -> Finding? {
        let witness = manners.witness ?? number
        manners.findsByNumber = body.records.contains { record in
            HubOrder(record).map { $0.likeness(to: witness) != .other } ?? false
        }
        if manners.findsByNumber { return end() }
        (stage, page) = (.byDate, 1)
        return nil
    }

    /// Of a record that cannot be read: where the hub keeps to the number it is ours, else if it holds its bytes.
    private func mayBeOurs(_ record: ArraySlice<UInt8>) -> Bool {
        let digits = Array(number.utf8)
        guard stage == .byDate, record.count >= digits.count else { return stage == .byNumber }
        return (record.startIndex...record.endIndex - digits.count).contains {
            record[$0..<$0 + digits.count].elementsEqual(digits)
        }
    }

    private func end() -> Finding {
        if !alike.isEmpty { return .found(alike) }
        return hasUnread ? .unclear("the order could not be looked up: the hub shows an order that cannot be read") : .nothing
    }
}
