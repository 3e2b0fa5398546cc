/// One call of the contract: its name, its place and who may make it.
struct Operation: Sendable {
    typealias Run = @Sendable (Hub, Call) throws(Refusal) -> Reply

    let id: String
    let method: String
    /// The path's segments; one in braces is an argument.
    let template: [String]
    let kinds: Set<TokenKind>
    let run: Run

    init(_ id: String, _ method: String, _ path: String, _ kinds: Set<TokenKind>, _ run: @escaping Run) {
        (self.id, self.method, self.kinds, self.run) = (id, method, kinds, run)
        template = path.split(separator: "/").map(String.init)
    }

    /// The arguments of a path that fits, or nil.
    func arguments(of segments: [String]) -> [ByteText: String]? {
        guard segments.count == template.count else { return nil }
        var arguments: [ByteText: String] = [:]
        for (segment, pattern) in zip(segments, template) {
            if pattern.begins("{") {
                arguments[String(pattern.dropFirst().dropLast())] = segment
            } else if pattern != segment {
                return nil
            }
        }
        return arguments
    }

    /// The operation of a request, a path of plain words before one with arguments.
    static func find(_ method: String, _ segments: [String]) -> (Operation, [ByteText: String])? {
        var best: (Operation, [ByteText: String])?
        for operation in all where operation.method == method {
            guard let arguments = operation.arguments(of: segments) else { continue }
            if best.map({ arguments.count < $0.1.count }) ?? true { best = (operation, arguments) }
        }
        return best
    }

    static func isKnown(path segments: [String]) -> Bool {
        all.contains { $0.arguments(of: segments) != nil }
    }

    private static let common: Set<TokenKind> = [.account, .channel]

    static let all: [Operation] = [
        Operation("getAccount", "GET", "/account", [.account]) { hub, call throws(Refusal) in hub.getAccount() },
        Operation("getChannels", "GET", "/channel", [.account]) { hub, call throws(Refusal) in try hub.getChannels(call) },
        Operation("getChannelById", "GET", "/channel/{id}", common) { hub, call throws(Refusal) in try hub.getChannel(call) },
        Operation("getListingVariants", "GET", "/listing/variants", common) { hub, call throws(Refusal) in try hub.getVariants(call)
        },
        Operation("acknowledgeListingVariants", "PATCH", "/listing/variants", common) { hub, call throws(Refusal) in
            try hub.patchVariants(call)
        },
        Operation("upsertListingVariant", "POST", "/listing/variants", common) { hub, call throws(Refusal) in
            try hub.postVariant(call)
        },
        Operation("getListingVariantsCount", "GET", "/listing/variants/count", common) { hub, call throws(Refusal) in
            try hub.countVariants(call)
        },
        Operation("deleteListingVariant", "DELETE", "/listing/variants/{variantId}", common) { hub, call throws(Refusal) in
            try hub.deleteVariant(call)
        },
        Operation("getListingParents", "GET", "/listing/parents", common) { hub, call throws(Refusal) in try hub.getParents(call) },
        Operation("acknowledgeListingParents", "PATCH", "/listing/parents", common) { hub, call throws(Refusal) in
            try hub.patchParents(call)
        },
        Operation("upsertListingParent", "POST", "/listing/parents", common) { hub, call throws(Refusal) in try hub.postParent(call)
        },
        Operation("getListingParentById", "GET", "/listing/parents/{parentId}", common) { hub, call throws(Refusal) in
            try hub.getParent(call)
        },
        Operation("searchListingVariants", "POST", "/listing/search/variants", common) { hub, call throws(Refusal) in
            try hub.searchVariants(call)
        },
        Operation("deleteOrphanedListingCategories", "DELETE", "/listing/category/orphaned/channel", common) {
            hub, call throws(Refusal) in
            try hub.deleteOrphanedCategories(call)
        },
        Operation("buildListing", "POST", "/listing/{channelId}/builder/build/{productVariantId}", common) {
            hub, call throws(Refusal) in
            try hub.buildListing(call)
        },
        Operation("rebuildListingVariant", "POST", "/listing/{channelId}/builder/re-build/variant/{listingVariantId}", common) {
            hub, call throws(Refusal) in
            try hub.rebuildListing(call)
        },
        Operation("listOrders", "GET", "/orders", common) { hub, call throws(Refusal) in try hub.getOrders(call) },
        Operation("createOrder", "POST", "/orders", common) { hub, call throws(Refusal) in try hub.postOrder(call) },
        Operation("getOrderById", "GET", "/orders/{id}", common) { hub, call throws(Refusal) in try hub.getOrder(call) },
        Operation("updateOrderStatus", "PATCH", "/orders/{id}/status", common) { hub, call throws(Refusal) in
            try hub.patchOrderStatus(call)
        },
        Operation("updateOrderTags", "PATCH", "/orders/{id}/tags", common) { hub, call throws(Refusal) in
            try hub.patchOrderTags(call)
        },
        Operation("syncOrderAccounting", "PATCH", "/orders/{id}/accounting-sync", common) { hub, call throws(Refusal) in
            try hub.patchOrderAccounting(call)
        },
        Operation("createOrderItem", "POST", "/orders/{orderId}/items", common) { hub, call throws(Refusal) in
            try hub.postOrderItem(call)
        },
        Operation("linkUnmanagedOrders", "PATCH", "/orders/link", common) { hub, call throws(Refusal) in try hub.linkOrders(call) },
        Operation("listShipments", "GET", "/shipments", [.account, .source, .channel]) { hub, call throws(Refusal) in
            try hub.getShipments(call)
        },
        Operation("createShipment", "POST", "/shipments", [.account, .source]) { hub, call throws(Refusal) in
            try hub.postShipment(call)
        },
        Operation("patchShipment", "PATCH", "/shipments", [.account, .source]) { hub, call throws(Refusal) in
            try hub.patchShipment(call)
        },
        Operation("getShipmentById", "GET", "/shipments/{id}", [.account, .source, .channel]) { hub, call throws(Refusal) in
            try hub.getShipment(call)
        },
        Operation("flagShipmentsWithErrors", "PUT", "/shipments/flag-with-errors", common) { hub, call throws(Refusal) in
            try hub.flagShipments(call)
        },
        Operation("listReturns", "GET", "/returns", common) { hub, call throws(Refusal) in try hub.getReturns(call) },
        Operation("createReturn", "POST", "/returns", common) { hub, call throws(Refusal) in try hub.postReturn(call) },
        Operation("getReturnById", "GET", "/returns/{id}", common) { hub, call throws(Refusal) in try hub.getReturn(call) },
        Operation("updateReturn", "PATCH", "/returns/{id}", common) { hub, call throws(Refusal) in try hub.patchReturn(call) },
    ]
}
