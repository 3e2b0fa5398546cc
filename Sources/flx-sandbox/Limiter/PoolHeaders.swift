/// The three headers in which the hub announces a token's pool.
enum PoolHeaders {
    static func of(_ admission: Admission, _ setting: String) -> [Header] {
        switch setting {
        case "absent": []
        case "lying": headers(size: 40, used: 0, refill: "2")
        default: headers(size: admission.size, used: admission.used, refill: text(admission.refill))
        }
    }

    private static func headers(size: Int, used: Int, refill: String) -> [Header] {
        [
            Header("X-Auth-Pool-Size", String(size)), Header("X-Auth-Pool-Used", String(used)),
            Header("X-Auth-Replenished-Per-Second", refill),
        ]
    }

    private static func text(_ rate: Double) -> String {
        rate == rate.rounded() ? String(Int(rate)) : String(rate)
    }
}

/// The spellings of `Retry-After` that a client must survive.
enum RetryAfter {
    static func headers(_ spelling: String, seconds: Int, now: Instant) -> [Header] {
        let values: [String] =
            switch spelling {
            case "seconds": ["\(seconds)"]
            case "http_date": [(now + seconds).httpDate]
            case "rfc850": [(now + seconds).rfc850Date]
            case "asctime": [(now + seconds).asctimeDate]
            case "negative": ["-\(max(1, seconds))"]
            case "garbage": ["soon"]
            case "huge": ["1000000000000"]
            case "two": ["\(seconds)", "\(seconds * 2)"]
            case "zero": ["0"]
            case "fraction": ["\(seconds).5"]
            default: []
            }
        return values.map { Header("Retry-After", $0) }
    }
}
