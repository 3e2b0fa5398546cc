import Testing

@testable import flx_sandbox

@Suite struct LimiterTests {
    private func admitted(_ model: Limiter.Model, at times: [Int]) -> [Bool] {
        var limiter = Limiter()
        return times.map { limiter.arrive(at: $0 * 1000, under: model).isAdmitted }
    }

    @Test func bucketGrantsItsSizeThenItsRefill() {
        #expect(
            admitted(.bucket(size: 2, refill: 2), at: [0, 0, 0, 499, 500, 1000, 1100]) == [
                true, true, false, false, true, true, false,
            ])
    }

    @Test func bucketAnnouncesWhatIsUsed() {
        var limiter = Limiter()
        _ = limiter.arrive(at: 0, under: .bucket(size: 40, refill: 2))
        let second = limiter.arrive(at: 0, under: .bucket(size: 40, refill: 2))
        #expect(second == Admission(isAdmitted: true, size: 40, used: 2, refill: 2, waitMicros: 0))
    }

    @Test func slidingWindowForgetsAfterItsLength() {
        #expect(
            admitted(.sliding(limit: 2, micros: 1_000_000), at: [0, 100, 500, 999, 1000, 1001]) == [
                true, true, false, false, true, false,
            ])
    }

    @Test func fixedWindowStartsAnewAtItsBorder() {
        #expect(
            admitted(.fixed(limit: 2, micros: 1_000_000), at: [900, 950, 990, 1000, 1001, 1002]) == [
                true, true, false, true, true, false,
            ])
    }

    @Test func strictCountsRefusedArrivalsToo() {
        #expect(admitted(.strict, at: [0, 100, 500, 1050, 1600]) == [true, true, false, false, true])
    }

    @Test func refusedRequestHasHeadersAndNoEffect() throws {
        let rig = try Rig(["limiter": "bucket", "pool.size": "1", "limit.retry_after": "seconds"])
        _ = rig.ask("GET", "/orders")

        let answer = rig.ask("POST", "/orders", rig.order("1"))

        #expect(answer.status == 429)
        #expect(answer.text.range(of: "X-Auth-Pool-Size: 1\r\n") != nil)
        #expect(answer.text.range(of: "Retry-After: 1\r\n") != nil)
        #expect(rig.hub.orders.orders.isEmpty)
    }

    @Test func eachTokenHasItsOwnPool() throws {
        let rig = try Rig(["limiter": "bucket", "pool.size": "1"])
        _ = rig.ask("GET", "/orders")

        #expect(rig.ask("GET", "/orders", token: "sandbox-account-token").status == 200)
    }
}
