import CLibc

/// What stands beside the state in its directory.
enum Neighbours {
    /// The name of something that no release of this library makes there, or nil. Files of any channel are ours, with whatever a
    /// backup tool hangs on their names.
    static func first(in directory: String) -> String? {
        let fd = Descriptor.open(directory, O_RDONLY | O_DIRECTORY | O_NOFOLLOW)
        guard fd >= 0 else { return nil }
        guard let listing = fdopendir(fd) else {
            close(fd)
            return nil
        }
        defer { closedir(listing) }
        while let entry = readdir(listing) {
            // Safe: the name of an entry ends with a NUL, and is read before the next is asked for.
            guard let name = flxc_entry_name(entry).map({ String(cString: $0) }) else { continue }
            if !isOurs(name) { return Redaction.clean(name, longest: 80) }
        }
        return nil
    }

    private static func isOurs(_ name: String) -> Bool {
        if name == "." || name == ".." || name == "lost+found" { return true }  // the last is a file system's own
        return Text.contains(name, ".db") || Text.ends(name, ".lock") || Text.begins(name, "rate-limit-")
            || Text.begins(name, ".proof-")
    }
}
