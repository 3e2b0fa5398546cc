import Glibc

/// A client beside the channel's own, for one question or two when that one may not or cannot tell what is wrong.
///
/// Its state and its budget of requests are its own and are thrown away, so that what holds the channel's requests back does not
/// hold these, and what they meet counts for nobody: a refusal is not one more, and nothing is learnt from it.
final class Aside {
    private let client: Client
    private let folder: String

    init(_ settings: Settings) throws {
        var template = Array("\(Environment.variable("TMPDIR") ?? "/tmp")/flx-doctor-XXXXXX".utf8CString)
        guard mkdtemp(&template) != nil else { throw Failure.local("no folder for a question: \(SystemError.text(errno))") }
        let folder = String(decoding: template.dropLast().map { UInt8(bitPattern: $0) }, as: UTF8.self)
        self.folder = folder
        do {
            client = try Client(
                try settings.config([
                    ("state_dir", folder), ("rate_limit.dir", folder), ("http.connect_ms", "2000"), ("log.level", "error"),
                ]))
        } catch {
            Aside.remove(folder)
            throw error
        }
    }

    deinit { Aside.remove(folder) }

    /// Asks once; gives why not, or nil where the hub answers well.
    func failure(of operation: String, _ arguments: String = "{}", waitMs: Int32 = 2500) -> Failure? {
        do {
            _ = try client.call(operation, Array(arguments.utf8), waitMs: waitMs)
            return nil
        } catch {
            return error as? Failure ?? Failure(.fault, "\(error)")
        }
    }

    /// It holds files alone. The client has them open still; what it writes at its end goes with it.
    private static func remove(_ path: String) {
        guard let folder = opendir(path) else { return }
        while let entry = readdir(folder) { unlinkat(dirfd(folder), name(of: entry), 0) }
        closedir(folder)
        rmdir(path)
    }

    static func name(of entry: UnsafeMutablePointer<dirent>) -> String {
        withUnsafePointer(to: &entry.pointee.d_name) {
            // Safe: the kernel ends a name with a NUL within its 256 bytes.
            $0.withMemoryRebound(to: CChar.self, capacity: 256) { String(cString: $0) }
        }
    }
}
