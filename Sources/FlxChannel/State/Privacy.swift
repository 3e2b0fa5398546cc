import CLibc

/// Has what is ours be ours alone: takes the rights of others away, and finds all that cannot be used at once.
///
/// Platforms and backup tools widen modes, some at each start (decision 21). Rights are only ever taken away, and never
/// from a file of another user.
///
/// Fault rows: D-11, D-16, D-19.
struct Privacy {
    private static let others: UInt32 = 0o077

    private(set) var faults: [FileFault] = []
    /// What was open to others until now, with the mode that it had.
    private(set) var tightened: [String] = []

    /// Looks at a file that may be there. Opens nothing: to close a file again would let go SQLite's locks on it.
    mutating func look(atFile path: String) { look(path, isDirectory: false) }

    mutating func look(atDirectory path: String) { look(path, isDirectory: true) }

    private mutating func look(_ path: String, isDirectory: Bool) {
        var status = stat()
        guard lstat(path, &status) == 0 else {
            let code = flxc_errno()
            // What cannot be seen because its directory is another's is not a second fault.
            let isTold = code == ENOENT || code == EACCES && !faults.isEmpty
            if !isTold { faults.append(FileFault(path: path, kind: .hidden(errno: code))) }
            return
        }
        if let kind = isDirectory ? Privacy.faultOfDirectory(status) : Privacy.faultOfFile(status) {
            return faults.append(FileFault(path: path, kind: kind))
        }
        guard status.st_mode & Privacy.others != 0 else { return }
        // Safe: it is ours and no link, and others cannot put another in its place: see `StateDirectory`.
        let code = chmod(path, status.st_mode & 0o7777 & ~Privacy.others) == 0 ? 0 : flxc_errno()
        note(path, was: status, is: { lstat(path, &$0) }, code)
    }

    /// The same for a file of ours that is open, and that `status` tells about.
    mutating func look(at fd: Int32, _ path: String, _ status: stat) {
        if let kind = Privacy.faultOfFile(status) { return faults.append(FileFault(path: path, kind: kind)) }
        guard status.st_mode & Privacy.others != 0 else { return }
        let code = fchmod(fd, status.st_mode & 0o7777 & ~Privacy.others) == 0 ? 0 : flxc_errno()
        note(path, was: status, is: { fstat(fd, &$0) }, code)
    }

    private mutating func note(_ path: String, was: stat, is look: (inout stat) -> Int32, _ code: Int32) {
        let mode = was.st_mode & 0o7777
        var now = stat()
        if code == 0, look(&now) == 0, now.st_mode & Privacy.others == 0 {
            tightened.append("\(path) (\(Text.octal(mode)))")
        } else {
            faults.append(FileFault(path: path, kind: .open(mode: mode, errno: code)))
        }
    }

    private static func faultOfFile(_ status: stat) -> FileFault.Kind? {
        guard flxc_is_regular(status.st_mode) != 0 else { return .notPlain }
        guard status.st_uid == geteuid() else { return .owner(status.st_uid) }
        return status.st_nlink <= 1 ? nil : .links(UInt64(status.st_nlink))
    }

    private static func faultOfDirectory(_ status: stat) -> FileFault.Kind? {
        guard flxc_is_directory(status.st_mode) != 0 else { return .notDirectory }
        return status.st_uid == geteuid() ? nil : .owner(status.st_uid)
    }
}
