import CFlxChannel
import Testing

@testable import FlxChannel

struct SyncPlanTests {
    private static func read(_ text: String?) throws -> SyncPlan { try SyncPlan.read(text.map { Array($0.utf8) }) }

    @Test func nothingMeansAllOfIt() throws {
        let plan = try Self.read(nil)

        #expect(plan.parts == SyncPart.allCases)
        #expect(plan.budgetMs == 0 && plan.cursor == "default" && !plan.wantsProgress)
        #expect(plan.everyMs(.gone) == 86_400_000 && plan.everyMs(.sync) == 0)
    }

    @Test func partsComeInTheirOrderAndOnce() throws {
        let plan = try Self.read(#"{"parts":["sync","results","sync"],"budget_ms":"20000","every_s":{"sync":60},"progress":true}"#)

        #expect(plan.parts == [.results, .sync])
        #expect(plan.budgetMs == 20_000 && plan.everyMs(.sync) == 60_000 && plan.wantsProgress)
    }

    @Test func everyFaultIsToldAtOnce() {
        let error = refusal {
            try Self.read(
                #"{"part":[],"parts":["snyc"],"budget_ms":-1,"every_s":{"syncs":1,"gone":"x"},"cursor":"","progress":1}"#)
        }

        #expect(error?.code == FLX_E_OPERATION)
        #expect(
            Set((error?.faults ?? []).map { $0.path })
                == ["/part", "/parts/0", "/budget_ms", "/every_s/syncs", "/every_s/gone", "/cursor", "/progress"])
        #expect(error?.faults.contains { $0.message.contains("did you mean \"sync\"") } == true)
        #expect(error?.faults.contains { $0.message.contains("did you mean \"parts\"") } == true)
    }

    @Test(arguments: ["[1]", "7", #""all""#]) func planThatIsNoObjectIsRefused(_ text: String) {
        #expect(refusal { try Self.read(text) }?.code == FLX_E_JSON)
    }

    @Test func emptyListOfParts() {
        #expect(refusal { try Self.read(#"{"parts":[]}"#) }?.path == "/parts")
    }
}
