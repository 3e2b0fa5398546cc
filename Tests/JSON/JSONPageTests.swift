import Testing

@testable import FlxChannel

/// One bad record among good ones: it is set aside, and its neighbours go on.
@Suite struct JSONPageTests {
    private func page(_ text: String, limits: JSONLimits = .standard) throws -> JSONPage {
        try JSONDocument.parsePage(Array(text.utf8), limits: limits)
    }

    /// A page of three with `record` in the middle.
    private func around(_ record: [UInt8]) throws -> JSONPage {
        try JSONDocument.parsePage(Array(#"[{"id":"1"}, "#.utf8) + record + Array(#" ,{"id":"3"}]"#.utf8))
    }

    @Test func goodRecordsKeepTheirOwnBytes() throws {
        let page = try page(#" [ {"id": 1,"price":19.990} ,[2],"x", null ] "#)

        #expect(page.records.map(\.text) == [#"{"id": 1,"price":19.990}"#, "[2]", "\"x\"", "null"])
        #expect(page.bad.isEmpty)
        #expect(page.document.root.range == 1..<44)
        #expect(page.document.root.count == 4)
    }

    @Test func anEmptyArrayIsAnEmptyPage() throws {
        let page = try page(" [ ] ")

        #expect(page.records.isEmpty)
        #expect(page.bad.isEmpty)
        #expect(page.document.root.range == 1..<4)
    }

    @Test(arguments: [
        (#"{"id":"2","a":tru}"#, "2"), (#"{"id":"2","a":NaN}"#, "2"), (#"{"id":2,"a":01}"#, "2"),
        (#"{"id":"2" "a":1}"#, "2"), (#"{"id":"2",}"#, "2"), (#"{"id" : "2","a":[1,]}"#, "2"),
        (#"{"id":"2","a":"\ud800"}"#, "2"), (#"{"id":"2","a":"\x [{"}"#, "2"), (#"{"id":"2","a":"\u0000"}"#, "2"),
        (#"{"a":{"id":"7"},"id":"2","b":+1}"#, "2"), (#"{"id":"2","id":"2"}"#, nil),
        (#"{"id":"2","\u0069d":"9"}"#, nil),
        (#"{"id":null,"id":"2"}"#, nil), (#"{"id":{"a":1},"a":tru}"#, nil), (#"{"a":"id","b":tru}"#, nil),
        (#"{"id":"a b","b":tru}"#, nil), (#"{"id":"a\n","b":tru}"#, nil), (#"{"id":"","b":tru}"#, nil),
        (#"[{"id":"2"},tru]"#, nil), ("nope", nil), ("1.2.3", nil), (#""\q""#, nil), (#"{"x":1}{"y":2}"#, nil),
        (#"{"id":"2","title":"5" x 6" board"}"#, "2"),
    ])
    func aBadRecordIsSetAsideAndItsNeighboursGoOn(_ record: String, _ id: String?) throws {
        let page = try around(Array(record.utf8))

        #expect(page.records.map(\.text) == [#"{"id":"1"}"#, #"{"id":"3"}"#])
        #expect(page.bad.count == 1)
        #expect(page.bad.first?.index == 1)
        #expect(page.bad.first?.id == id)
        #expect(page.bad.first?.range == 13..<13 + record.utf8.count)
        #expect(page.document.root.elements.map(\.text) == page.records.map(\.text))
    }

    @Test func badBytesAreQuarantinedJ03() throws {
        for bytes in [[0xFF], [0xC0, 0x80], [0xED, 0xA0, 0x80], [0xE2, 0x82]] as [[UInt8]] {
            let page = try around(Array(#"{"id":"2","a":""#.utf8) + bytes + Array("\"}".utf8))

            #expect(page.records.count == 2)
            #expect(page.bad.first?.fault == .utf8(at: 28))
            #expect(page.bad.first?.id == "2")
        }
    }

    @Test func zeroCharactersAreQuarantinedJ04() throws {
        #expect(try around(Array("{\"id\":\"2\",\"a\":\"\0\"}".utf8)).bad.first?.fault == .nul(at: 28))
        #expect(try around(Array("{\"id\":\"2\",\"\0\":1}".utf8)).bad.first?.fault == .nul(at: 24))
        #expect(try around(Array("{\"id\":\"2\",\0\"a\":1}".utf8)).bad.first?.fault == .unexpected(at: 23))
        #expect(try around(Array(#"{"id":"2","\u0000":1}"#.utf8)).bad.first?.fault == .nul(at: 24))
    }

    /// A record's names are compared with those of the record before: whatever that one is, this one reads as it does alone.
    @Test func aRecordReadsAsItDoesAlone() throws {
        let records = [
            #"{"id":1,"name":"a","list":[{"x":1},{"x":2,"y":3}],"unit":{"id":1,"handle":"lb"},"a longer name":null}"#,
            #"{"id":2,"name":"b","list":[{"x":1},{"y":2,"x":3}],"unit":{"id":1,"handle":"lb"},"a longer name":1}"#,
            #"{"id":3,"nam":"b","list":[],"unit":null,"a longer namf":[],"more":{}}"#,
            #"{"id":4,"name":{"id":1},"list":{"x":[[{"x":1}]]},"unit":[1,{"id":1}],"a longer name":{"unit":2}}"#,
            #"{"id":5,"\u006eame":1,"unit":{"\u0069d":1,"handle":"kg"}}"#, #"{"id":6,"\u006eame":1,"unit":{"\u0069d":1}}"#,
            "[1,2]", "{}", #"[{"id":1}]"#, #"[{"id":2}]"#, "7", #"{"id":8}"#,
        ]
        for first in records {
            for second in records {
                let page = try page("[\(first),\(second),\(second)]")
                #expect(page.bad.isEmpty)
                for (record, text) in zip(page.records, [first, second, second]) {
                    let alone = try JSONDocument.parse(Array(text.utf8))
                    #expect(shape(record) == shape(alone.root))
                    #expect(canonical(record) == canonical(alone.root))
                    for member in alone.root.members { #expect(record.member(member.key)?.text == member.value.text) }
                }
            }
        }
    }

    /// The nodes of a value with its own start and first node taken off; the hashes of names as they are.
    private func shape(_ value: JSONValue) -> [[Int]] {
        let start = value.range.lowerBound
        return (value.node..<value.next).map { place in
            let node = value.document.nodes[place]
            let isKey = Int(node.link) > value.next
            return [
                Int(node.start) - start, Int(node.end) - start, isKey ? Int(node.link) : Int(node.link) - value.node,
                Int(node.count),
            ]
        }
    }

    @Test func duplicateNamesAfterATwinAreQuarantinedJ05() throws {
        for bad in [#"{"id":2,"a":1,"id":2}"#, #"{"id":2,"id":1}"#, #"{"id":2,"a":1,"a":2}"#, #"{"id":2,"a":1,"b":{"c":1,"c":1}}"#]
        {
            let page = try page(#"[{"id":1,"a":1,"b":{"c":1,"d":1}},\#(bad),{"id":3,"a":1,"b":{"c":1,"d":1}}]"#)
            #expect(page.records.count == 2)
            if case .duplicateKey = page.bad.first?.fault {} else { Issue.record("\(bad)") }
        }
    }

    /// Names that are the twin's so far were not looked at one by one: they are once the object goes its own way.
    @Test(arguments: [
        (#"{"id":2,"a":1,"b":2,"a":3}"#, true), (#"{"id":2,"a":1,"x":2,"a":3}"#, true), (#"{"id":2,"a":1,"x":2,"id":3}"#, true),
        (#"{"id":2,"b":1,"b":2}"#, true), (#"{"id":2,"a":1,"b":2,"x":{"a":1,"a":2}}"#, true),
        (#"{"id":2,"a":1,"b":2,"c":{"d":1,"d":2}}"#, true),
        (#"{"id":2}"#, false), (#"{"id":2,"a":1,"x":2,"b":3}"#, false), (#"{"id":2,"b":1,"a":2}"#, false),
        (#"{"id":2,"a":1,"b":2,"c":{"d":1,"id":2,"a":3}}"#, false),
    ])
    func namesAreOwnWhereverAnObjectLeavesItsTwinJ05(_ second: String, isTwice: Bool) throws {
        let first = #"{"id":1,"a":1,"b":2,"c":{"d":1,"e":2}}"#
        let page = try JSONDocument.parsePage(Array("[\(first),\(second),\(second),\(first)]".utf8))
        if isTwice {
            #expect(page.records.count == 2 && page.bad.count == 2)
            if case .duplicateKey = page.bad.first?.fault {} else { Issue.record("\(page.bad)") }
        } else {
            #expect(page.records.count == 4 && page.bad.isEmpty)
            #expect(page.records[1].text == second && page.records[1].member("id")?.integer == 2)
        }
    }

    @Test func duplicateNamesAreQuarantinedJ05() throws {
        #expect(try around(Array(#"{"id":"2","a":1,"a":2}"#.utf8)).bad.first?.fault == .duplicateKey(at: 29))
        #expect(try around(Array(#"{"id":"2","\u0069d":2}"#.utf8)).bad.first?.fault == .duplicateKey(at: 23))
        #expect(try around(Array(#"{"id":"2","x":{"a":1,"\u0061":1}}"#.utf8)).bad.first?.fault == .duplicateKey(at: 34))
    }

    @Test(arguments: [63, 64, 65, 2_049, 1_000_000]) func tooDeepARecordIsQuarantinedJ02(_ depth: Int) throws {
        let record = String(repeating: "[", count: depth) + String(repeating: "]", count: depth)
        let page = try around(Array(record.utf8))

        #expect(page.bad.count == (depth <= 63 ? 0 : 1))  // the page itself is one level
        #expect(page.records.count == (depth <= 63 ? 3 : 2))
    }

    @Test func tooLargeARecordIsQuarantinedJ11() throws {
        let string = "{\"id\":\"2\",\"a\":\"" + String(repeating: "x", count: (1 << 20) + 1) + "\"}"
        let members = "{\"id\":\"2\"," + (0..<50_000).map { "\"\($0)\":0" }.joined(separator: ",") + "}"
        let values = "{\"id\":\"2\",\"a\":[" + String(repeating: "{},", count: 1_000_000) + "{}]}"

        for record in [string, members, values] {
            let page = try around(Array(record.utf8))
            #expect(page.records.map(\.text) == [#"{"id":"1"}"#, #"{"id":"3"}"#])
            #expect(page.bad.first?.id == "2")
        }
    }

    @Test func anIndexFullOfGoodRecordsThrowsJ11() throws {
        let limits = JSONLimits(values: 10)
        let record = "[1,2,3,4,5,6,7,8]"  // nine values

        #expect(try page("[\(record),\(record),\(record),\(record)]", limits: limits).records.count == 4)
        #expect(throws: JSONFault.self) {
            try page("[\(record),\(record),\(record),\(record),\(record)]", limits: limits)
        }
    }

    @Test func everyPrefixOfAPageThrowsJ01() throws {
        let texts = [
            #"[{"id":"1","a":[1,2,{"b":"],}"}]},{"id":"2","p":19.99},{"id":"3"}]"#,
            #"[{"id":"1","a":tru},{"id":"2","id":"2"},{"a":[1,]},"\ud800",{"id":"3"}]"#,
        ]
        for text in texts {
            let whole = Array(text.utf8)
            _ = try JSONDocument.parsePage(whole)
            for length in 0..<whole.count {
                #expect(throws: JSONFault.truncated(at: length)) { try JSONDocument.parsePage(Array(whole[..<length])) }
            }
        }
    }

    @Test(arguments: [
        "{}", "null", "\"x\"", "[1],", "[1]]", "[1][2]", "[1}", "[,1]", "[1,]", "[1,,2]", "[1] x", "[{\"a\":1]]", "[}]",
        "[{\"a\":[1}]}]", "[{'id':1},{\"id\":2}]", "[{\"a\":1/*,*/},{\"id\":2}]", "[\\\"]",
    ])
    func anUnsoundArrayThrowsJ12(_ text: String) {
        #expect(throws: JSONFault.self) { try page(text) }
    }

    @Test func aPageThatIsNoArrayIsNamedAsSuchJ13() {
        #expect(throws: JSONFault.notArray(at: 1)) { try page(" {\"data\":[]}") }
        #expect(throws: JSONFault.notArray(at: 0)) { try page("<html>") }
        #expect(throws: JSONFault.truncated(at: 0)) { try page("") }
    }

    @Test func aStrayQuoteNeverMakesARecordOfSomeonesText() {
        // The second title spells a record of its own; the stray quote in the first turns inside and outside around.
        let text = #"[{"id":"1","title":"5" board"},{"id":"2","title":",{\"id\":\"666\"},"}]"#

        #expect(throws: JSONFault.self) { try page(text) }
    }

    @Test func theRangeOfABadRecordHoldsAllThatWasWrongWithIt() throws {
        let page = try page("[\"\"\u{1D}\0\0 ,1]")

        #expect(page.bad.first?.range == 1..<6)
        #expect(page.bad.first?.fault == .unexpected(at: 3))
        #expect(page.records.map(\.text) == ["1"])
    }

    @Test func allRecordsMayBeBadJ14() throws {
        let page = try page("[tru,fals,nul]")

        #expect(page.records.isEmpty)
        #expect(page.bad.map(\.index) == [0, 1, 2])
        #expect(page.document.root.count == 0)
    }
}
