import Testing

@testable import FlxChannel

/// Connections that break, stall or lie. Names begin with the row of the fault catalogue.
@Suite struct NetworkFaultTests {
    @Test func n04_refusedConnectionDidNotArrive() throws {
        let server = RawServer { _ in }
        server.stop()
        let rig = try TransportRig(server)

        let error = try rig.error(TransportRig.post("{}"))

        guard case .connect = error else { throw TransportRig.Unexpected(text: error.message) }
        #expect(!error.mayHaveArrived)
        #expect(rig.transport.counters.attempts == 0)
    }

    @Test func n01_unknownNameDidNotArrive() throws {
        let transport = try Transport(
            TransportConfig(origin: Origin("https://hub.invalid"), token: "t", userAgent: "u", connectMs: 4000),
            rateLimiter: RateLimiter(store: MemoryRateLimit()), log: Log(level: .error, hiding: "t", sink: nil), cancel: .none)
        try takes(0...4500) {
            let exchange = TransportRig.get()
            transport.start(exchange)
            while exchange.outcome == nil { try transport.drive(until: .after(ms: 6000)) }

            guard case .failed(let error) = exchange.outcome else { throw TransportRig.Unexpected(text: "answered") }
            #expect(!error.mayHaveArrived)
        }
    }

    @Test func n07_peerThatNeverReadsEndsIdleAndMayHaveArrived() throws {
        let hold = Gate(2)
        let server = RawServer { _ in hold.pass() }
        let rig = try TransportRig(server, idleMs: 300)

        let error = try rig.error(TransportRig.post(String(repeating: "x", count: 8 << 20)))
        hold.pass()

        guard case .idleTimeout = error else { throw TransportRig.Unexpected(text: error.message) }
        #expect(error.mayHaveArrived)
    }

    @Test func n08_silentPeerEndsIdleAndMayHaveArrived() throws {
        let server = RawServer {
            $0.request(); $0.drain()
        }
        let rig = try TransportRig(server, idleMs: 300)

        try takes(300...400) {
            let seen = server.requests.count
            let error = try rig.error(TransportRig.post("{}"))

            guard case .idleTimeout = error else { throw TransportRig.Unexpected(text: error.message) }
            #expect(error.mayHaveArrived)
            #expect(server.requests.count == seen + 1)
        }
    }

    @Test func n09_silentCloseMayHaveArrivedAndIsNotSentAgain() throws {
        let server = RawServer { $0.request() }
        let rig = try TransportRig(server)

        let error = try rig.error(TransportRig.post("{}"))

        guard case .receive = error else { throw TransportRig.Unexpected(text: error.message) }
        #expect(error.mayHaveArrived)
        #expect(server.requests.count == 1)
        #expect(rig.transport.counters.orders == 1)
    }

    /// libcurl sends a request again by itself when a kept connection dies under it. Ours must not, with or without body.
    @Test(
        arguments: [(HTTPMethod.post, "{}"), (.patch, "[]"), (.post, ""), (.delete, nil), (.get, nil)] as [(HTTPMethod, String?)])
    func n10_reusedConnectionThatDiesCarriesOneAttempt(_ method: HTTPMethod, _ body: String?) throws {
        let server = RawServer { connection in
            guard connection.request() != nil else { return }
            connection.answer()
            if connection.index == 1 { connection.request() } else { while connection.request() != nil { connection.answer() } }
        }
        let rig = try TransportRig(server)
        _ = try rig.response(TransportRig.get())

        let error = try rig.error(
            Exchange(
                HTTPRequest(
                    operation: "t", method: method, target: "/x", body: body.map { Array($0.utf8) }, priority: .answer)))

        #expect(error.mayHaveArrived)
        #expect(server.requests.count == 2)  // the first answered one, and this one once
        #expect(rig.transport.counters.attempts == 2)
    }

    @Test(arguments: [
        "HTT", "HTTP/1.1 200 OK\r\n", "HTTP/1.1 200 OK\r\nContent-Le", "HTTP/1.1 200 OK\r\nContent-Length: 4\r\n\r\n",
    ])
    func n11_resetInTheAnswerMayHaveArrived(_ prefix: String) throws {
        let server = RawServer {
            $0.request(); $0.send(prefix); $0.reset()
        }
        let rig = try TransportRig(server)

        #expect(try rig.error(TransportRig.post("{}")).mayHaveArrived)
        #expect(server.requests.count == 1)
    }

    @Test(arguments: [
        "HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\n[1]",  // N-12
        "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n3\r\n[1]\r\n",  // N-13
        "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\n[1]",
    ])
    func n12_n13_cutAnswerIsNoAnswer(_ bytes: String) throws {
        let server = RawServer {
            $0.request(); $0.send(bytes)
        }
        let rig = try TransportRig(server)

        guard case .receive = try rig.error(TransportRig.get()) else { throw TransportRig.Unexpected(text: "other error") }
    }

    /// Nothing on the wire tells that it was cut: the reader of the JSON has to.
    @Test func n14_answerWithoutLengthIsGivenAsItCame() throws {
        let server = RawServer {
            $0.request(); $0.send("HTTP/1.1 200 OK\r\n\r\n[1,")
        }
        let rig = try TransportRig(server)

        #expect(try rig.response(TransportRig.get()).body == Array("[1,".utf8))
    }

    @Test func n15_halfCloseWithoutAnAnswerMayHaveArrived() throws {
        let server = RawServer {
            $0.request(); $0.finishSending(); $0.drain()
        }
        let rig = try TransportRig(server)

        #expect(try rig.error(TransportRig.post("{}")).mayHaveArrived)
    }

