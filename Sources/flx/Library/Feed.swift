import ArgumentParser
import CFlxChannel

/// A kind of incoming data.
enum Feed: String, CaseIterable, ExpressibleByArgument {
    case listingsToPublish = "listings_to_publish"
    case listingsToSync = "listings_to_sync"
    case listings
    case orders
    case shipments
    case returns

    var number: Int32 {
        switch self {
        case .listingsToPublish: FLX_FEED_LISTINGS_TO_PUBLISH
        case .listingsToSync: FLX_FEED_LISTINGS_TO_SYNC
        case .listings: FLX_FEED_LISTINGS
        case .orders: FLX_FEED_ORDERS
        case .shipments: FLX_FEED_SHIPMENTS
        case .returns: FLX_FEED_RETURNS
        }
    }

    /// Its records come until they are answered; the others have a cursor.
    var isQueue: Bool { self == .listingsToPublish || self == .listingsToSync }
}
