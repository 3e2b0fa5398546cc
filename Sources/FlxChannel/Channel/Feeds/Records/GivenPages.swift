/// What a pull gave to its host, as long as the host has not stored it; what it stored is in the state.
struct GivenPages {
    private var versions = GivenVersions()
    private var open: Set<Int> = []
    private var count = 0

    var isEmpty: Bool { open.isEmpty }

    func contains(_ version: Page.Version) -> Bool { versions.contains(version) }

    /// Whether the page at this position still has to be committed.
    func isOpen(_ position: Int) -> Bool { open.contains(position) }

    mutating func add(_ version: Page.Version) { versions.add(version) }

    /// What was added since the page before is given as a page, at the position that is returned.
    mutating func gavePage() -> Int {
        count += 1
        open.insert(count)
        return count
    }

    mutating func committed(_ position: Int, _ versions: [Page.Version]) {
        for version in versions { self.versions.remove(version) }
        open.remove(position)
    }
}
