import CLibc
import Testing

@testable import FlxChannel

/// What is ours is made private, and nothing is taken from others.
struct PrivacyTests {
    private func open(_ scratch: Scratch, _ directory: String = "state") throws(StateError) -> Store {
        try Store.open(.directory(scratch.at(directory)), channel: "shop", origin: "https://hub.test", waitMs: 5000)
    }

    private func faults(_ scratch: Scratch, _ directory: String = "state") -> [FileFault.Kind] {
        guard case .files(let faults) = thrown({ () throws(StateError) in try open(scratch, directory) }) else { return [] }
        return faults.map { $0.kind }
    }

    @Test func directoryThatServesOthersIsRefusedAndStaysAsItIs() {
        let scratch = Scratch()
        mkdir(scratch.at("state"), 0o700)
        scratch.write("state/index.php", "")
        chmod(scratch.at("state"), 0o755)

        #expect(faults(scratch) == [.shared(mode: 0o755, with: "index.php")])
        #expect(scratch.mode("state") & 0o777 == 0o755)
    }

    @Test func directoryOfSeveralUsersIsRefusedThoughItIsEmpty() {
        let scratch = Scratch()
        mkdir(scratch.at("state"), 0o700)
        chmod(scratch.at("state"), 0o1777)

        #expect(faults(scratch) == [.shared(mode: 0o1777, with: "files of several users")])
    }

    @Test func rootOfAFileSystemIsNobodysState() {
        guard
            case .files(let faults) = thrown({ () throws(StateError) in
                try Store.open(.directory("/"), channel: "shop", origin: "https://hub.test", waitMs: 5000)
            })
        else {
            Issue.record("not refused")
            return
        }
        #expect(faults.count == 1)
    }

    /// What a backup tool puts back beside it, and another channel.
    @Test func filesOfOursAreNoNeighbours() throws {
        let scratch = Scratch()
        _ = try open(scratch)
        for name in ["shop.db.2026-01-31", "other.db", "other.db-journal", "other.lock", "rate-limit-0123", "lost+found"] {
            scratch.write("state/\(name)", "")
        }
        chmod(scratch.at("state"), 0o750)

        #expect(thrown { () throws(StateError) in try open(scratch) } == nil)
        #expect(scratch.mode("state") & 0o777 == 0o700)
    }

    @Test func nothingIsTightenedWhereSomethingCannotBeUsed() {
        let scratch = Scratch()
        mkdir(scratch.at("state"), 0o700)
        scratch.write("elsewhere", "")
        symlink(scratch.at("elsewhere"), scratch.at("state/shop.db"))
        chmod(scratch.at("state"), 0o755)

        #expect(faults(scratch) == [.notPlain])
        #expect(scratch.mode("state") & 0o777 == 0o755)
    }

    @Test(arguments: [
        FileFault.Kind.foreignDirectory(0), .shared(mode: 0o755, with: "x"), .denied(mode: 0o400, needed: "u+rw"), .owner(0),
        .notPlain,
    ])
    func faultSaysWhatToDo(_ kind: FileFault.Kind) {
        let message = FileFault(path: "/srv/state", kind: kind).message
        #expect(message.contains("/srv/state"))
        #expect(["chmod", "run it as", "name a directory", "remove"].contains { message.contains($0) })
    }
}
