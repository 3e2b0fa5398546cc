import Glibc

/// A file that is written whole, so that nobody reads half of it.
enum Replacement {
    /// Whether one could be made there.
    static func isPossible(_ path: String) -> Bool {
        let folder = path.lastIndex(of: "/").map { $0 == path.startIndex ? "/" : String(path[..<$0]) } ?? "."
        return access(folder, W_OK | X_OK) == 0
    }

    static func write(_ path: String, _ text: String, mode: mode_t) throws {
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
