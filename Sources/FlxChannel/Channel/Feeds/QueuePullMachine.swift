/// The state machine of a pull of a queue feed: what it reads, in which order, and the page that it has in hand. It knows no
/// hub and no state file.
///
/// The queue is read to its end, then the answered records that are due to be read once more (decision 16). Those that an
/// earlier pull should have read come first, so that pulls which are closed before their end do not keep them from being read.
///
/// Invariant: a page in hand stays in hand until it was given; after `.done` nothing is read.
struct QueuePullMachine {
    enum State {
        /// Nobody has looked yet whether answered records are overdue.
        case new
        /// Reads answered records before the queue.
        case overdue(Reread.Reading?)
        case queue(FetchedPage?)
        /// Reads answered records behind the queue.
        case rereads(Reread.Reading?)
        /// All is read, and its end is still to be judged.
        case ending
        case done
    }

    /// What to do next.
    enum Step {
        case lookForOverdue
        /// Reads more answered records; a failure of the hub holds the queue up only if `isLast`.
        case reread(isLast: Bool)
        case giveReading(Reread.Reading)
        /// Ask for more of the queue.
        case ask
        case give(FetchedPage)
        case judgeEnd
        case done
    }

    private(set) var state = State.new

    var step: Step {
        switch state {
        case .new: .lookForOverdue
        case .overdue(nil): .reread(isLast: false)
        case .rereads(nil): .reread(isLast: true)
        case .overdue(let reading?), .rereads(let reading?): .giveReading(reading)
        case .queue(nil): .ask
        case .queue(let page?): .give(page)
        case .ending: .judgeEnd
        case .done: .done
        }
    }

    // MARK: events

    mutating func looked(isOverdue: Bool) {
        if case .new = state { state = isOverdue ? .overdue(nil) : .queue(nil) }
    }

    /// A page of the queue came.
    mutating func came(_ page: FetchedPage) {
        if case .queue(nil) = state { state = .queue(page) }
    }

    /// A page of answered records came.
    mutating func came(_ reading: Reread.Reading) {
        switch state {
        case .overdue(nil): state = .overdue(reading)
        case .rereads(nil): state = .rereads(reading)
        default: break
        }
    }

    /// The page in hand was given, or nothing of it was for the host.
    mutating func gave() {
        switch state {
        case .overdue: state = .overdue(nil)
        case .queue: state = .queue(nil)
        case .rereads: state = .rereads(nil)
        case .new, .ending, .done: break
        }
    }

    /// What is read now came to its end, or to one for this time: readings that the hub failed are tried again behind the queue.
    mutating func ended() {
        switch state {
        case .overdue(nil): state = .queue(nil)
        case .queue(nil): state = .rereads(nil)
        case .rereads(nil): state = .ending
        case .ending: state = .done
        default: break
        }
    }
}
