import CFlxChannel

/// Whether this channel can work, which channel the token is of, and what its settings do to orders: at most three cheap
/// requests (contract 1.2, 2.2, 4.4).
extension Client {
    func probe(by deadline: Deadline) throws(ChannelError) -> [UInt8] {
        try drive(by: deadline) { () throws(ChannelError) in
            let request = try request(OperationTable.getListingVariantsCount, priority: .probe)
            var response: HTTPResponse?
            var failure: ChannelError?
            do throws(ChannelError) { response = try ask(request, by: deadline) } catch {
                if error.code == FLX_E_CANCELED || error.code == FLX_E_THROTTLED { throw error }
                failure = error
            }
            let isGood = response.map { ReplyClass(status: $0.status) == .success } ?? false
            return report(response, failure, isGood ? try probedChannel(by: deadline) : nil)
        }
    }

    /// The channel of the token as the hub shows it; nil if it does not tell in time.
    private func probedChannel(by deadline: Deadline) throws(ChannelError) -> HubChannel? {
        guard let id = try probedChannelId(by: deadline) ?? identity.likely,
            let body = try answer(
                to: try request(OperationTable.getChannelById, path: [("id", id)], priority: .probe), by: deadline)
        else { return nil }
        return HubChannel(body.root)
    }

    /// A listing bears the id of the token's channel: its list is of that channel alone (contract 3.3).
    private func probedChannelId(by deadline: Deadline) throws(ChannelError) -> String? {
        let query = [("page", pageNumber(1)), ("pageSize", "1")]
        let body = try answer(to: try request(OperationTable.getListingVariants, query: query, priority: .probe), by: deadline)
        return body?.root.element(0)?.member("channelId").flatMap(OrderField.idText)
    }

    /// The JSON of a good answer; nil for every other end but a cancel.
    private func answer(to request: HTTPRequest, by deadline: Deadline) throws(ChannelError) -> JSONDocument? {
        do throws(ChannelError) {
            let response = try ask(request, by: deadline)
            guard ReplyClass(status: response.status) == .success else { return nil }
            return try? JSONDocument.parse(response.body)
        } catch {
            if error.code == FLX_E_CANCELED { throw error }
            return nil
        }
    }

    private func report(_ response: HTTPResponse?, _ failure: ChannelError?, _ channel: HubChannel?) -> [UInt8] {
        var json = JSONWriter()
        json.beginObject()
        json.member("reachable", response != nil)
        json.member("token", tokenWord(response))
        json.member("http_status", response?.status ?? 0)
        json.member("latency_ms", response?.tookMs ?? 0)
        json.key("clock_offset_ms")
        if let now = clock.now() { json.integer(now &- Clock.wallMs()) } else { json.null() }
        json.key("pool")
        if let pool = response?.pool {
            json.beginObject()
            json.member("size", pool.size)
            json.member("used", pool.used)
            json.member("refill", number: pool.refillText)
            json.endObject()
        } else {
            json.null()
        }
        json.key("listings")
        let count = response.flatMap { try? JSONDocument.parse($0.body) }?.root.member("count")?.integer
        if let count { json.integer(count) } else { json.null() }
        json.key("channel")
        if let channel { write(channel, &json) } else { json.null() }
        json.member("advice", advice(response, failure, channel, hasCount: count != nil))
        json.endObject()
        return json.bytes
    }

    private func write(_ channel: HubChannel, _ json: inout JSONWriter) {
        json.beginObject()
        json.member("id", channel.id)
        json.member("name", channel.name)
        json.member("type", channel.type)
        json.key("is_of_this_state")
        if let ours = identity.likely { json.bool(Text.isSame(ours, channel.id)) } else { json.null() }
        json.member("default_invoice_status", channel.invoiceStatus)
        json.key("generates_requests_on_import")
        if let generates = channel.generatesOnImport { json.bool(generates) } else { json.null() }
        json.member("orders", channel.orders)
        json.endObject()
    }

    private func tokenWord(_ response: HTTPResponse?) -> String {
        guard let response else { return "unknown" }
        switch ReplyClass(status: response.status) {
        case .success: return ErrorBody.looksLikeHTML(response.body) ? "unknown" : "accepted"
        case .unauthorized: return "refused"
        case .throttled, .refused, .passing: return "unknown"
        }
    }

    private func advice(_ response: HTTPResponse?, _ failure: ChannelError?, _ channel: HubChannel?, hasCount: Bool) -> String {
        if let failure { return failure.message }
        guard let response else { return "" }
        guard ReplyClass(status: response.status) == .success else {
            return refusal(response, operation: OperationTable.getListingVariantsCount.id).message
        }
        if !hasCount { return "the hub answered with something that is not a count; check the origin" }
        if let channel, let ours = identity.likely, !Text.isSame(ours, channel.id) {
            return ChannelIdentity.refusal(of: ours, not: channel.id, whose: "the token is of").message
        }
        return channel?.orders ?? ""
    }
}
