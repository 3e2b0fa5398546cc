import Glibc

/// A file that holds the token, or names where it is: only its owner may read it.
struct PrivateFile {
    let path: String
    let bytes: [UInt8]

    private static let most = 1 << 20

    /// Opens it once, so that what is judged is what is read.
    ///
    /// - Parameters:
    ///   - what: what the file is, for the message: "the configuration"
    ///   - isSecret: others may not read it either
    init(_ path: String, what: String, isSecret: Bool = true) throws {
        self.path = path
        let descriptor = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK)
        guard descriptor >= 0 else {
            throw Failure.usage("\(what) \(path) cannot be read: \(SystemError.text(errno))")
        }
        defer { close(descriptor) }
        var found = stat()
        guard fstat(descriptor, &found) == 0 else {
            throw Failure.usage("\(what) \(path) cannot be read: \(SystemError.text(errno))")
        }
        guard found.st_mode & S_IFMT == S_IFREG else { throw Failure.usage("\(what) \(path) is not a file") }
        if let fault = PrivateFile.fault(found, path: path, what: what, isSecret: isSecret) { throw Failure.usage(fault) }
        bytes = try Input.read(descriptor, most: PrivateFile.most, what: "\(what) \(path)")
    }

    /// Who else can read it or write it, and the command that ends that; nil if nobody can.
    private static func fault(_ found: stat, path: String, what: String, isSecret: Bool) -> String? {
        guard found.st_uid == geteuid() || found.st_uid == 0 else {
            return "\(what) \(path) belongs to user \(found.st_uid), who can change it; make it yours: chown \(geteuid()) \(path)"
        }
        // The administrator hands it to the group of a service on purpose.
        let isHanded = found.st_uid == 0 && geteuid() != 0
        let allowed: mode_t = (isHanded ? 0o740 : 0o700) | (isSecret ? 0 : 0o044)
        let rights = found.st_mode & 0o777
        guard rights & ~allowed != 0 else { return nil }
        let deed = rights & 0o022 & ~allowed != 0 ? "change" : "read"
        let mode = !isSecret ? "644" : isHanded ? "640" : "600"
        return "\(what) \(path) has mode \(String(rights, radix: 8)): others can \(deed) it; chmod \(mode) \(path)"
    }
}
