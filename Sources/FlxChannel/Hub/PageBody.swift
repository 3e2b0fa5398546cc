/// Reads the body of a collection: a bare array of records (contract 1.5), trusted only if it is JSON to its end.
enum PageBody {
    /// Why a 2xx answer is no page. None of them delivers anything.
    enum Fault: Error {
        /// The bytes stop before the array ends: the connection was cut, however whole it looked (N-14, H-18, J-01).
        case incomplete(JSONFault)
        /// Not an array: HTML, an object, nothing (H-06, H-07, H-08, J-13). `said`: words of the hub in it.
        case notAPage(String, said: String = "")
        case memory(JSONFault)

        var message: String {
            switch self {
            case .incomplete(let fault): "the answer stops before its end: \(fault.reason)"
            case .memory(let fault): fault.reason
            case .notAPage(let what, _): "the hub answered \(what) where the contract says a list"
            }
        }
    }

    /// - Parameter isOne: the body is to be one record, which is then read as a list of it.
    static func read(_ body: [UInt8], isOne: Bool, hiding secret: Secret) throws(Fault) -> JSONPage {
        guard isOne else { return try read(body, hiding: secret) }
        if body.isEmpty { throw .notAPage("with no body") }
        if ErrorBody.looksLikeHTML(body) { throw .notAPage("an HTML page") }
        guard body.first == UInt8(ascii: "{") else { throw .notAPage("something else") }
        return try read([UInt8(ascii: "[")] + body + [UInt8(ascii: "]")], hiding: secret)
    }

    static func read(_ body: [UInt8], hiding secret: Secret) throws(Fault) -> JSONPage {
        if body.isEmpty { throw .notAPage("with no body") }
        if ErrorBody.looksLikeHTML(body) { throw .notAPage("an HTML page") }
        do {
            return try JSONDocument.parsePage(body)
        } catch {
            if error.isMemory { throw .memory(error) }
            guard let document = try? JSONDocument.parse(body) else { throw .incomplete(error) }
            if document.root.kind == .array { throw .notAPage("too long a list (\(error.reason))") }  // H-29
            guard document.root.kind == .object else { throw .notAPage("something else") }
            throw .notAPage("an object", said: ErrorBody.said(body, hiding: secret) ?? "")
        }
    }
}
