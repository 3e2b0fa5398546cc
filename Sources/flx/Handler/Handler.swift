import Glibc

/// The process that handles the events of a round: lines of JSON go in, lines of JSON come out.
///
/// It is a process group of its own, so that a Ctrl-C at the terminal ends flx in good order and not the handler before it.
/// Both pipes are never waited for alone: a handler that writes before it has read would else stand still with us.
final class Handler {
    private let process: pid_t
    private let interrupt: Interrupt
    private var input: Int32
    private var output: Int32
    private var unread: [UInt8] = []
    private var lines: [[UInt8]] = []
    private(set) var linesRead = 0
    private var isAtEnd = false
    private var status: Int32?

    /// A line is a reply; images of a listing with thousands of them fit.
    private static let mostLine = 8 << 20

    init(_ command: String, interrupt: Interrupt) throws {
        self.interrupt = interrupt
        let (toHandler, fromHandler) = (try Pipe(), try Pipe())
        var actions = posix_spawn_file_actions_t(), attributes = posix_spawnattr_t()
        posix_spawn_file_actions_init(&actions)
        posix_spawnattr_init(&attributes)
        defer {
            posix_spawn_file_actions_destroy(&actions)
            posix_spawnattr_destroy(&attributes)
        }
        posix_spawn_file_actions_adddup2(&actions, toHandler.reader, 0)
        posix_spawn_file_actions_adddup2(&actions, fromHandler.writer, 1)
        var ours = sigset_t(), none = sigset_t()
        sigemptyset(&none)
        sigemptyset(&ours)
        for number in [SIGPIPE, SIGINT, SIGTERM] { sigaddset(&ours, number) }
        posix_spawnattr_setsigdefault(&attributes, &ours)
        posix_spawnattr_setsigmask(&attributes, &none)
        posix_spawnattr_setpgroup(&attributes, 0)
        posix_spawnattr_setflags(&attributes, Int16(POSIX_SPAWN_SETSIGDEF | POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETPGROUP))
        process = try Handler.spawn(["/bin/sh", "-c", command], &actions, &attributes)
        (input, output) = (toHandler.writer, fromHandler.reader)
        close(toHandler.reader)
        close(fromHandler.writer)
        for end in [input, output] { Pipe.waitForNothing(end) }
    }

    private static func spawn(
        _ words: [String], _ actions: inout posix_spawn_file_actions_t, _ attributes: inout posix_spawnattr_t
    ) throws -> pid_t {
        var copies = words.map { strdup($0) } + [nil]
        defer { for copy in copies { free(copy) } }
        var process: pid_t = 0
        let code = posix_spawn(&process, words[0], &actions, &attributes, &copies, ChildEnvironment().pointers)
        guard code == 0 else { throw Failure.local("the handler cannot be started: \(SystemError.text(code))") }
        return process
    }

    deinit { end() }

    // MARK: talking

    /// Gives it a line, and takes what it says meanwhile.
    func send(_ line: [UInt8], timeoutMs: Int64) throws(HandlerFault) {
        let bytes = line + [0x0A]
        var start = 0
        var end = Instant.monotonicMs() + timeoutMs
        while start < bytes.count {
            let count = bytes[start...].withUnsafeBytes { write(input, $0.baseAddress, $0.count) }
            if count > 0 {
                start += count
                end = Instant.monotonicMs() + timeoutMs
            } else if errno == EPIPE {
                throw closed()
            } else if errno == EAGAIN {
                let before = linesRead
                try wait(until: end, alsoToWrite: true)
                if linesRead > before { end = Instant.monotonicMs() + timeoutMs }
            } else if errno != EINTR {
                throw closed()
            }
        }
    }

    /// A line that it said already; nil if there is none.
    func said() throws(HandlerFault) -> [UInt8]? {
        if lines.isEmpty { try take() }
        return lines.isEmpty ? nil : lines.removeFirst()
    }

