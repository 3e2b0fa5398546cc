import Glibc

/// The end of a log file, and what is appended to it later; a file that was moved away is left for the new one.
struct LogTail {
    private let path: String
    private var offset: Int64 = 0
    private var inode: ino_t = 0

    /// So much of it is read at a time.
    private let most: Int64

    init(_ path: String, most: Int64 = 8 << 20) throws {
        (self.path, self.most) = (path, most)
        var found = stat()
        guard stat(path, &found) == 0 else { throw Failure.usage("the log \(path) cannot be read: \(SystemError.text(errno))") }
        offset = max(0, Int64(found.st_size) - most)
        inode = found.st_ino
    }

    /// Whole lines since the last call.
    mutating func read() throws -> [UInt8] {
        let descriptor = open(path, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else {
            guard errno != ENOENT else { return [] }
            throw Failure.usage("the log \(path) cannot be read: \(SystemError.text(errno))")
        }
        defer { close(descriptor) }
        var found = stat()
        guard fstat(descriptor, &found) == 0 else { return [] }
        if found.st_ino != inode || Int64(found.st_size) < offset { (inode, offset) = (found.st_ino, 0) }
        var bytes: [UInt8] = []
        var chunk = [UInt8](repeating: 0, count: 65536)
        while Int64(bytes.count) <= most {
            let count = pread(descriptor, &chunk, chunk.count, off_t(offset + Int64(bytes.count)))
            guard count > 0 else { break }
            bytes.append(contentsOf: chunk[..<count])
        }
        guard let end = bytes.lastIndex(of: 0x0A) else { return [] }
        offset += Int64(end) + 1
        return Array(bytes[...end])
    }
}
