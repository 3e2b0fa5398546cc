import CLibc

/// A process as people find it: its number, and what the system calls it. Never for a decision: numbers are used again, and
/// a container has its own (M-05, M-06).
struct ProcessName: Equatable {
    let pid: Int64
    /// At most 15 bytes; empty if the system does not tell.
    let name: String

    /// This process as it is now: a fork has another number, an exec another name.
    static var own: ProcessName { ProcessName(pid: Int64(getpid()), name: ownName()) }

    var text: String { name.isEmpty ? "process \(pid)" : "process \(pid) (\(name))" }

    private static func ownName() -> String {
        let fd = flxc_open("/proc/self/comm", O_RDONLY | O_CLOEXEC, 0)
        guard fd >= 0 else { return "" }
        defer { close(fd) }
        var bytes = [UInt8](repeating: 0, count: 16)
        let got = bytes.withUnsafeMutableBytes { read(fd, $0.baseAddress, $0.count) }
        let line = bytes.prefix(max(0, got)).prefix { $0 != UInt8(ascii: "\n") && $0 != 0 }
        return Redaction.clean(String(decoding: line, as: UTF8.self))
    }
}
