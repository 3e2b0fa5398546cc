import CFlxChannel
import Foundation
import Testing

@testable import FlxChannel

/// A token that takes the place of another.
struct TokenTests {
    /// What the log says of both, beside a word that nobody hides.
    private static func said(_ client: Client) -> String {
        _ = client.log.take()
        client.log.write(.info, "planted", [("text", .text("of \(HubRig.token), next-token, anybody"))])
        return client.log.take().joined()
    }

    @Test func tokenThatCannotBeUsedLeavesTheOldOneHidden() throws {
        let rig = HubRig { _ in .empty }
        let client = try rig.client()
        let origin = "http://127.0.0.1:\(rig.server.port)"
        let path = try RateLimitFile(directory: rig.scratch.at("state"), origin: origin, token: "next-token").path
        unlink(path)
        symlink("/nowhere", path)

        #expect(refusal { try client.setToken("next-token") }?.code == FLX_E_RATE_LIMIT)
        let before = Self.said(client)
        #expect(before.contains("anybody") && !before.contains(HubRig.token))

        unlink(path)
        try client.setToken("next-token")
        let after = Self.said(client)
        #expect(after.contains(HubRig.token) && !after.contains("next-token"))
        client.close()
    }
}
