/// The readings of a list's pages: rows 5 and 6 of section 9.
struct PageFacts {
    private let pages: Pages
    private let list: HubList
    /// Nil where some of the list was given.
    private let fault: String?

    init(_ pages: Pages) {
        self.pages = pages
        list = pages.list
        fault = pages.isGiven ? nil : pages.answers.why(list.name)
    }

    var all: [Fact] { [standard, cap, overCap, size, number, first, sort] }

    private func open(_ name: String, _ why: String, row: Int = 6) -> Fact { .open(row, "\(name).\(list.name)", fault ?? why) }

    private func settled(_ name: String, _ value: String, _ text: String, row: Int = 6) -> Fact {
        .settled(row, "\(name).\(list.name)", value, text)
    }

    private var short: String {
        pages.plain.isEmpty ? "the list is empty" : "the list has \(pages.known.count) rows, too few to tell"
    }

    private var standard: Fact {
        guard fault == nil, pages.answers.rows(list.name) != nil else { return open("page.default", pages.answers.why(list.name)) }
        guard pages.isLongerThanPlain else { return open("page.default", short) }
        return settled("page.default", "\(pages.plain.count)", "\(pages.plain.count) rows come where no size is asked for")
            .exact(isAlone { $0.isLongerThanPlain && $0.plain.count == pages.plain.count })
    }

    /// No other list shows the same: then one odd answer may be the reason.
    private func isAlone(_ isSame: (Pages) -> Bool) -> Bool {
        !HubList.all.contains { $0.name != list.name && isSame(Pages($0, pages.answers)) }
    }

    private var cap: Fact {
        let name = "page.cap", key = SettingKey.pageSize
        if fault != nil { return open(name, "").bearing(on: key) }
        if let cap = pages.cap {
            let text = "at most \(cap) rows at a time; \(pages.refusesMany ? "more are refused" : "who asks for more gets so many")"
            return given(settled(name, "\(cap)", text), cap)
        }
        if pages.refusesMany {
            guard let step = pages.step else {
                let sizes = Pages.ladder.map { "\($0)" }.joined(separator: ", ")
                return open(name, "sizes of 1000, \(sizes) are refused").bearing(on: key)
            }
            guard pages.beyond != nil else { return open(name, pages.answers.why("\(list.name).\(step + 1)")).bearing(on: key) }
            return given(settled(name, "\(step + 1)+", "\(step + 1) rows are given and 1000 are refused"), step)
        }
        guard pages.answers.rows("\(list.name).many") != nil else {
            return open(name, pages.answers.why("\(list.name).many")).bearing(on: key)
        }
        // No size is refused: the library may ask for what it likes.
        if pages.many.count >= 1000 { return settled(name, "1000+", "1000 rows come at once") }
        if pages.overlooksSize { return open(name, "the size is overlooked") }
        if pages.isWhole {
            return open(name, pages.many.isEmpty ? "the list is empty" : "the whole list came at once: \(pages.many.count)")
        }
        let many = pages.many.count
        if pages.fallsBack { return open(name, "who asks for 1000 gets \(many), and who asks for \(many + 1) gets more") }
        return open(name, "\(many) rows came, and it is not known whether that is the most")
    }

    /// What the library has to ask for. Where a page is cut instead of refused, it may ask for what it likes. Pages of several sizes
    /// tell the same; only a page without rows tells nothing yet.
    private func given(_ fact: Fact, _ rows: Int) -> Fact {
        let isSeen = !pages.refusesMany || pages.answers.rows("\(list.name).\(rows)")?.isEmpty == false
        let setting: JSON? = pages.refusesMany && rows < list.usual ? .integer(rows) : nil
        return fact.bearing(on: .pageSize, setting).exact(!isSeen)
    }

