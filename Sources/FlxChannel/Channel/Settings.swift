import CFlxChannel

/// The settings of one client, checked as a whole and typed. Immutable.
struct Settings: Sendable {
    let channel: String
    let token: String
    let stateDirectory: String
    let paceDirectory: String
    let origin: Origin
    let names: WireNames
    let logLevel: LogLevel
    private let values: [String: String]

    init(_ values: [String: String]) throws(ChannelError) {
        self.values = values
        var faults: [Fault] = []
        channel = values["channel"] ?? ""
        token = values["token"] ?? ""
        stateDirectory = values["state_dir"] ?? ""
        paceDirectory = values["pace.dir"] ?? stateDirectory
        for name in ["channel", "token", "state_dir"] where values[name]?.isEmpty != false {
            faults.append(Fault(path: name, message: "is missing; set it before the client is opened"))
        }
        if !channel.isEmpty, !Settings.isChannelName(channel) {
            faults.append(Fault(path: "channel", message: "is no channel name; 1 to 64 of a-z 0-9 . _ - are allowed"))
        }
        if !token.isEmpty, !Settings.isToken(token) { faults.append(Settings.tokenFault) }

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
        self.names = names
        logLevel =
            switch values["log.level"] {
            case "error": .error
            case "warn": .warn
            case "debug": .debug
            default: .info
            }
        guard faults.isEmpty, let origin else { throw ChannelError(FLX_E_CONFIG, faults: faults) }
        self.origin = origin
    }

    static let tokenFault = Fault(path: "token", message: "is no token; 1 to 512 visible ASCII characters are allowed")

    static func isToken(_ text: String) -> Bool {
        (1...512).contains(text.utf8.count) && text.utf8.allSatisfy { $0 > 0x20 && $0 < 0x7F }
    }

    private static func isChannelName(_ text: String) -> Bool {
        let isAllowed = text.utf8.allSatisfy { byte in
            switch byte {
            case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "0")...UInt8(ascii: "9"): true
            case UInt8(ascii: "."), UInt8(ascii: "_"), UInt8(ascii: "-"): true
            default: false
            }
        }
        return isAllowed && (1...64).contains(text.utf8.count) && text != "." && text != ".."
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
