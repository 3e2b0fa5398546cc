import Glibc

/// Where log records of the library are appended, a line of JSON each. Several processes may share it.
final class LogFile {
    private let descriptor: Int32

    /// - Parameter path: "-" is standard error
    init(_ path: String) throws {
        descriptor = path == "-" ? dup(2) : open(path, O_WRONLY | O_APPEND | O_CREAT | O_CLOEXEC, 0o640)
        guard descriptor >= 0 else { throw Failure.local("the log file \(path) cannot be written: \(SystemError.text(errno))") }
    }

    deinit { close(descriptor) }

    /// One write, so that lines of processes do not mix. A full disk stops no work.
    func add(_ line: [UInt8]) {
        let whole = line + [0x0A]
        _ = whole.withUnsafeBytes { write(descriptor, $0.baseAddress, $0.count) }
    }
}
