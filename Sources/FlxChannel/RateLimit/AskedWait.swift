/// How long the hub gets when it asks to wait (decision 19).
enum AskedWait {
    /// As long as the hub gets what it asks for with a 429. A limiter may mean an hour.
    static let throttledMs: Int64 = 3_600_000
    /// And with a 5xx, 408 or 425: whoever is in trouble, or a gateway in front of it, does not know for how long.
    static let failingMs: Int64 = 15 * 60_000

    /// Whether an answer of this status says that requests should wait.
    static func asksToWait(_ status: Int) -> Bool { status == 429 || status >= 500 || status == 408 || status == 425 }

    /// The most that is waited for an answer of this status; a longer hint is cut to that.
    static func mostMs(_ status: Int) -> Int64 { status == 429 ? throttledMs : failingMs }
}
