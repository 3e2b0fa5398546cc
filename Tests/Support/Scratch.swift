import CLibc
import Foundation

/// A private directory of one test, gone at its end.
final class Scratch: Sendable {
    let path: String

    init() {
        var template = Array("\(NSTemporaryDirectory())/flx-XXXXXX".utf8CString)
        path = String(cString: mkdtemp(&template))
    }

    deinit {
        chmod(path, 0o700)
        try? FileManager.default.removeItem(atPath: path)
    }

    func at(_ name: String) -> String { "\(path)/\(name)" }

    func mode(_ name: String) -> UInt32 {
        var status = stat()
        return lstat(at(name), &status) == 0 ? status.st_mode & 0o777 : 0
    }

    /// Bytes of a file, or nil.
    func size(of name: String) -> Int? {
        var status = stat()
        return lstat(at(name), &status) == 0 ? Int(status.st_size) : nil
    }

    func write(_ name: String, _ text: String, mode: UInt32 = 0o600) {
        let fd = flxc_open(at(name), O_WRONLY | O_CREAT | O_TRUNC, mode)
        _ = text.withCString { CLibc.write(fd, $0, strlen($0)) }
        fchmod(fd, mode)
        close(fd)
    }
}

/// Gives a file or directory another name.
func move(_ path: String, _ target: String) { rename(path, target) }

/// Runs `body` on `count` threads at once and waits for all of them.
func onThreads(_ count: Int, _ body: @escaping @Sendable (Int) -> Void) {
    let group = DispatchGroup()
    for index in 0..<count {
        group.enter()
        Thread.detachNewThread {
            body(index)
            group.leave()
        }
    }
    group.wait()
}

/// Runs `body` in a child made by fork and gives what it returned, or nil if it did not end within 20 s.
func inChild(_ body: () -> Int32) -> Int32? {
    let child = fork()
    if child == 0 { _exit(body()) }
    var status: Int32 = 0
    for _ in 0..<20_000 {
        if waitpid(child, &status, WNOHANG) == child { return status & 0x7F == 0 ? (status >> 8) & 0xFF : nil }
        usleep(1000)
    }
    kill(child, SIGKILL)
    waitpid(child, &status, 0)
    return nil
}

/// The bytes of a whole file.
struct FileBytes {
    let bytes: [UInt8]

    func contains(_ text: String) -> Bool { Data(bytes).range(of: Data(text.utf8)) != nil }

    func write(to path: String) {
        let fd = flxc_open(path, O_WRONLY | O_CREAT | O_TRUNC, 0o600)
        var at = 0
        while at < bytes.count {
            let count = bytes[at...].withUnsafeBytes { CLibc.write(fd, $0.baseAddress, $0.count) }
            guard count > 0 else { break }
            at += count
        }
        close(fd)
    }
}

func bytes(of path: String) -> FileBytes {
    FileBytes(bytes: FileManager.default.contents(atPath: path).map { Array($0) } ?? [])
}
