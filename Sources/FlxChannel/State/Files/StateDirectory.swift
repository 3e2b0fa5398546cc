import CLibc

/// The directory of the state files: ours alone, on a file system whose locks hold.
///
/// Fault rows: D-10 to D-12, D-16, D-19 to D-22.
struct StateDirectory {
    /// Absolute and free of symbolic links, as SQLite's NOFOLLOW wants it.
    let path: String
    /// What the host's log is to say of it.
    let notes: [StateNote]

    /// Makes the directory at `given` private, and the files of these names in it, or makes it with mode 0700 if its parent
    /// exists. `others` are files that an opening needs as well: what is wrong with them is told in the same error.
    static func open(_ given: String, files: [String], others: [String] = []) throws(StateError) -> StateDirectory {
        guard !given.isEmpty, !given.utf8.contains(0) else {
            throw .path(reason: "\(SettingName.stateDirectory.text) must name a directory")
        }
        let name = withoutEndSlashes(given)
        try make(name)
        var notes: [StateNote] = []
        if let exposed = try exposure(of: name) { notes.append(.exposed(exposed)) }
        for file in try secure(name, files, others) { notes.append(.tightened(file)) }
        guard let resolved = realpath(name, nil) else {
            throw .path(reason: "cannot resolve \(name): \(Errno.text(flxc_errno()))")
        }
        defer { free(resolved) }
        let path = String(cString: resolved)  // Safe: realpath gave a NUL-terminated path.
        if let note = try checkFileSystem(path) { notes.append(note) }
        return StateDirectory(path: path, notes: notes)
    }

    private static func make(_ path: String) throws(StateError) {
        guard mkdir(path, 0o700) == 0 else {
            let code = flxc_errno()
            if code == EEXIST { return }
            throw .path(reason: "cannot make \(path): \(Errno.text(code))")
        }
        guard chmod(path, 0o700) == 0 else {  // D-16: a umask may have taken our own bits away
            throw .path(reason: "cannot set the mode of \(path): \(Errno.text(flxc_errno()))")
        }
        StateFile.syncDirectory(path + "/..")
    }

    /// Answers what was open to others until now; throws all that cannot be used, in one error.
    private static func secure(_ name: String, _ files: [String], _ others: [String]) throws(StateError) -> [String] {
        var privacy = Privacy()
        // A link above the directory is the machine's layout; it itself must not be one.
        privacy.look(atDirectory: name, holdsState: holdsState(name, files))
        if !privacy.faults.contains(where: { $0.kind == .notDirectory }) {
            for file in files { privacy.look(atFile: "\(name)/\(file)") }
        }
        privacy.tighten()
        guard !privacy.faults.isEmpty else { return privacy.tightened }
        for file in others { privacy.look(atFile: file) }
        throw .files(privacy.faults)
    }

    /// Whether a state is there, or may be: what cannot be looked at counts.
    private static func holdsState(_ name: String, _ files: [String]) -> Bool {
        var status = stat()
        return files.contains { lstat("\(name)/\($0)", &status) == 0 || flxc_errno() != ENOENT }
    }

    /// Who can write a directory can move away what is in it, unless its sticky bit is set: the next opening would make an
    /// empty state without a word. Refused right above the state (D-22); farther up it is told.
    private static func exposure(of name: String) throws(StateError) -> String? {
        guard let resolved = realpath(name, nil) else { return nil }  // told below
        defer { free(resolved) }
        var above = Array(String(cString: resolved).utf8)  // Safe: realpath gave a NUL-terminated path.
        var isParent = true
        while let slash = above.lastIndex(of: UInt8(ascii: "/")), above.count > 1 {
            above.removeSubrange(max(slash, 1)...)
            let path = String(decoding: above, as: UTF8.self)
            if isOpenToAll(path) {
                guard !isParent else {
                    throw .path(
                        reason:
                            "\(path) can be written by every user, who could move the state directory away; run chmod o-w or chmod +t on it, or use another place if a platform keeps it so"
                    )
                }
                return path
            }
            isParent = false
        }
        return nil
    }

    private static func isOpenToAll(_ path: String) -> Bool {
        var status = stat()
        return lstat(path, &status) == 0 && status.st_mode & 0o1002 == 0o002
    }

    private static func checkFileSystem(_ path: String) throws(StateError) -> StateNote? {
        switch FileSystemKind.at(path) {
        case .local: return nil
        case .memory: return .volatile
        case .served(let name):
            guard let fault = try FileSystemProof.fault(in: path) else { return .served(name) }
            throw .path(reason: "\(path) is on a file system (\(name)) that cannot keep the state: \(fault); use a local disk")
        case .remote(let name):
            throw .path(
                reason:
                    "\(path) is on a \(name) file system, which other machines may have too: its locks cannot be trusted; use a local disk"
            )
        }
    }

    private static func withoutEndSlashes(_ path: String) -> String {
        var bytes = Array(path.utf8)
        while bytes.count > 1, bytes.last == UInt8(ascii: "/") { bytes.removeLast() }
        return String(decoding: bytes, as: UTF8.self)
    }
}
