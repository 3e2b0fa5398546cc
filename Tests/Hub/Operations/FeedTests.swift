import CFlxChannel
import Testing

@testable import FlxChannel

struct FeedTests {
    @Test func rawValuesAreThoseOfTheHeader() {
        #expect(Feed.listingsToPublish.rawValue == FLX_FEED_LISTINGS_TO_PUBLISH)
        #expect(Feed.listingsToSync.rawValue == FLX_FEED_LISTINGS_TO_SYNC)
        #expect(Feed.listings.rawValue == FLX_FEED_LISTINGS)
        #expect(Feed.orders.rawValue == FLX_FEED_ORDERS)
        #expect(Feed.shipments.rawValue == FLX_FEED_SHIPMENTS)
        #expect(Feed.returns.rawValue == FLX_FEED_RETURNS)
    }

    @Test func everyFeedHasAnOperationWithPages() {
        for feed in Feed.all {
            #expect(feed.operation.pages != .none, "\(feed.name)")
            #expect(OperationTable.named(feed.operation.id) != nil, "\(feed.name)")
        }
    }

    @Test func argumentsThatAFeedSetsAreArgumentsOfItsOperation() {
        for feed in Feed.all {
            let known = feed.operation.arguments.map { $0.name }
            for name in feed.fixedArguments.map({ $0.name }) + feed.defaultArguments.map({ $0.name }) {
                #expect(known.contains(name), "\(feed.name) \(name)")
            }
            if let bound = feed.boundParameter { #expect(known.contains(bound), "\(feed.name) \(bound)") }
        }
    }

    @Test func hostCanTurnOffWhatIsOnByDefault() {
        for feed in Feed.all {
            let filters = feed.filters.map { $0.name }
            #expect(feed.defaultArguments.allSatisfy { filters.contains($0.name) }, "\(feed.name)")
        }
    }

    @Test func fixedArgumentsAreNoFilters() {
        for feed in Feed.all {
            let filters = feed.filters.map { $0.name }
            #expect(feed.fixedArguments.allSatisfy { !filters.contains($0.name) }, "\(feed.name)")
        }
    }

    @Test func pageSizeIsOneThatTheOperationTakes() {
        for feed in Feed.all {
            let size = feed.operation.arguments.first { $0.name == feed.operation.pages.parameters.size }
            #expect(feed.pageSize <= size?.most ?? Int64.max, "\(feed.name)")
        }
    }

    @Test(arguments: ["page", "pageSize", "updatedAfter", "channelId", "sync"])
    func whatTheLibrarySetsItselfIsNoFilter(_ name: String) {
        #expect(!Feed.listings.filters.contains { $0.name == name })
    }

    @Test func hostsFilterReplacesTheDefault() {
        let query = Feed.listingsToSync.fixedQuery(overriddenBy: [("includeParent", "false"), ("skus", "A"), ("skus", "B")])

        #expect(
            query.map { "\($0.0)=\($0.1)" }.joined(separator: "&")
                == "sync=true&includeOptions=true&includeCustomFields=true&includeParent=false&skus=A&skus=B")
    }

    @Test func feedIsFoundByItsName() {
        for feed in Feed.all { #expect(Feed.named(feed.name) == feed) }
        #expect(Feed.named("Orders") == nil)
    }
}
