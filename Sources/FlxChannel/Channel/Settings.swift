import CFlxChannel

/// The settings of one client, checked as a whole and typed. Immutable.
struct Settings: Sendable {
    let channel: String
    let token: Secret
    let stateDirectory: String
    let paceDirectory: String
    let origin: Origin
    let names: WireNames
    let logLevel: LogLevel
    private let values: [String: String]

    init(_ values: [String: String], token: Secret?) throws(ChannelError) {
        self.values = values
        var faults: [Fault] = []
        channel = values["channel"] ?? ""
        stateDirectory = values["state_dir"] ?? ""
        paceDirectory = values["pace.dir"] ?? stateDirectory
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
        names.copiesNumber = values["orders.reference_number"] != "as_given"
        names.joinsLists = values["hub.arrays"] == "joined"
        self.names = names
        logLevel =
            switch values["log.level"] {
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

    /// The number of a key, or its default.
    func number(_ name: String) -> Int64 {
        let text = values[name] ?? ConfigKey.named(name)?.standard ?? ""
        return Int64(text) ?? 0
    }

    func text(_ name: String) -> String? {
        values[name].flatMap { $0.isEmpty ? nil : $0 }
    }
}
