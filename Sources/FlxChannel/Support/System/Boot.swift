import CLibc

/// Names the present run of the machine.
///
/// A process in a sandbox may not see the name. It takes over the one that the files of ours bear; a file without one, or one
/// that only others could name, is judged by the clocks (K-15). Never is "not known" taken for another boot: two processes
/// would take each other's files for old ones for ever.
enum Boot {
    /// How far the wall clock may have been set meanwhile.
    private static let slackMs: Int64 = 60_000

    /// Whether what was written `then` under the name `other` is of the boot that is on `now`, which is named `ours`. 0 is not known.
    static func isSame(_ other: UInt64, at then: Moment, _ ours: UInt64, at now: Moment) -> Bool {
        if other != 0, ours != 0 { return other == ours }
        guard then.bootMs <= now.bootMs &+ 1000 else { return false }
        let (apart, overflow) = (now.wallMs &- now.bootMs).subtractingReportingOverflow(then.wallMs &- then.bootMs)
        return !overflow && (-slackMs...slackMs).contains(apart)
    }

    /// 0 if it cannot be read. Read once in the life of the process.
    static let id: UInt64 = {
        let fd = Descriptor.open("/proc/sys/kernel/random/boot_id", O_RDONLY)
        guard fd >= 0 else { return 0 }
        defer { close(fd) }
        var text = [UInt8](repeating: 0, count: 64)
        let got = text.withUnsafeMutableBytes { read(fd, $0.baseAddress, $0.count) }
        guard got > 0 else { return 0 }
        return SHA256.hash(Array(text.prefix(got))).prefix(8).reduce(0) { $0 << 8 | UInt64($1) }
    }()
}

/// One moment by two clocks of this machine.
struct Moment: Equatable {
    var bootMs: Int64
    var wallMs: Int64

    static func now() -> Moment { Moment(bootMs: Clock.bootMs(), wallMs: Clock.wallMs()) }
}
