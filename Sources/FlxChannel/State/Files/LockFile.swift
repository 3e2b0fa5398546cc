import CLibc

/// One opening of the lock file, through which single bytes are locked.
///
/// Invariant: the locks are open-file-description locks. They belong to this opening, so that two openings in one
/// process exclude each other too, and the kernel takes them back when the process dies. What the file holds is a stamp and
/// who holds which feed.
///
/// Fault rows: D-11, K-05, M-04, M-06.
final class LockFile {
    private let path: String
    private let fd: Int32
    private let identity: FileIdentity
    private let generation: Int32
    private var isOpen = true

    /// Opens the lock file at `path`, or makes it.
    static func open(_ path: String) throws(StateError) -> LockFile {
        let fd = try descriptor(path)
        guard fd != ForkGuard.Refusal.noRoom else {
            throw .path(reason: "too many locks are held by this process, allowed are \(ForkGuard.capacity)")
        }
        guard fd >= 0 else { throw .path(reason: "cannot open \(path): \(Errno.text(flxc_errno()))") }
        do throws(StateError) {
            return LockFile(path: path, fd: fd, identity: try check(fd, path))
        } catch {
            ForkGuard.close(fd)
            throw error
        }
    }

    /// Who deletes the file again and again may do so between the two calls.
    private static func descriptor(_ path: String) throws(StateError) -> Int32 {
        var fd: Int32 = -1
        for attempt in 0..<100 {
            if attempt > 10 { Pause.micro(Random.upTo(500)) }
            _ = try StateFile.create(path)
            fd = ForkGuard.open(path, O_RDWR | O_NOFOLLOW | O_NONBLOCK)
            guard fd < 0, fd != ForkGuard.Refusal.noRoom, flxc_errno() == ENOENT else { break }
        }
        return fd
    }

    private static func check(_ fd: Int32, _ path: String) throws(StateError) -> FileIdentity {
        var status = stat()
        guard fstat(fd, &status) == 0 else {
            throw .path(reason: "cannot look at \(path): \(Errno.text(flxc_errno()))")
        }
        var privacy = Privacy()
        privacy.look(at: fd, path, status)
        guard privacy.faults.isEmpty else { throw .files(privacy.faults) }
        guard let identity = FileIdentity.of(fd) else {
            throw .path(reason: "cannot look at \(path): \(Errno.text(flxc_errno()))")
        }
        return identity
    }

    private init(path: String, fd: Int32, identity: FileIdentity) {
        self.path = path
        self.fd = fd
        self.identity = identity
        generation = ForkGuard.generation
    }

    deinit { close() }

    /// Whether the name still means this file.
    var isInPlace: Bool { FileIdentity.at(path) == identity }

    func isSameFile(as other: LockFile) -> Bool { identity == other.identity }

    /// Locks one byte, or answers false because another opening has it.
    func take(_ byte: Int64) -> Bool { set(byte, Int16(F_WRLCK)) }

    /// Whether another opening has any of these bytes.
    func isTaken(_ bytes: ClosedRange<Int64>) -> Bool {
        var lock = lock(bytes.lowerBound, Int16(F_WRLCK), length: bytes.upperBound - bytes.lowerBound + 1)
        return flxc_ofd_test(fd, &lock) == 0 && lock.l_type != Int16(F_UNLCK)
    }

    /// Locks one byte for all of this process, until it is released or any opening of the file is closed. For `LockProof`.
    func takeForProcess(_ byte: Int64) -> Bool {
        var lock = lock(byte, Int16(F_WRLCK), length: 1)
        return flxc_process_lock(fd, &lock) == 0
    }

    func release(_ byte: Int64) { _ = set(byte, Int16(F_UNLCK)) }

    /// The words from `place` on, as many as are there.
    func words(at place: Int64, most: Int) -> [Int64] {
        var words = [Int64](repeating: 0, count: most)
        let got = words.withUnsafeMutableBytes { pread(fd, $0.baseAddress, $0.count, Int(place)) }
        return Array(words.prefix(max(0, got) / 8))
    }

    func write(_ words: [Int64], at place: Int64) throws(StateError) {
        guard generation == ForkGuard.generation, isOpen else { throw .closed }
        let put = words.withUnsafeBytes { pwrite(fd, $0.baseAddress, $0.count, Int(place)) }
        guard put != words.count * 8 else { return }
        let code = put < 0 ? flxc_errno() : ENOSPC
        throw code == ENOSPC || code == EDQUOT ? .full : .path(reason: "cannot write \(path): \(Errno.text(code))")
    }

    /// What was stamped last, or nil.
    var stamp: Stamp? {
        Stamp(words(at: 0, most: Stamp.wordCount))
    }

    /// A stamp that cannot be written is missed only when the file is opened next, which then looks closer.
    func write(_ stamp: Stamp) {
        _ = stamp.words.withUnsafeBytes { pwrite(fd, $0.baseAddress, $0.count, 0) }
    }

    /// Releases all bytes and closes. In a child after fork only forgets: the descriptor was closed by `ForkGuard`.
    func close() {
        guard isOpen else { return }
        isOpen = false
        guard generation == ForkGuard.generation else { return }
        _ = set(0, Int16(F_UNLCK), length: 0)
        ForkGuard.close(fd)
    }

    private func set(_ byte: Int64, _ kind: Int16, length: Int64 = 1) -> Bool {
        guard generation == ForkGuard.generation else { return false }
        var lock = lock(byte, kind, length: length)
        return flxc_ofd_lock(fd, &lock) == 0
    }

    private func lock(_ byte: Int64, _ kind: Int16, length: Int64) -> flock {
        var lock = flock()
        lock.l_type = kind
        lock.l_whence = Int16(SEEK_SET)
        lock.l_start = Int(byte)
        lock.l_len = Int(length)
        return lock
    }
}
