import ArgumentParser

/// Answers records of a queue.
struct AckCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "ack",
        abstract: "Answer records that a queue feed brought.",
        discussion: """
            ANSWERS is a file with a JSON array, or lines of JSON, or - for standard input:
              [{"id":"17"}, {"id":"18","error":"price is missing"},
               {"id":"19","confirm":"hidden"}]
            `flx describe schema/answer` has all of it. The answers of each page are stored
            whole or not at all; `flx flush` sends them.
            """)

    @OptionGroup var channel: ChannelOptions

    @Option(help: ArgumentHelp("The receipts, as `flx pull --receipt` wrote them.", valueName: "file"), completion: .file())
    var receipt: String

    @Argument(help: ArgumentHelp("The answers.", valueName: "answers"), completion: .file())
    var answers = "-"

    func run() throws {
        let receipts = try ReceiptFile.read(receipt)
        let answers = try read()
        var byReceipt = [[JSON]](repeating: [], count: receipts.count)
        for answer in answers {
            guard let id = answer["id"]?.id else { throw Failure.usage("an answer has no \"id\"; nothing was answered") }
            // A record that came twice is answered as it came last.
            guard let index = receipts.lastIndex(where: { $0.ids.contains(id) }) else {
                throw Failure.usage("record \(Clean.text(id, most: 40)) is on no receipt of \(receipt); nothing was answered")
            }
            byReceipt[index].append(answer)
        }
        let client = try channel.open()
        var stored = 0
        for (index, own) in byReceipt.enumerated() where !own.isEmpty {
            do { try client.acknowledge(receipt: receipts[index].receipt, answers: .list(own)) } catch var failure as Failure {
                if stored > 0 { failure.faults.append("\(stored) answers of other pages were stored") }
                throw failure
            }
            stored += own.count
        }
        try Output.line(JSON.object([.init(key: "stored", value: .integer(stored))]).line)
    }

    private func read() throws -> [JSON] {
        let bytes = try Input.bytes(answers, what: "the answers")
        if let whole = try? JSONParser.parse(bytes) {
            if case .list(let elements) = whole { return elements }
            return [whole]
        }
        let lines = bytes.split(separator: 0x0A).map(Array.init)
        // The fault of the whole is the one to tell, unless these are lines.
        guard lines.count > 1, (try? JSONParser.parse(lines[0])) != nil else {
            return [try JSON.read(bytes, what: "what \(answers) holds")]
        }
        return try lines.map { try JSON.read($0, what: "a line of \(answers)") }
    }
}
