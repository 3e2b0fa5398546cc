import CLibc

/// Makes and checks the files of the state directory: plain, ours, private, under one name (`Privacy`).
///
/// Fault rows: D-11, D-16.
enum StateFile {
    /// Makes an empty file with mode 0600, or answers false if something has that name already.
    static func create(_ path: String) throws(StateError) -> Bool {
        let fd = Descriptor.open(path, O_RDWR | O_CREAT | O_EXCL | O_NOFOLLOW, mode: 0o600)
        guard fd >= 0 else {
            let code = flxc_errno()
            if code == EEXIST { return false }
            throw .path(reason: "cannot make \(path): \(Errno.text(code))")
        }
        defer { close(fd) }
        guard fchmod(fd, 0o600) == 0 else {  // D-16: a umask may have taken our own bits away
            throw .path(reason: "cannot set the mode of \(path): \(Errno.text(flxc_errno()))")
        }
        return true
    }

    /// The identity of the file at `path`, made private, or nil if there is none. Never opens it.
    static func identity(_ path: String) throws(StateError) -> FileIdentity? {
        var privacy = Privacy()
        privacy.look(atFile: path)
        privacy.tighten()
        guard privacy.faults.isEmpty else { throw .files(privacy.faults) }
        return FileIdentity.at(path)
    }

    /// Makes the names in a directory durable.
    static func syncDirectory(_ path: String) {
        let fd = Descriptor.open(path, O_RDONLY | O_DIRECTORY)
        guard fd >= 0 else { return }  // some file systems refuse; SQLite syncs the directory too
        fsync(fd)
        close(fd)
    }
}
