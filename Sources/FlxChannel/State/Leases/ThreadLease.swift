import CLibc

/// The lease under which this thread works: whatever it writes meanwhile is refused, in the transaction that writes, once the
/// feed was taken over. So no write of a pull can forget to ask.
enum ThreadLease {
    static func run<Result, Failure: Error>(_ lease: FeedLease?, _ body: () throws(Failure) -> Result) throws(Failure) -> Result {
        var own = lease.map { Unmanaged.passUnretained($0).toOpaque() }
        var outer = flxc_call_lease(&own)
        defer {
            flxc_call_lease(&outer)
            withExtendedLifetime(lease) {}
        }
        return try body()
    }

    /// Safe: `run` keeps it alive, and takes it back before it returns.
    static var current: FeedLease? {
        flxc_call_lease(nil).map { Unmanaged<FeedLease>.fromOpaque($0).takeUnretainedValue() }
    }
}
