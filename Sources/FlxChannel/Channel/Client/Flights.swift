/// How many requests of one piece of work are on their way at a time: pure.
///
/// As many go out over a round trip as the pool refills in it, and while places in the pool are free, so many that those are used
/// up in a few seconds. Each good answer allows one more than were on their way before it: headers that lie are found out by few.
enum Flights {
    static let most = 8
    /// The hub's rate limiter if it tells none, in thousandths of a request a second (contract 1.3).
    static let plainMilli: Int64 = 2000
    /// A hub that grants far more is not asked faster than this for what may not exist.
    private static let fastestMilli: Int64 = 8000
    private static let spendingSeconds: Int64 = 4
    private static let longestTripMs: Int64 = 60_000

    /// - Parameters:
    ///   - free: places in the pool, by its last headers; 0 if there were none.
    ///   - answered: good answers since one was of no use.
    static func width(tripMs: Int64, refillMilli: Int64, free: Int64, answered: Int) -> Int {
        func requests(_ milli: Int64) -> Int {
            let milli = min(max(0, milli), fastestMilli)
            return Int(min(1 + (min(tripMs, longestTripMs) * milli + 500_000) / 1_000_000, Int64(most)))
        }
        let spending = requests(min(max(0, free), fastestMilli) * 1000 / spendingSeconds)
        return max(requests(refillMilli), min(spending, 1 + answered))
    }

    /// After an answer; one after another when something is wrong, which nil says.
    static func width(after good: GoodAnswer?, answered: Int) -> Int {
        guard let good else { return 1 }
        return width(tripMs: max(0, good.tookMs), refillMilli: good.refillMilli ?? plainMilli, free: good.free, answered: answered)
    }
}
