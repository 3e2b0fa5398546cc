import Testing

@testable import FlxChannel

/// Whom to believe about the hub's time. The truth is 0; a positive number is ahead of the hub.
@Suite struct ClockEvidenceTests {
    private static let hour: Int64 = 3_600_000
    private static let day: Int64 = 86_400_000
    private static let far: Int64 = 73 * 365 * 86_400_000  // 2099

    private func belief(_ samples: [Int64], prior: Int64? = nil, host: Int64 = 0) -> (offsetMs: Int64, isSure: Bool)? {
        var evidence = ClockEvidence(prior: prior)
        for sample in samples { evidence.hear(sample, host: host) }
        return evidence.belief(host: host)
    }

    @Test func nothingHeardIsNothingKnown() {
        #expect(belief([]) == nil)
        #expect(belief([], prior: 5)?.offsetMs == 5)
        #expect(belief([], prior: 5)?.isSure == false)
    }

    @Test(arguments: [-2 * day, -hour, -1000, 0, 1000, hour, 2 * day])
    func h03_oneAnswerIsNeverAheadOfTheHubIfItIsRightWhateverTheHostsClockSays(_ host: Int64) throws {
        let believed = try #require(belief([0], host: host))

        #expect(believed.offsetMs == min(0, host))
        #expect(believed.isSure == (abs(host) <= 1000))
    }

    @Test(arguments: [-2 * day, -hour, 1000, hour, 2 * day, far])
    func h03_oneWrongAnswerIsNeverAheadOfTheHubIfTheHostsClockIsRight(_ wrong: Int64) throws {
        let believed = try #require(belief([wrong]))

        #expect(believed.offsetMs == min(0, wrong))
        #expect(believed.isSure == (wrong == 1000))
    }

    @Test(arguments: [-2 * day, -hour, 0, hour, 2 * day], [-2 * day, -hour, 0, hour, 2 * day])
    func twoAnswersThatAgreeOutweighEverythingElse(_ host: Int64, _ prior: Int64) throws {
        for prior in [prior, nil] {
            let believed = try #require(belief([0, 300], prior: prior, host: host))

            #expect(believed.offsetMs == 0)
            #expect(believed.isSure)
        }
    }

    @Test(arguments: [-2 * day, 2 * day, far])
    func farAnswerOnItsOwnChangesNothing(_ wrong: Int64) throws {
        #expect(try #require(belief([wrong, 0, 100])).offsetMs == 0)
        #expect(try #require(belief([0, wrong, 100])).offsetMs == 0)
        #expect(try #require(belief([0, 100, wrong])).offsetMs == 0)
        #expect(try #require(belief([0, 100, wrong])).isSure)
        #expect(try #require(belief([0, 100, wrong, 200, wrong, 300])).offsetMs == 0)
    }

    @Test(arguments: [-2 * day, 2 * day])
    func clockThatJumpedFarIsBelievedWithTheSecondAnswer(_ jump: Int64) throws {
        let believed = try #require(belief([0, 100, 200, jump, jump + 1000]))

        #expect(believed.offsetMs == jump)
        #expect(believed.isSure)
    }

    @Test func whatWasKnownBeforeIsASecondWitness() throws {
        let agreed = try #require(belief([1000], prior: 0, host: 2 * Self.day))
        #expect(agreed.offsetMs == 0)
        #expect(agreed.isSure)

        let doubted = try #require(belief([Self.hour], prior: 0, host: Self.hour))
        #expect(doubted.offsetMs == 0)
        #expect(!doubted.isSure)
    }

    @Test func twoAnswersThatDisagreeAreOneWitnessEach() throws {
        let believed = try #require(belief([Self.hour, 0], host: -Self.hour))
        #expect(believed.offsetMs == 0)
        #expect(!believed.isSure)

        #expect(try #require(belief([Self.hour, 0], host: 1000)).isSure)
        #expect(try #require(belief([Self.hour, 0, 1000], host: -Self.hour)).isSure)
    }

    @Test func c04_theSmallestOfEightCounts() throws {
        let nodes = (0..<8).map { Int64($0 % 2) * 600_000 }
        #expect(try #require(belief(nodes)).offsetMs == 0)
        #expect(try #require(belief(nodes + [Int64](repeating: 600_000, count: 8))).offsetMs == 600_000)
    }

    @Test func onlyAnAnswerThatIsContradictedNeedsAWitness() {
        func needs(_ samples: [Int64], prior: Int64? = nil, host: Int64) -> Bool {
            var evidence = ClockEvidence(prior: prior)
            for sample in samples { evidence.hear(sample, host: host) }
            return evidence.needsWitness(host: host)
        }
        #expect(!needs([], host: 0))
        #expect(!needs([0], host: 5000))
        #expect(needs([0], host: 60_000))
        #expect(needs([0], host: Self.hour))
        #expect(!needs([0], prior: 0, host: Self.hour))
        #expect(needs([Self.far], host: 0))
        #expect(!needs([0, Self.hour], host: Self.day))
    }

    /// What the statistics call a witness is an answer that agrees.
    @Test func answersThatDisagreeAreNoWitnesses() {
        var evidence = ClockEvidence()
        for sample in [0, 1000, Self.hour, Self.hour, Self.hour] { evidence.hear(sample, host: 0) }

        #expect(evidence.belief(host: 0)?.offsetMs == 0)
        #expect(evidence.witnesses(of: 0) == 2)
        #expect(evidence.otherVoice(than: 0) == Self.hour)
        evidence.hear(500, host: 0)
        #expect(evidence.witnesses(of: 0) == 3)
        #expect(evidence.otherVoice(than: 0) == nil)
    }

    @Test func impossibleNumbersDoNoHarm() throws {
        #expect(try #require(belief([.max, .min], prior: .max, host: .min)).offsetMs == .min)
        #expect(try #require(belief([.min, .max], prior: .min, host: .max)).offsetMs == .min)
    }
}
