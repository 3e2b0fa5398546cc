/// The settings of a channel, before the library judges them: from one file, or from the environment.
///
/// The file is the whole configuration; of the environment only the token is read beside it.
struct Settings {
    enum Source: Equatable {
        case file(String)
        case environment

        var text: String {
            switch self {
            case .file(let path): path
            case .environment: "the environment"
            }
        }
    }

    let source: Source
    /// As `flx_config_set_json` takes them: nested, or with dots.
    private let object: JSON
    let token: TokenSource
    let logFile: String?
    /// Where what is learnt of the hub goes; nil where no place is named, and no file to stand beside.
    let learntPlace: String?
    /// What was learnt. A key that the configuration has as well is the configuration's.
    let learnt: LearntFile?

    /// Members of the file that are flx's own.
    private static let own = ["token_file", "log_file", "learnt_file"]

    init(file path: String, channel: String? = nil) throws {
        let file = try PrivateFile(path, what: "the configuration")
        let read = try JSON.read(file.bytes, what: "the configuration \(path)")
        guard case .object(var members) = read else { throw Failure.usage("the configuration \(path) is not a JSON object") }
        if let channel {
            let said = read[SettingKey.channel.name]?.plain
            guard said == nil || said == channel else {
                throw Failure.usage("the configuration \(path) is of channel \"\(said ?? "")\", not \"\(channel)\"")
            }
            if said == nil { members.append(.init(key: SettingKey.channel.name, value: .text(channel))) }
        }
        source = .file(path)
        token = try TokenSource(file: try Settings.path("token_file", in: read), hasToken: read[SettingKey.token.name] != nil)
        logFile = try Settings.path("log_file", in: read) ?? Environment.logFile
        object = .object(members.filter { !Settings.own.contains($0.key) })
        let place = try Settings.path("learnt_file", in: read) ?? LearntFile.place(beside: path)
        (learntPlace, learnt) = (place, try LearntFile(place))
    }

    init(environment: Environment) throws {
        source = .environment
        object = .object(try environment.settings())
        token = try TokenSource(file: nil, hasToken: false)
        logFile = Environment.logFile
        learntPlace = Environment.variable("FLXCHANNEL_LEARNT_FILE")
        learnt = try learntPlace.map { try LearntFile($0) }
    }

    private static func path(_ key: String, in object: JSON) throws -> String? {
        guard let value = object[key] else { return nil }
        guard let path = value.string, path.hasPrefix("/") else { throw Failure.usage("\(key) is not an absolute path") }
        return path
    }

    /// The value of a key; nil where it is left out.
    func value(_ key: SettingKey) -> String? { own(key) ?? learnt?[key]?.plain }

    /// The same as the configuration has it, however it is written.
    func own(_ key: SettingKey) -> String? { own(name: key.name) }

    /// The same of a key that stands in a file.
    func own(name key: String) -> String? {
        if let value = object[key] { return value.plain }
        let parts = key.split(separator: ".", maxSplits: 1).map(String.init)
        return parts.count > 1 ? object[parts[0]]?[parts[1]]?.plain : nil
    }

    /// Where the hub is.
    var origin: String { own(.origin) ?? "https://api.flxpoint.com" }

    static func isSame(_ origin: String, _ other: String) -> Bool {
        func bare(_ text: String) -> Substring { text.lowercased()[...].dropLast(text.hasSuffix("/") ? 1 : 0) }
        return bare(origin) == bare(other)
    }

    /// - Parameter changes: what is set after all of it
    func config(_ changes: [(key: SettingKey, value: String)] = [], usesLearnt: Bool = true) throws -> Config {
        let config = try Config()
        try config.set(.httpUserAgent, "flx/\(Version.text)")
        if usesLearnt, let fault = learnt?.fault(for: self) { throw Failure.usage(fault) }
        if usesLearnt, let learnt { try config.set(json: Array(JSON.object(learnt.members).line.utf8)) }
        // What is done in a folder of its own is not done in the server of the shop.
        let isElsewhere = changes.contains { $0.key == .stateDirectory }
        try config.set(json: Array((isElsewhere ? object.without(SettingKey.stateURL.name) : object).line.utf8))
        if let token = try token.read() {
            do { try config.set(.token, token) } catch let failure as Failure {
                throw Failure.usage("the token in \(self.token.text) cannot be one: \(failure.message)")
            }
        }
        for (key, value) in changes { try config.set(key, value) }
        return config
    }
}
