import CFlxChannel

/// The settings of one client, checked as a whole and typed. Immutable.
struct Settings: Sendable {
    let channel: String
    let token: Secret
    let stateDirectory: String
    let rateLimitDirectory: String
    let origin: Origin
    let names: WireNames
    let logLevel: LogLevel
    private let values: [ByteText: String]

    init(_ values: [ByteText: String], token: Secret?) throws(ChannelError) {
        self.values = values
        var faults: [Fault] = []
        channel = values["channel"] ?? ""
        stateDirectory = values["state_dir"] ?? ""
        rateLimitDirectory = values["rate_limit.dir"] ?? stateDirectory
        for name in ["channel", "token", "state_dir"] where name == "token" ? token == nil : values[name]?.isEmpty != false {
            faults.append(Fault(path: name, message: "is missing; set it before the client is opened"))
        }
        let originText = values["origin"] ?? ConfigKey.named("origin")?.standard ?? ""
        var origin: Origin?
        do { origin = try Origin(originText) } catch { faults.append(Fault(path: "origin", message: error.message)) }

        var names = WireNames()
        if let text = values["hub.overrides"], let document = try? JSONDocument.parse(Array(text.utf8)) {
            do { names = try WireNames(overrides: document.root) } catch {
                for fault in error.faults {
                    faults.append(Fault(path: "hub.overrides" + fault.path, message: fault.message))
                }
            }
        }
        names.copiesNumber = !values["orders.reference_number"].spells("as_given")
        names.joinsLists = values["hub.arrays"].spells("joined")
        self.names = names
        logLevel =
            switch values["log.level"] ?? "" {
            case "error": .error
            case "warn": .warn
            case "debug": .debug
            default: .info
            }
        guard faults.isEmpty, let origin, let token else { throw ChannelError(FLX_E_CONFIG, faults: faults) }
        self.origin = origin
        self.token = token
    }

    /// The hub's id of the channel, if the host names it.
    var channelId: String? {
        let id = number("hub.channel_id")
        return id > 0 ? "\(id)" : nil
    }

    // MARK: one by one

    var stateWaitMs: Int64 { number("state.wait_ms") }
    var httpWaitMs: Int64 { number("http.wait_ms") }
    var httpConnectMs: Int64 { number("http.connect_ms") }
    var httpAttemptMs: Int64 { number("http.attempt_ms") }
    var httpIdleMs: Int64 { number("http.idle_ms") }
    var httpCaFile: String? { text("http.ca_file") }
    var httpProxy: String? { text("http.proxy") }
    var httpUserAgent: String? { text("http.user_agent") }
    var httpBodyBytes: Int64 { number("http.body_bytes") }
    /// For the C views of one page: a listing takes about three times its JSON, and what is made of empty objects a hundred
    /// times (J-21).
    var viewBytes: Int64 { 4 * httpBodyBytes }
    var pageSize: Int64 { number("page.size") }
    var pageFirst: Int64 { number("page.first") }
    var pageMost: Int64 { number("page.most") }
    var pullIdleMs: Int64 { number("pull.idle_s") &* 1000 }
    var pullGiveUpMs: Int64 { number("pull.give_up_ms") }
    var feedsOverlapS: Int64 { number("feeds.overlap_s") }
    var feedsReconcileH: Int64 { number("feeds.reconcile_h") }
    var feedsLateS: Int64 { number("feeds.late_s") }
    var answersBatch: Int64 { number("answers.batch") }
    var stateKeepDays: Int64 { number("state.keep_days") }
    var answersKeepHours: Int64 { number("answers.keep_hours") }
    var ordersGiveUpHours: Int64 { number("orders.give_up_hours") }
    var ordersKeepHours: Int64 { number("orders.keep_hours") }

    /// The number of a key, or its default.
    private func number(_ name: String) -> Int64 {
        let text = values[name] ?? ConfigKey.named(name)?.standard ?? ""
        return Int64(text) ?? 0
    }

    private func text(_ name: String) -> String? {
        values[name].flatMap { $0.isEmpty ? nil : $0 }
    }
}
