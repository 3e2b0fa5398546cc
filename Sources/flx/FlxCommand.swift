import ArgumentParser

/// The command line.
struct FlxCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "flx",
        abstract: "Runs and looks after a channel of the hub Flxpoint.",
        discussion: manual,
        version: "flx \(Version.text)",
        groupedSubcommands: [
            CommandGroup(name: "Work", subcommands: [SyncCommand.self, FlushCommand.self, SandboxCommand.self]),
            CommandGroup(
                name: "Health",
                subcommands: [DoctorCommand.self, WatchCommand.self, StatsCommand.self, LogsCommand.self, StateCommand.self]),
            CommandGroup(name: "Order", subcommands: [OrderCommand.self, OutboxCommand.self]),
            CommandGroup(
                name: "Feed",
                subcommands: [PullCommand.self, AckCommand.self, CursorCommand.self, CallCommand.self, DescribeCommand.self]),
        ])

    private static let manual = """
        The configuration is a JSON file that only its owner can read, with the keys
        that `flx describe config` lists:
          {"channel":"shop", "\(SettingKey.stateDirectory.name)":"/var/lib/shop/flx",
           "token_file":"/etc/flxchannel/shop.token", "log_file":"/var/log/shop.log"}
        It is --config FILE, or /etc/flxchannel/NAME.json for --channel NAME, or else
        the environment: FLXCHANNEL_CHANNEL, FLXCHANNEL_STATE_DIR, and any other key
        in capitals with _ for a dot. The token comes from token_file or token in the
        file, FLXCHANNEL_TOKEN_FILE or FLXCHANNEL_TOKEN, never from the command line.
        log_file (FLXCHANNEL_LOG_FILE) is where the log goes; `flx logs` shows it.

        People get tables, a pipe gets JSON; --json and --table choose.

        Exit status:
        \(ExitClass.allCases.map { "  \($0.rawValue)  \($0.meaning)" }.joined(separator: "\n"))
        """
}
