import Glibc
import Testing

@testable import FlxChannel

/// What a child of fork may do with a transport and a rate limit file of its parent: K-05.
@Suite struct ForkTests {
    /// Swift hides `fork`; the child runs `body` and ends with its result.
    private func child(_ body: () -> Int32) throws -> Int32 {
        typealias Fork = @convention(c) () -> pid_t
        let symbol = try #require(dlsym(nil, "fork"))
        let pid = unsafeBitCast(symbol, to: Fork.self)()
        if pid == 0 {
            alarm(10)
            _exit(body())
        }
        var status: Int32 = 0
        waitpid(pid, &status, 0)
        return status
    }

    @Test func k05_childClosesATransportAndTheParentGoesOnWithItsConnection() throws {
        let server = RawServer { connection in while connection.request() != nil { connection.answer() } }
        let rig = try TransportRig(server)
        _ = try rig.response(TransportRig.get())

        let status = try child {
            do throws(TransportError) {
                try rig.transport.drive(until: .after(ms: 0))
                return 1
            } catch {
                rig.transport.closeAfterFork()
                return error == .forked ? 0 : 2
            }
        }

        #expect(status == 0)
        #expect(try rig.response(TransportRig.get()).status == 200)
        #expect(server.connections == 1)
    }

    @Test func k05_childThatClosesInTheMiddleOfAnExchangeDoesNotDisturbIt() throws {
        let answering = Gate(2)
        let server = RawServer {
            $0.request(); answering.pass(); $0.answer()
        }
        let rig = try TransportRig(server)
        let exchange = TransportRig.post("{}")
        rig.transport.start(exchange)
        while server.requests.isEmpty { try rig.transport.drive(until: .after(ms: 10)) }

        let status = try child {
            rig.transport.closeAfterFork()
            return 0
        }
        answering.pass()

        #expect(status == 0)
        guard case .answered = try rig.finish(exchange) else { throw TransportRig.Unexpected(text: "failed") }
        #expect(server.requests.count == 1)
    }

    @Test func k05_childLeavesThePaceFileAlone() throws {
        let directory = TestSystem.temporaryDirectory()
        defer { TestSystem.remove(directory) }
        let file = try RateLimitFile(directory: directory, origin: "o", token: "t")
        try file.update(by: .after(ms: 5000)) { $0.shares.sincePoll = 3 }

        let status = try child {
            do throws(RateLimitError) {
                try file.update(by: .after(ms: 5000)) { $0.shares.sincePoll = 9 }
                return 1
            } catch {
                return error == .forked ? 0 : 2
            }
        }

        #expect(status == 0)
        var since: Int64 = 0
        try file.update(by: .after(ms: 5000)) { since = $0.shares.sincePoll }
        #expect(since == 3)
    }
}
