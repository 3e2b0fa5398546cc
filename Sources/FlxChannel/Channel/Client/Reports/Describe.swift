import CFlxChannel

/// The tables of the library as JSON, for `flx_describe`.
enum Describe {
    static let topics = [
        "build", "config", "errors", "feeds", "operations", "schema/order", "schema/answer", "metrics", "features", "topics",
    ]

    static func json(_ topic: String) throws(ChannelError) -> [UInt8] {
        switch topic {
        case "build": return build()
        case "config": return config()
        case "errors": return errors()
        case "feeds": return OperationsReport.feeds()
        case "operations": return OperationsReport.operations()
        case "schema/order": return orderSchema()
        case "schema/answer": return answerSchema()
        case "metrics": return metrics()
        case "features":
            return list(["outbox", "answers", "cursors", "rate_limit", "named_calls", "record_views", "sync", "removals"])
        case "topics": return list(topics)
        default:
            throw ChannelError(
                FLX_E_ARGUMENT,
                "there is no topic \"\(Redaction.clean(topic, longest: 50))\"; there are \(topics.joined(separator: ", "))",
                path: "topic")
        }
    }

    private static func build() -> [UInt8] {
        var json = JSONWriter()
        json.beginObject()
        json.member("version", "\(Version.text)")
        #if hasFeature(Embedded)
            json.member("variant", "slim")
        #else
            json.member("variant", "standard")
        #endif
        json.member("curl", CurlLibrary.version)
        json.member("jansson", Jansson.version)
        json.member("sqlite", SQLiteDatabase.version)
        // A known answer: a compiler that breaks the hash would break fingerprints and receipts in silence.
        json.member("sha256_abc", Text.hex(SHA256.hash(Array("abc".utf8))))
        json.endObject()
        return json.bytes
    }

    private static func config() -> [UInt8] {
        var json = JSONWriter()
        json.beginArray()
        for key in ConfigKey.all {
            json.beginObject()
            json.member("key", key.name)
            switch key.kind {
            case .text, .channelName, .token, .origin, .directory, .file: json.member("type", "text")
            case .json: json.member("type", "json")
            case .number(let range):
                json.member("type", "number")
                json.member("least", range.lowerBound)
                json.member("most", range.upperBound)
            case .choice(let words):
                json.member("type", "choice")
                json.member("choices", raw: list(words))
            }
            json.key("default")
            if let standard = key.standard { json.string(standard) } else { json.null() }
            json.member("unit", key.unit)
            json.member("meaning", key.meaning)
            json.endObject()
        }
        json.endArray()
        return json.bytes
    }

    private static func errors() -> [UInt8] {
        var json = JSONWriter()
        json.beginArray()
        for entry in StatusName.all {
            json.beginObject()
            json.member("code", Int64(entry.code))
            json.member("name", "\(entry.name)")
            json.member("class", statusClass(entry.code))
            json.member("meaning", "\(entry.meaning)")
            json.endObject()
        }
        json.endArray()
        return json.bytes
    }

    private static func statusClass(_ code: Int32) -> String {
        switch code {
        case 0...: "outcome"
        case -199 ... -100: "use"
        case -299 ... -200: "local"
        case -399 ... -300: "transport"
        case -499 ... -400: "hub"
        default: "internal"
        }
    }

    private static func list(_ words: [String]) -> [UInt8] {
        var json = JSONWriter()
        json.beginArray()
        for word in words { json.string(word) }
        json.endArray()
        return json.bytes
    }

    // MARK: schemas

    private static func orderSchema() -> [UInt8] {
        var json = JSONWriter()
        json.beginObject()
        json.member("most_bytes", OrderSchema.mostBytes)
        json.member("extra", "an object whose members go to the hub as they are, beside the fields of its level")
        json.key("fields")
        fields(OrderSchema.order, &json)
        json.endObject()
        return json.bytes
    }

