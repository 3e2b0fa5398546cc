import CLibc
import Testing

@testable import FlxChannel

struct StateFileTests {
    @Test func parentOfTheDirectoryMustExist() {
        let scratch = Scratch()
        let path = scratch.at("no/such")

        #expect(isPath(thrown { () throws(StateError) in try open(path) }))
    }

    /// What is told of the files themselves: the temporary directory may lie in memory.
    private func told(_ store: Store) -> [StateNote] { store.notes.filter { $0 != .volatile } }

    /// D-19: platforms and backup tools widen what is ours.
    @Test func widenedModesAreTightenedAndTold() throws {
        let scratch = Scratch()
        try scratch.store().close()
        chmod(scratch.at("state"), 0o2775)
        for name in ["shop.db", "shop.db-journal", "shop.lock"] { chmod(scratch.at("state/\(name)"), 0o664) }

        let store = try scratch.store()

        for name in ["shop.db", "shop.db-journal", "shop.lock"] { #expect(scratch.mode("state/\(name)") == 0o600) }
        #expect(scratch.mode("state") == 0o700)
        #expect(told(store).count == 4)
        #expect(told(store).first == .tightened("\(scratch.at("state")) (2775)"))
        #expect(told(try scratch.store()).isEmpty)
    }

    @Test func rightsOfTheOwnerAreNotWidened() {
        let scratch = Scratch()
        mkdir(scratch.at("state"), 0o700)
        scratch.write("state/shop.db", "", mode: 0o440)
        var privacy = Privacy()

        privacy.look(atFile: scratch.at("state/shop.db"))
        privacy.tighten()

        #expect(scratch.mode("state/shop.db") == 0o400)
        #expect(privacy.faults.isEmpty)
    }

    /// A lock file that is widened while a client is open, by the start of another container.
    @Test func lockFileIsTightenedAlsoLater() throws {
        let scratch = Scratch()
        let store = try scratch.store()
        try store.accept("A-1")
        chmod(scratch.lockFile, 0o666)

        #expect(try store.lease(row: 1) != nil)
        #expect(scratch.mode("state/shop.lock") == 0o600)
    }

    @Test func allThatCannotBeUsedIsToldAtOnce() throws {
        let scratch = Scratch()
        try scratch.store().close()
        symlink("/etc/passwd", scratch.at("limits"))
        link(scratch.at("state/shop.db"), scratch.at("second"))
        unlink(scratch.lockFile)
        mkfifo(scratch.lockFile, 0o600)

        let error = thrown { () throws(StateError) in
            try Store.open(
                .directory(scratch.at("state")), channel: "shop", origin: "https://hub.test", waitMs: 1000,
                others: [scratch.at("limits")])
        }

        guard case .files(let faults)? = error else { return #expect(Bool(false), "\(error as Any)") }
        #expect(faults.map(\.path) == [scratch.database, scratch.lockFile, scratch.at("limits")])
        #expect(faults.map(\.kind) == [.links(2), .notPlain, .notPlain])
        #expect(error?.message.contains("; ") == true)
    }

    /// D-22: who can write the parent moves the state away.
    @Test func parentThatEveryUserCanWriteIsRefused() throws {
        let scratch = Scratch()
        mkdir(scratch.at("open"), 0o700)
        chmod(scratch.at("open"), 0o777)
        let path = scratch.at("open/state")

        let error = thrown { () throws(StateError) in try open(path) }
        chmod(scratch.at("open"), 0o1777)
        let store = try open(path)
        chmod(scratch.at("open"), 0o770)

        #expect(isPath(error))
        #expect(error?.message.contains("/open can be written by every user") == true)
        #expect(told(store).isEmpty)
        #expect(told(try open(path)).isEmpty)
    }

    @Test func openDirectoryFartherUpIsTold() throws {
        let scratch = Scratch()
        mkdir(scratch.at("open"), 0o700)
        chmod(scratch.at("open"), 0o777)
        mkdir(scratch.at("open/app"), 0o700)

        let store = try open(scratch.at("open/app/state"))

        guard case .exposed(let path)? = store.notes.first else { return #expect(Bool(false), "nothing was told") }
        #expect(path.hasSuffix("/open"))
    }

    @Test func directoryThatIsALinkIsRefused_D11() {
        let scratch = Scratch()
        mkdir(scratch.at("real"), 0o700)
        symlink(scratch.at("real"), scratch.at("state"))

        #expect(isPath(thrown { () throws(StateError) in try scratch.store() }))
        #expect(isPath(thrown { () throws(StateError) in try open(scratch.at("state///")) }))
        #expect(!exists(scratch.at("real/shop.lock")))
    }

    @Test func linkAboveTheDirectoryIsFollowed() throws {
        let scratch = Scratch()
        mkdir(scratch.at("real"), 0o700)
        symlink(scratch.at("real"), scratch.at("link"))

        try open(scratch.at("link/state")).accept("A-1")

        #expect(exists(scratch.at("real/state/shop.db")))
    }

    @Test(arguments: ["shop.db", "shop.lock"]) func fileThatIsALinkIsRefused_D11(_ name: String) {
        let scratch = Scratch()
        mkdir(scratch.at("state"), 0o700)
        scratch.write("elsewhere", "mine")
        symlink(scratch.at("elsewhere"), scratch.at("state/\(name)"))

        #expect(isPath(thrown { () throws(StateError) in try scratch.store() }))
        #expect(size(scratch.at("elsewhere")) == 4)
    }

    @Test(arguments: ["shop.db", "shop.lock"]) func hardLinkIsRefused_D11(_ name: String) {
        let scratch = Scratch()
        mkdir(scratch.at("state"), 0o700)
        scratch.write("elsewhere", "mine")
        link(scratch.at("elsewhere"), scratch.at("state/\(name)"))

        #expect(isPath(thrown { () throws(StateError) in try scratch.store() }))
        #expect(size(scratch.at("elsewhere")) == 4)
    }

    @Test(arguments: ["shop.db", "shop.lock"]) func fifoIsRefusedWithoutWaiting_D11(_ name: String) {
        let scratch = Scratch()
        mkdir(scratch.at("state"), 0o700)
        mkfifo(scratch.at("state/\(name)"), 0o600)

        #expect(isPath(thrown { () throws(StateError) in try scratch.store() }))
    }

    @Test(arguments: ["shop.db", "shop.lock", ""]) func fileOfAnotherUserIsRefused_D11(_ name: String) throws {
        guard geteuid() == 0 else { return }  // only root can give a file away
        let scratch = Scratch()
        try scratch.store().close()
        chown(scratch.at("state/\(name)"), 12345, 12345)

        let error = thrown { () throws(StateError) in try scratch.store() }

        let path = name.isEmpty ? scratch.at("state") : scratch.at("state/\(name)")
        #expect(error == .files([FileFault(path: path, kind: .owner(12345))]))
        #expect(error?.code == -205)  // FLX_E_IDENTITY
        #expect(error?.message.contains("run it as user 12345") == true)
    }

    @Test func oddCharactersInThePathWork_D10() throws {
        let scratch = Scratch()
        for name in ["with space", "größe", "100%41", "what?mode=ro", "a#b", "file:x", "-rf"] {
            let store = try open(scratch.at(name))
            try store.accept("A-1")
            store.close()
            #expect(exists(scratch.at("\(name)/shop.db")))
        }
    }

    @Test func pathThatIsTooLongIsRefused_D10() {
        let scratch = Scratch()

        #expect(isPath(thrown { () throws(StateError) in try open(scratch.at(String(repeating: "x", count: 300))) }))
        #expect(isPath(thrown { () throws(StateError) in try open("") }))
    }

    @Test(arguments: ["", "A", "a/b", "ä", "a b", String(repeating: "a", count: 65)])
    func channelNameOutsideOfItsAlphabetIsRefused(_ name: String) {
        let scratch = Scratch()

        #expect(isPath(thrown { () throws(StateError) in try scratch.store(channel: name) }))
        #expect(!exists(scratch.at("state")))
    }

    private func open(_ path: String) throws(StateError) -> Store {
        try Store.open(.directory(path), channel: "shop", origin: "https://hub.test", waitMs: 5000)
    }

    private func exists(_ path: String) -> Bool { FileIdentity.at(path) != nil }

    private func size(_ path: String) -> Int {
        var status = stat()
        return stat(path, &status) == 0 ? Int(status.st_size) : -1
    }
}
