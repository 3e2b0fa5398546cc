/// A listing's place in its life, and the changes that can be queued for it.
enum ListingStatus: String, CaseIterable {
    case notListed = "not_listed"
    case listed
    case hidden
    case delisted
    case published
    case brokenLink = "broken_link"
    case overwriteData = "overwrite_data"

    var id: Int { (Self.allCases.firstIndex(of: self) ?? 0) + 1 }

    var name: String {
        switch self {
        case .notListed: "Not Listed"
        case .listed: "Listed"
        case .hidden: "Hidden"
        case .delisted: "Delisted"
        case .published: "Published"
        case .brokenLink: "Broken Link"
        case .overwriteData: "Overwrite Data"
        }
    }

    /// Published and overwrite are confirmed by a publish, hide, unhide and delist by a sync.
    var isPublishChange: Bool { self == .published || self == .overwriteData }

    /// The changes that can wait in `changeToListingStatus`.
    var canBeQueued: Bool { [.listed, .hidden, .delisted, .published, .overwriteData].contains(self) }
}

/// When content last changed and when the channel last confirmed it.
struct QueueStamps: Equatable {
    var updated: Instant?
    var synced: Instant?

    var isWaiting: Bool {
        guard let updated else { return false }
        guard let synced else { return true }
        return updated > synced
    }
}

struct CustomField {
    var id: Int
    var name: String
    var value: String
}

struct Image {
    var id: Int
    var url: String
    var externalId: String?
}

/// A product page.
final class Parent {
    let id: Int
    let channelId: Int
    var sku: String
    var title: String
    var description: String
    var manufacturer: String?
    /// Indices into the catalogue's categories, outermost first.
    var categories: [Int] = []
    var images: [Image] = []
    var optionNames: [String] = []
    var attributes: [(name: String, value: String)] = []
    var customFields: [CustomField] = []
    var tags: [String] = []
    var archived = false
    var variants: [Variant] = []
    var externalId: String?
    var isLinked = false
    var linkAttempted: Instant?
    var content = QueueStamps()
    var publishError: String?
    var syncError: String?
    /// The status change queued for the whole page.
    var change: ListingStatus?
    var inserted: Instant
    var updated: Instant
    /// The content change with which the row left the queue although it was not confirmed (`queue.read`, `ack.errored`).
    var handedOut: Instant?

    init(id: Int, channelId: Int, sku: String, title: String, description: String, inserted: Instant) {
        (self.id, self.channelId, self.sku, self.title, self.description) = (id, channelId, sku, title, description)
        (self.inserted, self.updated) = (inserted, inserted)
    }
}

/// A sellable unit of a product page.
final class Variant {
    let id: Int
    // Safe: whoever holds a variant holds the catalogue, which holds its parent; `remove` takes a parent only without variants.
    unowned(unsafe) let parent: Parent
    var sku: String
    var title: String
    var upc: String?
    var mpn: String?
    var price: Money?
    var cost: Money?
    var msrp: Money?
    var minimumPrice: Money?
    var quantity: Int?
    var weight: Money?
    var dimensions: (length: Money, width: Money, height: Money)?
    /// The value for each of the parent's option names.
    var optionValues: [String] = []
    var image: Image?
    var customFields: [CustomField] = []
    var tags: [String] = []
    var archived = false
    var paused = false
    var priceProtected = false
    var status = ListingStatus.notListed
    var change: ListingStatus?
    var changeQueued: Instant?
    var externalId: String?
    var isLinked = false
    var linkAttempted: Instant?
    var isLinkedToRegularProduct: Bool?
    var dynamic = QueueStamps()
    var content = QueueStamps()
    var syncError: String?
    var publishError: String?
    var inserted: Instant
    var updated: Instant
    /// As for a parent, with the dynamic change.
    var handedOut: Instant?

    var productVariantId: Int { id + 1_000_000 }

    init(id: Int, parent: Parent, sku: String, title: String, inserted: Instant) {
        (self.id, self.parent, self.sku, self.title) = (id, parent, sku, title)
        (self.inserted, self.updated) = (inserted, inserted)
    }
}
