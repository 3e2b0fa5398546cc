import ArgumentParser

/// Prints what a feed brings.
struct PullCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "pull",
        abstract: "Print the records of a feed, a line of JSON each.",
        discussion: """
            FEED is listings_to_publish or listings_to_sync, whose records come until they
            are answered, or listings, orders, shipments, returns, which have a cursor.

            Of a queue, each page has a receipt, which `flx ack` takes with the answers. It
            goes to --receipt FILE, or to standard error, as a line of JSON.
            Of a feed with a cursor, --commit says that what was printed is stored: once a
            page is written out in full. Without it the same records come again.
            """)

    @Argument(help: "The feed.") var feed: Feed
    @OptionGroup var channel: ChannelOptions

    @Flag(help: "Commit each page of a cursor feed once it is printed.")
    var commit = false

    @Option(help: ArgumentHelp("Where the receipts of a queue go.", valueName: "file"), completion: .file())
    var receipt: String?

    @Option(help: ArgumentHelp("Name of the cursor.", valueName: "name"))
    var cursor: String?

    @Option(help: ArgumentHelp("Where a new cursor starts.", valueName: "instant"))
    var since: String?

    @Option(name: .customLong("page-size"), help: ArgumentHelp("Records to ask for at a time.", valueName: "records"))
    var pageSize: Int?

    @Option(
        parsing: .singleValue, help: ArgumentHelp("A filter of the feed (flx describe feeds). Repeatable.", valueName: "name=value")
    )
    var filter: [String] = []

    @Option(help: ArgumentHelp("Stop after so many pages.", valueName: "pages"))
    var pages: Int?

    @Option(help: ArgumentHelp("Stop after so long.", valueName: "seconds"))
    var budget: Int?

    func validate() throws {
        if feed.isQueue, commit { throw ValidationError("\(feed.rawValue) has no cursor: its records are answered with `flx ack`") }
        if !feed.isQueue, receipt != nil {
            throw ValidationError("\(feed.rawValue) has a cursor and takes no answers: see --commit")
        }
        if let pages, pages < 1 { throw ValidationError("--pages is 1 or more, not \(pages)") }
        if let budget, !(1...86400).contains(budget) { throw ValidationError("--budget is 1 to 86400 seconds, not \(budget)") }
    }

    func run() throws {
        let client = try channel.open(interrupt: Interrupt())
        let pull = try Pull(client, feed, spec: try spec())
        let receipts = feed.isQueue ? try ReceiptFile(receipt) : nil
        let end = budget.map { Instant.monotonicMs() + Int64($0) * 1000 }
        let progress = Progress("pull \(feed.rawValue)")
        defer { progress.clear() }
        var (pagesLeft, unread) = (pages ?? Int.max, 0)
        while pagesLeft > 0 {
            let left = end.map { max(0, $0 - Instant.monotonicMs()) } ?? 2000
            switch try pull.next(waitMs: Int32(min(left, 2000))) {
            case .page(let page):
                unread += try show(page, receipts)
                if commit { try pull.commit(page) }
                pagesLeft -= 1
                progress.add(page.count)
            case .again: guard left > 0 else { throw Failure(.notAllDone, "the time is over and there may be more") }
            case .done: pagesLeft = 0
            }
        }
        guard unread == 0 else { throw Failure(.notAllDone, "\(unread) records could not be read, as told above") }
    }

    /// Prints a page, with its receipt; gives how many of its records could not be read.
    private func show(_ page: Page, _ receipts: ReceiptFile?) throws -> Int {
        for index in 0..<page.count { try Output.line(page.record(index)) }
        // A page that is committed is not shown again: it must have arrived.
        if commit || receipts != nil { try Output.settle() }
        if page.count > 0 { try receipts?.add(page) }
        let unread = try page.quarantine()
        for row in unread {
            Output.note(
                "flx: record \(row["id"]?.plain ?? "") was left out: \(row["path"]?.plain ?? "") \(row["reason"]?.plain ?? "")")
        }
        return unread.count
    }

    private func spec() throws -> JSON {
        var members: [JSON.Member] = []
        if let cursor { members.append(.init(key: "cursor", value: .text(cursor))) }
        if let since { members.append(.init(key: "since", value: .text(since))) }
        if let pageSize { members.append(.init(key: "page_size", value: .integer(pageSize))) }
        for text in filter {
            let halves = text.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false).map(String.init)
            guard halves.count == 2 else { throw Failure.usage("--filter wants name=value, not \(Clean.text(text, most: 80))") }
            members.append(.init(key: halves[0], value: value(halves[1])))
        }
        return .object(members)
    }

    /// true, false, numbers and lists as JSON, everything else as text.
    private func value(_ text: String) -> JSON { (try? JSONParser.parse(Array(text.utf8))) ?? .text(text) }
}
