import CLibc

/// One session with the server, driven without blocking: each wait ends with its deadline, and a fork waits for none.
///
/// Invariant: used by one thread at a time. A session whose last exchange did not come to its end is over: what the server made
/// of it is not known. In a child after fork it is the parent's, and nothing of it is touched: `ForkGuard` closed its socket.
final class ServerConnection {
    private let pq: LibPQ
    private let url: Secret
    private let generation = ForkGuard.generation
    private var raw: LibPQ.Connection?
    /// The descriptor that `ForkGuard` knows.
    private var socket: Int32 = -1
    /// Which session this is: what hung on an earlier one is gone with it.
    private(set) var number: Int64 = 0
    /// The hosts of the connection string where there are several, beginning with the one to ask first.
    private var hosts: [ServerHost] = []

    init(_ url: Secret) throws(StateError) {
        pq = try LibPQ()
        self.url = url
    }

    deinit { close() }

    var isOpen: Bool { raw != nil }

    // Life

    /// Ours come first, so that the connection string has the last word.
    private static let options: [(StaticString, StaticString)] = [
        ("application_name", "flxchannel"), ("client_encoding", "UTF8"), ("keepalives_idle", "20"),
        ("keepalives_interval", "10"), ("keepalives_count", "3"), ("tcp_user_timeout", "30000"),
    ]

    /// Of several hosts one may be dead and silent, or refuse: it gets a part of the time, and then the next is asked first.
    /// libpq, when it is not to block, waits for a silent one as long as the kernel does, and ends with one that hangs up.
    func connect(by deadline: Deadline) throws(StateError) {
        guard generation == ForkGuard.generation else { throw .forked }
        guard raw == nil else { return }
        var asked = 0
        while true {
            number &+= 1
            raw = start()
            guard let raw else { throw .memory }
            if hosts.isEmpty { hosts = ServerHost.all(pq, raw) }
            asked += 1
            let isLast = asked >= hosts.count
            let part = Deadline.after(ms: max(ServerConnection.leastMs, deadline.remainingMs / 2))
            do throws(StateError) {
                return try reach(raw, by: isLast ? deadline : deadline.earlier(part))
            } catch {
                if hosts.count > 1 { hosts.append(hosts.removeFirst()) }
                switch error {
                case .silent, .server: guard !isLast, !deadline.isOver else { throw error }
                default: throw error
                }
            }
        }
    }

    /// For a host that is there, however far away.
    private static let leastMs: Int64 = 1000

    private func reach(_ raw: LibPQ.Connection, by deadline: Deadline) throws(StateError) {
        do throws(StateError) {
            _ = pq.setNoticeReceiver(raw, { _, _ in }, nil)  // else it prints them
            _ = pq.setVerbosity(raw, LibPQ.verbose)  // a refusal's code stands in its text alone
            var wanted = LibPQ.pollWriting
            while wanted != LibPQ.pollDone {
                guard wanted != LibPQ.pollFailed, pq.status(raw) != 1 else { throw ServerFault.way(message) }
                adopt(pq.socket(raw))
                try wait(for: wanted == LibPQ.pollReading ? POLLIN : POLLOUT, by: deadline)
                wanted = pq.connectPoll(raw)
            }
            adopt(pq.socket(raw))
            guard pq.setNonBlocking(raw, 1) == 0 else { throw ServerFault.way(message) }
        } catch {
            close()
            throw error
        }
    }

    private func start() -> LibPQ.Connection? {
        let options = ServerConnection.options
        var names: [LibPQ.Text?] = options.map { LibPQ.text($0.0) }
        var values: [LibPQ.Text?] = options.map { LibPQ.text($0.1) }
        names += [LibPQ.text("dbname")] + ServerHost.names.map { LibPQ.text($0) } + [nil]
        return url.withBytes { url in
            values.append(url.baseAddress?.assumingMemoryBound(to: CChar.self))  // Safe: a secret has a zero behind it.
            return ServerHost.withLists(of: hosts) { lists in
                values += lists + [nil]
                return pq.connectStart(names, values, 1)
            }
        }
    }

    /// Has children close it: a session lives for as long as anybody has its socket.
    private func adopt(_ found: Int32) {
        guard found != socket else { return }
        ForkGuard.disown(socket)
        socket = found
        ForkGuard.adopt(socket)
    }

    func close() {
        guard let raw, generation == ForkGuard.generation else { return }
        ForkGuard.disown(socket)
        socket = -1
        pq.finish(raw)
        self.raw = nil
    }

    /// Finds out, without a word to the server, whether it has ended the session while nobody looked.
    func look() {
        guard let raw, generation == ForkGuard.generation else { return }
        var polled = pollfd(fd: socket, events: Int16(POLLIN), revents: 0)
        while poll(&polled, 1, 0) > 0 {  // its last words, and behind them its end
            guard pq.consumeInput(raw) == 1, pq.status(raw) == LibPQ.connected else { return close() }
        }
    }

    // Exchanges

    /// Runs statements that need no parameters, several of them as one message.
    func run(_ sql: String, by deadline: Deadline) throws(StateError) -> [ServerResult] {
        try exchange(by: deadline) { raw in sql.withCString { self.pq.sendQuery(raw, $0) } }
    }

