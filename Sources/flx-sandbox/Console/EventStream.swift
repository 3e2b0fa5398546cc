/// Where a stream's bytes go.
protocol EventSink: AnyObject {
    /// Whether what was sent before is with the kernel, but for little.
    var takesMore: Bool { get }
    func send(_ bytes: [UInt8])
    /// Ends the stream; what cannot be sent any more is dropped.
    func end()
}

/// One reader of events, and what it has seen of the hub.
///
/// Invariant: nothing waits here. What a reader is sent is made when its sink takes more, from what is so then.
final class EventStream {
    let sink: any EventSink
    private var seen = Glance.Seen()
    /// Since when there is something that the sink does not take, in microseconds of the clock that never goes back.
    private(set) var stalledAt: Int?

    init(_ sink: any EventSink) {
        self.sink = sink
    }

    /// Sends what is new, as much as the sink takes.
    func advance(_ glance: Glance, of journal: Journal, at now: Int) {
        while sink.takesMore {
            stalledAt = nil
            guard let event = glance.next(after: &seen, of: journal) else { return }
            sink.send(event)
        }
        stalledAt = stalledAt ?? now
    }
}
