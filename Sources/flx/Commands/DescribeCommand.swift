import ArgumentParser

/// Prints a table of the library.
struct DescribeCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "describe",
        abstract: "Print a table of the library: config, errors, feeds, operations, schema/order ...",
        discussion: "Without a topic it lists them. It needs no channel.")

    @Argument(help: "What to describe.") var topic = "topics"
    @OptionGroup var form: FormOptions

    func run() throws {
        let bytes = try Call.describe(topic)
        guard !form.isJSON else { return try Output.line(Clean.oneLine(bytes)) }
        try Output.lines(lines(try JSON.read(bytes, what: "the table")))
    }

    private func lines(_ json: JSON) -> [String] {
        switch topic {
        case "config": return Table(["key", "default", "unit", "meaning"], of: json.elements).lines
        case "errors": return Table(["name", "code", "class", "meaning"], of: json.elements).lines
        case "metrics": return Table(["name", "meaning"], of: json.elements).lines
        case "operations": return Table(["id:name", "method", "path", "summary"], of: json.elements).lines
        case "feeds": return Table(["name", "kind", "operation", "answer_operation", "bound"], of: json.elements).lines
        default: break
        }
        if case .list(let elements) = json, elements.allSatisfy({ $0.string != nil }) { return elements.map(\.plain) }
        return Table.sheet(json)
    }
}
