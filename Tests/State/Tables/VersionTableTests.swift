import Testing

@testable import FlxChannel

struct VersionTableTests {
    @Test func onlyTheLatestVersionOfARecordIsCommitted() throws {
        let scratch = Scratch()
        let store = try scratch.store()
        try store.write { () throws(StateError) in
            try store.versions.commit(
                feed: 3, name: "erp", [(id: "1", updatedAt: 5, hash: [1]), (id: "2", updatedAt: nil, hash: [2])])
            try store.versions.commit(feed: 3, name: "erp", [(id: "1", updatedAt: 6, hash: [9])])
        }

        try store.read { () throws(StateError) in
            #expect(try store.versions.isCommitted(feed: 3, name: "erp", id: "1", hash: [9]))
            #expect(try !store.versions.isCommitted(feed: 3, name: "erp", id: "1", hash: [1]))
            #expect(try store.versions.isCommitted(feed: 3, name: "erp", id: "2", hash: [2]))
            #expect(try !store.versions.isCommitted(feed: 3, name: "mail", id: "2", hash: [2]))
            #expect(try store.versions.count() == 2)
        }
    }

    @Test func forgettingIsOfOneCursor() throws {
        let scratch = Scratch()
        let store = try scratch.store()
        try store.write { () throws(StateError) in
            for name in ["erp", "mail"] {
                try store.versions.commit(feed: 3, name: name, [(id: "1", updatedAt: 5, hash: [1])])
            }
            try store.versions.forget(feed: 3, name: "erp")
        }

        try store.read { () throws(StateError) in
            #expect(try !store.versions.isCommitted(feed: 3, name: "erp", id: "1", hash: [1]))
            #expect(try store.versions.isCommitted(feed: 3, name: "mail", id: "1", hash: [1]))
        }
    }
}
