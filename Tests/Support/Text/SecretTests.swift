import Glibc
import Testing

@testable import FlxChannel

struct SecretTests {
    @Test func holdsWhatItWasGivenAndAZeroBehind() throws {
        let secret: Secret = "token-1"
        let header = try #require(secret.withBytes { Secret(prefix: "X: ", $0) })

        #expect(secret.count == 7)
        #expect(secret.withBytes { Array($0) } == Array("token-1".utf8))
        #expect(String(cString: header.start.assumingMemoryBound(to: CChar.self)) == "X: token-1")
    }

    @Test func longOneHasThePagesItNeeds() {
        let long = [UInt8](repeating: 0x74, count: 100_000)

        #expect(long.withUnsafeBytes { Secret($0) }?.withBytes { Array($0) } == long)
    }

    @Test func itsPageIsLeftOutOfCoreDumps() throws {
        let secret: Secret = "token-1"
        let other = UnsafeMutableRawPointer.allocate(byteCount: 7, alignment: 1)
        defer { other.deallocate() }

        #expect(try flags(of: secret.start)?.contains("dd") == true)
        #expect(try flags(of: other)?.contains("dd") == false)
    }

    @Test func wipedArrayIsZero() {
        var copy = Array("token-1".utf8)
        Secret.wipe(&copy)

        #expect(copy == [UInt8](repeating: 0, count: 7))
        var none: [UInt8] = []
        Secret.wipe(&none)
    }

    @Test(arguments: [
        ("token-1", "[token]"), ("a token-1 b token-1", "a [token] b [token]"), ("token-", "token-"), ("token-12", "[token]2"),
    ])
    func redactionTakesItOut(_ text: String, _ left: String) {
        #expect(Redaction.clean(text, hiding: "token-1") == left)
    }

    /// The flags of the mapping that `address` is in, as /proc/self/smaps tells them.
    private func flags(of address: UnsafeMutableRawPointer) throws -> [Substring]? {
        let address = UInt(bitPattern: address)
        let file = try #require(fopen("/proc/self/smaps", "r"))  // Foundation reads only the beginning of it
        defer { fclose(file) }
        var isHere = false
        var line = [UInt8](repeating: 0, count: 4096)
        while line.withUnsafeMutableBytes({ fgets($0.baseAddress, Int32($0.count), file) }) != nil {
            let words = String(decoding: line.prefix { $0 != 0x0A && $0 != 0 }, as: UTF8.self).split(separator: " ")
            guard let first = words.first else { continue }
            if first.hasSuffix(":") {
                if isHere, first == "VmFlags:" { return words }
            } else {
                let ends = first.split(separator: "-").compactMap { UInt($0, radix: 16) }
                isHere = ends.count == 2 && ends[0] <= address && address < ends[1]
            }
        }
        return nil
    }
}
