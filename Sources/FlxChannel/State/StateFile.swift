import CLibc

/// Which file a name means: two names with equal identities are one file.
struct FileIdentity: Equatable {
    let device: UInt64
    let inode: UInt64

    init(_ status: stat) {
        device = UInt64(status.st_dev)
        inode = UInt64(status.st_ino)
    }

    /// The file that `path` names now, itself and not what it may link to.
    static func at(_ path: String) -> FileIdentity? {
        var status = stat()
        return lstat(path, &status) == 0 ? FileIdentity(status) : nil
    }
}

/// Makes and checks the files of the state directory: plain, ours, private, under one name.
///
/// Fault rows: D-11, D-16.
enum StateFile {
    /// Makes an empty file with mode 0600, or answers false if something has that name already.
    static func create(_ path: String) throws(StateError) -> Bool {
        let fd = flxc_open(path, O_RDWR | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0o600)
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

    /// The identity of the file at `path`, or nil if there is none. Never opens it.
    static func identity(_ path: String) throws(StateError) -> FileIdentity? {
        var status = stat()
        guard lstat(path, &status) == 0 else {
            let code = flxc_errno()
            if code == ENOENT { return nil }
            throw .path(reason: "cannot look at \(path): \(Errno.text(code))")
        }
        try check(status, path)
        return FileIdentity(status)
    }

    /// Refuses what is not a plain private file of this user.
    static func check(_ status: stat, _ path: String) throws(StateError) {
        guard flxc_is_regular(status.st_mode) != 0 else {
            throw .path(reason: "\(path) is not a regular file; remove it")
        }
        guard status.st_uid == geteuid() else {
            throw .identity(key: "user", stored: "uid \(status.st_uid)", given: "uid \(geteuid())")
        }
        guard status.st_nlink <= 1 else {
            throw .path(reason: "\(path) has \(status.st_nlink) hard links, allowed is 1; remove the others")
        }
        guard status.st_mode & 0o077 == 0 else {
            throw .path(reason: "\(path) can be used by other users; run chmod 600 on it")
        }
    }

    /// Makes the names in a directory durable.
    static func syncDirectory(_ path: String) {
        let fd = flxc_open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC, 0)
        guard fd >= 0 else { return }  // some file systems refuse; SQLite syncs the directory too
        fsync(fd)
        close(fd)
    }
}
