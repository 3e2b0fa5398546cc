import CLibc
import Testing

@testable import FlxChannel

struct StateFileTests {
    @Test func parentOfTheDirectoryMustExist() {
        let scratch = Scratch()
        let path = scratch.at("no/such")

        #expect(isPath(thrown { () throws(StateError) in try open(path) }))
    }

    @Test func directoryOpenToOthersIsRefused_D11() {
        let scratch = Scratch()
        mkdir(scratch.at("state"), 0o700)
        chmod(scratch.at("state"), 0o750)

        #expect(isPath(thrown { () throws(StateError) in try scratch.store() }))
        #expect(!exists(scratch.lockFile))
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

    @Test(arguments: ["shop.db", "shop.lock"]) func fileOpenToOthersIsRefused_D11(_ name: String) {
        let scratch = Scratch()
        mkdir(scratch.at("state"), 0o700)
        scratch.write("state/\(name)", "", mode: 0o644)

        #expect(isPath(thrown { () throws(StateError) in try scratch.store() }))
    }

    @Test(arguments: ["shop.db", "shop.lock", ""]) func fileOfAnotherUserIsRefused_D11(_ name: String) throws {
        guard geteuid() == 0 else { return }  // only root can give a file away
        let scratch = Scratch()
        try scratch.store().close()
        chown(scratch.at("state/\(name)"), 12345, 12345)

        let error = thrown { () throws(StateError) in try scratch.store() }

        #expect(error == .identity(key: "user", stored: "uid 12345", given: "uid 0"))
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
        try Store.open(directory: path, channel: "shop", origin: "https://hub.test", waitMs: 5000)
    }

    private func exists(_ path: String) -> Bool { FileIdentity.at(path) != nil }

    private func size(_ path: String) -> Int {
        var status = stat()
        return stat(path, &status) == 0 ? Int(status.st_size) : -1
    }
}
