/// The description of a page in the forms that real ones have.
enum Descriptions {
    /// The text in the form of the `descriptions` switch.
    static func text(of parent: Parent, form: String) -> String? {
        switch form {
        case "null": nil
        case "plain": parent.title
        case "hostile":
            parent.description + "<script>alert(1)</script><img src=x onerror=\"alert(2)\"><a href=\"javascript:alert(3)\">more</a>"
        case "mixed": mixed[parent.id % mixed.count](parent)
        default: parent.description
        }
    }

    /// A list, tags written as entities, once and twice, what a word processor leaves, what a rich-text editor stores.
    private static let mixed: [@Sendable (Parent) -> String] = [
        { "<p>\($0.title)</p><ul><li>First<ul><li>inner</li></ul></li><li>Second</ul>" },
        { encoded($0.description) },
        { encoded(encoded($0.description)) },
        {
            """
            <p class=MsoNormal style='mso-margin-top-alt:auto'><o:p></o:p><span lang=EN-US style='mso-fareast-language:EN-US'>\
            \($0.title)</span></p><!--[if gte mso 9]><xml><w:WordDocument></w:WordDocument></xml><![endif]-->
            """
        },
        {
            let insert: JSONValue = ["ops": [["insert": .string($0.title)], ["attributes": ["header": 2], "insert": "\n"]]]
            return String(decoding: insert.bytes, as: UTF8.self)
        },
    ]

    private static func encoded(_ text: String) -> String {
        text.replacing("&", with: "&amp;").replacing("<", with: "&lt;").replacing(">", with: "&gt;")
    }
}
