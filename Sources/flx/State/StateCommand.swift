import ArgumentParser

/// Moves the state of a channel to another place, and back.
struct StateCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "state", abstract: "Move the state of a channel between a directory and a database server.",
        discussion: """
            For while nothing runs: nobody may hold a feed or send an order. The place
            that the state is moved to must hold none. Afterwards the old one is refused
            by every program, and the error names the new one. A move that was cut off,
            by whatever, is brought to its end by the same command; until then a place
            that is not whole is refused. Nothing is in two places at any moment.
            Who holds feeds and the request budget are not moved. Backups of the old
            place are of no use any more: one that is put back is a second state, and
            orders that it has open could be sent twice.
            """,
        subcommands: [StateImport.self, StateExport.self])
}

struct StateImport: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "import", abstract: "Move the state from a directory to where the configuration has it.",
        discussion: """
            From one machine to a database server: stop what runs, set \(SettingKey.stateURL.name)
            in place of \(SettingKey.stateDirectory.name), run this with the old directory, start again.
            """)

    @Argument(help: "The directory that holds the state, as \(SettingKey.stateDirectory.name) named it.", completion: .directory)
    var directory: String
    @OptionGroup var channel: ChannelOptions

    func run() throws {
        let settings = try channel.settings()
        try StatePlace.config(directory, settings).moveState(to: try settings.config(usesLearnt: false))
        Output.note("the state was moved from \(directory) to \(StatePlace.name(settings))")
    }
}

struct StateExport: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "export", abstract: "Move the state to a directory, from where the configuration has it.",
        discussion: """
            Back to one machine: stop what runs, run this with the new directory, set
            \(SettingKey.stateDirectory.name) to it in place of \(SettingKey.stateURL.name), start again.
            """)

    @Argument(help: "The directory that is to hold the state; it is made if its parent is there.", completion: .directory)
    var directory: String
    @OptionGroup var channel: ChannelOptions

    func run() throws {
        let settings = try channel.settings()
        try settings.config(usesLearnt: false).moveState(to: try StatePlace.config(directory, settings))
        Output.note("the state was moved from \(StatePlace.name(settings)) to \(directory)")
    }
}

/// The places of a state.
private enum StatePlace {
    /// The same channel with its state in a directory.
    static func config(_ directory: String, _ settings: Settings) throws -> Config {
        guard directory.hasPrefix("/") else { throw Failure.usage("the directory is not an absolute path") }
        return try settings.config([(.stateDirectory, directory)], usesLearnt: false)
    }

    /// Where the configuration has it, without a word of a connection string, which may hold a password.
    static func name(_ settings: Settings) -> String {
        settings.value(.stateDirectory) ?? "the server of \(SettingKey.stateURL.name)"
    }
}
