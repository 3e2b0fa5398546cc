import Glibc

/// A file that a command is given, or standard input for "-".
enum Input {
    /// The library takes no longer text.
    private static let most = 64 << 20

    static func bytes(_ path: String, what: String) throws -> [UInt8] {
        let descriptor = path == "-" ? 0 : open(path, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else { throw Failure.usage("\(what) \(path) cannot be read: \(SystemError.text(errno))") }
        defer { if path != "-" { close(descriptor) } }
        return try read(descriptor, most: Input.most, what: "\(what) \(path)")
    }

    /// All that is there.
    static func read(_ descriptor: Int32, most: Int, what: String) throws -> [UInt8] {
        var bytes: [UInt8] = []
        var chunk = [UInt8](repeating: 0, count: 65536)
        while bytes.count <= most {
            let count = Glibc.read(descriptor, &chunk, chunk.count)
            if count == 0 { return bytes }
            if count > 0 {
                bytes.append(contentsOf: chunk[..<count])
            } else if errno != EINTR {
                throw Failure.usage("\(what) cannot be read: \(SystemError.text(errno))")
            }
        }
        throw Failure.usage("\(what) has more than \(most >> 20) MiB")
    }
}

extension JSON {
    static func read(_ bytes: [UInt8], what: String) throws -> JSON {
        do throws(JSONFault) { return try JSONParser.parse(bytes) } catch {
            throw Failure.usage("\(what) is not JSON: \(error.reason), at byte \(error.offset)")
        }
    }
}