    /// Waits for a line. At the end of what it says, the fault says how it ended.
    func line(timeoutMs: Int64) throws(HandlerFault) -> [UInt8] {
        let end = Instant.monotonicMs() + timeoutMs
        while true {
            if let line = try said() { return line }
            if isAtEnd { throw closed() }
            try wait(until: end, alsoToWrite: false)
        }
    }

    private func wait(until end: Int64, alsoToWrite: Bool) throws(HandlerFault) {
        let left = end - Instant.monotonicMs()
        guard left > 0 else { throw .hangs }
        guard interrupt.signal == 0 else { throw .interrupted }
        var waited = [
            pollfd(fd: isAtEnd ? -1 : output, events: Int16(POLLIN), revents: 0),
            pollfd(fd: interrupt.descriptor, events: Int16(POLLIN), revents: 0),
        ]
        if alsoToWrite { waited.append(pollfd(fd: input, events: Int16(POLLOUT), revents: 0)) }
        _ = poll(&waited, nfds_t(waited.count), Int32(clamping: left))
        try take()
    }

    /// Reads what is there, without waiting.
    private func take() throws(HandlerFault) {
        var chunk = [UInt8](repeating: 0, count: 65536)
        while !isAtEnd {
            let count = read(output, &chunk, chunk.count)
            if count == 0 {
                isAtEnd = true
            } else if count > 0 {
                add(chunk[..<count])
                guard unread.count <= Handler.mostLine else { throw .garbage(line: linesRead + 1, "it has more than 8 MiB") }
            } else if errno == EAGAIN {
                return
            } else if errno != EINTR {
                isAtEnd = true
            }
        }
    }

    private func add(_ bytes: ArraySlice<UInt8>) {
        var rest = bytes
        while let end = rest.firstIndex(of: 0x0A) {
            unread.append(contentsOf: rest[..<end])
            lines.append(unread)
            linesRead += 1
            unread = []
            rest = rest[(end + 1)...]
        }
        unread.append(contentsOf: rest)
    }

    // MARK: its end

    /// What is told of a pipe that it closed: how it ended, if it did.
    private func closed() -> HandlerFault {
        .ended(reap(within: 500).map(Handler.how) ?? "", cut: !unread.isEmpty)
    }

    /// No more events come: it may end by itself.
    ///
    /// - Returns: what it said besides its end, as a fault; nil if all is well
    func finish(timeoutMs: Int64) -> HandlerFault? {
        closeInput()
        let end = Instant.monotonicMs() + timeoutMs
        do throws(HandlerFault) {
            while !isAtEnd { try wait(until: end, alsoToWrite: false) }
            if !lines.isEmpty || !unread.isEmpty { return .late }
        } catch { return error }
        guard let status = reap(within: max(500, end - Instant.monotonicMs())) else { return .hangs }
        return status == 0 ? nil : .endedBadly(Handler.how(status))
    }

    /// Ends it whatever it does, with all that it started.
    func end() {
        closeInput()
        if output >= 0 { close(output) }
        output = -1
        isAtEnd = true
        guard status == nil, reap(within: 100) == nil else { return }
        kill(-process, SIGTERM)
        if reap(within: 2000) == nil {
            kill(-process, SIGKILL)
            _ = reap(within: 2000)
        }
    }

    private func closeInput() {
        if input >= 0 { close(input) }
        input = -1
    }

    private func reap(within ms: Int64) -> Int32? {
        let end = Instant.monotonicMs() + ms
        while status == nil {
            var found: Int32 = 0
            if waitpid(process, &found, WNOHANG) == process {
                status = found
            } else if Instant.monotonicMs() >= end {
                return nil
            } else {
                usleep(5000)
            }
        }
        return status
    }

    private static func how(_ status: Int32) -> String {
        let signal = status & 0x7F
        return signal == 0 ? "with status \((status >> 8) & 0xFF)" : "by signal \(signal)"
    }
}
