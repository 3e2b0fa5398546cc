import CLibc

/// The rate limiter of one token, in a file shared by all processes of one user.
///
/// Invariant: every change is made under the kernel's lock on the file that stands at `path`, or stood there less than
/// `trustMs` ago. What the file holds is never trusted: a file that is new, damaged, of another boot or of the future is
/// rebuilt as if two requests had just been answered.
final class RateLimitFile: RateLimitStore, @unchecked Sendable {
    static let longestWaitMs: Int64 = 2000
    /// So long a file that was found at `path` is taken to be there still, because walking the path costs as much as the
    /// lock. A file that is rebuilt waits for as much beyond its second: others may not have noticed it yet.
    private static let trustMs: Int64 = 2

    let path: String
    private let lock = Lock()
    private let generation: Int32
    private var boot = Boot.id  // or what others call it
    private var fd: Int32 = -1
    private var ours: FileIdentity?  // of `fd`; it never changes
    /// What was open to other users when we opened it, with its mode.
    private(set) var tightened: [String] = []
    private var foundAt = -trustMs  // on the boot clock
    /// What was read last, and a word more, to see a file that is too long.
    private var words = [UInt64](repeating: 0, count: RateLimitLayout.wordCount + 1)
    /// The content when we had the lock last, of which `knownUsed` words, and its state. As long as nobody else writes it
    /// need not be understood again: what was plausible then is so still, for the boot clock never goes back.
    private var known = [UInt64](repeating: 0, count: RateLimitLayout.wordCount)
    private var knownUsed = 0
    private var state = RateLimit()
    /// The content that follows `known`.
    private var next = [UInt64](repeating: 0, count: RateLimitLayout.wordCount)

    /// Opens or makes the file of `token` at `origin` in `directory`; makes the directory if its parent exists.
    init(directory: String, origin: String, token: Secret) throws(RateLimitError) {
        path = RateLimitFile.path(directory, origin, token)
        generation = ForkGuard.generation
        guard !directory.isEmpty, !directory.utf8.contains(0) else {
            throw .path(directory, reason: "\(SettingName.rateLimitDirectory.text) must name a directory")
        }
        if mkdir(directory, 0o700) != 0, flxc_errno() != EEXIST {
            throw .path(directory, reason: "directory cannot be made, error \(flxc_errno())")
        }
        try reopen()
        try proveLock()
    }

    deinit {
        close()
    }

    static func path(_ directory: String, _ origin: String, _ token: Secret) -> String {
        directory + "/rate-limit-" + key(origin, token)
    }

    /// Tells budgets apart, and the token cannot be read from it.
    static func key(_ origin: String, _ token: Secret) -> String {
        var text: [UInt8] = []
        text.reserveCapacity(origin.utf8.count + 1 + token.count)  // growing would leave a copy
        text.append(contentsOf: (origin + "\n").utf8)
        token.withBytes { text.append(contentsOf: $0) }
        defer { Secret.wipe(&text) }
        return Text.hex(Array(SHA256.hash(text).prefix(16)))
    }

    func update(by deadline: Deadline, _ body: (inout RateLimit) -> Void) throws(RateLimitError) {
        guard ForkGuard.generation == generation else { throw .forked }
        let latest = Deadline.after(ms: RateLimitFile.longestWaitMs)
        let deadline = deadline.earlier(latest)
        let start = latest.atMs - RateLimitFile.longestWaitMs
        guard lock.lock(by: deadline) else { throw .busy(waitedMs: Clock.monotonicMs() - start) }
        defer { lock.unlock() }
        let now = try takeFile(by: deadline, since: start)
        defer { setLock(F_UNLCK) }

        let isWhole = readAll()
        if !isWhole || !isAsKnown {
            let read = isWhole ? RateLimitLayout.decode(words, boot: Boot.id, at: now) : nil
            state = read?.state ?? rebuilt(fromFile: isWhole, now)
            boot = read?.boot ?? Boot.id
            known = Array(words.prefix(RateLimitLayout.wordCount))
            knownUsed = read == nil ? 0 : RateLimitLayout.used(words)
        }
        body(&state)
        let used = RateLimitLayout.encode(&state, boot: boot, at: now, into: &next)
        if used == knownUsed, RateLimitLayout.isSame(next, known, used: used) { return }
        knownUsed = 0
        try writeAll(next, isWhole ? used : RateLimitLayout.wordCount)
        swap(&known, &next)
        knownUsed = used
    }

    /// What to go on with when the file cannot be: a long wait that the hub asked for outlives even a boot.
    private func rebuilt(fromFile isWhole: Bool, _ now: Moment) -> RateLimit {
        var state = RateLimit.conservative(now: now.bootMs + RateLimitFile.trustMs)
        if isWhole, let remains = RateLimitLayout.remains(of: words, at: now) {
            state.pausedUntil = now.bootMs + remains.pauseMs
            if remains.isCut { state.hint.cut(now: now.bootMs) }
            state.distrustUntil = now.bootMs + remains.distrustMs
        }
        return state
    }

    // MARK: The file

