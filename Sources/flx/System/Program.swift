import Glibc

/// Another program, run to its end for what it prints.
enum Program {
    /// Nil if it did not end well in its time.
    static func output(_ words: [String], waitMs: Int64) -> String? {
        guard let pipe = try? Pipe() else { return nil }
        defer { close(pipe.reader) }
        var actions = posix_spawn_file_actions_t(), attributes = posix_spawnattr_t()
        posix_spawn_file_actions_init(&actions)
        posix_spawnattr_init(&attributes)
        defer {
            posix_spawn_file_actions_destroy(&actions)
            posix_spawnattr_destroy(&attributes)
        }
        posix_spawn_file_actions_addopen(&actions, 0, "/dev/null", O_RDONLY, 0)
        posix_spawn_file_actions_adddup2(&actions, pipe.writer, 1)
        posix_spawnattr_setpgroup(&attributes, 0)
        posix_spawnattr_setflags(&attributes, Int16(POSIX_SPAWN_SETPGROUP))
        var copies = words.map { strdup($0) } + [nil], process: pid_t = 0
        defer { for copy in copies { free(copy) } }
        let code = posix_spawn(&process, words.first ?? "", &actions, &attributes, &copies, ChildEnvironment().pointers)
        close(pipe.writer)
        guard code == 0 else { return nil }
        let bytes = read(pipe.reader, until: Instant.monotonicMs() + waitMs)
        if bytes == nil { kill(-process, SIGKILL) }
        var status: Int32 = 0
        while waitpid(process, &status, 0) < 0, errno == EINTR {}
        guard let bytes, status == 0 else { return nil }
        return String(decoding: bytes, as: UTF8.self)
    }

    /// To its end; nil if that does not come.
    private static func read(_ descriptor: Int32, until end: Int64) -> [UInt8]? {
        var bytes: [UInt8] = []
        var chunk = [UInt8](repeating: 0, count: 4096)
        while true {
            var waited = pollfd(fd: descriptor, events: Int16(POLLIN), revents: 0)
            guard poll(&waited, 1, Int32(clamping: max(0, end - Instant.monotonicMs()))) > 0, bytes.count < 1 << 20 else {
                return nil
            }
            let count = Glibc.read(descriptor, &chunk, chunk.count)
            guard count > 0 else { return bytes }
            bytes.append(contentsOf: chunk[..<count])
        }
    }
}
