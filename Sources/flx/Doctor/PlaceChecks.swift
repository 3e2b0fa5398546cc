import Glibc

/// The state directory: whose it is, what it is on, who else is in it. Nothing is changed.
struct PlaceChecks {
    private(set) var findings: [Finding] = []
    private let path: String

    /// Less than this and the state file cannot grow for long; less than the second and it cannot now.
    private static let (little, least): (UInt64, UInt64) = (200 << 20, 20 << 20)

    init(_ settings: Settings) {
        path = settings.value(.stateDirectory) ?? ""
        if !path.isEmpty { look() }
        if let url = settings.value(.stateURL) { findings.append(PlaceChecks.way(to: url)) }
        if let log = settings.logFile, log != "-" { findings.append(PlaceChecks.log(log)) }
    }

    /// Without its log no command does anything. Nothing is made here.
    private static func log(_ path: String) -> Finding {
        let name = "log file", advice = "no command works without it: make its folder, correct log_file, or leave that out"
        var found = stat()
        if stat(path, &found) != 0 {
            let code = errno
            let folder = path.lastIndex(of: "/").map { $0 == path.startIndex ? "/" : String(path[..<$0]) } ?? "."
            guard code == ENOENT, access(folder, W_OK | X_OK) == 0 else {
                return .fail(name, "\(path) cannot be made: \(SystemError.text(code == ENOENT ? errno : code))", advice)
            }
            return .ok(name, "\(path) is made by the first command that writes to it")
        }
        let descriptor = open(path, O_WRONLY | O_APPEND | O_NONBLOCK | O_CLOEXEC)
        guard descriptor >= 0 else { return .fail(name, "\(path) cannot be written: \(SystemError.text(errno))", advice) }
        close(descriptor)
        return .ok(name, "\(path) can be written")
    }

    /// Whether others can listen on the way to the server of the state. Whether it answers is told by what opens it.
    static func way(to url: String) -> Finding {
        let name = "way to the server"
        let words = url.replacing("%3D", with: "=").replacing("%2F", with: "/")
        if words.contains("sslmode=verify-full") { return .ok(name, "encrypted, and the server has to show whose it is") }
        let host = words.split(separator: "@").last.map(String.init) ?? words
        let isHere = ["localhost", "127.", "[::1]", "/"].contains { host.hasPrefix($0) || words.contains("host=\($0)") }
        if isHere || words.contains(":///") { return .ok(name, "it is on this machine") }
        if words.contains("service=") {
            return .ok(name, "as the service file says; across a network sslmode=verify-full belongs there")
        }
        return .warn(
            name, "others on the network may read it or answer in its place",
            "add sslmode=verify-full to \(SettingKey.stateURL.name), and sslrootcert where its authority is your own")
    }

    private mutating func look() {
        var found = stat()
        guard stat(path, &found) == 0 else {
            findings.append(missing())
            return
        }
        guard found.st_mode & S_IFMT == S_IFDIR else {
            findings.append(
                .fail("state directory", "\(path) is no directory", "name another in \(SettingKey.stateDirectory.name)"))
            return
        }
        // Neither its mode nor what is in it may be changed for a channel.
        guard !isOfAll(found) else {
            findings.append(
                .fail(
                    "state directory", "\(path) serves others as well, and the state has to have one of its own",
                    "name a directory in \(SettingKey.stateDirectory.name) that nothing else uses"))
            return
        }
        findings.append(rights(found))
        findings.append(fileSystem())
        if let space = space() { findings.append(space) }
        findings.append(files())
    }

    private static let everybodys: Set = [
        "/", "/bin", "/boot", "/dev", "/etc", "/home", "/lib", "/mnt", "/opt", "/proc", "/root", "/run", "/sbin", "/srv", "/sys",
        "/usr", "/usr/local", "/var", "/var/cache", "/var/lib", "/var/log", "/var/spool",
    ]

    /// A directory of the system: in it others may make files, or it stands in a place that every machine has.
    private func isOfAll(_ found: stat) -> Bool {
        let bare = path.count > 1 && path.hasSuffix("/") ? String(path.dropLast()) : path
        return found.st_mode & S_ISVTX != 0 || PlaceChecks.everybodys.contains(bare)
    }

