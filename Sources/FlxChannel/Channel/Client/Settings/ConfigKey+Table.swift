/// The one table of all settings, in the order in which hosts see them. What reads a setting names it by its property, so that a
/// misspelt key does not compile.
extension ConfigKey {
    static let channel = TextKey("channel", .channelName, "name of the channel, [a-z0-9._-]{1,64}; required")
    static let hubToken = TextKey(
        SettingName.token.text, .token, "the hub's channel token, 1 to 512 visible ASCII characters; required")
    static let stateDirectory = TextKey(
        SettingName.stateDirectory.text, .directory,
        "absolute path of the directory of the state file, on a disk of this machine; made with mode 0700 if its parent exists; wider modes are tightened at each opening, and a directory that serves others as well is refused; this or state.url is required"
    )
    static let stateURL = TextKey(
        SettingName.stateURL.text, .text,
        "instead of state_dir, for several machines: a PostgreSQL database, as a URL (postgresql://user@host/db) or as service=NAME; the first schema of its search_path holds this channel alone, and its budget"
    )
    static let origin = TextKey("origin", .origin, standard: "https://api.flxpoint.com", "where the hub is; http only to loopback")
    static let stateWaitMs = NumberKey(
        "state.wait_ms", 0...600_000, standard: 5000, unit: "ms", "longest wait for another process at the state file")
    static let stateKeepDays = NumberKey(
        "state.keep_days", 60...36_500, standard: 730, unit: "days",
        "how long it is remembered which orders and records were there, after their buyer data is gone")
    static let rateLimitDirectory = TextKey(
        SettingName.rateLimitDirectory.text, .directory,
        "absolute path of the directory of the rate limit file that all processes of a token share; default: state_dir")
    static let httpWaitMs = NumberKey(
        "http.wait_ms", 1...600_000, standard: 30_000, unit: "ms", "deadline of calls that are given -1")
    static let httpConnectMs = NumberKey(
        "http.connect_ms", 100...600_000, standard: 10_000, unit: "ms", "longest time to make a connection")
    static let httpAttemptMs = NumberKey(
        SettingName.httpAttemptMs.text, 100...600_000, standard: 60_000, unit: "ms", "longest time for one request")
    static let httpIdleMs = NumberKey(
        "http.idle_ms", 100...600_000, standard: 20_000, unit: "ms", "longest silence within a request")
    static let httpCaFile = TextKey(
        SettingName.httpCaFile.text, .file, "absolute path of a file of certificate authorities; default: the system's")
    static let httpProxy = TextKey(
        SettingName.httpProxy.text, .text, "proxy such as http://127.0.0.1:3128; the environment is not asked")
    static let httpUserAgent = TextKey(SettingName.httpUserAgent.text, .text, "the host's name and version, put before ours")
    static let httpBodyBytes = NumberKey(
        "http.body_bytes", 65_536...1_073_741_824, standard: 33_554_432, unit: "bytes", "largest answer, inflated")
    static let pageSize = NumberKey(
        "page.size", 0...1000, standard: 0, unit: "records", "records to ask for per page; 0: 50 for parents, else 100")
    static let pageFirst = NumberKey(
        "page.first", 0...1, standard: 1, "number of a list's first page; 0 for a hub that counts from 0")
    static let pageMost = NumberKey(
        "page.most", 1...10_000_000, standard: 100_000, unit: "pages", "pages after which a walk is stopped as endless")
    static let pullGiveUpMs = NumberKey(
        "pull.give_up_ms", 1000...86_400_000, standard: 120_000, unit: "ms",
        "time without an answer after which a pull reports the failure")
    static let pullIdleS = NumberKey(
        SettingName.pullIdleS.text, 1...86_400, standard: 600, unit: "s",
        "time without a call into a pull, or an answer for its feed, after which another pull or flush may take its feed over")
    static let feedsOverlapS = NumberKey(
        "feeds.overlap_s", 0...86_400, standard: 120, unit: "s",
        "how far before its cursor a walk starts; more once the hub has shown rows later than that")
    static let feedsLateS = NumberKey(
        "feeds.late_s", 0...3600, standard: 4, unit: "s",
        "how late the hub may show a change, unless it was seen to be later: what was answered is read again so much later, and a second"
    )
    static let feedsReconcileH = NumberKey(
        "feeds.reconcile_h", 0...8760, standard: 24, unit: "h",
        "how often a cursor feed is read in full beside its walks, for what no cursor can see; 0: never")
    static let answersBatch = NumberKey("answers.batch", 1...50, standard: 50, unit: "rows", "answers sent in one request")
    static let answersKeepHours = NumberKey(
        "answers.keep_hours", 1...8760, standard: 168, unit: "h", "how long results of answers are kept")
    static let ordersGiveUpHours = NumberKey(
        "orders.give_up_hours", 1...8760, standard: 72, unit: "h",
        "age at which an order without a clear end is given up, with its evidence")
    static let ordersKeepHours = NumberKey(
        "orders.keep_hours", 0...87_600, standard: 24, unit: "h", "how long buyer data of a settled order is kept")
    static let snapshotsKeepDays = NumberKey(
        "snapshots.keep_days", 0...3650, standard: 0, unit: "days",
        "how long each listing is kept as it was seen last, for flx_snapshot_get; 0: none is kept")
    static let referenceNumber = ChoiceKey(
        "orders.reference_number", standard: ReferenceNumber.orderNumber,
        "what goes to the hub as referenceNumber of an order that has none; as_given: nothing")
    static let logLevel = ChoiceKey("log.level", standard: LogLevel.info, "least important records that are kept")
    static let channelId = TextKey(
        "hub.channel_id", .number(1...Int64.max),
        "the hub's id of this channel; needed only if the hub shows rows of others and does not tell which are ours; default: learnt"
    )
    static let listSpelling = ChoiceKey(
        "hub.arrays", standard: ListSpelling.repeated, "how a list is written in a query: skus=A&skus=B, or skus=A,B")
    static let overrides = TextKey(
        "hub.overrides", .json, "other wire names, such as {\"createOrder\":{\"orderNumber\":\"number\"}}")

    static let all: [ConfigKey] = [
        channel.key, hubToken.key, stateDirectory.key, stateURL.key, origin.key, stateWaitMs.key, stateKeepDays.key,
        rateLimitDirectory.key, httpWaitMs.key, httpConnectMs.key, httpAttemptMs.key, httpIdleMs.key, httpCaFile.key,
        httpProxy.key, httpUserAgent.key, httpBodyBytes.key, pageSize.key, pageFirst.key, pageMost.key,
        pullGiveUpMs.key, pullIdleS.key, feedsOverlapS.key, feedsLateS.key, feedsReconcileH.key, answersBatch.key,
        answersKeepHours.key, ordersGiveUpHours.key, ordersKeepHours.key, snapshotsKeepDays.key, referenceNumber.key, logLevel.key,
        channelId.key, listSpelling.key, overrides.key,
    ]
}
