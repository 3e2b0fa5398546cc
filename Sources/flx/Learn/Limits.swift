import Glibc

/// What the hub does to who asks too fast (rows 12 and 13): so many requests at once, with a token that nobody works with.
///
/// The library keeps every budget that it knows of. So each request is made by a client of its own, which knows of no other.
enum Limits {
    static let requests = 60
    private static let waitMs: Int32 = 15_000

    /// One request, and what became of it.
    private final class Call {
        private let client: Client
        let folder: ScratchFolder
        private(set) var failure: Failure?
        private(set) var isGiven = false

        init(_ settings: Settings, _ token: String, _ interrupt: Interrupt) throws {
            folder = try ScratchFolder()
            client = try Client(
                try settings.config(
                    [
                        (.token, token), (.stateDirectory, folder.path), (.rateLimitDirectory, folder.path), (.logLevel, "error"),
                    ], usesLearnt: false), interrupt: interrupt)
        }

        func ask() {
            do {
                _ = try client.call("getListingVariantsCount", Array("{}".utf8), waitMs: Limits.waitMs)
                isGiven = true
            } catch { failure = error as? Failure }
        }

        /// What the hub's headers announce.
        var pool: JSON? { (try? client.stats())?["learnt"]?.elements.first { $0["fact"]?.string == "pool" }?["value"] }
    }

    /// - Parameter token: of this channel, and of no other use while this runs
    static func ask(_ settings: Settings, token: String, interrupt: Interrupt) throws -> [Fact] {
        let calls = try (0..<requests).map { _ in try Call(settings, token, interrupt) }
        let threads = calls.compactMap(start)
        for thread in threads { pthread_join(thread, nil) }
        return read(
            given: calls.filter(\.isGiven).count, refusals: calls.compactMap(\.failure).filter { $0.httpStatus != 0 },
            pool: calls.first(where: \.isGiven)?.pool)
    }

    private static func start(_ call: Call) -> pthread_t? {
        var thread = pthread_t()
        // Safe: the thread takes back what is retained here; where it does not begin, it is taken back at once.
        let kept = Unmanaged.passRetained(call)
        let code = pthread_create(
            &thread, nil,
            { call in
                if let call { Unmanaged<Call>.fromOpaque(call).takeRetainedValue().ask() }
                return nil
            }, kept.toOpaque())
        guard code != 0 else { return thread }
        kept.release()
        return nil
    }

    /// The reading alone.
    static func read(given: Int, refusals: [Failure], pool: JSON?) -> [Fact] {
        var facts = [announced(pool)]
        let names = ["limit.status", "limit.body", "limit.retry_after"]
        // A token that the hub does not know tells nothing of its limit.
        let refused = refusals.first { [401, 403].contains($0.httpStatus) }
        guard let refusal = refusals.first(where: { [429, 503].contains($0.httpStatus) }), given > 0 || refused == nil else {
            let why =
                (refused ?? refusals.first).map { "the spare token is refused with status \($0.httpStatus)" }
                ?? "\(given) requests at once were let in"
            return facts + names.map { .open(12, $0, why) } + [.open(13, "limit.burst", why)]
        }
        let (body, text) = OrderReading.kind(of: refusal.hubSaid, refusal.httpStatus)
        facts.append(.settled(12, names[0], "\(refusal.httpStatus)", "the status of a request too many"))
        facts.append(.settled(12, names[1], body, "it comes with \(text)"))
        facts.append(
            refusal.retryAfterMs < 0
                ? .settled(12, names[2], "none", "it does not say when to come again, in a form that is known")
                : .settled(12, names[2], "\(refusal.retryAfterMs) ms", "it says when to come again"))
        facts.append(.settled(13, "limit.burst", "\(given)", "\(given) of \(requests) requests at once were let in"))
        return facts
    }

    private static func announced(_ pool: JSON?) -> Fact {
        guard let size = pool?["size"]?.plain, let refill = pool?["refill"]?.plain else {
            return .open(13, "pool", "the hub announces none")
        }
        return .settled(13, "pool", "\(size), \(refill) a second", "what the hub's headers announce")
    }
}
