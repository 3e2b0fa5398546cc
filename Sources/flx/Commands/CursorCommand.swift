import ArgumentParser

/// Named places in the feeds that have cursors.
struct CursorCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "cursor", abstract: "List the cursors of the feeds, set one, or remove one.",
        subcommands: [CursorList.self, CursorSet.self, CursorRemove.self],
        defaultSubcommand: CursorList.self)
}

struct CursorList: ParsableCommand {
    static let configuration = CommandConfiguration(commandName: "list", abstract: "List the cursors.")

    @OptionGroup var channel: ChannelOptions
    @OptionGroup var form: FormOptions

    func run() throws {
        let cursors = try channel.open().cursors()
        let table = Table(
            ["feed", "cursor", "at", "moved_at", "reconciled_at:read in full", "late_s:late s"], of: cursors.elements)
        let others = cursors.elements.filter { $0["cursor"]?.string != "default" }
        let advice = "one that nobody uses any more: flx cursor remove FEED --cursor NAME"
        try form.show(
            cursors, table.isEmpty ? ["there are no cursors yet"] : table.lines + (others.isEmpty ? [] : ["", advice]))
    }
}

struct CursorSet: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "set", abstract: "Set a cursor, for instance after the shop's database was restored.",
        discussion: """
            All that is newer comes again. INSTANT is ISO 8601 with its zone, such as
            2026-01-31T12:00:00Z, or "beginning".
            """)

    @Argument(help: "orders, shipments, returns or listings.") var feed: Feed
    @Argument(help: "From when on records come again.") var instant: String
    @OptionGroup var channel: ChannelOptions

    @Option(help: ArgumentHelp("Name of the cursor.", valueName: "name"))
    var cursor = "default"

    func run() throws {
        try channel.open().setCursor(feed, name: cursor, to: instant == "beginning" ? "" : instant)
        Output.note("the cursor \(cursor) of \(feed.rawValue) is at \(instant)")
    }
}

struct CursorRemove: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "remove", abstract: "Remove a cursor that nobody uses any more, such as one that was tried once.",
        discussion: """
            What was committed under it is forgotten. Who pulls under its name after that
            gets all from the beginning, as under any name that is new.
            """)

    @Argument(help: "orders, shipments, returns or listings.") var feed: Feed
    @OptionGroup var channel: ChannelOptions

    @Option(help: ArgumentHelp("Name of the cursor.", valueName: "name"))
    var cursor: String

    func run() throws {
        let client = try channel.open()
        let isThere = try client.cursors().elements.contains { one in
            one["feed"]?.string == feed.rawValue && one["cursor"]?.string == cursor
        }
        guard isThere else {
            throw Failure.usage("there is no cursor \(Clean.text(cursor, most: 80)) of \(feed.rawValue): see `flx cursor`")
        }
        try client.setCursor(feed, name: cursor, to: "")
        Output.note("the cursor \(cursor) of \(feed.rawValue) is removed")
    }
}
