/// Everybody who watches the hub live.
///
/// A round looks at the hub once and lets each stream go on. Rounds come soon after something happened, and no oftener than lets
/// the hub have nineteen twentieths of the time, however much it costs to look at it. Without a stream there are none.
final class Watch {
    static let mostStreams = 64
    /// A stream that took nothing for so long is ended, and its place is another's.
    static let longestStallMicros = 60_000_000
    private static let shortestPauseMs = 40, longestPauseMicros = 5_000_000
    /// While a request budget regains what was used of it, nobody asks and the gauge moves all the same.
    private static let gaugePauseMs = 250

    /// Runs something after so many milliseconds. The server gives it; without one nobody is told anything.
    var later: Desk.Later = { _, _ in }

    private let hub: Hub
    private var glance = Glance()
    private(set) var streams: [EventStream] = []
    private var isPlanned = false
    private var hasNews = false
    /// When the next round may begin, in microseconds of the clock that never goes back.
    private var freeAt = 0

    init(hub: Hub) {
        self.hub = hub
    }

    var hasRoom: Bool { streams.count < Self.mostStreams }

    /// Says that something happened at the hub.
    func note(isChange: Bool) {
        if isChange { glance.changes += 1 }
        hasNews = true
        plan(in: Self.shortestPauseMs)
    }

    func add(_ sink: any EventSink) -> EventStream {
        let stream = EventStream(sink)
        streams.append(stream)
        hasNews = true
        plan(in: 0)
        return stream
    }

    func remove(_ stream: EventStream) {
        streams.removeAll { $0 === stream }
    }

    /// Lets a stream go on whose sink takes more again.
    func advance(_ stream: EventStream) {
        stream.advance(glance, of: hub.journal, at: hub.clock.monotonicMicros())
    }

    /// Ends every stream: the sandbox is about to stop.
    func end() {
        for stream in streams {
            if stream.sink.takesMore { stream.sink.send(Glance.event("end", ["reason": "the sandbox has stopped"])) }
            stream.sink.end()
        }
        streams = []
    }

    private func plan(in millis: Int) {
        guard !streams.isEmpty, !isPlanned else { return }
        isPlanned = true
        later(max(millis, (freeAt - hub.clock.monotonicMicros()) / 1000)) { self.round() }
    }

    private func round() {
        isPlanned = false
        guard !streams.isEmpty else { return }
        let start = hub.clock.monotonicMicros()
        glance.look(at: hub, hasNews: hasNews, at: start)
        hasNews = false
        for stream in streams { stream.advance(glance, of: hub.journal, at: start) }
        for stream in streams where stream.stalledAt.map({ start - $0 > Self.longestStallMicros }) ?? false {
            remove(stream)
            stream.sink.end()
        }
        let end = hub.clock.monotonicMicros()
        freeAt = end + min(Self.longestPauseMicros, (end - start) * 19)
        if glance.isMoving { plan(in: Self.gaugePauseMs) }
    }
}
