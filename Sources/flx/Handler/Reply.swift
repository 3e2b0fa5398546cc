/// One line of a handler: the number of an event and what came of it.
struct Reply {
    let event: Int64
    let reply: JSON

    init(_ line: [UInt8], number: Int) throws(HandlerFault) {
        let read: JSON
        do throws(JSONFault) { read = try JSONParser.parse(line) } catch {
            throw .garbage(line: number, line.isEmpty ? "it is empty" : "\(error.reason), at byte \(error.offset)")
        }
        guard case .object(let members) = read else { throw .garbage(line: number, "it is no object") }
        guard let event = read["event"]?.integer, event > 0 else { throw .garbage(line: number, "it has no number in \"event\"") }
        guard members.count == 2, let reply = members.first(where: { $0.key == "reply" })?.value else {
            throw .garbage(line: number, "it is not \"event\" and \"reply\", and nothing else")
        }
        self.event = event
        self.reply = reply
    }
}
