import Glibc

/// A folder for files that nobody needs later: it goes with this.
final class ScratchFolder {
    let path: String

    init() throws {
        var template = Array("\(Environment.variable("TMPDIR") ?? "/tmp")/flx-doctor-XXXXXX".utf8CString)
        guard mkdtemp(&template) != nil else { throw Failure.local("no folder for a question: \(SystemError.text(errno))") }
        path = String(decoding: template.dropLast().map { UInt8(bitPattern: $0) }, as: UTF8.self)
    }

    /// It holds files alone. A client has them open still; what it writes at its end goes with it.
    deinit {
        guard let folder = opendir(path) else { return }
        while let entry = readdir(folder) { unlinkat(dirfd(folder), ScratchFolder.name(of: entry), 0) }
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
