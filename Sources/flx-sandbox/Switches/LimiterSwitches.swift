extension Switch {
    /// The spellings of a `Retry-After` header; `limit.retry_after` and faults share them.
    static let retryAfterWords = [
        "none", "seconds", "http_date", "rfc850", "asctime", "negative", "garbage", "huge", "two", "zero", "fraction",
    ]

    static let limiter = Switch(
        "13", "limiter", .words(["bucket", "sliding", "fixed", "strict", "none"]), "bucket",
        "leaky bucket, sliding window, fixed window, strict (two arrivals in any second, refused ones too), or no limit")
    static let poolSize = Switch("13", "pool.size", .number(1...1_000_000), "40", "bucket: requests it holds")
    static let poolRefill = Switch(
        "13", "pool.refill", .rate("requests a second, e.g. 2 or 0.7"), "2", "bucket: requests it regains a second")
    static let poolHeaders = Switch(
        "13", "pool.headers", .words(["truthful", "absent", "lying"]), "truthful",
        "the three X-Auth-... headers; lying = always 40, 0 and 2")
    static let windowLimit = Switch("13", "window.limit", .number(1...1_000_000), "2", "sliding and fixed: requests in a window")
    static let windowLength = Switch("13", "window.ms", .number(1...3_600_000), "1000", "sliding and fixed: length of a window")
    static let limitStatus = Switch("12", "limit.status", .words(["429", "503"]), "429", "status of a refused request")
    static let limitBody = Switch("12", "limit.body", .words(["empty", "json", "text", "html"]), "empty", "its body")
    static let limitRetryAfter = Switch("12", "limit.retry_after", .words(retryAfterWords), "none", "its Retry-After header")
    static let limitRetrySeconds = Switch("12", "limit.retry_after_s", .number(0...1_000_000), "1", "the seconds that header names")

    static let limiterSwitches = [
        limiter, poolSize, poolRefill, poolHeaders, windowLimit, windowLength, limitStatus, limitBody, limitRetryAfter,
        limitRetrySeconds,
    ]
}
