/// Tells whether a listing changed, where the hub has no instant for it (decision 16).
enum ListingFingerprint {
    /// The same for two readings of a record that differ only in what an answer itself changes at the hub.
    static func of(_ record: JSONValue, feed: Feed) -> String {
        // A publish makes its listings listed; after a sync another status is news.
        let ignored = feed == .listingsToPublish ? answered + ["listingStatus"] : answered
        return Text.hex(Array(SHA256.hash(canonical(record, without: ignored)).prefix(12)))
    }

    private static let answered = [
        "updatedAt", "dynamicContentUpdatedAt", "dynamicContentSyncedAt", "staticContentUpdatedAt",
        "staticContentSyncedAt", "linkAttemptedAt", "linkedToRegularProduct", "changeToListingStatus",
        "externalListingId", "externalReferenceId", "externalReferenceIdType", "syncError", "publishError",
    ]
}
