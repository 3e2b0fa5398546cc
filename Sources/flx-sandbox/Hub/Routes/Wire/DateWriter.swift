/// Writes instants in the documented form, or in one of the forms that a client must refuse or survive.
struct DateWriter {
    private let form: String

    init(_ form: String) {
        self.form = form
    }

    func text(_ instant: Instant) -> String {
        let iso = instant.iso
        switch form {
        case "offset": return iso.dropLast() + "+00:00"
        case "millis": return iso.dropLast() + ".000Z"
        case "zoneless": return String(iso.dropLast())
        case "local": return (instant + 7200).iso.dropLast() + "+02:00"
        default: return iso
        }
    }

    func member(_ name: StaticString, _ instant: Instant?, _ out: inout JSONWriter) {
        out.member(name, instant.map { text($0) })
    }

    func value(_ instant: Instant?) -> JSONValue { .text(instant.map { text($0) }) }
}
