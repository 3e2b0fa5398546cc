import Testing

@testable import FlxChannel

/// Answers that are not what HTTP is. Names begin with the row of the fault catalogue.
@Suite struct HTTPFaultTests {
    /// What the transport says to exactly these bytes.
    private func outcome(_ bytes: String, bodyLimit: Int = 1 << 20, idleMs: Int64 = 2000) throws -> ExchangeOutcome {
        let server = RawServer {
            $0.request(); $0.send(bytes)
        }
        let rig = try TransportRig(server, idleMs: idleMs, bodyLimit: bodyLimit)
        return try rig.run(TransportRig.post("{}"))
    }

    private func isProtocolFault(_ outcome: ExchangeOutcome) -> Bool {
        guard case .failed(let error) = outcome, case .protocolViolation = error else { return false }
        return error.mayHaveArrived
    }

    @Test(arguments: [301, 302, 303, 307, 308], ["", "http://other.invalid/x", "file:///etc/passwd", "//evil.invalid:8443/"])
    func h10_redirectIsNotFollowedAndNamesItsHost(_ status: Int, _ location: String) throws {
        let other = RawServer {
            $0.request(); $0.answer()
        }
        let target = location.isEmpty ? "http://127.0.0.1:\(other.port)/x" : location
        let server = RawServer {
            $0.request(); $0.answer("", status: "\(status) Moved", headers: ["Location: \(target)"])
        }
        let rig = try TransportRig(server)

        guard case .redirect(let found, let host) = try rig.error(TransportRig.get()) else {
            throw TransportRig.Unexpected(text: "no redirect")
        }

        #expect(found == status)
        switch location {
        case "": #expect(host == "127.0.0.1:\(other.port)")
        case "http://other.invalid/x": #expect(host == "other.invalid")
        case "file:///etc/passwd": #expect(host == "" || host == "file:")
        default: #expect(host == "evil.invalid:8443")
        }
        #expect(other.connections == 0)
        #expect(server.connections == 1)
    }

    @Test(arguments: [418, 425, 499, 520, 527, 599])
    func h17_unusualStatusIsAnAnswer(_ status: Int) throws {
        guard case .answered(let response) = try outcome("HTTP/1.1 \(status) X\r\nContent-Length: 0\r\n\r\n") else {
            throw TransportRig.Unexpected(text: "failed")
        }
        #expect(response.status == status)
    }

    @Test(arguments: ["99", "600", "0", "1000", "20x", "-200", "101"])
    func h17_statusOutsideTheRangeIsNoHTTP(_ status: String) throws {
        #expect(isProtocolFault(try outcome("HTTP/1.1 \(status) X\r\nContent-Length: 0\r\n\r\n")))
    }

    @Test(arguments: [
        "Content-Encoding: br\r\nContent-Length: 3\r\n\r\n[1]",  // H-20: never offered
        "Content-Encoding: gzip, gzip\r\nContent-Length: 3\r\n\r\n[1]",
        "Content-Encoding: gzip\r\nContent-Encoding: gzip\r\nContent-Length: 3\r\n\r\n[1]",
        "Content-Encoding: rot13\r\nContent-Length: 3\r\n\r\n[1]",
        "Content-Encoding: gzip\r\nContent-Length: 3\r\n\r\n[1]",  // H-19: plain
    ])
    func h18_h19_wrongCodingIsAFault(_ rest: String) throws {
        #expect(isProtocolFault(try outcome("HTTP/1.1 200 OK\r\n" + rest)))
    }

    @Test(arguments: [
        "Content-Length: 3\r\nContent-Length: 3\r\n\r\n[1]",
        "Content-Length: 3\r\nContent-Length: 9\r\n\r\n[1]",
        "Content-Length: 3, 3\r\n\r\n[1]",
        "Content-Length: 3\r\nTransfer-Encoding: chunked\r\n\r\n3\r\n[1]\r\n0\r\n\r\n",
        "Transfer-Encoding: chunked\r\nContent-Length: 3\r\n\r\n3\r\n[1]\r\n0\r\n\r\n",
        "Transfer-Encoding: gzip, chunked\r\n\r\n3\r\n[1]\r\n0\r\n\r\n",
        "Content-Length: -3\r\n\r\n[1]",
        "Content-Length: 9223372036854775808\r\n\r\n[1]",
        "Content-Length: 0x3\r\n\r\n[1]",
    ])
    func h21_doubtfulLengthIsRejected(_ rest: String) throws {
        #expect(isProtocolFault(try outcome("HTTP/1.1 200 OK\r\n" + rest)))
    }

    @Test func h21_lengthOverTheLimitIsTooLargeAtOnce() throws {
        guard case .failed(.tooLarge(let limit)) = try outcome("HTTP/1.1 200 OK\r\nContent-Length: 1048577\r\n\r\n") else {
            throw TransportRig.Unexpected(text: "not too large")
        }
        #expect(limit == 1 << 20)
    }

