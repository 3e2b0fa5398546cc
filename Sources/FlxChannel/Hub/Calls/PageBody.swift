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

    /// A body that is being read, as long as there is time.
    struct Reading {
        fileprivate let body: [UInt8]
        fileprivate let reader: JSONPageReader
        fileprivate let secret: Secret

        /// Reads on while `goesOn`; nil if there is more to read.
        func page(while goesOn: () -> Bool) throws(Fault) -> JSONPage? {
            do { return try reader.read(while: goesOn) } catch { throw PageBody.fault(error, body, hiding: secret) }
        }
    }

    /// - Parameter isOne: the body is to be one record, which is then read as a list of it.
    static func begin(_ body: [UInt8], isOne: Bool = false, hiding secret: Secret) throws(Fault) -> Reading {
        if body.isEmpty { throw .notAPage("with no body") }
        if ErrorBody.looksLikeHTML(body) { throw .notAPage("an HTML page") }
        var list = body
        if isOne {
            guard body.first == UInt8(ascii: "{") else { throw .notAPage("something else") }
            list = [UInt8(ascii: "[")] + body + [UInt8(ascii: "]")]
        }
        do { return Reading(body: list, reader: try JSONPageReader(list), secret: secret) } catch {
            throw fault(error, list, hiding: secret)
        }
    }

    static func read(_ body: [UInt8], hiding secret: Secret) throws(Fault) -> JSONPage {
        let reading = try begin(body, hiding: secret)
        while true {
            if let page = try reading.page(while: { true }) { return page }
        }
    }

    private static func fault(_ fault: JSONFault, _ body: [UInt8], hiding secret: Secret) -> Fault {
        if fault.isMemory { return .memory(fault) }
        switch fault {
        case .values, .size, .records, .members, .depth: return .notAPage("more than is read (\(fault.reason))")  // H-29
        default: break
        }
        guard let document = try? JSONDocument.parse(body) else {
            let isCut = fault.isTruncated || fault.offset >= body.count
            return isCut ? .incomplete(fault) : .notAPage("something that is not JSON (\(fault.reason))")
        }
        if document.root.kind == .array { return .notAPage("too long a list (\(fault.reason))") }  // H-29
        guard document.root.kind == .object else { return .notAPage("something else") }
        return .notAPage("an object", said: ErrorBody.said(body, hiding: secret) ?? "")
    }
}
