/// Where two documents differ, for a person who has to find out what was changed.
enum JSONDifference {
    /// JSON pointers of values that are not the same in both, in document order, at most `most`; of a list whose length
    /// changed, the list. What is empty is as good as missing. Empty if either is not JSON.
    static func paths(_ a: [UInt8], _ b: [UInt8], most: Int) -> [String] {
        guard let a = try? JSONDocument.parse(a), let b = try? JSONDocument.parse(b) else { return [] }
        var paths: [String] = []
        var work = [(path: "", a: Optional(a.root), b: Optional(b.root))]  // no recursion: the depth is a stranger's
        while let (path, a, b) = work.popLast(), paths.count < most {
            let isEmpty = (a: a?.isEmpty != false, b: b?.isEmpty != false)
            if isEmpty.a, isEmpty.b { continue }
            guard let a, let b, a.kind == b.kind, isEmpty.a == isEmpty.b else {
                paths.append(path)
                continue
            }
            switch a.kind {
            case .object:
                var inner: [(path: String, a: JSONValue?, b: JSONValue?)] = []
                for (name, value) in a.members { inner.append((path + "/" + Fault.pointerToken(name), value, b.member(name))) }
                for (name, value) in b.members where a.member(name) == nil {
                    inner.append((path + "/" + Fault.pointerToken(name), nil, value))
                }
                work.append(contentsOf: inner.reversed())
            case .array:
                guard a.count == b.count else {
                    paths.append(path)
                    continue
                }
                let pairs = zip(a.elements, b.elements).enumerated().map {
                    ("\(path)/\($0.offset)", Optional($0.element.0), Optional($0.element.1))
                }
                for (path, a, b) in pairs.reversed() { work.append((path, a, b)) }
            case .number:
                let (a, b) = (a.numberText ?? "", b.numberText ?? "")
                if (Decimal(text: a)?.text ?? a) != (Decimal(text: b)?.text ?? b) { paths.append(path) }
            default:
                if let text = a.string, let other = b.string {
                    if !Text.isSame(text, other) { paths.append(path) }
                } else if a.raw != b.raw {
                    paths.append(path)
                }
            }
        }
        return paths
    }
}
