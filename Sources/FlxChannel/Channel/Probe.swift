import CFlxChannel
import CLibc

/// Whether this channel can work, found out with one cheap request (contract 1.2).
extension Client {
    func probe(by deadline: Deadline) throws(ChannelError) -> [UInt8] {
        try drive(by: deadline) { () throws(ChannelError) in
            let request = try request("getListingVariantsCount", priority: .probe)
            var response: HTTPResponse?
            var failure: ChannelError?
            do throws(ChannelError) { response = try ask(request, by: deadline) } catch {
                if error.code == FLX_E_CANCELLED || error.code == FLX_E_THROTTLED { throw error }
                failure = error
            }
            return report(response, failure)
        }
    }

    private func report(_ response: HTTPResponse?, _ failure: ChannelError?) -> [UInt8] {
        var json = JSONWriter()
        json.beginObject()
        json.member("reachable", response != nil)
        json.member("token", tokenWord(response))
        json.member("http_status", response?.status ?? 0)
        json.member("latency_ms", response?.tookMs ?? 0)
        json.key("clock_offset_ms")
        if let now = transport.clock.now() { json.integer(now &- Clock.wallMs()) } else { json.null() }
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
        json.member("advice", advice(response, failure, hasCount: count != nil))
        json.endObject()
        return json.bytes
    }

    private func tokenWord(_ response: HTTPResponse?) -> String {
        guard let response else { return "unknown" }
        switch ReplyClass(status: response.status) {
        case .success: return ErrorBody.looksLikeHTML(response.body) ? "unknown" : "accepted"
        case .unauthorized: return "refused"
        case .throttled, .refused, .passing: return "unknown"
        }
    }

    private func advice(_ response: HTTPResponse?, _ failure: ChannelError?, hasCount: Bool) -> String {
        if let failure { return failure.message }
        guard let response else { return "" }
        guard ReplyClass(status: response.status) == .success else {
            return refusal(response, operation: "getListingVariantsCount").message
        }
        if !hasCount { return "the hub answered with something that is no count; check the origin" }
        return ""
    }
}
