/// The versions that a pull gave to its host, in 16 bytes each: a walk may have many and must stay small.
///
/// Invariant: one version for each id, the one given last.
struct GivenVersions {
    private var hashes: [Int64: UInt64] = [:]

    func contains(_ version: Page.Version) -> Bool {
        guard let id = Int64(version.id) else { return false }
        return hashes[id] == GivenVersions.shortHash(version)
    }

    mutating func add(_ version: Page.Version) {
        guard let id = Int64(version.id) else { return }
        hashes[id] = GivenVersions.shortHash(version)
    }

    /// Forgets a version, unless a newer one of the same id was given since.
    mutating func remove(_ version: Page.Version) {
        guard contains(version), let id = Int64(version.id) else { return }
        hashes[id] = nil
    }

    /// The first eight bytes of the hash.
    private static func shortHash(_ version: Page.Version) -> UInt64 {
        version.hash.prefix(8).reduce(0) { $0 << 8 | UInt64($1) }
    }
}
