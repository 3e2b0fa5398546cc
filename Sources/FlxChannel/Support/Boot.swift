import CLibc

/// Names the present run of the machine.
enum Boot {
    /// 0 if it cannot be read. Read once in the life of the process.
    static let id: UInt64 = {
        let fd = flxc_open("/proc/sys/kernel/random/boot_id", O_RDONLY | O_CLOEXEC, 0)
        guard fd >= 0 else { return 0 }
        defer { close(fd) }
        var text = [UInt8](repeating: 0, count: 64)
        let got = text.withUnsafeMutableBytes { read(fd, $0.baseAddress, $0.count) }
        guard got > 0 else { return 0 }
        return SHA256.hash(Array(text.prefix(got))).prefix(8).reduce(0) { $0 << 8 | UInt64($1) }
    }()
}
