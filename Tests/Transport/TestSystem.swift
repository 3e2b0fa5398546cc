import Foundation
import Glibc

/// Small dealings of the tests with the system.
enum TestSystem {
    static func sleep(ms: UInt32) { usleep(ms * 1000) }
    static func setenv(_ name: String, _ value: String) { Glibc.setenv(name, value, 1) }
    static func unsetenv(_ name: String) { Glibc.unsetenv(name) }

    static func temporaryDirectory() -> String {
        var name = Array("/tmp/flx-test-XXXXXX".utf8CString)
        return String(cString: mkdtemp(&name))
    }

    static func remove(_ directory: String) { try? FileManager.default.removeItem(atPath: directory) }

    /// A flag with a descriptor that becomes readable when it is set.
    final class Flag: @unchecked Sendable {
        let fd: Int32
        private let writeEnd: Int32
        private let lock = NSLock()
        private var value = false

        init() {
            var ends: [Int32] = [-1, -1]
            pipe(&ends)
            (fd, writeEnd) = (ends[0], ends[1])
        }

        var isSet: Bool { lock.withLock { value } }

        func set(afterMs ms: UInt32) {
            Thread { [self] in
                usleep(ms * 1000)
                lock.withLock { value = true }
                _ = write(writeEnd, "x", 1)
            }.start()
        }

        deinit {
            close(fd)
            close(writeEnd)
        }
    }
}

extension TestSystem {
    /// Sockets of this process that are connected to `port` of loopback.
    static func openDescriptors(to port: UInt16) -> Int {
        let names = (try? FileManager.default.contentsOfDirectory(atPath: "/proc/self/fd")) ?? []
        return names.compactMap { Int32($0) }.count { fd in
            var address = sockaddr_in()
            var length = socklen_t(MemoryLayout<sockaddr_in>.size)
            let known = withUnsafeMutablePointer(to: &address) {
                $0.withMemoryRebound(to: sockaddr.self, capacity: 1) { getpeername(fd, $0, &length) == 0 }
            }
            return known && address.sin_family == sa_family_t(AF_INET) && UInt16(bigEndian: address.sin_port) == port
        }
    }

    /// Made by gzip itself, for a test of what inflates too much.
    static func gzipOfZeros(megabytes: Int) -> [UInt8]? {
        guard let pipe = popen("head -c \(megabytes << 20) /dev/zero | gzip -9", "r") else { return nil }
        defer { pclose(pipe) }
        var bytes: [UInt8] = []
        var chunk = [UInt8](repeating: 0, count: 65_536)
        while case let got = fread(&chunk, 1, chunk.count, pipe), got > 0 { bytes += chunk.prefix(got) }
        return bytes.isEmpty ? nil : bytes
    }
}
