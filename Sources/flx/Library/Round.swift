import CFlxChannel

/// One round of all the work of a channel.
final class Round {
    enum Outcome {
        case event([UInt8])
        case again
        /// Events wait for their replies, and no other comes before.
        case waitsForReplies
        case summary([UInt8])
    }

    private let handle: OpaquePointer?
    /// Must not close before: what is answered at the end goes into its state.
    private let client: Client

    init(_ client: Client, plan: JSON) throws {
        var opened: OpaquePointer?
        let text = plan.line
        try Call.run { flx_sync_open(client.handle, text, text.utf8.count, &opened, $0) }
        handle = opened
        self.client = client
    }

    /// What has all its replies is answered, the rest comes again.
    deinit { flx_sync_close(handle) }

    func next(waitMs: Int32) throws -> Outcome {
        let (status, bytes) = try Call.blob { flx_sync_next(handle, waitMs, $0, $1) }
        switch status {
        case FLX_OK: return .event(Clean.oneLine(bytes))
        case FLX_DONE: return .summary(Clean.oneLine(bytes))
        case FLX_BUSY: return .waitsForReplies
        default: return .again
        }
    }

    func reply(_ event: Int64, _ reply: JSON) throws {
        let text = reply.line
        try Call.run { flx_sync_reply(handle, event, text, text.utf8.count, $0) }
    }
}
