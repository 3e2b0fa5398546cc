import CCurl

/// What the end of an attempt means.
extension WireAttempt {
    /// The outcome for libcurl's `code`.
    func outcome(_ code: CURLcode, _ config: TransportConfig, _ hubClock: HubClock) -> ExchangeOutcome {
        if let fault { return .failed(fault) }
        if code == CURLE_OK || (head.isComplete && code == CURLE_SEND_ERROR) {  // N-23: answered before all was sent
            return answer(config)
        }
        let detail = Redaction.clean(detail(code), hiding: config.token, longest: 200)
        return .failed(wentOut ? afterSending(code, detail) : beforeSending(code, detail, config.origin.host, hubClock))
    }

    private func answer(_ config: TransportConfig) -> ExchangeOutcome {
        guard head.isComplete else { return .failed(.protocolViolation("no status line of HTTP/1.1")) }
        if (300...399).contains(head.status) {
            return .failed(.redirect(status: head.status, toHost: redirectHost(config)))
        }
        return .answered(
            HTTPResponse(
                status: head.status, body: body, requestId: requestId, startedMs: startedMs,
                tookMs: Clock.monotonicMs() - startedMs, drivenMs: drivenMs, dateMs: head.dateMs,
                retryAfterMs: head.retryAfterMs.map { min($0, AskedWait.mostMs(head.status)) }, pool: head.pool))
    }

    private func beforeSending(_ code: CURLcode, _ detail: String, _ host: String, _ hubClock: HubClock) -> TransportError {
        switch code {
        case CURLE_COULDNT_RESOLVE_HOST: .resolve(host: host)
        case CURLE_PEER_FAILED_VERIFICATION, CURLE_SSL_ISSUER_ERROR, CURLE_SSL_PINNEDPUBKEYNOTMATCH:
            .tls(host: host, detail: detail + clockAdvice(hubClock), certificate: true)
        case CURLE_SSL_CONNECT_ERROR, CURLE_SSL_CERTPROBLEM, CURLE_SSL_CIPHER, CURLE_USE_SSL_FAILED,
            CURLE_SSL_ENGINE_NOTFOUND, CURLE_SSL_CACERT_BADFILE, CURLE_SSL_CRL_BADFILE, CURLE_SSL_INVALIDCERTSTATUS:
            .tls(host: host, detail: detail, certificate: false)
        case CURLE_OUT_OF_MEMORY: .memory
        default: .connect(host: host, detail: detail)
        }
    }

    private func afterSending(_ code: CURLcode, _ detail: String) -> TransportError {
        switch code {
        case CURLE_SEND_ERROR, CURLE_SEND_FAIL_REWIND: .send(detail: detail, mayHaveArrived: mayHaveArrived)
        case CURLE_UNSUPPORTED_PROTOCOL, CURLE_WEIRD_SERVER_REPLY, CURLE_BAD_CONTENT_ENCODING: .protocolViolation(detail)
        case CURLE_OUT_OF_MEMORY: .protocolViolation("a header line is too long, or memory ran out")
        case CURLE_FILESIZE_EXCEEDED: .tooLarge(limit: limit)
        default: .receive(detail: detail)
        }
    }

    /// A certificate that is too old or too new may be fine, and this machine's clock wrong (T-12).
    private func clockAdvice(_ hubClock: HubClock) -> String {
        var verify = 0
        _ = flxc_get_long(easy, CURLINFO_SSL_VERIFYRESULT, &verify)
        guard verify == 9 || verify == 10 else { return "" }
        let advice = "; its dates are compared with the clock of this machine"
        guard let now = hubClock.now() else { return advice }
        let hours = (Clock.wallMs() &- now) / 3_600_000
        return hours == 0 ? advice : advice + ", which is \(abs(hours)) hours \(hours > 0 ? "ahead of" : "behind") the hub's"
    }

    /// The host a redirect names; a relative one stays where it is.
    private func redirectHost(_ config: TransportConfig) -> String {
        guard let location = head.location else { return "" }
        var rest = Array(location.utf8)
        var scheme = ""
        if let colon = rest.firstIndex(of: UInt8(ascii: ":")), !rest[..<colon].contains(UInt8(ascii: "/")) {
            scheme = String(decoding: rest[..<colon], as: UTF8.self)
            rest.removeFirst(colon + 1)
        }
        guard rest.starts(with: "//".utf8) else {
            return scheme.isEmpty ? config.origin.host : Redaction.clean(scheme + ":", hiding: config.token, longest: 20)
        }
        var authority = rest.dropFirst(2).prefix { ![0x2F, 0x3F, 0x23, 0x5C].contains($0) }
        if let at = authority.lastIndex(of: UInt8(ascii: "@")) { authority = authority[(at + 1)...] }
        return Redaction.clean(String(decoding: authority, as: UTF8.self), hiding: config.token, longest: 100)
    }

    /// Reports to the rate limiter that granted the slot.
    func tellLimiter(_ outcome: ExchangeOutcome) {
        if head.isComplete {
            let answer = RateLimitAnswer(
                status: head.status, pool: head.pool, retryAfterMs: head.retryAfterMs, isOptional: exchange.request.isOptional,
                isOfOneRecord: exchange.request.isOfOneRecord)
            rateLimiter.answered(ticket, answer)
            return
        }
        guard case .failed(let error) = outcome else { return }
        var failure = RateLimitFailure(arrived: mayHaveArrived)
        switch error {
        case .abandoned, .canceled:
            failure.countsAgainstHub = false
            failure.isTravelling = true
        case .attemptTimeout: failure.isTravelling = true
        case .memory, .memoryForAnswer, .fault: failure.countsAgainstHub = false
        case .tls(_, _, let certificate): failure.certificate = certificate
        default: break
        }
        rateLimiter.failed(ticket, failure)
    }

    func write(_ outcome: ExchangeOutcome, to log: Log) {
        let level: LogLevel =
            switch outcome {
            case .answered(let response) where response.status != 429: .debug
            default: .warn
            }
        guard log.takes(level) else { return }
        var fields: [(String, LogValue)] = [
            ("request", .text(requestId)), ("operation", .text(exchange.request.operation)),
            ("took_ms", .number(Clock.monotonicMs() - startedMs)),
        ]
        switch outcome {
        case .answered(let response):
            fields.append(("status", .number(Int64(response.status))))
            log.write(level, "request.answered", fields)
        case .failed(let error):
            fields.append(("error", .text(error.message)))
            log.write(level, "request.failed", fields)
        }
    }
}
