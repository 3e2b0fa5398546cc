import Foundation
import Testing

@testable import FlxChannel

/// TLS that must not be trusted, or does not come about. The servers are openssl's own.
@Suite(.serialized, .enabled(if: FileManager.default.isExecutableFile(atPath: "/usr/bin/openssl")))
struct TLSFaultTests {
    /// A directory with an authority and certificates of it.
    private final class Certificates {
        let directory = TestSystem.temporaryDirectory()

        init() throws {
            try make("ca", subject: "/CN=Test CA", extra: "-x509 -days 30")
            try sign("good", "subjectAltName=DNS:localhost,IP:127.0.0.1", days: "30")
            try sign("wronghost", "subjectAltName=DNS:other.example", days: "30")
            try sign("expired", "subjectAltName=DNS:localhost", days: "-1")
            try make("self", subject: "/CN=localhost", extra: "-x509 -days 30 -addext subjectAltName=DNS:localhost")
        }

        deinit { TestSystem.remove(directory) }

        var authority: String { directory + "/ca.pem" }

        private func make(_ name: String, subject: String, extra: String) throws {
            try run(
                "openssl req -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -keyout \(name).key -out \(name).pem -subj '\(subject)' \(extra)"
            )
        }

        private func sign(_ name: String, _ names: String, days: String) throws {
            try make(name, subject: "/CN=hub", extra: "")
            try run(
                "echo \(names) > \(name).ext && openssl x509 -req -in \(name).pem -CA ca.pem -CAkey ca.key -days \(days) -extfile \(name).ext -out \(name).pem"
            )
        }

        private func run(_ command: String) throws {
            guard system("cd \(directory) && (\(command)) 2>/dev/null >/dev/null") == 0 else {
                throw TransportRig.Unexpected(text: command)
            }
        }
    }

    /// openssl s_server on a free port.
    private final class Server {
        let process = Process()
        let port: Int

        init(_ certificates: Certificates, _ name: String, _ extra: [String] = []) throws {
            process.executableURL = URL(fileURLWithPath: "/usr/bin/openssl")
            process.currentDirectoryURL = URL(fileURLWithPath: certificates.directory)
            process.arguments =
                ["s_server", "-accept", "127.0.0.1:0", "-cert", "\(name).pem", "-key", "\(name).key", "-www"] + extra
            let pipe = Pipe()
            process.standardOutput = pipe
            process.standardError = FileHandle.nullDevice
            process.standardInput = Pipe()
            try process.run()
            var said = ""
            while !said.contains("ACCEPT 127.0.0.1:") || !said.hasSuffix("\n") {
                let more = pipe.fileHandleForReading.availableData
                guard !more.isEmpty else { throw TransportRig.Unexpected(text: "no server: \(said)") }
                said += String(decoding: more, as: UTF8.self)
            }
            let digits = said.components(separatedBy: "ACCEPT 127.0.0.1:")[1].prefix { $0.isNumber }
            port = try #require(Int(digits))
        }

        deinit { process.terminate() }
    }

    private func outcome(port: Int, caFile: String?, connectMs: Int64 = 3000) throws -> ExchangeOutcome {
        let transport = try Transport(
            TransportConfig(
                origin: Origin("https://localhost:\(port)"), token: "secret-token", userAgent: "u", connectMs: connectMs,
                caFile: caFile),
            rateLimiter: RateLimiter(store: MemoryRateLimit()), log: Log(level: .error, hiding: "", sink: nil), cancel: .none)
        let exchange = TransportRig.get("/")
        transport.start(exchange)
        while exchange.outcome == nil { try transport.drive(until: .after(ms: 6000)) }
        return try #require(exchange.outcome)
    }

    private func failure(_ outcome: ExchangeOutcome) throws -> TransportError {
        guard case .failed(let error) = outcome else { throw TransportRig.Unexpected(text: "answered") }
        #expect(!error.mayHaveArrived)
        return error
    }

    @Test func trustedCertificateIsAccepted() throws {
        let certificates = try Certificates()
        let server = try Server(certificates, "good")

        guard case .answered(let response) = try outcome(port: server.port, caFile: certificates.authority) else {
            throw TransportRig.Unexpected(text: "failed")
        }
        #expect(response.status == 200)
    }

    @Test(arguments: ["T-01 expired", "T-03 wronghost", "T-04 good", "T-05 self"])
    func certificateThatCannotBeTrustedDidNotArrive(_ row: String) throws {
        let name = String(row.dropFirst(5))
        let certificates = try Certificates()
        let server = try Server(certificates, name)

        let error = try failure(try outcome(port: server.port, caFile: name == "good" ? nil : certificates.authority))

        guard case .tls(_, let detail, certificate: true) = error else { throw TransportRig.Unexpected(text: error.message) }
        if name == "expired" { #expect(detail.contains("clock of this machine")) }  // T-12
    }

    @Test func t06_oldTLSIsNotSpoken() throws {
        let certificates = try Certificates()
        let server = try Server(certificates, "good", ["-tls1_1", "-cipher", "ALL:@SECLEVEL=0"])

        let error = try failure(try outcome(port: server.port, caFile: certificates.authority))

        guard case .tls(_, _, certificate: false) = error else { throw TransportRig.Unexpected(text: error.message) }
    }

    @Test func t07_plainAnswerAndHangUpInTheHandshakeDidNotArrive() throws {
        for text in ["HTTP/1.1 400 Bad Request\r\n\r\n", ""] {
            let server = RawServer { $0.send(text) }
            let error = try failure(try outcome(port: Int(server.port), caFile: nil))
            #expect(error.code == -302 || error.code == -301)
        }
    }

    @Test func t08_handshakeThatNeverEndsStopsAtTheConnectLimit() throws {
        let server = RawServer { $0.drain() }

        try takes(400...500) {
            let error = try failure(try outcome(port: Int(server.port), caFile: nil, connectMs: 400))
            guard case .connectTimeout = error else { throw TransportRig.Unexpected(text: error.message) }
        }
    }
}
