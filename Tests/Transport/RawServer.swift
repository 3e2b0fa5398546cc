import Foundation
import Glibc

/// A server on loopback that sends exactly the bytes a test wants, one script for each connection.
final class RawServer: @unchecked Sendable {
    let port: UInt16
    private let listener: Int32
    private let script: @Sendable (Connection) -> Void
    private let lock = NSLock()
    private let stopped = DispatchSemaphore(value: 0)
    private var heard: [String] = []
    private var accepted = 0
    private var isStopped = false

    /// Each connection runs `script` in its own thread, and is closed at its end.
    init(_ script: @escaping @Sendable (Connection) -> Void) {
        self.script = script
        let listener = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
        self.listener = listener
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_addr.s_addr = UInt32(0x7F00_0001).bigEndian
        var length = socklen_t(MemoryLayout<sockaddr_in>.size)
        withUnsafeMutablePointer(to: &address) {
            $0.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                _ = bind(listener, $0, length)
                getsockname(listener, $0, &length)
            }
        }
        listen(listener, 64)
        port = UInt16(bigEndian: address.sin_port)
        Thread { [self] in serve() }.start()
    }

    /// Whole requests that were read, oldest first.
    var requests: [String] { lock.withLock { heard } }
    var connections: Int { lock.withLock { accepted } }

    func stop() {
        let first = lock.withLock {
            defer { isStopped = true }
            return !isStopped
        }
        if first {
            shutdown(listener, Int32(SHUT_RDWR))  // the serving thread closes it
            stopped.wait()
        }
    }

    fileprivate func note(_ request: String) { lock.withLock { heard.append(request) } }

    private func serve() {
        while true {
            let fd = accept(listener, nil, nil)
            guard fd >= 0 else {
                close(listener)
                stopped.signal()
                return
            }
            let index = lock.withLock {
                accepted += 1
                return accepted
            }
            Thread { [self] in
                let connection = Connection(fd, index: index, server: self)
                script(connection)
                connection.end()
            }.start()
        }
    }

    final class Connection: @unchecked Sendable {
        /// 1 for the first connection of the server.
        let index: Int
        private let fd: Int32
        private let server: RawServer
        private var buffer: [UInt8] = []
        private var isOpen = true

        init(_ fd: Int32, index: Int, server: RawServer) {
            self.fd = fd
            self.index = index
            self.server = server
        }

        /// Reads head and body of one request, or returns nil at the end of the connection.
        @discardableResult
        func request() -> String? {
            guard let head = head() else { return nil }
            var length = 0
            for line in head.split(separator: "\r\n") where line.lowercased().hasPrefix("content-length:") {
                length = Int(line.dropFirst(15).trimmingCharacters(in: .whitespaces)) ?? 0
            }
            while buffer.count < length { guard more() else { return nil } }
            let text = head + String(decoding: buffer.prefix(length), as: UTF8.self)
            buffer.removeFirst(length)
            server.note(text)
            return text
        }

        /// Reads the head of one request only.
        func head() -> String? {
            while true {
                if let end = firstRange(of: Array("\r\n\r\n".utf8)) {
                    let head = String(decoding: buffer[..<end], as: UTF8.self)
                    buffer.removeFirst(end)
                    return head
                }
                guard more() else { return nil }
            }
        }

        /// Sends bytes; false if the peer is gone.
        @discardableResult
        func send(_ text: String) -> Bool { send(Array(text.utf8)) }

        @discardableResult
        func send(_ bytes: [UInt8]) -> Bool {
            var at = 0
            while at < bytes.count {
                let put = bytes[at...].withUnsafeBytes { Glibc.send(fd, $0.baseAddress, $0.count, Int32(MSG_NOSIGNAL)) }
                guard put > 0 else { return false }
                at += put
            }
            return true
        }

        /// Sends a complete answer with a length.
        @discardableResult
        func answer(_ body: String = "[]", status: String = "200 OK", headers: [String] = []) -> Bool {
            let lines = ["HTTP/1.1 \(status)", "Content-Type: application/json", "Content-Length: \(body.utf8.count)"] + headers
            return send(lines.joined(separator: "\r\n") + "\r\n\r\n" + body)
        }

        /// Reads until the peer closes.
        func drain() { while more() { buffer = [] } }

        func finishSending() { shutdown(fd, Int32(SHUT_WR)) }

        /// Closes with RST.
        func reset() {
            var option = linger(l_onoff: 1, l_linger: 0)
            setsockopt(fd, SOL_SOCKET, SO_LINGER, &option, socklen_t(MemoryLayout<linger>.size))
            end()
        }

        func end() {
            if isOpen { close(fd) }
            isOpen = false
        }

        private func more() -> Bool {
            guard isOpen else { return false }
            var chunk = [UInt8](repeating: 0, count: 65_536)
            let got = chunk.withUnsafeMutableBytes { recv(fd, $0.baseAddress, $0.count, 0) }
            guard got > 0 else { return false }
            buffer.append(contentsOf: chunk.prefix(got))
            return true
        }

        private func firstRange(of needle: [UInt8]) -> Int? {
            guard buffer.count >= needle.count else { return nil }
            for start in 0...(buffer.count - needle.count) where buffer[start..<start + needle.count].elementsEqual(needle) {
                return start + needle.count
            }
            return nil
        }
    }
}