    @Test func n16_dripIsStoppedByTheAttemptLimit() throws {
        let server = RawServer { connection in
            connection.request()
            connection.send("HTTP/1.1 200 OK\r\n\r\n")
            while connection.send(" ") { TestSystem.sleep(ms: 20) }
        }
        let rig = try TransportRig(server, attemptMs: 1200, idleMs: 600)

        try takes(1200...1300) {
            let error = try rig.error(TransportRig.get())
            guard case .attemptTimeout = error else { throw TransportRig.Unexpected(text: error.message) }
        }
    }

    @Test func n17_singleBytesArriveWhole() throws {
        let server = RawServer { connection in
            connection.request()
            for byte in "HTTP/1.1 200 OK\r\nContent-Length: 3\r\n\r\n[1]".utf8 { connection.send([byte]) }
        }
        let rig = try TransportRig(server)

        #expect(try rig.response(TransportRig.get()).body == Array("[1]".utf8))
    }

    /// While the host is away nothing is timed: 900 ms of absence are no idle time.
    @Test func timeOfAnAbsentHostDoesNotCount() throws {
        let isAway = Gate(2)
        let server = RawServer {
            $0.request(); isAway.pass(); $0.answer()
        }
        let rig = try TransportRig(server, connectMs: 800, attemptMs: 800, idleMs: 800)
        let exchange = TransportRig.get()
        rig.transport.start(exchange)
        while server.requests.isEmpty { try rig.transport.drive(until: .after(ms: 10)) }
        TestSystem.sleep(ms: 900)
        isAway.pass()

        guard case .answered = try rig.finish(exchange) else { throw TransportRig.Unexpected(text: "failed") }
    }

    @Test func n23_earlyAnswerIsUsed() throws {
        let server = RawServer { connection in
            _ = connection.head()
            connection.answer("{}", status: "413 Payload Too Large", headers: ["Connection: close"])
            connection.finishSending()
            connection.drain()
        }
        let rig = try TransportRig(server)

        #expect(try rig.response(TransportRig.post(String(repeating: "x", count: 4 << 20))).status == 413)
    }

    @Test func n28_proxyOfTheEnvironmentIsIgnored() throws {
        for name in ["http_proxy", "ALL_PROXY", "all_proxy"] { TestSystem.setenv(name, "http://127.0.0.1:9") }
        defer { for name in ["http_proxy", "ALL_PROXY", "all_proxy"] { TestSystem.unsetenv(name) } }
        let server = RawServer {
            $0.request(); $0.answer()
        }
        let rig = try TransportRig(server)

        #expect(try rig.response(TransportRig.get()).status == 200)
    }

    @Test func n29_refusingProxyDidNotArriveAndGetsNoToken() throws {
        let proxy = RawServer {
            $0.request(); $0.answer("", status: "407 Proxy Authentication Required")
        }
        var config = TransportConfig(origin: try Origin("https://hub.invalid"), token: "secret-token", userAgent: "u")
        config.proxy = "http://user:hunter2@127.0.0.1:\(proxy.port)"
        let transport = try Transport(
            config, rateLimiter: RateLimiter(store: MemoryRateLimit()), log: Log(level: .error, hiding: "secret-token", sink: nil),
            cancel: .none)
        let exchange = TransportRig.post("{}")
        transport.start(exchange)
        while exchange.outcome == nil { try transport.drive(until: .after(ms: 5000)) }

        guard case .failed(let error) = exchange.outcome else { throw TransportRig.Unexpected(text: "answered") }
        #expect(!error.mayHaveArrived)
        #expect(!error.message.contains("hunter2"))
        #expect(proxy.requests.first?.hasPrefix("CONNECT hub.invalid:443") == true)
        #expect(!proxy.requests.joined().contains("secret-token"))
    }

    @Test func cancelEndsTheWaitAtOnce() throws {
        let fired = TestSystem.Flag()
        let server = RawServer {
            $0.request(); $0.drain()
        }
        let rig = try TransportRig(server, cancel: CancelSource(fd: { fired.fd }, isFired: { fired.isSet }))
        let exchange = TransportRig.get()
        rig.transport.start(exchange)
        fired.set(afterMs: 100)

        let start = Clock.monotonicMs()
        #expect(throws: TransportError.canceled) { try rig.transport.drive(until: Deadline.after(ms: 60_000)) }

        #expect(Clock.monotonicMs() - start < 30_000)
        #expect(exchange.outcome == nil)
        rig.transport.abandon(exchange)
        guard case .failed(.abandoned(mayHaveArrived: true)) = exchange.outcome else {
            throw TransportRig.Unexpected(text: "not abandoned")
        }
    }

    @Test func slotThatRanOutBeforeTheConnectionWasReadyIsNotUsed() throws {
        let server = RawServer {
            $0.request(); $0.answer()
        }
        let rig = try TransportRig(server, connectMs: 1000, attemptMs: 1000)
        let exchange = TransportRig.get()
        rig.transport.start(exchange)
        try rig.transport.drive(until: .after(ms: 0))
        let before = rig.transport.counters.attempts
        TestSystem.sleep(ms: 1050)

        guard case .answered = try rig.finish(exchange) else { throw TransportRig.Unexpected(text: "failed") }
        #expect(before == 0)
        #expect(rig.transport.counters.attempts == 1)
        #expect(server.requests.count == 1)
    }
}
