/// One page of the hub, read.
struct FetchedPage {
    let body: JSONPage
    /// By the hub's clock at request start, minus the safety second; nil if the hub told no time.
    let fetchInstant: Instant?
    /// Two witnesses agree on it (decision 26).
    let isInstantSure: Bool
    let number: Int

    /// What an answer may rest on: no instant at all is better than one that may be ahead of the hub.
    var sureInstant: Instant? { isInstantSure ? fetchInstant : nil }
}

/// The hub's clock when a walk began, and whether two witnesses agree on it.
struct WalkStart: Equatable {
    let at: Instant
    let isSure: Bool
}