    /// Takes the kernel's lock on the file that is at `path` now (M-04, R-10). Returns when that was.
    private func takeFile(by deadline: Deadline, since start: Int64) throws(RateLimitError) -> Moment {
        for _ in 0..<100 {
            if fd < 0 { try reopen() }
            var pauseMs: Int64 = 1
            while !setLock(F_WRLCK) {
                guard !deadline.isOver else { throw .busy(waitedMs: Clock.monotonicMs() - start) }
                ForkGate.outside { Pause.micro(pauseMs * 1000) }
                pauseMs = min(pauseMs * 2, 10, max(1, deadline.remainingMs))
            }
            let now = Moment.now()
            if now.bootMs - foundAt < RateLimitFile.trustMs { return now }
            if isInPlace {
                foundAt = now.bootMs
                return now
            }
            setLock(F_UNLCK)
            try reopen()
        }
        throw .path(path, reason: "it is replaced again and again")
    }

    private var isInPlace: Bool {
        ours != nil && FileIdentity.at(path) == ours
    }

    private func reopen() throws(RateLimitError) {
        close()
        let opened = ForkGuard.open(path, O_RDWR | O_CREAT | O_NOFOLLOW | O_NOCTTY | O_NONBLOCK, mode: 0o600)
        guard opened != ForkGuard.Refusal.noRoom else {
            throw .path(path, reason: "too many clients are open in this process")
        }
        guard opened >= 0 else { throw refusal(flxc_errno()) }
        do throws(RateLimitError) {
            try check(opened)
        } catch {
            ForkGuard.close(opened)
            throw error
        }
        fd = opened
        ours = FileIdentity.of(opened)
    }

    private func close() {
        guard fd >= 0 else { return }
        if ForkGuard.generation == generation {  // else it was closed at the fork, and the number may be another's
            ForkGuard.close(fd)
        }
        fd = -1
    }

    private func check(_ fd: Int32) throws(RateLimitError) {
        var status = stat()
        guard fstat(fd, &status) == 0 else { throw .io(what: "fstat", errno: flxc_errno()) }
        var privacy = Privacy()
        privacy.look(at: fd, path, status)
        if let fault = privacy.faults.first {
            if case .owner(let owner) = fault.kind { throw .owner(path: path, owner: owner, ours: geteuid()) }
            throw .path(path, reason: fault.message)
        }
        tightened += privacy.tightened
        if status.st_mode & 0o600 != 0o600 { fchmod(fd, 0o600) }  // D-16: made under a strange umask
    }

    /// D-21: a lock that a second opening does not see would keep nobody out. While another holds it, it does.
    private func proveLock() throws(RateLimitError) {
        guard setLock(F_WRLCK) else { return }
        defer { setLock(F_UNLCK) }
        let second = ForkGuard.open(path, O_RDWR | O_NOFOLLOW | O_NOCTTY | O_NONBLOCK)
        guard second >= 0 else { return }
        defer { ForkGuard.close(second) }
        var range = flock()
        range.l_type = Int16(F_WRLCK)
        range.l_whence = Int16(SEEK_SET)
        guard flxc_ofd_test(second, &range) != 0 || range.l_type != Int16(F_UNLCK) || !isInPlace else {
            throw .path(
                path,
                reason:
                    "locks on its file system do not hold; set \(SettingName.rateLimitDirectory.text) to a directory on a local disk"
            )
        }
    }

    /// Why the file could not be opened.
    private func refusal(_ code: Int32) -> RateLimitError {
        var status = stat()
        if code == EACCES, lstat(path, &status) == 0, status.st_uid != geteuid() {
            return .owner(path: path, owner: status.st_uid, ours: geteuid())
        }
        return switch code {
        case ELOOP: .path(path, reason: "it is a symbolic link")
        case EISDIR, ENXIO: .path(path, reason: "it is not a regular file")
        case ENOENT: .path(path, reason: "its directory is gone")
        case EACCES: .path(path, reason: "its own user may not use it; run chmod u+rw on it")
        default: .path(path, reason: "it cannot be opened: \(Errno.text(code))")
        }
    }

    @discardableResult
    private func setLock(_ kind: Int32) -> Bool {
        var range = flock()
        range.l_type = Int16(kind)
        range.l_whence = Int16(SEEK_SET)
        return flxc_ofd_lock(fd, &range) == 0
    }

    // MARK: The bytes

    /// Whether what was read is what we know; what follows has no meaning.
    private var isAsKnown: Bool {
        guard knownUsed > 0 else { return false }
        return words.withUnsafeBytes { words in
            known.withUnsafeBytes { known in
                guard let read = words.baseAddress, let ours = known.baseAddress else { return false }
                return memcmp(read, ours, min(knownUsed * 8, words.count, known.count)) == 0
            }
        }
    }

    /// False if the file has another size.
    private func readAll() -> Bool {
        words.withUnsafeMutableBytes { pread(fd, $0.baseAddress, $0.count, 0) } == RateLimitLayout.size
    }

    /// What is used of the file is written. All of it once, so that it has its size and its place on the disk (D-05).
    private func writeAll(_ content: [UInt64], _ count: Int) throws(RateLimitError) {
        let size = count * 8
        var done = 0
        while done < size {
            // Safe: `done` is below `size`, which is within the content.
            let put = content.withUnsafeBytes { pwrite(fd, $0.baseAddress?.advanced(by: done), min(size, $0.count) - done, done) }
            guard put > 0 else { throw .io(what: "pwrite", errno: put < 0 ? flxc_errno() : 0) }
            done += put
        }
        if size == RateLimitLayout.size { ftruncate(fd, size) }
    }
}
