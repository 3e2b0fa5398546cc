/// When an answered record is read once more (decision 16).
///
/// An answer without an instant of its own hides what changed up to the end of the second in which the hub took it. So a
/// reading counts if the hub was asked for it when that second was over, and when everything of it was to be seen: a second
/// and the lateness after its reply was here. No clock of the hub is needed for that; but what its clock says counts too.
enum RereadDue {
    /// A second, and what two clocks that count milliseconds may be apart.
    static let secondMs: Int64 = 1100
    private static let longestMs: Int64 = 3_600_000
    /// A record that came again so often by nothing but readings waits longer and longer: its hub may change something
    /// of it with each answer.
    private static let patience: Int64 = 8

    /// The latest that any wait may end: what lies behind it was written under another clock.
    static func latest(now: Int64) -> Int64 { now &+ 2 * longestMs }

    /// Whether the hub's clock may bring forward what came by `rereads` readings in a row.
    static func heedsHub(_ rereads: Int64) -> Bool { rereads <= patience }

    /// For an answer whose reply is here now, and whose record came by `rereads` readings in a row.
    static func after(_ rereads: Int64, lateMs: Int64, now: Int64) -> Int64 {
        again(max(0, rereads - patience), lateMs: lateMs, now: now)
    }

    /// For a record that was read `times` times in vain.
    static func again(_ times: Int64, lateMs: Int64, now: Int64) -> Int64 {
        let waitMs = secondMs + min(max(0, lateMs), longestMs)
        return now &+ min(waitMs << min(max(0, times), 12), max(waitMs, longestMs))
    }
}