    private static func fields(_ fields: [OrderField], _ json: inout JSONWriter) {
        json.beginArray()
        for field in fields {
            json.beginObject()
            json.member("name", field.name)
            json.member("required", field.isRequired)
            json.member("meaning", field.meaning)
            switch field.kind {
            case .text(let most):
                json.member("type", "text")
                json.member("most", most)
            case .number:
                json.member("type", "text")
                json.member("most", 200)
            case .decimal: json.member("type", "decimal")
            case .quantity: json.member("type", "integer")
            case .id: json.member("type", "id")
            case .instant: json.member("type", "instant")
            case .texts(let most):
                json.member("type", "list of text")
                json.member("most", most)
            case .object(_, let inner):
                json.member("type", "object")
                json.key("fields")
                Describe.fields(inner, &json)
            case .objects(_, let inner, let least, let most):
                json.member("type", "list of objects")
                json.member("least", least)
                json.member("most", most)
                json.key("fields")
                Describe.fields(inner, &json)
            }
            json.endObject()
        }
        json.endArray()
    }

    private static func answerSchema() -> [UInt8] {
        var json = JSONWriter()
        json.beginObject()
        json.member("listings_to_sync", raw: list(AnswerDocument.variantFields))
        json.member("listings_to_publish", raw: list(AnswerDocument.parentFields))
        json.member("variants", raw: list(AnswerDocument.publishedVariantFields))
        json.member("images", raw: list(AnswerDocument.imageFields))
        json.member("status", raw: list(AnswerDocument.statusHandles))
        json.endObject()
        return json.bytes
    }

    private static func metrics() -> [UInt8] {
        let members: [(String, String)] = [
            ("channel", "name of the channel"),
            ("origin", "where the hub is"),
            (
                "outbox",
                "orders by state (queued, sending, resolved, settled) and by verdict; unsent_since: when the oldest that is queued or sending was submitted"
            ),
            ("answers", "answers waiting in all, and for each queue feed waiting and by verdict once sent"),
            ("quarantined", "different records in quarantine"),
            ("quarantine", "the newest 20 of them: feed, id (or a hash of the content), reason, first_at, last_at, times"),
            ("left_out", "rows that pulls of this client left out because they bear another channel's id"),
            ("cursors", "as flx_cursor_list"),
            ("holders", "who holds which feed, as flx_client_holders"),
            ("rate_limit.rule", "pool: the hub's pool headers are followed; response_anchored: two requests a second"),
            ("rate_limit.outstanding", "requests on their way, of all processes with this token"),
            (
                "rate_limit.paused",
                "why requests are held back: throttled (the hub asked to wait), breaker (it is failing), token (it refuses it), pool (its pool is used up), or nothing"
            ),
            ("rate_limit.paused_ms", "for how long at least; flx_client_relearn lifts it"),
            ("rate_limit.distrusted_ms", "how long pool headers are not believed, after a 429 within them"),
            ("rate_limit.breaker_open", "the hub is failing: one probe at a time"),
            ("rate_limit.failures", "failures in a row"),
            ("rate_limit.token_refused", "the hub refuses the token: one probe every five minutes"),
            ("requests", "of this client: by kind, answered, throttled (429), failed, bytes as they travel"),
            ("hub_clock_offset_ms", "the hub's clock minus this machine's, null if unknown"),
            ("last_success_at", "when this client last had a good answer"),
            (
                "learnt",
                "what is known because the hub said so, one object each: fact, value, source, at (when it was heard last, null if not known), witnesses (answers that agreed); flx_client_relearn forgets it"
            ),
            ("learnt: clock", "the hub's clock minus this machine's, in ms, by the Date headers"),
            ("learnt: pool", "the pool of requests by its headers: size, refill (requests a second)"),
            (
                "learnt: hold",
                "what holds requests back, as in rate_limit.paused; source is the status that asked for it, failures or headers; until_ms is its end in ms since 1970"
            ),
            ("learnt: channel", "the hub's id of this channel, if an order or a channel that the hub let this token read told it"),
            (
                "learnt: filters",
                "for each cursor that has some: feed, cursor, ignored (the hub does not keep to the bound), late_s (how late a change was shown at worst)"
            ),
        ]
        var json = JSONWriter()
        json.beginArray()
        for (name, meaning) in members {
            json.beginObject()
            json.member("name", name)
            json.member("meaning", meaning)
            json.endObject()
        }
        json.endArray()
        return json.bytes
    }
}
