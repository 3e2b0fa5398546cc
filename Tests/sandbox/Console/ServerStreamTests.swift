import Glibc
import Testing

@testable import flx_sandbox

/// The stream as it is on the wire, from the server that the command starts.
@Suite struct ServerStreamTests {
    @Test func streamBeginsWithItsHeadGoesOnWithEventsAndEndsWithTheServer() throws {
        let desk = Desk(hub: Hub(seed: try Seed.read("tiny")))
        let server = try SandboxServer(desk: desk, port: 0)
        let reader = try Connection(port: server.port)
        reader.ask("GET /_console/events HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n")
        reader.read(until: "event: journal")
        #expect(reader.text.begins("HTTP/1.1 200 OK\r\n"))
        #expect(reader.text.range(of: "\r\nConnection: close\r\n\r\nretry: 2000\n\nevent: state\ndata: {") != nil)

        let shop = try Connection(port: server.port)
        shop.ask("GET /listing/variants/count HTTP/1.1\r\nHost: 127.0.0.1\r\nX-API-TOKEN: sandbox-channel-token\r\n\r\n")
        reader.read(until: "/listing/variants/count")
        #expect(reader.text.range(of: "/listing/variants/count") != nil)

        server.stop()
        reader.read(until: nil)
        #expect(reader.text.ends("event: end\ndata: {\"reason\":\"the sandbox has stopped\"}\n\n"))
    }

    @Test func readerThatClosesItsHalfIsDone() throws {
        let desk = Desk(hub: Hub(seed: try Seed.read("tiny")))
        let server = try SandboxServer(desk: desk, port: 0)
        let reader = try Connection(port: server.port)
        reader.ask("GET /_console/events HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n")
        reader.read(until: "event: journal")
        reader.closeHalf()
        reader.read(until: nil)
        #expect(reader.isAtEnd)
        server.stop()
        #expect(desk.watch.streams.isEmpty)
    }
}

/// A connection to a port of this machine. What never comes is waited for half a minute.
private final class Connection {
    struct Unreachable: Error {}

    private let socket: CInt
    private(set) var text = ""
    private(set) var isAtEnd = false

    init(port: Int) throws {
        socket = Glibc.socket(AF_INET, CInt(SOCK_STREAM.rawValue), 0)
        var patience = timeval(tv_sec: 30, tv_usec: 0)
        setsockopt(socket, SOL_SOCKET, SO_RCVTIMEO, &patience, socklen_t(MemoryLayout<timeval>.size))
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_port = in_port_t(port).bigEndian
        address.sin_addr.s_addr = inet_addr("127.0.0.1")
        let status = withUnsafePointer(to: &address) {
            $0.withMemoryRebound(to: sockaddr.self, capacity: 1) { connect(socket, $0, socklen_t(MemoryLayout<sockaddr_in>.size)) }
        }
        guard status == 0 else { throw Unreachable() }
    }

    deinit { close(socket) }

    func ask(_ text: String) {
        let bytes = Array(text.utf8)
        send(socket, bytes, bytes.count, CInt(MSG_NOSIGNAL))
    }

    func closeHalf() { shutdown(socket, CInt(SHUT_WR)) }

    /// Reads until a text has come, or to the end.
    func read(until wanted: String?) {
        var block = [UInt8](repeating: 0, count: 65536)
        while wanted.map({ text.range(of: $0) == nil }) ?? true {
            let count = recv(socket, &block, block.count, 0)
            guard count > 0 else {
                isAtEnd = count == 0
                return
            }
            text += String(decoding: block[..<count], as: UTF8.self)
        }
    }
}