    private func missing() -> Finding {
        let (code, name) = (errno, "state directory")
        guard code == ENOENT else {
            return .fail(name, "\(path) cannot be reached: \(SystemError.text(code))", "check each folder of the path")
        }
        let parent = path.lastIndex(of: "/").map { String(path[..<$0]) } ?? ""
        guard access(parent.isEmpty ? "/" : parent, W_OK | X_OK) == 0 else {
            return .fail(
                name, "\(path) does not exist and cannot be made",
                "make it: mkdir -p \(path) && chown \(geteuid()) \(path) && chmod 700 \(path)")
        }
        return .warn(name, "\(path) does not exist yet; it is made now", "")
    }

    private func rights(_ found: stat) -> Finding {
        let (name, mode) = ("state directory", found.st_mode & 0o777)
        guard found.st_uid == geteuid() else {
            return .fail(
                name, "\(path) belongs to user \(found.st_uid), and this runs as user \(geteuid())",
                "run this as that user, as the shop does; or give it away: chown -R \(geteuid()) \(path)")
        }
        guard access(path, R_OK | W_OK | X_OK) == 0 else {
            return .fail(
                name, "\(path) cannot be written: \(SystemError.text(errno))", "chmod 700 \(path), or mount its disk for writing")
        }
        guard mode & 0o077 == 0 else {
            return .warn(name, "\(path) has mode \(String(mode, radix: 8)): others can look into it", "chmod 700 \(path)")
        }
        return .ok(name, "\(path) is this user's alone")
    }

    private func fileSystem() -> Finding {
        let name = "file system"
        switch FileSystemKind(path) {
        case .network(let kind):
            return .fail(
                name, "\(path) is on \(kind), where locks of several machines cannot be trusted",
                "name a directory on a disk of this machine")
        case .memory:
            return .warn(name, "\(path) is in memory: orders are lost when the machine ends", "name a directory on a disk")
        case .container: return .warn(name, "\(path) is in a container's own layer: orders are lost with it", "put a volume there")
        case .served:
            return .warn(
                name, "\(path) is served by another program or machine; locks are proven at each opening",
                "a disk of this machine is better")
        case .disk: return .ok(name, "a disk of this machine")
        case nil: return .warn(name, "it is not known", "")
        }
    }

    private func space() -> Finding? {
        var found = statvfs()
        guard statvfs(path, &found) == 0 else { return nil }
        let free = UInt64(found.f_bavail) * UInt64(found.f_frsize)
        let text = "\(free >> 20) MiB are free"
        if found.f_files > 0, found.f_favail == 0 {
            return .fail("space", "no more files can be made there", "delete some, or use another disk")
        }
        if free < PlaceChecks.least {
            return .fail("space", "\(text): orders cannot be accepted", "make room on the disk of \(path)")
        }
        if free < PlaceChecks.little { return .warn("space", text, "make room on the disk of \(path)") }
        return .ok("space", text)
    }

    private func files() -> Finding {
        guard let folder = opendir(path) else {
            return .fail("files", "\(path) cannot be read: \(SystemError.text(errno))", "chmod 700 \(path)")
        }
        defer { closedir(folder) }
        var strange: [String] = [], owners: Set<uid_t> = []
        while let entry = readdir(folder) {
            let name = ScratchFolder.name(of: entry)
            var found = stat()
            guard name != ".", name != "..", fstatat(dirfd(folder), name, &found, AT_SYMLINK_NOFOLLOW) == 0,
                found.st_uid != geteuid()
            else {
                continue
            }
            strange.append(name)
            owners.insert(found.st_uid)
        }
        guard !strange.isEmpty else { return .ok("files", "all in it are this user's") }
        let names = strange.sorted().prefix(5).map { Clean.text($0, most: 60) }.joined(separator: ", ")
        let users = owners.sorted().map { "\($0)" }.joined(separator: ", ")
        return .fail(
            "files",
            "\(names) \(strange.count == 1 ? "is" : "are") of user \(users): something ran here as another user, such as root from cron",
            "run all of it as one user, and give the files back: chown -R \(geteuid()) \(path)")
    }
}