    /// Runs one statement with its parameters; what it gives comes in binary form.
    func run(_ sql: String, _ values: [ServerValue], by deadline: Deadline) throws(StateError) -> ServerResult {
        let results = try exchange(by: deadline) { raw in
            sql.withCString { sql in
                ServerValue.withPointers(values) { types, pointers, lengths, formats in
                    self.pq.sendQueryParams(raw, sql, Int32(values.count), types, pointers, lengths, formats, 1)
                }
            }
        }
        guard let result = results.last else { throw ServerFault.way("the server gave no answer") }
        return result
    }

    private func exchange(
        by deadline: Deadline, _ send: (LibPQ.Connection) -> Int32
    ) throws(StateError) -> [ServerResult] {
        guard generation == ForkGuard.generation else { throw .forked }
        guard let raw else { throw ServerFault.way("the session with the server is over") }
        do throws(StateError) {
            guard send(raw) == 1 else { throw ServerFault.way(message) }
            try push(raw, by: deadline)
            var results: [ServerResult] = []
            var fault: StateError?
            while true {
                while pq.isBusy(raw) != 0 {
                    try wait(for: POLLIN, by: deadline)
                    guard pq.consumeInput(raw) == 1 else { throw ServerFault.way(message) }
                }
                guard let next = pq.getResult(raw) else { break }
                let result = ServerResult(pq, next)
                if fault == nil { fault = result.error }
                results.append(result)
            }
            guard pq.status(raw) == LibPQ.connected else { throw ServerFault.way(message) }
            if let fault { throw fault }
            return results
        } catch {
            // It answered, if with an error: the session is as it was. Else nobody knows what it did.
            if pq.status(raw) != LibPQ.connected || pq.isBusy(raw) != 0 || isAsleep(error) { close() }
            throw error
        }
    }

    /// A wait for it was in vain.
    private func isAsleep(_ error: StateError) -> Bool {
        if case .silent = error { return true }
        return false
    }

    private func push(_ raw: LibPQ.Connection, by deadline: Deadline) throws(StateError) {
        while true {
            switch pq.flush(raw) {
            case 0: return
            case 1:
                try wait(for: POLLIN | POLLOUT, by: deadline)
                guard pq.consumeInput(raw) == 1 else { throw ServerFault.way(message) }
            default: throw ServerFault.way(message)
            }
        }
    }

    private func wait(for events: Int32, by deadline: Deadline) throws(StateError) {
        var polled = pollfd(fd: socket, events: Int16(truncatingIfNeeded: events), revents: 0)
        while true {
            let most = min(deadline.remainingMs, 60_000)
            let count = ForkGate.outside { poll(&polled, 1, Int32(most)) }
            if count > 0 { return }
            if count < 0, flxc_errno() != EINTR { throw ServerFault.way(Errno.text(flxc_errno())) }
            guard !deadline.isOver else { throw .silent }
        }
    }

    private var message: String {
        guard let raw, let text = pq.errorMessage(raw) else { return "no session" }
        return String(cString: text)  // Safe: ends in a zero, and is copied.
    }
}

/// One of several hosts that a connection string names, in the words of libpq.
struct ServerHost: Equatable {
    /// The options of which each is a list, with one part for each host.
    static let names: [StaticString] = ["host", "hostaddr", "port"]

    private var parts: [String]

    /// The hosts that libpq would ask, from the connection string, its service or the environment; none if there is only one.
    static func all(_ pq: LibPQ, _ raw: LibPQ.Connection) -> [ServerHost] {
        guard let options = pq.options(raw) else { return [] }
        defer { pq.freeOptions(options) }
        var lists = [[String]](repeating: [], count: names.count)
        var at = options
        // Safe: libpq ends the array with an option without a name, and its texts with a zero.
        while let name = at.load(as: LibPQ.Text?.self) {
            let value = at.load(fromByteOffset: LibPQ.optionValue, as: LibPQ.Text?.self)
            for (index, wanted) in names.enumerated() where strcmp(name, LibPQ.text(wanted)) == 0 {
                guard let value, value.pointee != 0 else { continue }
                lists[index] = split(String(cString: value))
            }
            at += LibPQ.optionStride
        }
        return together(lists)
    }

    static func together(_ lists: [[String]]) -> [ServerHost] {
        let count = lists.reduce(0) { max($0, $1.count) }
        guard count > 1 else { return [] }
        return (0..<count).map { host in
            ServerHost(parts: lists.map { list in list.count == count ? list[host] : list.first ?? "" })  // one port may be for all
        }
    }

    /// The lists in the order of `hosts`, for as long as `body` runs; no value where there are no hosts.
    static func withLists(of hosts: [ServerHost], _ body: ([LibPQ.Text?]) -> LibPQ.Connection?) -> LibPQ.Connection? {
        let lists = names.indices.map { index in hosts.map { $0.parts[index] }.joined(separator: ",") }
        guard lists.count == 3, !hosts.isEmpty else { return body([nil, nil, nil]) }
        // A list of nothing but commas is none.
        func text(_ list: String, _ pointer: LibPQ.Text) -> LibPQ.Text? { list.utf8.allSatisfy { $0 == 0x2C } ? nil : pointer }
        return lists[0].withCString { first in
            lists[1].withCString { second in
                lists[2].withCString { third in body([text(lists[0], first), text(lists[1], second), text(lists[2], third)]) }
            }
        }
    }

    private static func split(_ list: String) -> [String] {
        list.utf8.split(separator: 0x2C, omittingEmptySubsequences: false).map { String(decoding: $0, as: UTF8.self) }
    }
}
