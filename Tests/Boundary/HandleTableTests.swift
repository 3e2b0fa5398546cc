import CFlxChannel
import Testing

@testable import FlxChannel

/// ABI: handles are names, not addresses (decision 4).
struct HandleTableTests {
    final class Thing: Sendable {}

    @Test func handleFindsItsObject() throws {
        let table = HandleTable<Thing>("thing", tag: 0x21)
        let (one, other) = (Thing(), Thing())
        let (first, second) = (try table.insert(one), try table.insert(other))

        #expect(table.find(first) === one)
        #expect(table.find(second) === other)
        #expect(first != second)
    }

    @Test func freedHandleFindsNothingAlsoWhenItsSlotIsUsedAgain() throws {
        let table = HandleTable<Thing>("thing", tag: 0x21)
        var old: [OpaquePointer] = []

        for _ in 0..<1000 {
            let thing = Thing()
            let handle = try table.insert(thing)
            for stale in old.suffix(5) { #expect(table.find(stale) == nil) }
            #expect(table.remove(handle) === thing)
            #expect(table.remove(handle) == nil)
            #expect(table.find(handle) == nil)
            old.append(handle)
        }
        #expect(Set(old).count == 1000)
    }

    @Test func secondFreeLeavesTheNextOwnerOfTheSlotAlone() throws {
        let table = HandleTable<Thing>("thing", tag: 0x21)
        let first = try table.insert(Thing())
        _ = table.remove(first)
        let thing = Thing()
        let second = try table.insert(thing)

        #expect(table.remove(first) == nil)
        #expect(table.find(second) === thing)
    }

    @Test func handleOfAnotherTypeFindsNothing() throws {
        let (table, other) = (HandleTable<Thing>("thing", tag: 0x21), HandleTable<Thing>("other", tag: 0x22))
        let handle = try table.insert(Thing())
        _ = try other.insert(Thing())

        #expect(other.find(handle) == nil)
        #expect(other.remove(handle) == nil)
        #expect(table.find(handle) != nil)
    }

    @Test func madeUpHandlesFindNothing() throws {
        let table = HandleTable<Thing>("thing", tag: 0x21)
        let handle = UInt(bitPattern: try table.insert(Thing()))

        #expect(table.find(nil) == nil)
        for bit in 0..<64 {
            #expect(table.find(OpaquePointer(bitPattern: handle ^ 1 << UInt(bit))) == nil, "bit \(bit)")
        }
        for bits in [1, 5, 8, 0xFFFF_FFFF, UInt.max, UInt.max / 2] { #expect(table.find(OpaquePointer(bitPattern: bits)) == nil) }
    }

    @Test func handleIsNeverTheAddressOfAnObject() throws {
        let table = HandleTable<Thing>("thing", tag: 0x21)

        for _ in 0..<100 { #expect(UInt(bitPattern: try table.insert(Thing())) & 1 == 1) }
    }

    @Test func objectIsReleasedWhenItsHandleIsFreed() throws {
        let table = HandleTable<Thing>("thing", tag: 0x21)
        var thing: Thing? = Thing()
        weak let watch = thing
        let handle = try table.insert(try #require(thing))
        thing = nil

        #expect(watch != nil)
        _ = table.remove(handle)
        #expect(watch == nil)
    }

    @Test func errorNamesTheTypeThatIsNeeded() throws {
        let error = refusal { try HandleTable<Thing>("thing", tag: 0x21).object(nil) }

        #expect(error?.code == FLX_E_HANDLE)
        #expect(error?.path == "thing")
    }

    @Test func threadsMayInsertAndFreeAtOnce() throws {
        let table = HandleTable<Thing>("thing", tag: 0x21)
        let wrong = Box(0)

        onThreads(4) { _ in
            for _ in 0..<500 {
                let thing = Thing()
                guard let handle = try? table.insert(thing), table.find(handle) === thing, table.remove(handle) === thing else {
                    wrong.value += 1
                    return
                }
            }
        }

        #expect(wrong.value == 0)
    }

    @Test func tablesOfTheHeaderHaveTagsOfTheirOwn() throws {
        let config = try Handles.configs.insert(Config())
        defer { _ = Handles.configs.remove(config) }

        #expect(Handles.configs.find(config) != nil)
        #expect(Handles.blobs.find(config) == nil)
        #expect(Handles.errors.find(config) == nil)
        #expect(Handles.clients.find(config) == nil)
        #expect(Handles.pulls.find(config) == nil)
        #expect(Handles.pages.find(config) == nil)
        #expect(Handles.builders.find(config) == nil)
    }
}
