import Testing

@testable import FlxChannel

/// What travels when all goes well, and what the owner of an exchange can do.
@Suite struct TransportTests {
    @Test func getCarriesTokenAndBringsTheBody() throws {
        let server = RawServer {
            $0.request(); $0.answer("[1]", headers: ["Date: Sun, 06 Nov 2022 08:49:37 GMT"])
        }
        let rig = try TransportRig(server)

        let response = try rig.response(TransportRig.get("/listing/variants?page=1"))

        #expect(response.status == 200)
        #expect(response.body == Array("[1]".utf8))
        #expect(response.dateMs == 1_667_724_577_000)
        let request = try #require(server.requests.first)
        #expect(request.hasPrefix("GET /listing/variants?page=1 HTTP/1.1\r\n"))
        #expect(request.contains("\r\nX-API-TOKEN: secret-token\r\n"))
        #expect(!request.contains("Expect:"))
    }

    @Test func postSendsTheBodyOnceWithItsLength() throws {
        let server = RawServer {
            $0.request(); $0.answer("{}", status: "201 Created")
        }
        let rig = try TransportRig(server)
        let body = "{\"a\":\"\(String(repeating: "x", count: 300_000))\"}"

        let response = try rig.response(TransportRig.post(body))

        #expect(response.status == 201)
        #expect(server.requests.count == 1)
        let request = try #require(server.requests.first)
        #expect(request.hasPrefix("POST /orders HTTP/1.1\r\n"))
        #expect(request.contains("\r\nContent-Type: application/json\r\n"))
        #expect(request.hasSuffix("\r\n\r\n" + body))
        #expect(!request.lowercased().contains("expect:"))
    }

    @Test(arguments: [(HTTPMethod.put, "PUT"), (.patch, "PATCH"), (.delete, "DELETE"), (.post, "POST")])
    func methodIsNamedAndBodyless(_ method: HTTPMethod, _ name: String) throws {
        let server = RawServer {
            $0.request(); $0.answer()
        }
        let rig = try TransportRig(server)

        _ = try rig.response(Exchange(HTTPRequest(operation: "t", method: method, target: "/x", priority: .poll)))

        let request = try #require(server.requests.first)
        #expect(request.hasPrefix("\(name) /x HTTP/1.1\r\n"))
        #expect(!request.lowercased().contains("content-type"), "libcurl would give it that of a form")
    }

    @Test func readsShareAConnectionAndOrdersDoNot() throws {
        let server = RawServer { connection in while connection.request() != nil { connection.answer() } }
        let rig = try TransportRig(server)

        for _ in 0..<3 { _ = try rig.response(TransportRig.get()) }
        #expect(server.connections == 1)
        for _ in 0..<2 { _ = try rig.response(TransportRig.post("{}")) }
        #expect(server.connections == 3)
    }

    @Test func severalExchangesAreInFlightAtOnce() throws {
        let together = Gate(3)
        let server = RawServer {
            $0.request(); together.pass(); $0.answer()
        }
        let rig = try TransportRig(server)
        let exchanges = (0..<3).map { _ in TransportRig.get() }

        for exchange in exchanges { rig.transport.start(exchange) }
        for exchange in exchanges { _ = try rig.finish(exchange) }

        #expect(server.connections == 3)
        #expect(rig.transport.counters.polls == 3)
        #expect(rig.transport.pending == 0)
    }

    @Test func senderThatSaysNoSendsNothingAndGivesTheSlotBack() throws {
        let server = RawServer {
            $0.request(); $0.answer()
        }
        let rig = try TransportRig(server)
        rig.store.isOpen = false
        let exchange = Exchange(HTTPRequest(operation: "t", method: .get, target: "/", priority: .order)) { false }

        #expect(try rig.error(exchange) == .canceledBySender)
        #expect(rig.store.state.requests.isEmpty)
        #expect(server.connections == 0)
        #expect(rig.transport.counters.attempts == 0)
    }

    @Test func gzipIsInflated() throws {
        let gzip: [UInt8] = [31, 139, 8, 0, 0, 0, 0, 0, 2, 3, 139, 54, 140, 5, 0, 184, 50, 47, 76, 3, 0, 0, 0]  // [1]
        let server = RawServer { connection in
            guard connection.request()?.contains("\r\nAccept-Encoding: gzip, deflate\r\n") == true else { return }
            connection.send("HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\nContent-Length: \(gzip.count)\r\n\r\n")
            connection.send(gzip)
        }
        let rig = try TransportRig(server)

        #expect(try rig.response(TransportRig.get()).body == Array("[1]".utf8))
    }

    @Test func waitingForASlotEndsAtTheDeadline() throws {
        let server = RawServer {
            $0.request(); $0.answer()
        }
        let rig = try TransportRig(server)
        rig.store.isOpen = false
        rig.store.state = .conservative(now: Clock.bootMs())
        let exchange = TransportRig.get()
        rig.transport.start(exchange)

        try takes(200...260) { try rig.transport.drive(until: .after(ms: 200)) }

        #expect(exchange.outcome == nil)
        #expect(exchange.waitMs > 0)
        #expect(server.connections == 0)
    }

    @Test func hubClockIsLearntFromAnswers() throws {
        let server = RawServer {
            $0.request(); $0.answer(headers: ["Date: Sun, 06 Nov 2022 08:49:37 GMT"])
        }
        let rig = try TransportRig(server)

        let response = try rig.response(TransportRig.get())

        let fetched = try #require(rig.transport.clock.fetchInstant(requestStartedMs: response.startedMs))
        #expect((1_667_724_575_000...1_667_724_576_000).contains(fetched))
        #expect(fetched % 1000 == 0)
    }

    @Test func tokenIsNeitherInTheLogNorInErrors() throws {
        let server = RawServer {
            $0.request(); $0.end()
        }
        let rig = try TransportRig(server)

        let error = try rig.error(TransportRig.get("/secret-token"))

        #expect(!error.message.contains("secret-token"))
        #expect(!rig.log.take().joined().contains("secret-token"))
    }
}
