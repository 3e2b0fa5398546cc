/// What is known of a write's effect at the hub; the raw values are FLX_VERDICT_ of the header.
enum Verdict: Int32 {
    /// No write was involved, or it is still on its way.
    case none = 0
    case notApplied = 1
    case possiblyApplied = 2
    case applied = 3
    case refused = 4
}
