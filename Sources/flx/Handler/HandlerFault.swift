/// What a handler did that ends its round. What it said before counts; nothing is said in its place.
///
/// No case holds what it printed: that may name a buyer.
enum HandlerFault: Error, Equatable {
    /// It closed a pipe or ended, with events that have no reply. `cut`: in the middle of a line, which does not count.
    case ended(String, cut: Bool)
    /// No reply for the whole time given.
    case hangs
    /// A signal to us came while it was waited for.
    case interrupted
    /// A line that is no reply.
    case garbage(line: Int, String)
    /// A second reply to one event.
    case twice(event: Int64)
    /// A reply to an event that was never given, or is gone.
    case unknown(event: Int64)
    /// It went on after its last reply.
    case late
    /// It replied to all, and ended as one that failed.
    case endedBadly(String)

    func message(timeoutS: Int) -> String {
        switch self {
        case .ended(let how, let cut):
            "the handler \(how.isEmpty ? "closed its pipe" : "ended \(how)") before it had replied to all events"
                + (cut ? ", in the middle of a line, which does not count" : "")
        case .hangs: "the handler said nothing for \(timeoutS) s and was ended; --handler-timeout gives it longer"
        case .interrupted: "stopped by a signal; what the handler replied counts, the rest comes again"
        case .garbage(let line, let why):
            "line \(line) of what the handler printed is no reply (\(why)); its standard output is for replies alone, "
                + "{\"event\":N,\"reply\":true}: print other things to standard error"
        case .twice(let event): "the handler replied twice to event \(event); the first reply counts"
        case .unknown(let event): "the handler replied to event \(event), which was not given to it in this round"
        case .late: "the handler printed more after its last reply"
        case .endedBadly(let how): "the handler ended \(how) after its last reply; all its replies count"
        }
    }
}
