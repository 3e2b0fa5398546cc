import Glibc

/// A file that is written whole, so that nobody reads half of it.
enum Replacement {
    /// Whether one could be made there.
    static func isPossible(_ path: String) -> Bool {
        let folder = path.lastIndex(of: "/").map { $0 == path.startIndex ? "/" : String(path[..<$0]) } ?? "."
        return access(folder, W_OK | X_OK) == 0
    }

    /// Whether what stands there is one to replace: a file that may be written, and not a link, a device or a pipe.
    ///
    /// - Parameters:
    ///   - kind: what the file is, for the message: "figures"
    ///   - isOne: of its first bytes: whether it is of that kind. What is empty is of any.
    static func check(_ path: String, kind: String = "", isOne: ([UInt8]) -> Bool = { _ in true }) throws {
        var found = stat()
        guard lstat(path, &found) == 0 else {
            guard errno == ENOENT else { throw Failure.local("\(path) cannot be looked at: \(SystemError.text(errno))") }
            return
        }
        guard found.st_mode & S_IFMT == S_IFREG else { throw Failure.usage("\(path) is not a regular file, and is not replaced") }
        // root may write what is marked as not to be written.
        guard found.st_mode & 0o222 != 0, access(path, W_OK) == 0 else {
            throw Failure.usage("\(path) is not to be written, and is not replaced")
        }
        guard found.st_size > 0, !kind.isEmpty else { return }
        guard isOne(try beginning(of: path)) else { throw Failure.usage("\(path) is not a file of \(kind), and is not replaced") }
    }

    private static func beginning(of path: String) throws -> [UInt8] {
        let descriptor = open(path, O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC)
        guard descriptor >= 0 else { throw Failure.local("\(path) cannot be read: \(SystemError.text(errno))") }
        defer { close(descriptor) }
        var bytes = [UInt8](repeating: 0, count: 1024)
        let count = read(descriptor, &bytes, bytes.count)
        return Array(bytes.prefix(max(0, count)))
    }

    static func write(_ path: String, _ text: String, mode: mode_t) throws {
        try check(path)
        let draft = "\(path).\(getpid())"
        let descriptor = open(draft, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, mode)
        guard descriptor >= 0 else { throw Failure.local("\(draft) cannot be written: \(SystemError.text(errno))") }
        defer { close(descriptor) }
        do {
            try Output.write(Array(text.utf8), to: descriptor)
            guard fsync(descriptor) == 0 else { throw Failure.local("\(draft) cannot be written: \(SystemError.text(errno))") }
        } catch {
            unlink(draft)
            throw error
        }
        guard rename(draft, path) == 0 else {
            let why = SystemError.text(errno)
            unlink(draft)
            throw Failure.local("\(path) cannot be written: \(why)")
        }
    }
}