    @Test func h20_bombStopsAtTheLimit() throws {
        let bomb = try #require(TestSystem.gzipOfZeros(megabytes: 64))
        let server = RawServer { connection in
            connection.request()
            connection.send("HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\nContent-Length: \(bomb.count)\r\n\r\n")
            connection.send(bomb)
        }
        #expect(try TransportRig(server, bodyLimit: 4 << 20).error(TransportRig.get()) == .tooLarge(limit: 4 << 20))

        let error = try TransportRig(server, bodyLimit: 256 << 20).error(TransportRig.get())  // within the limit, not the ratio
        guard case .protocolViolation = error else { throw TransportRig.Unexpected(text: error.message) }
    }

    @Test func h22_floodsOfHeadersAndOfInterimAnswersAreStopped() throws {
        let lines = String(repeating: "X-Flood: \(String(repeating: "x", count: 100))\r\n", count: 2000)
        #expect(isProtocolFault(try outcome("HTTP/1.1 200 OK\r\n" + lines + "\r\n")))
        let line = "X-Long: \(String(repeating: "x", count: 90_000))\r\n"
        #expect(isProtocolFault(try outcome("HTTP/1.1 200 OK\r\n" + line + "\r\n")))
        let huge = "X-Long: \(String(repeating: "x", count: 400_000))\r\n"
        guard case .failed(let error) = try outcome("HTTP/1.1 200 OK\r\n" + huge + "\r\n") else {
            throw TransportRig.Unexpected(text: "answered")
        }
        #expect(error.mayHaveArrived)
        #expect(isProtocolFault(try outcome(String(repeating: "HTTP/1.1 103 Early\r\n\r\n", count: 10_000))))
    }

    @Test func fewInterimAnswersAreSkipped() throws {
        let answer = "HTTP/1.1 103 Early\r\nContent-Length: 9\r\n\r\nHTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n[]"
        guard case .answered(let response) = try outcome(answer) else { throw TransportRig.Unexpected(text: "failed") }
        #expect(response.status == 200)
    }

    @Test(arguments: [
        "X-A: a\0b\r\n", "X-A: a\r\n folded\r\n", "X-A\r\n", ": x\r\n", "Date: nonsense\r\n",
        "Date: Thu, 01 Jan 1970 00:00:00 GMT\r\n",
        "Date: Sun, 06 Nov 2022 08:49:37 GMT\r\nDate: Sun, 06 Nov 2022 08:49:38 GMT\r\n",
    ])
    func h23_strangeHeadersTeachTheClockNothing(_ header: String) throws {
        let server = RawServer {
            $0.request(); $0.send("HTTP/1.1 200 OK\r\n\(header)Content-Length: 2\r\n\r\n[]")
        }
        let rig = try TransportRig(server)

        _ = try rig.run(TransportRig.get())

        #expect(rig.transport.clock.now() == nil)
    }

    @Test(arguments: [
        "hello", "HTTP/0.9 200 OK\r\n\r\n", "HTTP/2 200\r\n\r\n", "ICY 200 OK\r\n\r\n", "\r\n\r\n", "<html></html>\n\n",
    ])
    func h25_otherProtocolsAreFaults(_ bytes: String) throws {
        guard case .failed(let error) = try outcome(bytes) else { throw TransportRig.Unexpected(text: "answered") }
        #expect(error.mayHaveArrived)
    }

    @Test func h26_endlessBodyStopsAtTheLimit() throws {
        let server = RawServer { connection in
            connection.request()
            connection.send("HTTP/1.1 200 OK\r\n\r\n")
            let chunk = [UInt8](repeating: 0x20, count: 65_536)
            while connection.send(chunk) {}
        }
        #expect(try TransportRig(server).error(TransportRig.get()) == .tooLarge(limit: 1 << 20))
        #expect(try TransportRig(server).error(TransportRig.get(limit: 1000)) == .tooLarge(limit: 1000))
    }

    @Test func h28_closeOnEveryAnswerLeaksNothing() throws {
        let server = RawServer {
            $0.request(); $0.answer(headers: ["Connection: close"])
        }
        let rig = try TransportRig(server)
        _ = try rig.response(TransportRig.get())
        let before = TestSystem.openDescriptors(to: server.port)

        for _ in 0..<30 { _ = try rig.response(TransportRig.get()) }

        #expect(TestSystem.openDescriptors(to: server.port) <= before)
        #expect(server.requests.count == 31)
    }

    @Test func poolHeadersAndRetryAfterAreRead() throws {
        let server = RawServer {
            $0.request()
            $0.answer(
                "", status: "429 Too Many Requests",
                headers: [
                    "X-Auth-Pool-Size: 40", "X-Auth-Pool-Used: 39.5", "X-Auth-Replenished-Per-Second: 2", "Retry-After: 3",
                    "retry-after: 7",
                ])
        }
        let rig = try TransportRig(server)

        let response = try rig.response(TransportRig.get())

        #expect(response.pool == PoolHeaders(size: 40, used: 40, refillMilli: 2000))
        #expect(response.retryAfterMs == 7000)
        #expect(rig.transport.counters.throttled == 1)
    }
}
