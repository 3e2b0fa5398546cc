/// One round whose events a handler process takes.
///
/// Events of a page are given one after the other without waiting for each reply, so that a handler may gather some before it
/// writes to its database. What the handler did not say is said to nobody: at a fault the round is closed where it is, what has
/// all its replies is answered, and the rest comes again.
struct HandledRound {
    /// How a round ended.
    struct End {
        /// Nil if a fault came before it.
        var summary: JSON?
        var fault: HandlerFault?
        /// Replies that the library did not take.
        var refused: [String] = []
        var given = 0
        var replied = 0
        /// Why requests were held back at its end, as stats have it.
        var heldBack: String?
    }

    let client: Client
    let interrupt: Interrupt
    let command: String
    let timeoutMs: Int64
    /// Told of each event and reply.
    let progress: Progress

    /// How long the library works before the handler is looked at.
    private static let sliceMs: Int32 = 2000

    /// - Throws: what is at fault besides the handler
    func run(plan: JSON) throws -> End {
        let round = try Round(client, plan: plan)
        let handler = try Handler(command, interrupt: interrupt)
        defer { handler.end() }
        var talk = Talk(round: round, handler: handler, timeoutMs: timeoutMs, progress: progress)
        do {
            let summary = try talk.run()
            talk.end.summary = try JSON.read(summary, what: "the summary")
            try? handler.send(summary, timeoutMs: timeoutMs)
            talk.end.fault = handler.finish(timeoutMs: timeoutMs)
        } catch let fault as HandlerFault {
            talk.end.fault = fault
        }
        return talk.end
    }

    /// What was said so far between the round and its handler.
    private struct Talk {
        let round: Round
        let handler: Handler
        let timeoutMs: Int64
        let progress: Progress
        var end = End()
        /// Events that wait for their reply.
        private var open: Set<Int64> = []
        private var newest: Int64 = 0

        init(round: Round, handler: Handler, timeoutMs: Int64, progress: Progress) {
            (self.round, self.handler, self.timeoutMs, self.progress) = (round, handler, timeoutMs, progress)
        }

        /// Until the summary.
        mutating func run() throws -> [UInt8] {
            while true {
                while let line = try handler.said() { try take(line) }
                switch try patiently({ try round.next(waitMs: HandledRound.sliceMs) }) {
                case .event(let event): try give(event)
                case .waitsForReplies: try take(try handler.line(timeoutMs: timeoutMs))
                case .again: continue
                case .summary(let summary): return summary
                }
            }
        }

        /// Another process may hold the state for longer than one call waits; nothing is lost by asking again.
        private func patiently<Result>(_ body: () throws -> Result) throws -> Result {
            for _ in 0..<3 {
                do { return try body() } catch let failure as Failure where failure.name == "FLX_E_STATE_BUSY" {}
            }
            return try body()
        }

        private mutating func give(_ event: [UInt8]) throws {
            let read = try JSON.read(event, what: "an event")
            // One without a number is for our progress alone.
            guard let number = read["event"]?.integer else { return progress.part(read) }
            open.insert(number)
            newest = number
            end.given += 1
            do throws(HandlerFault) { try handler.send(event, timeoutMs: timeoutMs) } catch {
                // What it said before it ended counts.
                while let line = try handler.said() { try take(line) }
                throw error
            }
        }

        private mutating func take(_ line: [UInt8]) throws {
            let reply = try Reply(line, number: end.replied + 1)
            guard open.remove(reply.event) != nil else {
                throw (1...max(1, newest)).contains(reply.event) && newest > 0
                    ? HandlerFault.twice(event: reply.event) : .unknown(event: reply.event)
            }
            end.replied += 1
            progress.replied()
            do { try patiently { try round.reply(reply.event, reply.reply) } } catch let failure as Failure
                where failure.exit == .usage
            {
                // Its neighbours go on. Nothing is said of this one but to the merchant, in the summary.
                end.refused.append("event \(reply.event): \(failure.message) \(failure.faults.joined(separator: "; "))")
                let later = JSON.object([.init(key: "later", value: .text("the handler's reply could not be taken"))])
                try patiently { try round.reply(reply.event, later) }
            }
        }
    }
}
