/// What a record of a queue feed asks of the host, question by question, and the one answer that its replies make.
///
/// A queued status change is a question of its own, behind the content of its record, for silence would tell the hub that it
/// happened (contract 8.6). A listing that is to go is asked about nothing else: its content need not be sound.
struct ListingTask {
    enum Question: Equatable {
        case content
        /// A queued status change of the record itself, or of one variant of a parent.
        case change(variant: String?, to: String)

        static func == (a: Question, b: Question) -> Bool {
            switch (a, b) {
            case (.content, .content): true
            case (.change(let a, let toA), .change(let b, let toB)): a == b && toA == toB
            case (.content, .change), (.change, .content): false
            }
        }
    }

    private enum State {
        case asks
        /// Nothing is answered, so that it comes again.
        case comesAgain
        case failed(String)
        case ends
    }

    let row: Receipt.Row
    private let isParent: Bool
    private var state = State.asks
    private var open: [Question]
    private var content: [(key: String, value: JSONValue)] = []
    private var confirmed: String?
    private var variants: [(id: String, confirmed: String?, error: String?)] = []

    /// Status changes after which a listing is not for sale.
    private static let goes = ["hidden", "delisted", "not_listed", "broken_link"]
    static let contentOfVariant = ["status", "isLinkedToRegularProduct"]
    static let contentOfParent = ["externalId", "images", "variants"]

    init(_ row: Receipt.Row, isParent: Bool) {
        self.row = row
        self.isParent = isParent
        let own = ListingRow.mustBeNamed(row.pending) ? row.pending : nil
        open = own.map { ListingTask.goes.contains($0) } == true ? [] : [.content]
        if let own { open.append(.change(variant: nil, to: own)) }
        for variant in row.variants {
            guard let to = variant.pending, ListingRow.mustBeNamed(to), to != own else { continue }
            open.append(.change(variant: variant.id, to: to))
        }
    }

    /// What is to be asked now; nil if nothing is any more.
    var question: Question? {
        guard case .asks = state else { return nil }
        return open.first
    }

    /// Members that a reply to the present question may have.
    var members: [String] {
        guard question == .content else { return [] }
        return isParent ? ListingTask.contentOfParent : ListingTask.contentOfVariant
    }

    var comesAgain: Bool { if case .comesAgain = state { true } else { false } }
    var isFailed: Bool { if case .failed = state { true } else { false } }

    mutating func replied(_ reply: SyncReply) {
        guard let question else { return }
        open.removeFirst()
        switch (reply, question) {
        case (.later, _): state = .comesAgain
        case (.failed(let why), .change(.some(let variant), _)): variants.append((variant, nil, why))
        case (.failed(let why), _): state = .failed(why)
        case (.yes(let members), .content): said(members)
        case (.yes, .change(nil, let to)): confirmed = to
        case (.yes, .change(.some(let variant), let to)): variants.append((variant, to, nil))
        }
        if case .asks = state, open.isEmpty { state = .ends }
    }

    /// A status that is forced answers the queued change, an error of a variant that of this variant.
    private mutating func said(_ members: [(key: String, value: JSONValue)]) {
        content = members
        if members.contains(where: { $0.key == "status" }) { open = [] }
        let failed = (content.first { $0.key == "variants" }?.value.elements).map { list in
            list.filter { $0.member("error")?.isNull == false }.compactMap { $0.member("id").flatMap(OrderField.givenId) }
        }
        guard let failed, !failed.isEmpty else { return }
        open.removeAll { question in
            guard case .change(.some(let id), _) = question else { return false }
            return failed.contains { Text.isSame($0, id) }
        }
    }

    /// The member of the list that `flx_ack` takes; nil if it is not answered, now or at all.
    var answer: [UInt8]? {
        var json = JSONWriter()
        json.beginObject()
        json.member("id", row.id)
        switch state {
        case .asks, .comesAgain: return nil
        case .failed(let why): json.member("error", why)
        case .ends:
            for (key, value) in content where key != "variants" { json.member(key, value) }
            if let confirmed { json.member("confirm", confirmed) }
            write(content.first { $0.key == "variants" }?.value, &json)
        }
        json.endObject()
        return json.bytes
    }

    /// The answer as it would be if all that is still open were done: what is wrong with it is wrong with what was said so far.
    var draft: [UInt8]? {
        var task = self
        while task.question != nil { task.replied(.yes([])) }
        return task.answer
    }

    /// What the host said of variants, and what was asked of them besides.
    private func write(_ said: JSONValue?, _ json: inout JSONWriter) {
        guard said != nil || !variants.isEmpty else { return }
        json.key("variants")
        if let said, said.kind != .array { return json.value(said) }  // its reader says what is wrong
        json.beginArray()
        var left = variants
        for element in said?.elements.map({ $0 }) ?? [] {
            let id = element.member("id").flatMap(OrderField.givenId)
            guard element.isObject, let index = left.firstIndex(where: { one in id.map { Text.isSame($0, one.id) } ?? false })
            else {
                json.value(element)
                continue
            }
            let asked = left.remove(at: index)
            json.beginObject()
            for (key, value) in element.members { json.member(key, value) }
            write(asked, &json)
            json.endObject()
        }
        for asked in left {
            json.beginObject()
            json.member("id", asked.id)
            write(asked, &json)
            json.endObject()
        }
        json.endArray()
    }

    private func write(_ asked: (id: String, confirmed: String?, error: String?), _ json: inout JSONWriter) {
        if let to = asked.confirmed { json.member("confirm", to) }
        if let why = asked.error { json.member("error", why) }
    }
}
