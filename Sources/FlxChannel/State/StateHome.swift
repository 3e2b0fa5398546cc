/// Where the state of one channel lies, and what keeps those apart who use it: a file of this machine, or a database server
/// that several machines share.
///
/// Invariant: called by one thread at a time, under the lock of `Store`, but for `clock`, `boot`, `lease` and `holders`.
protocol StateHome: AnyObject {
    var database: any Database { get }
    /// What the host's log is to say of where the state lies.
    var notes: [StateNote] { get }
    /// By which the state is dated.
    var clock: StateClock { get }
    /// Names the run of the clock that `StateClock.bootMs` tells; 0 if nobody of us sees it.
    var boot: Int64 { get }

    /// Brings the state to the newest schema, or makes it, where nobody else does so at the same time.
    func prepare(channel: String, origin: String, by deadline: Deadline) throws(StateError) -> StateFound
    /// Runs `body` on one consistent state.
    func read(by deadline: Deadline, _ body: () throws(StateError) -> Void) throws(StateError)
    /// Runs `body` alone of all threads, processes and machines, and makes its changes durable, all or none.
    func write(by deadline: Deadline, _ body: () throws(StateError) -> Void) throws(StateError)
    /// Whoever uses the connection next makes it anew: after this error nothing is certain of it.
    func distrust(_ error: StateError)

    /// Takes the right to send an order; nil if another has it.
    func lease(row: Int64) throws(StateError) -> (any OrderLease)?
    /// Takes a feed, where nobody else does so at the same time.
    func hold(_ wanted: FeedHolder, in leases: FeedLeases, by deadline: Deadline) throws(StateError) -> FeedLeases.Attempt
    /// Who holds feeds, in all processes. Waits for nobody.
    func holders() throws(StateError) -> [FeedHolder]
    /// The budget of a token, if it lies in the same place as the state.
    func rateLimitStore(origin: String, token: Secret, of store: Store) -> (any RateLimitStore)?

    // Moving. The rest is `StateMove`.

    /// Whether a state is here. Makes nothing.
    func isThere(by deadline: Deadline) throws(StateError) -> Bool
    /// Runs `body` as `write` does, also on a state that is marked as moved or unfinished; where none is, makes one that has no
    /// identity yet, or answers false.
    func arrive(making isMaking: Bool, by deadline: Deadline, _ body: () throws(StateError) -> Void) throws(StateError) -> Bool
    /// How people call this place; only within a transaction.
    func name() throws(StateError) -> String
    /// Who else uses the state, as far as that can be proven; only within `write`, which may last long from now on.
    func user() throws(StateError) -> String?

    func close()
    /// In a child: forgets what belongs to the parent.
    func closeAfterFork()
}

/// What an opening found.
struct StateFound {
    /// Secret of this state, 32 bytes, for keyed hashes and receipts.
    let key: [UInt8]
    /// It is, or may be, a copy that was put back before this opening: what it calls open may have been sent.
    let wasRestored: Bool
}

/// The right to send one order, alone of all clients.
///
/// Invariant: one owner; held until `release`, the end of this object, or the death of the process.
protocol OrderLease: AnyObject {
    func release()
}
