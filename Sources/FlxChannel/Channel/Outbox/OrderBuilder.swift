import CFlxChannel

/// An order that a host writes field by field; it becomes the JSON that a submit takes.
///
/// Invariant: `root` is an object; lists have no gaps.
final class OrderBuilder: @unchecked Sendable {
    private final class Node {
        enum Kind {
            case text(String)
            case number(String)
            case object
            case list
        }

        var kind: Kind
        var keys: [String] = []
        var children: [Node] = []

        init(_ kind: Kind) {
            self.kind = kind
        }
    }

    private let lock = Lock()
    private let root = Node(.object)
    private static let mostItems = 10_000

    init(number: String) throws(ChannelError) {
        guard !number.isEmpty, number.utf8.allSatisfy({ $0 >= 0x20 && $0 != 0x7F }) else {
            throw ChannelError(FLX_E_ARGUMENT, "the order number is empty or holds a control character", path: "number")
        }
        try set("/orderNumber", number)
    }

    /// Sets the text at a JSON pointer; objects and lists on the way are made.
    func set(_ pointer: String, _ value: String) throws(ChannelError) {
        guard let steps = JSONPointer.steps(pointer), !steps.isEmpty, steps.count <= 8, steps.allSatisfy({ !$0.isEmpty })
        else {
            throw ChannelError(FLX_E_ARGUMENT, "the path is not a JSON pointer such as /shippingAddress/city", path: "path")
        }
        try OrderBuilder.at(pointer) { () throws(ChannelError) in
            try lock.holding { () throws(ChannelError) in
                try place(steps, Node(OrderBuilder.isNumber(steps) ? .number(value) : .text(value)))
            }
        }
    }

    /// Runs `body` for one field: an error has the path of that, as a fault of a whole order has.
    static func at<Result>(_ pointer: String, _ body: () throws(ChannelError) -> Result) throws(ChannelError) -> Result {
        do { return try body() } catch { throw ChannelError(error.code, error.message, path: Redaction.clean(pointer)) }
    }

    /// Where `addItem` puts the next line.
    var nextItem: String { lock.holding { "/orderItems/\(child(root, "orderItems")?.children.count ?? 0)" } }

    func addItem(sku: String, quantity: Int64, price: String?) throws(ChannelError) {
        guard quantity >= 1 else {
            throw ChannelError(
                FLX_E_ARGUMENT, "the quantity is \(quantity); at least 1 is needed", path: "\(nextItem)/quantity")
        }
        try OrderBuilder.at("/orderItems") { () throws(ChannelError) in
            try lock.holding { () throws(ChannelError) in
                let index = "\(child(root, "orderItems")?.children.count ?? 0)"
                try place(["orderItems", index, "sku"], Node(.text(sku)))
                try place(["orderItems", index, "quantity"], Node(.number("\(quantity)")))
                if let price { try place(["orderItems", index, "price"], Node(.text(price))) }
            }
        }
    }

    func json() -> [UInt8] {
        lock.holding {
            var json = JSONWriter()
            write(root, &json)
            return json.bytes
        }
    }

    /// Fields that must be JSON numbers; decimals and ids may be text.
    private static func isNumber(_ steps: [String]) -> Bool { steps.last.spells("quantity") }

    private func child(_ node: Node, _ key: String) -> Node? {
        guard let position = node.keys.firstIndex(of: key), node.children.indices.contains(position) else { return nil }
        return node.children[position]
    }

    private func place(_ steps: [String], _ leaf: Node) throws(ChannelError) {
        try check(steps)
        var node = root
        for (depth, step) in steps.enumerated() {
            let isLast = depth == steps.count - 1
            let next = isLast ? leaf : Node(JSONPointer.index(steps[depth + 1]) == nil ? .object : .list)
            node = try put(step, of: node, next, replacing: isLast)
        }
    }

    /// Refuses a path that `put` would refuse half way, so that nothing is made for it.
    private func check(_ steps: [String]) throws(ChannelError) {
        var node: Node? = root
        for (depth, step) in steps.enumerated() {
            switch node?.kind {
            case .object: node = node.flatMap { child($0, step) }
            case .text, .number:
                throw ChannelError(FLX_E_ARGUMENT, "the path goes through a field that has text already", path: "path")
            case .list, nil:
                guard node != nil || (depth > 0 && JSONPointer.index(step) != nil) else { continue }  // an object is made
                let next = node?.children.count ?? 0
                guard let index = JSONPointer.index(step), index <= next, index < OrderBuilder.mostItems else {
                    throw gap(step, next)
                }
                node = index < next ? node?.children[index] : nil
            }
        }
    }

    private func gap(_ step: String, _ next: Int) -> ChannelError {
        ChannelError(
            FLX_E_ARGUMENT, "the index \(Redaction.clean(step, longest: 20)) leaves a gap; the next one is \(next)", path: "path")
    }

    /// The child at `step`: the one there, or `made`.
    private func put(_ step: String, of node: Node, _ made: Node, replacing: Bool) throws(ChannelError) -> Node {
        switch node.kind {
        case .object:
            if let position = node.keys.firstIndex(of: step), node.children.indices.contains(position) {
                if replacing { node.children[position] = made }
                return node.children[position]
            }
            node.keys.append(step)
        case .list:
            guard let index = JSONPointer.index(step), index <= node.children.count, index < OrderBuilder.mostItems else {
                throw gap(step, node.children.count)
            }
            if index < node.children.count {
                if replacing { node.children[index] = made }
                return node.children[index]
            }
        case .text, .number:
            throw ChannelError(FLX_E_ARGUMENT, "the path goes through a field that has text already", path: "path")
        }
        node.children.append(made)
        return made
    }

    private func write(_ node: Node, _ json: inout JSONWriter) {
        switch node.kind {
        case .text(let text): json.string(text)
        case .number(let text):
            // What is no number in JSON ("+5", "007") stays text, so that the check names the fault.
            if JSONNumber.integer(Array(text.utf8)) != nil { json.number(text: text) } else { json.string(text) }
        case .object:
            json.beginObject()
            for (key, child) in zip(node.keys, node.children) {
                json.key(key)
                write(child, &json)
            }
            json.endObject()
        case .list:
            json.beginArray()
            for child in node.children { write(child, &json) }
            json.endArray()
        }
    }
}