    private var overCap: Fact {
        if fault == nil, pages.refusesMany { return settled("page.over_cap", "refuse", "a page that is too long is refused") }
        if fault == nil, pages.cap != nil { return settled("page.over_cap", "lower", "a page that is too long is cut") }
        if fault == nil, pages.fallsBack {
            return settled("page.over_cap", "default", "who asks for too long a page gets a short one").exact(isAlone(\.fallsBack))
        }
        return open("page.over_cap", "no page was too long")
    }

    private func named(_ name: String, _ contract: String) -> (words: String, setting: JSON?) {
        guard name != contract else { return ("", nil) }
        return (", under the name \(name)", .object([.init(key: "\(list.operation).\(contract)", value: .text(name))]))
    }

    private var size: Fact {
        let name = "page.size"
        let fact: Fact
        if fault == nil, let known = pages.sizeName {
            let (words, setting) = named(known, list.size)
            return settled(name, "honoured", "the size of a page is what was asked for\(words)").bearing(
                on: .overrides, setting)
        } else if fault == nil, pages.overlooksSize {
            fact = settled(name, "ignored", "the size is overlooked").exact(isAlone(\.overlooksSize))
        } else {
            fact = open(name, short)
        }
        return fact.bearing(on: .overrides)
    }

    private var number: Fact {
        let name = "page.parameter"
        guard fault == nil else { return open(name, "").bearing(on: .overrides) }
        switch pages.turn {
        case .overlooked:
            return settled(name, "ignored", "every page is the first: a list cannot be read to its end").bearing(
                on: .overrides
            ).exact(isAlone { $0.turn == .overlooked })
        case .unknown: return open(name, unsteady).bearing(on: .overrides)
        case .from, .turned:
            let (words, setting) = named(pages.pageName ?? list.page, list.page)
            return settled(name, "honoured", "pages are turned\(words)").bearing(on: .overrides, setting)
        }
    }

    private var unsteady: String {
        pages.isSteady ? short : "the list has no order of its own, so that its pages cannot be compared"
    }

    private var first: Fact {
        let name = "page.first", key = SettingKey.pageFirst
        guard fault == nil else { return open(name, "").bearing(on: key) }
        switch pages.turn {
        case .from(let first):
            return settled(name, "\(first)", "the first page has number \(first)").bearing(
                on: key, first == 1 ? nil : .integer(first)
            ).exact(first != 1 && isAlone { $0.turn == .from(first) })
        case .overlooked: return open(name, "the number of a page is overlooked")
        case .turned: return open(name, "another page came, and which one is not known").bearing(on: key)
        case .unknown: return open(name, unsteady).bearing(on: key)
        }
    }

    // MARK: order

    private static let fewest = 4

    private var sort: Fact {
        let name = "sort", rows = pages.known
        guard fault == nil, pages.isSteady else {
            return fault == nil
                ? settled(name, "none", "in no order: rows came differently when asked again", row: 5).exact()
                : open(name, "", row: 5)
        }
        guard rows.count >= PageFacts.fewest else { return open(name, short, row: 5) }
        let ids = rows.compactMap { $0["id"]?.integer }
        var fits = PageFacts.ways(ids).map { "id\($0)" }
        for member in list.instants {
            let instants = rows.compactMap { $0[member]?.string.flatMap(Instant.ms) }
            guard instants.count == rows.count else { continue }
            fits += PageFacts.ways(instants).map { (member == "updatedAt" ? "updated" : "inserted") + $0 }
        }
        let value = fits.isEmpty ? "none" : fits.joined(separator: " or ")
        return settled(
            name, value, "\(rows.count) rows are \(fits.isEmpty ? "in no order that their members tell" : "in order of \(value)")",
            row: 5)
    }

    /// Upward, downward or, where all are equal, both.
    private static func ways(_ values: [Int64]) -> [String] {
        let pairs = zip(values, values.dropFirst())
        return (pairs.allSatisfy { $0 <= $1 } ? [""] : []) + (pairs.allSatisfy { $0 >= $1 } ? ["_desc"] : [])
    }
}
