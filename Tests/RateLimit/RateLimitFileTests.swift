import Glibc
import Testing

@testable import FlxChannel

/// The rate limiter of one token in a file: shared, and never believed.
@Suite struct RateLimitFileTests {
    /// A directory with one rate limit file that has grants free, unless `fresh`.
    private final class Rig {
        let directory = TestSystem.temporaryDirectory()
        let file: RateLimitFile

        init(fresh: Bool = false) throws {
            file = try RateLimitFile(directory: directory, origin: "https://hub", token: "t")
            if !fresh { try file.update(by: .after(ms: 5000)) { $0 = RateLimit() } }
        }

        deinit { TestSystem.remove(directory) }

        func grants(_ other: RateLimitFile? = nil, _ most: Int = 10) throws -> Int {
            var count = 0
            try (other ?? file).update(by: .after(ms: 5000)) { state in
                while count < most, case .granted = state.reserve(now: Clock.bootMs(), priority: .order, boundMs: 1000) {
                    count += 1
                }
            }
            return count
        }

        /// A second opening, as another process has it.
        func another() throws -> RateLimitFile { try RateLimitFile(directory: directory, origin: "https://hub", token: "t") }
    }

    @Test func twoOpeningsShareOneBudget() throws {
        let rig = try Rig()

        #expect(try rig.grants() == 2)
        #expect(try rig.grants(try rig.another()) == 0)
    }

    @Test func eachOpeningSeesWhatTheOtherWrote() throws {
        let rig = try Rig()
        let another = try rig.another()
        for step in 1...20 {
            try rig.file.update(by: .after(ms: 5000)) { $0.shares.sincePoll += 1 }
            try (step % 3 == 0 ? rig.file : another).update(by: .after(ms: 5000)) { state in
                #expect(state.shares.sincePoll == Int64(2 * step - 1))
                state.shares.sincePoll += 1
            }
        }
    }

