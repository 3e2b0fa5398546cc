import CLibc

/// Why the state file could not be used. Unless a case says otherwise, nothing was stored.
///
/// Indirect, so that every `try` passes one word whatever a case carries.
indirect enum StateError: Error, Equatable {
    /// Another process or thread held the state for the whole wait.
    case busy(waitedMs: Int64)
    /// A newer release wrote the file, and releases as old as this one may not use it.
    case newer(schema: Int64, known: Int64)
    /// The file is damaged, or is no state file. It was left as it is.
    case corrupt(detail: String)
    /// The system refused to read or write. After "commit" the change may be stored or not: read it back.
    case io(code: Int32, what: String)
    /// The file belongs to another channel or origin.
    case identity(key: String, stored: String, given: String)
    /// The directory or a file in it is not as it must be.
    case path(reason: String)
    /// These files are not as they must be: all of them at once.
    case files([FileFault])
    /// The system gives no random bytes for the secret of a new file.
    case random
    /// The database server cannot be used now; nothing was stored.
    case server(waitedMs: Int64, String)
    /// The server did not answer in time: what it did is not known.
    case silent
    /// No room on the disk.
    case full
    /// A file was deleted or replaced while it was open (D-09).
    case replaced(what: String)
    /// The state went elsewhere, by this move.
    case moved(to: String, move: String)
    /// A move to here has not come to its end.
    case unfinished(from: String)
    /// There is a state already where one was to be moved to.
    case occupied(String)
    /// There is none where one was to be moved from.
    case absent(String)
    /// Somebody uses the state that was to be moved.
    case used(by: String)
    /// It happened in the one of two places that a move is from, or to.
    case atSource(StateError)
    case atDestination(StateError)
    /// The feed was not used for too long, and is somebody else's now. Who that is may not be known.
    case lost(to: FeedTaker?, idleLimitMs: Int64)
    /// The store was opened before a fork.
    case forked
    /// This process was forked while another thread was inside the state; it can never use the state (K-05).
    case forkedInside
    /// The store was closed.
    case closed
    /// A row with this key is there already.
    case exists
    case memory
    /// A fault of this library: a table was used outside of `read` or `write`.
    case misuse(what: String)

    var message: String {
        switch self {
        case .busy(let waited): "state file is in use by another process or thread, waited \(waited) ms; call again"
        case .newer(let schema, let known):
            "state file has schema \(schema), this library knows up to \(known); upgrade the library"
        case .corrupt(let detail):
            "state file is damaged: \(detail); it was left as it is: keep it, read what is left of it with sqlite3, and put a backup in its place"
        case .io(let code, let what): "state file cannot be used: \(what), SQLite code \(code)"
        case .identity(let key, let stored, let given):
            "state file belongs to \(key) \"\(stored)\", not to \"\(given)\"; use another channel name or state directory"
        case .path(let reason): reason
        case .files(let faults): faults.map { $0.message }.joined(separator: "; ")
        case .random: "the system gives no random bytes, neither by getrandom nor from /dev/urandom; nothing was stored"
        case .server(let waited, let reason):
            "the database server of the state cannot be used now: \(reason)\(waited > 0 ? ", waited \(waited) ms" : "")"
        case .silent: "the database server of the state did not answer in time; call again"
        case .full: "no room on the disk of the state directory; nothing was stored"
        case .replaced(let what): "\(what) was deleted or replaced while it was open; nothing was stored, open the client again"
        case .moved(let place, _): "the state of this channel was moved to \(place); use that place"
        case .unfinished(let place):
            "a move of the state from \(place) to here has not come to its end; run it again (flx state import, flx state export)"
        case .occupied(let place): "\(place) holds a state already, and a move would end it; nothing was moved"
        case .absent(let place): "there is no state of this channel in \(place); nothing was moved"
        case .used(let user): "\(user); nothing was moved: end what runs, and run the move again"
        case .atSource(let error): "in the place that the state was to be moved from: \(error.message)"
        case .atDestination(let error): "in the place that the state was to be moved to: \(error.message)"
        case .lost(let taker?, let limit):
            "this pull was not used for \(limit / 1000) s (\(SettingName.pullIdleS.text)), and \(taker.process.text) took its feed over \(max(0, Clock.wallMs() &- taker.at) / 1000) s ago; nothing that was answered or committed is lost: close it and open another"
        case .lost(nil, _):
            "this pull does not hold its feed any more, for the lock file was deleted or replaced, or the session with the database server ended; close it and open another"
        case .forked: "the state was opened before a fork; open a new client in the child"
        case .forkedInside: "this process was forked while the state was in use; start a new program (exec) instead"
        case .closed: "the state is closed"
        case .exists: "a row with this key is there already"
        case .memory: "memory ran out"
        case .misuse(let what): "\(what); please report this"
        }
    }
}

extension StateError {
    /// With how long it was waited for.
    func after(ms: Int64) -> StateError {
        switch self {
        case .busy: .busy(waitedMs: ms)
        case .silent: .server(waitedMs: ms, "it did not answer in time")
        case .server(_, let reason): .server(waitedMs: ms, reason)
        case .atSource(let error): .atSource(error.after(ms: ms))
        case .atDestination(let error): .atDestination(error.after(ms: ms))
        default: self
        }
    }
}
