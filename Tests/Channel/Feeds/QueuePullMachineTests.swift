import Testing

@testable import FlxChannel

/// A pull of a queue feed without a hub: which it reads, and in which order.
struct QueuePullMachineTests {
    private static let page: FetchedPage = FetchedPage(body: empty, fetchInstant: nil, isInstantSure: false, number: 7)
    private static let reading = Reread.Reading(fetched: page, changed: [], unread: [])
    private static let empty: JSONPage = {
        guard let page = try? JSONDocument.parsePage(Array("[]".utf8)) else { preconditionFailure("an empty list is a page") }
        return page
    }()

    private enum Event {
        case looked(Bool), page, reading, gave, ended
    }

    private static func steps(_ events: [Event]) -> [String] {
        var machine = QueuePullMachine()
        return events.map { event in
            switch event {
            case .looked(let isOverdue): machine.looked(isOverdue: isOverdue)
            case .page: machine.came(page)
            case .reading: machine.came(reading)
            case .gave: machine.gave()
            case .ended: machine.ended()
            }
            return machine.step.name
        }
    }

    @Test func firstItLooksWhetherAnsweredRecordsAreOverdue() {
        #expect(QueuePullMachine().step.name == "look")
    }

    @Test func queueComesFirstAndThenWhatWasAnswered() {
        let events: [Event] = [.looked(false), .page, .gave, .page, .gave, .ended, .reading, .gave, .ended, .ended]
        #expect(
            Self.steps(events) == [
                "ask", "give 7", "ask", "give 7", "ask", "reread last", "give reading", "reread last", "judge", "done",
            ])
    }

    @Test func overdueReadingsComeBeforeTheQueueAndMoreBehindIt() {
        let events: [Event] = [.looked(true), .reading, .gave, .ended, .page, .gave, .ended, .reading, .gave, .ended, .ended]
        #expect(
            Self.steps(events)
                == [
                    "reread", "give reading", "reread", "ask", "give 7", "ask", "reread last", "give reading", "reread last",
                    "judge", "done",
                ])
    }

    @Test func pageInHandStaysUntilItIsGiven() {
        let events: [Event] = [.looked(false), .page, .page, .ended, .reading, .looked(true)]
        #expect(Self.steps(events) == ["ask"] + [String](repeating: "give 7", count: 5))
        let rereads: [Event] = [.looked(false), .ended, .reading, .ended]
        #expect(Self.steps(rereads) == ["ask", "reread last", "give reading", "give reading"])
        let overdue: [Event] = [.looked(true), .reading, .ended, .page]
        #expect(Self.steps(overdue) == ["reread"] + [String](repeating: "give reading", count: 3))
    }

    @Test func nothingComesAfterTheEnd() {
        let toTheEnd: [Event] = [.looked(false), .ended, .ended, .ended]
        #expect(
            Self.steps(toTheEnd + [.page, .reading, .gave, .ended, .looked(true)]).suffix(6)
                == [String](repeating: "done", count: 6)[...])
    }

    @Test func whatIsNotReadNowDoesNotCome() {
        #expect(Self.steps([.page, .reading, .gave, .ended]) == [String](repeating: "look", count: 4))
        #expect(Self.steps([.looked(false), .reading]) == ["ask", "ask"])
        #expect(Self.steps([.looked(true), .page]) == ["reread", "reread"])
    }
}

extension QueuePullMachine.Step {
    fileprivate var name: String {
        switch self {
        case .lookForOverdue: "look"
        case .reread(let isLast): isLast ? "reread last" : "reread"
        case .giveReading: "give reading"
        case .ask: "ask"
        case .give(let page): "give \(page.number)"
        case .judgeEnd: "judge"
        case .done: "done"
        }
    }
}
