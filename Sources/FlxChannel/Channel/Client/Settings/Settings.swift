import CFlxChannel

/// The settings of one client, checked as a whole and typed: each is read once. Immutable.
struct Settings: Sendable {
    let channel: String
    let token: Secret
    let origin: Origin
    /// The hub's id of the channel, if the host names it.
    let channelId: String?
    let names: WireNames
    let logLevel: LogLevel
    let statePlace: StatePlace
    /// Of the rate limit file; empty if the budget lies in a server.
    let rateLimitDirectory: String
    let stateWaitMs: Int64
    let stateKeepDays: Int64
    let httpWaitMs: Int64
    let httpConnectMs: Int64
    let httpAttemptMs: Int64
    let httpIdleMs: Int64
    let httpBodyBytes: Int64
    let httpCaFile: String?
    let httpProxy: String?
    let httpUserAgent: String?
    let pageSize: Int64
    let pageFirst: Int64
    let pageMost: Int64
    let pullIdleMs: Int64
    let pullGiveUpMs: Int64
    let feedsOverlapS: Int64
    let feedsLateS: Int64
    let feedsReconcileH: Int64
    let answersBatch: Int64
    let answersKeepHours: Int64
    let ordersGiveUpHours: Int64
    let ordersKeepHours: Int64
    let snapshotsKeepDays: Int64

    /// For the C views of one page: a listing takes about three times its JSON, and what is made of empty objects a hundred
    /// times (J-21).
    var viewBytes: Int64 { 4 * httpBodyBytes }

    init(_ values: [ByteText: String], token: Secret?) throws(ChannelError) {
        let given = GivenSettings(values)
        var faults: [Fault] = []
        func missing(_ key: TextKey) {
            faults.append(Fault(path: key.key.name, message: "is missing; set it before the client is opened"))
        }

        channel = given.text(ConfigKey.channel) ?? ""
        statePlace = try Settings.place(given, &faults)
        rateLimitDirectory = given.text(ConfigKey.rateLimitDirectory) ?? given.text(ConfigKey.stateDirectory) ?? ""
        if channel.isEmpty { missing(ConfigKey.channel) }
        if token == nil { missing(ConfigKey.hubToken) }
        let origin = Settings.origin(given, &faults)
        names = Settings.names(given, &faults)
        channelId = given.text(ConfigKey.channelId).flatMap { Int64($0) }.flatMap { $0 > 0 ? "\($0)" : nil }
        logLevel = given.choice(ConfigKey.logLevel)

        stateWaitMs = given.number(ConfigKey.stateWaitMs)
        stateKeepDays = given.number(ConfigKey.stateKeepDays)
        httpWaitMs = given.number(ConfigKey.httpWaitMs)
        httpConnectMs = given.number(ConfigKey.httpConnectMs)
        httpAttemptMs = given.number(ConfigKey.httpAttemptMs)
        httpIdleMs = given.number(ConfigKey.httpIdleMs)
        httpBodyBytes = given.number(ConfigKey.httpBodyBytes)
        httpCaFile = given.text(ConfigKey.httpCaFile)
        httpProxy = given.text(ConfigKey.httpProxy)
        httpUserAgent = given.text(ConfigKey.httpUserAgent)
        pageSize = given.number(ConfigKey.pageSize)
        pageFirst = given.number(ConfigKey.pageFirst)
        pageMost = given.number(ConfigKey.pageMost)
        pullIdleMs = given.number(ConfigKey.pullIdleS) &* 1000
        pullGiveUpMs = given.number(ConfigKey.pullGiveUpMs)
        feedsOverlapS = given.number(ConfigKey.feedsOverlapS)
        feedsLateS = given.number(ConfigKey.feedsLateS)
        feedsReconcileH = given.number(ConfigKey.feedsReconcileH)
        answersBatch = given.number(ConfigKey.answersBatch)
        answersKeepHours = given.number(ConfigKey.answersKeepHours)
        ordersGiveUpHours = given.number(ConfigKey.ordersGiveUpHours)
        ordersKeepHours = given.number(ConfigKey.ordersKeepHours)
        snapshotsKeepDays = given.number(ConfigKey.snapshotsKeepDays)

        guard faults.isEmpty, let origin, let token else { throw ChannelError(FLX_E_CONFIG, faults: faults) }
        (self.origin, self.token) = (origin, token)
    }

    static func place(_ given: GivenSettings, _ faults: inout [Fault]) throws(ChannelError) -> StatePlace {
        let directory = given.text(ConfigKey.stateDirectory)
        guard let url = given.text(ConfigKey.stateURL) else {
            if directory == nil {
                faults.append(
                    Fault(path: ConfigKey.stateDirectory.key.name, message: "is missing; set it before the client is opened"))
            }
            return .directory(directory ?? "")
        }
        for (key, value) in [
            (ConfigKey.stateDirectory, directory), (ConfigKey.rateLimitDirectory, given.text(ConfigKey.rateLimitDirectory)),
        ] where value != nil {
            faults.append(Fault(path: key.key.name, message: "is set beside \(ConfigKey.stateURL.key.name); set one of the two"))
        }
        var bytes = Array(url.utf8)
        defer { Secret.wipe(&bytes) }
        guard let secret = bytes.withUnsafeBytes({ Secret($0) }) else { throw ChannelError(TransportError.memory) }
        return .server(secret)
    }

    static func origin(_ given: GivenSettings, _ faults: inout [Fault]) -> Origin? {
        do { return try Origin(given.text(ConfigKey.origin) ?? "") } catch {
            faults.append(Fault(path: ConfigKey.origin.key.name, message: error.message))
            return nil
        }
    }

    /// The hub's names, changed as the host asks.
    private static func names(_ given: GivenSettings, _ faults: inout [Fault]) -> WireNames {
        var names = WireNames()
        if let text = given.text(ConfigKey.overrides), let document = try? JSONDocument.parse(Array(text.utf8)) {
            do throws(Faults) { names = try WireNames(overrides: document.root) } catch {
                let key = ConfigKey.overrides.key.name
                for fault in error.faults { faults.append(Fault(path: key + fault.path, message: fault.message)) }
            }
        }
        names.copiesNumber = given.choice(ConfigKey.referenceNumber) == .orderNumber
        names.joinsLists = given.choice(ConfigKey.listSpelling) == .joined
        return names
    }
}
