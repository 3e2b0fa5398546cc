import Glibc

/// Standard output and standard error: whole lines, written at once.
enum Output {
    /// Whether people look at it.
    static var isTerminal: Bool { isatty(1) == 1 }
    static var isErrorTerminal: Bool { isatty(2) == 1 }

    static func line(_ text: String) throws { try write(Array(text.utf8) + [0x0A], to: 1) }

    static func line(_ bytes: [UInt8]) throws { try write(bytes + [0x0A], to: 1) }

    static func lines(_ lines: [String]) throws {
        guard !lines.isEmpty else { return }
        try line(lines.joined(separator: "\n"))
    }

    /// Requests that were not sent, one after the other, byte for byte as they would leave, but for what would drive a terminal.
    static func requests(_ list: [UInt8]) throws {
        do {
            for request in try JSONParser.elements(of: list) {
                if isTerminal {
                    try line(Clean.text(String(decoding: request, as: UTF8.self)))
                } else {
                    try line(Array(request))
                }
            }
        } catch let fault as JSONFault {
            throw Failure(.fault, "what the library gives is not JSON: \(fault.reason)")
        }
    }

    /// For people, beside the output. That it cannot be written stops nothing.
    static func note(_ text: String) { try? write(Array(Clean.text(text).utf8) + [0x0A], to: 2) }

    /// What was written is on the disk, where it is a file.
    static func settle() throws {
        guard fsync(1) != 0, errno != EINVAL, errno != EROFS, errno != ENOTSUP else { return }
        throw Failure.local("the output could not be written: \(SystemError.text(errno))")
    }

    static func write(_ bytes: [UInt8], to descriptor: Int32) throws {
        var start = 0
        while start < bytes.count {
            let count = bytes[start...].withUnsafeBytes { Glibc.write(descriptor, $0.baseAddress, $0.count) }
            if count > 0 {
                start += count
            } else if errno == EAGAIN {
                var waited = pollfd(fd: descriptor, events: Int16(POLLOUT), revents: 0)
                _ = poll(&waited, 1, 1000)
            } else if errno != EINTR {
                throw Failure.local("the output could not be written: \(SystemError.text(errno))")
            }
        }
    }
}

/// What the system says of an error.
enum SystemError {
    static func text(_ code: Int32) -> String {
        var buffer = [CChar](repeating: 0, count: 200)
        guard strerror_r(code, &buffer, buffer.count) == 0 else { return "error \(code)" }
        let bytes = buffer.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }
        return String(decoding: bytes, as: UTF8.self).lowercased()
    }
}