    /// The state that is remembered must not outlive the bytes it is of.
    @Test func damageBetweenTwoChangesOfOneOpeningIsSeen() throws {
        let rig = try Rig()
        let fd = open(rig.file.path, O_RDWR)
        defer { close(fd) }
        for place in [0, 8, 24, 8 * 30] {
            try rig.file.update(by: .after(ms: 5000)) { state in
                state = RateLimit()
                state.shares.sincePoll = Int64(place + 1)
            }
            var byte: UInt8 = 0
            #expect(pread(fd, &byte, 1, place) == 1)
            byte ^= 0x10
            #expect(pwrite(fd, &byte, 1, place) == 1)
            try rig.file.update(by: .after(ms: 5000)) { #expect($0.shares.sincePoll == 0 && $0.requests.count == 2) }
        }
    }

    @Test func tokensAndOriginsHaveBudgetsOfTheirOwnAndNamesThatTellNothing() throws {
        let rig = try Rig()
        let token = try RateLimitFile(directory: rig.directory, origin: "https://hub", token: "other-token")
        let origin = try RateLimitFile(directory: rig.directory, origin: "https://other", token: "t")

        #expect(Set([rig.file.path, token.path, origin.path]).count == 3)
        #expect(!token.path.contains("other-token"))
    }

    @Test func r10_newFileWaitsOneSecond() throws {
        let rig = try Rig(fresh: true)

        #expect(try rig.grants() == 0)
    }

    private func encoded(_ state: RateLimit, _ at: Moment) -> [UInt64] {
        var state = state
        var words = [UInt64](repeating: 0xDEAD, count: RateLimitLayout.wordCount)
        let used = RateLimitLayout.encode(&state, boot: 9, at: at, into: &words)
        return Array(words.prefix(used))
    }

    private func decoded(_ words: [UInt64], boot: UInt64, now: Int64) -> RateLimit? {
        RateLimitLayout.decode(words, boot: boot, at: Moment(bootMs: now, wallMs: 1))?.state
    }

    /// K-15: the file of a process that sees the name of the boot, and one that does not, is one file.
    @Test func bootWithoutANameIsToldByTheClocks() {
        let words = encoded(RateLimit.conservative(now: 5000), Moment(bootMs: 5000, wallMs: 900_000))  // of boot 9
        func boot(_ at: Moment) -> UInt64? { RateLimitLayout.decode(words, boot: 0, at: at)?.boot }

        #expect(boot(Moment(bootMs: 7000, wallMs: 902_000)) == 9)
        #expect(boot(Moment(bootMs: 7000, wallMs: 9_902_000)) == nil)
    }

    @Test func fullestStateFitsTheFile() {
        var state = RateLimit()
        state.pool = TokenBucket(size: 40, refillMilli: 2000, usedMilli: 0, at: 1)
        state.pool?.rival = TokenBucket.Shape(size: 4, refillMilli: 2000)
        state.turns.lines = .init(repeating: .init(repeating: FairQueue.Place(owner: 1, until: 1), count: 100), count: 4)
        state.requests = .init(repeating: RateLimit.Request(ticket: 1, reservedAt: 1, expiresAt: 1, byPool: true), count: 100)

        let words = encoded(state, .now())

        #expect(words.count <= RateLimitLayout.wordCount)
        #expect(decoded(words, boot: 9, now: 1)?.requests.count == RateLimit.capacity)
    }

    @Test func everyFieldSurvivesTheFile() throws {
        let now: Int64 = 5_000_000
        var state = RateLimit()
        state.nextTicket = 77
        state.pool = TokenBucket(size: 40, refillMilli: 2000, usedMilli: 12_345, at: now - 3)
        state.pool?.witnesses = 21
        state.pool?.rival = TokenBucket.Shape(size: 4, refillMilli: 500)
        state.distrustUntil = now + 4
        state.pausedUntil = now + 5
        state.hint = RateLimitHint(cutAt: now - 6, probe: 22, probeUntil: now + 23)
        state.throttles = 6
        state.throttledAt = now - 7
        state.widen = 1500
        state.widenedAt = now - 8
        state.shares = PriorityShares(
            orderUntil: now + 9, answerUntil: now + 10, pollUntil: now + 11, sinceAnswer: 13, sincePoll: 12)
        state.repeats = RetryBudget(milli: 1234, nextAt: now + 17)
        state.breaker = CircuitBreaker(failures: 13, openUntil: now + 14, probe: 15, probeUntil: now + 16)
        state.token = AuthBreaker(refusals: 17, nextProbeAt: now + 18, probe: 19)
        for index in 0..<4 {
            state.turns.lines[index] = (0..<(index * 2 + 2)).map { FairQueue.Place(owner: UInt64($0 + 1), until: now + 20) }
        }
        for index in 0..<Int64(RateLimit.capacity) {
            state.requests.append(
                RateLimit.Request(
                    ticket: UInt64(index), reservedAt: now - index, expiresAt: now + index, answeredAt: index % 2 * now,
                    overlapped: index, byPool: index % 3 == 0, isOrder: index % 5 == 0, isRepeat: index % 7 == 0))
        }

        let words = encoded(state, Moment(bootMs: now, wallMs: 1))

        #expect(decoded(words, boot: 9, now: now) == state)
        #expect(decoded(words, boot: 8, now: now) == nil)  // another boot
        #expect(decoded(words, boot: 9, now: now - 2000) == nil)  // from the future
        #expect(decoded(words.dropLast() + [], boot: 9, now: now) == nil)
        for at in words.indices {
            var damaged = words
            damaged[at] ^= 0x10
            #expect(decoded(damaged, boot: 9, now: now) == nil)
        }
    }

    /// A boot makes the boot clock start anew; only the wall clock tells how much of the hub's wait is left.
    @Test func r03_waitTheHubAskedForOutlivesABoot() {
        let day: Int64 = 86_400_000
        let hour: Int64 = 3_600_000
        var state = RateLimit()
        state.pausedUntil = 5000 + hour
        state.distrustUntil = 5000 + day
        state.hint.cut(now: 5000)
        let words = encoded(state, Moment(bootMs: 5000, wallMs: 10 * day))
        func left(_ wallMs: Int64) -> Int64? { RateLimitLayout.remains(of: words, at: Moment(bootMs: 3, wallMs: wallMs))?.pauseMs }

        #expect(left(10 * day) == hour)
        #expect(left(10 * day + 50 * 60_000) == 600_000)
        #expect(left(18 * day) == 0)
        #expect(left(0) == hour)  // a clock that went back proves nothing
        #expect(RateLimitLayout.remains(of: words, at: Moment(bootMs: 3, wallMs: 18 * day))?.isCut == true)
        #expect(RateLimitLayout.remains(of: words.map { $0 ^ 1 }, at: .now()) == nil)
    }

    /// An answer counts from the end of its millisecond, and the next question may come within it.
    @Test func distrustIsKeptFromItsFirstMillisecond() {
        let now: Int64 = 5_000_000
        var state = RateLimit()
        state.pool = TokenBucket(size: 40, refillMilli: 2000, usedMilli: 0, at: now)
        guard case .granted(let ticket) = state.reserve(now: now, priority: .order, boundMs: 1000) else {
            Issue.record("no grant")
            return
        }
        state.answered(ticket, now: now + 1, RateLimitAnswer(status: 429))
        #expect(state.distrustUntil > now)

        #expect(decoded(encoded(state, .now()), boot: 9, now: now) == state)
    }

    @Test func r03_waitOfAnHourIsKeptInTheFile() throws {
        let rig = try Rig()
        let until = Clock.bootMs() + 3_600_000
        try rig.file.update(by: .after(ms: 5000)) { $0.pausedUntil = until }

        try rig.another().update(by: .after(ms: 5000)) { state in
            #expect(state.pausedUntil == until)
            #expect(state.reserve(now: until - 1, priority: .order, boundMs: 1000) == .wait(1))
        }
        try rig.another().update(by: .after(ms: 5000)) { #expect($0.pausedUntil == until) }  // the order that waits is no damage
    }

    @Test(arguments: ["truncate -s 0", "truncate -s 100", "truncate -s 8192", "cp /bin/ls", "rm -f", "replace", "move"])
    func r10_damagedFileIsRebuiltAndWaitsOneSecond(_ deed: String) throws {
        let rig = try Rig()
        switch deed {
        case "cp /bin/ls": system("head -c \(RateLimitLayout.size) /bin/ls > \(rig.file.path)")
        case "replace":
            system(
                "cp \(rig.file.path) \(rig.file.path).x && : > \(rig.file.path).x && mv \(rig.file.path).x \(rig.file.path) && chmod 600 \(rig.file.path)"
            )
        case "move": system("mv \(rig.file.path) \(rig.file.path).x")
        default: system("\(deed) \(rig.file.path)")
        }
        TestSystem.sleep(ms: 3)  // by then it is noticed

        #expect(try rig.grants() == 0)
        #expect(try rig.grants(try rig.another()) == 0)  // both have the same file again
        TestSystem.sleep(ms: 1010)
        #expect(try rig.grants() == 2)
        #expect(try rig.grants(try rig.another()) == 0)
    }

    @Test func r09_lockHeldByAnotherIsWaitedForWithinTheDeadline() throws {
        let rig = try Rig()
        let fd = open(rig.file.path, O_RDWR)
        defer { close(fd) }
        var range = flock()
        range.l_type = Int16(F_WRLCK)
        #expect(fcntl(fd, 37, &range) == 0)  // F_OFD_SETLK

        takes(200...260) {
            #expect(throws: RateLimitError.self) { try rig.file.update(by: Deadline.after(ms: 200)) { _ in } }
        }

        range.l_type = Int16(F_UNLCK)
        _ = fcntl(fd, 37, &range)
        #expect(try rig.grants() == 2)
    }

    @Test func d11_whatIsNoPlainPrivateFileIsRefused() throws {
        for deed in ["ln -s /etc/passwd", "mkfifo", "mkdir", "ln -s /nonexistent"] {
            let directory = TestSystem.temporaryDirectory()
            defer { TestSystem.remove(directory) }
            let path = try RateLimitFile(directory: directory, origin: "o", token: "t").path
            system("rm \(path); \(deed) \(path)")
            #expect(throws: RateLimitError.self) { try RateLimitFile(directory: directory, origin: "o", token: "t") }
        }
        let directory = TestSystem.temporaryDirectory()
        defer { TestSystem.remove(directory) }
        let path = try RateLimitFile(directory: directory, origin: "o", token: "t").path
        link(path, path + "2")
        #expect(throws: RateLimitError.self) { try RateLimitFile(directory: directory, origin: "o", token: "t") }
    }

    @Test func widenedModeIsTightenedAndTold_D19() throws {
        let directory = TestSystem.temporaryDirectory()
        defer { TestSystem.remove(directory) }
        let path = try RateLimitFile(directory: directory, origin: "o", token: "t").path
        chmod(path, 0o664)

        let file = try RateLimitFile(directory: directory, origin: "o", token: "t")

        var status = stat()
        #expect(lstat(path, &status) == 0 && status.st_mode & 0o777 == 0o600)
        #expect(file.tightened == ["\(path) (0664)"])
    }

    @Test(.enabled(if: geteuid() == 0)) func fileOfAnotherUserNamesBoth() throws {
        let directory = TestSystem.temporaryDirectory()
        defer { TestSystem.remove(directory) }
        let path = try RateLimitFile(directory: directory, origin: "o", token: "t").path
        chown(path, 4711, 4711)

        #expect(throws: RateLimitError.owner(path: path, owner: 4711, ours: 0)) {
            try RateLimitFile(directory: directory, origin: "o", token: "t")
        }
    }

    @Test func d16_modeIsPrivateUnderAnyUmask() throws {
        let before = umask(0)
        defer { umask(before) }
        let rig = try Rig()
        var status = stat()
        #expect(lstat(rig.file.path, &status) == 0)
        #expect(status.st_mode & 0o777 == 0o600)
    }

    @Test func threadsOfOneProcessExcludeEachOther() async throws {
        let rig = try Rig()
        let file = rig.file
        try file.update(by: .after(ms: 5000)) { $0.shares.sincePoll = 0 }
        await withTaskGroup(of: Void.self) { group in
            for _ in 0..<4 {
                group.addTask { for _ in 0..<100 { try? file.update(by: .after(ms: 2000)) { $0.shares.sincePoll += 1 } } }
            }
        }
        var total: Int64 = 0
        try file.update(by: .after(ms: 5000)) { total = $0.shares.sincePoll }
        #expect(total == 400)
    }
}
