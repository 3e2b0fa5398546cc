import CLibc

/// Has what is ours be ours alone: finds all that cannot be used at once, and if there is nothing, takes the rights of others
/// away.
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
    /// What is open to others.
    private var wide: [(path: String, status: stat)] = []

    /// Looks at a file that may be there. Opens nothing: to close a file again would release SQLite's locks on it.
    mutating func look(atFile path: String) { look(path, isDirectory: false, holdsState: true) }

    /// Looks at the directory of the state. `holdsState`: whether orders would be left behind in it.
    mutating func look(atDirectory path: String, holdsState: Bool) {
        look(path, isDirectory: true, holdsState: holdsState)
        guard let mode = wide.last?.status.st_mode else { return }
        // One that serves others as well is not taken from them.
        guard let other = mode & Privacy.sticky != 0 ? "files of several users" : Neighbours.first(in: path) else { return }
        wide = []
        faults.append(FileFault(path: path, kind: .shared(mode: mode & 0o7777, with: other)))
    }

    /// Takes the rights of others from what was looked at; nothing happens if anything of it cannot be used.
    mutating func tighten() {
        guard faults.isEmpty else { return }
        for (path, status) in wide {
            // Safe: it is ours and no link, and others cannot put another in its place: see `StateDirectory`.
            let code = chmod(path, status.st_mode & 0o7777 & ~Privacy.others) == 0 ? 0 : flxc_errno()
            note(path, was: status, is: { lstat(path, &$0) }, code)
        }
        wide = []
    }

    private static let sticky: UInt32 = 0o1000

    private mutating func look(_ path: String, isDirectory: Bool, holdsState: Bool) {
        var status = stat()
        guard lstat(path, &status) == 0 else {
            let code = flxc_errno()
            // What cannot be seen because its directory is another's is not a second fault.
            let isTold = code == ENOENT || code == EACCES && !faults.isEmpty
            if !isTold { faults.append(FileFault(path: path, kind: .hidden(errno: code))) }
            return
        }
        if let kind = isDirectory ? Privacy.faultOfDirectory(status, holdsState: holdsState) : Privacy.faultOfFile(status) {
            return faults.append(FileFault(path: path, kind: kind))
        }
        if status.st_mode & Privacy.others != 0 { wide.append((path, status)) }
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
        guard status.st_nlink <= 1 else { return .links(UInt64(status.st_nlink)) }
        return isUsable(status, 0o600) ? nil : .denied(mode: status.st_mode & 0o7777, needed: "u+rw")
    }

    private static func faultOfDirectory(_ status: stat, holdsState: Bool) -> FileFault.Kind? {
        guard flxc_is_directory(status.st_mode) != 0 else { return .notDirectory }
        guard status.st_uid == geteuid() else { return holdsState ? .owner(status.st_uid) : .foreignDirectory(status.st_uid) }
        return isUsable(status, 0o700) ? nil : .denied(mode: status.st_mode & 0o7777, needed: "u+rwx")
    }

    /// Whether its owner may do all that is needed; the superuser always may.
    private static func isUsable(_ status: stat, _ needed: UInt32) -> Bool {
        status.st_mode & needed == needed || geteuid() == 0
    }
}
