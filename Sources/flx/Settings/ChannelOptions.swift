import ArgumentParser

/// Which channel a command is for.
struct ChannelOptions: ParsableArguments {
    @Option(help: ArgumentHelp("The configuration, a JSON file that only you can read.", valueName: "file"), completion: .file())
    var config: String?

    @Option(help: ArgumentHelp("Instead of it: /etc/flxchannel/NAME.json. Without both: the environment.", valueName: "name"))
    var channel: String?

    func settings() throws -> Settings {
        if let config { return try Settings(file: config, channel: channel) }
        guard let channel else {
            let environment = Environment()
            guard !environment.settingNames.isEmpty else {
                throw Failure.usage(
                    "there is no configuration: give --config FILE or --channel NAME, or set FLXCHANNEL_CHANNEL and others")
            }
            return try Settings(environment: environment)
        }
        guard ChannelOptions.isName(channel) else {
            throw Failure.usage("\"\(Clean.text(channel, most: 70))\" is not the name of a channel")
        }
        return try Settings(file: "\(Environment.configFolder)/\(channel).json", channel: channel)
    }

    /// As the library has it: nothing that leads to another folder.
    private static func isName(_ text: String) -> Bool {
        (1...64).contains(text.utf8.count)
            && text.utf8.allSatisfy { byte in
                switch byte {
                case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "0")...UInt8(ascii: "9"): true
                case UInt8(ascii: "."), UInt8(ascii: "_"), UInt8(ascii: "-"): true
                default: false
                }
            }
    }

    func open(_ changes: [(key: SettingKey, value: String)] = [], interrupt: Interrupt? = nil) throws -> Client {
        let settings = try settings()
        let config = try settings.config(changes)
        if let path = settings.logFile { try config.log(to: try LogFile(path)) }
        return try Client(config, interrupt: interrupt)
    }
}

/// In which form a command answers.
struct FormOptions: ParsableArguments {
    @Flag(help: "Answer in JSON, also on a terminal.")
    var json = false

    @Flag(help: "Answer as a table, also into a pipe.")
    var table = false

    func validate() throws {
        if json, table { throw ValidationError("--json and --table exclude each other") }
    }

    var isJSON: Bool { json || !table && !Output.isTerminal }

    /// People get the lines, programs the JSON.
    func show(_ json: JSON, _ lines: @autoclosure () -> [String]) throws {
        if isJSON { try Output.line(json.line) } else { try Output.lines(lines()) }
    }
}
