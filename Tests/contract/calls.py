"""One right call of every operation of the contract, for a sandbox with the demo seed."""

from __future__ import annotations

import json
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from sandbox import Sandbox

ADDRESS = {
    "name": "Robin Example", "addressLine1": "1 Sample Street", "addressLine2": "Floor 2", "city": "Springfield",
    "stateCode": "OR", "state": "Oregon", "postal": "97477", "countryCode": "US", "country": "United States",
    "email": "robin@example.com", "phone": "555-0100", "companyName": "Example Works", "firstName": "Robin",
    "lastName": "Example",
}


@dataclass
class Call:
    """An operation with its arguments by name; `token` is the kind it needs."""

    operation: str
    arguments: "dict[str, Any]"
    token: str = "channel"


def order(number: str, unit: "dict[str, Any]", **members: Any) -> "dict[str, Any]":
    """Return an order of one listing, with every field of contract 4.3 that has a meaning there."""
    item = {
        "quantity": 1, "price": Decimal("19.99"), "sku": unit["sku"], "listingVariantId": unit["id"], "title": unit["title"],
        "shippingAddress": ADDRESS, "customFields": [{"name": "engraving", "value": "R. E."}],
    }
    return {
        "orderNumber": number, "referenceNumber": f"REF-{number}", "orderedAt": "2026-01-31T12:00:00Z",
        "orderTotal": Decimal("24.98"), "note": "leave at the door", "shippingText": "Standard", "shippingAddress": ADDRESS,
        "billingAddress": ADDRESS, "orderItems": [item], "tags": ["web"],
        "customFields": [{"name": "gift", "value": "no"}], **members,
    }


def every_call(hub: Sandbox) -> "list[Call]":
    """Return calls of all operations, in an order in which each finds what it needs. Ids are the hub's."""
    units = hub.admin("GET", "listings?limit=40")
    unit, other, victim = units[0], units[1], units[-1]
    old = next(one for one in hub.admin("GET", "orders") if one["order_number"] == "OLD-1003")
    shipment = hub.admin("GET", "shipments")[0]
    made = hub.admin("GET", "returns")[0]
    since = "2020-01-01T00:00:00Z"
    _, _, text = hub.ask("POST", "/orders", order("WEB-0", other))
    request = json.loads(text)["fulfillmentRequests"][0]["id"]
    _, _, text = hub.ask("GET", f"/listing/variants?pageSize=1&ids={unit['id']}")
    product = json.loads(text)[0].get("productVariantId", 1)
    return [
        Call("getAccount", {}, "account"),
        Call("getChannels", {"includeIntegrations": True, "includeArchived": True}, "account"),
        Call("getChannelById", {"id": unit["channel_id"]}),
        Call("getListingVariantsCount", {"sync": True}),
        Call("getListingVariantsCount", {"updatedAfter": since, "skus": [unit["sku"], other["sku"]]}),
        Call("getListingVariants", {"page": 1, "pageSize": 20}),
        Call("getListingVariants", {
            "page": 1, "pageSize": 10, "sync": True, "includeParent": True, "includeImages": True,
            "includeOptions": True, "includeAttributes": True, "includeCategories": True, "includeCustomFields": True,
            "includeCustomAggregates": True, "includeOverwrites": True, "includeTags": True, "updatedAfter": since,
            "basicsUpdatedAfter": since,
        }),
        Call("getListingVariants", {"pageSize": 10, "ids": [unit["id"], other["id"]], "skus": [unit["sku"]]}),
        Call("getListingParents", {"page": 1, "pageSize": 5}),
        Call("getListingParents", {
            "page": 1, "pageSize": 5, "publish": True, "includeImages": True, "includeOptions": True,
            "includeAttributes": True, "includeCategories": True, "includeCustomFields": True, "includePaused": True,
            "includeDeleting": True, "includeOutOfStockVariants": True, "updatedAfter": since,
        }),
        Call("getListingParents", {"pageSize": 5, "changeToListingStatusHandle": "hidden"}),
        Call("getListingParentById", {"parentId": unit["parent_id"]}),
        Call("acknowledgeListingVariants", {"body": [
            {"listingVariantId": unit["id"], "syncedAt": since, "isLinkedToRegularProduct": False},
            {"listingVariantId": other["id"], "syncedAt": since, "error": "price is missing",
             "overrideStatus": {"handle": "listed"}},
        ]}),
        Call("acknowledgeListingParents", {"body": [{
            "listingParentId": unit["parent_id"], "externalListingId": "P-1",
            "variants": [{"listingVariantId": unit["id"], "externalListingId": "V-1", "error": None}],
        }]}),
        Call("upsertListingVariant", {
            "modifyContent": "update", "restrictCreateOrUpdate": "updateOnly",
            "body": {"sku": unit["sku"], "title": "Renamed", "price": Decimal("21.5"), "quantity": 3},
        }),
        Call("upsertListingParent", {
            "modifyContent": "update",
            "body": {"sku": "NEW-1", "title": "New", "images": [{"url": "https://img.example.com/1.jpg"}]},
        }),
        Call("searchListingVariants", {
            "page": 1, "pageSize": 20, "includeParent": True, "includeImages": True, "includeOptionValues": True,
            "body": {"filterSkus": [unit["sku"]], "filterNeedsDeleting": False},
        }),
        Call("deleteListingVariant", {"variantId": victim["id"], "deleteParentIfLastVariant": True}),
        Call("deleteOrphanedListingCategories", {}),
        Call("buildListing", {
            "channelId": unit["channel_id"], "productVariantId": product,
            "body": {"mappingTemplateId": 1, "rebuildIfExists": True},
        }),
        Call("rebuildListingVariant", {"channelId": unit["channel_id"], "listingVariantId": unit["id"]}),
        Call("createOrder", {"body": order("WEB-1", unit)}),
        Call("createOrder", {"body": order("WEB-1", unit)}),
        Call("listOrders", {
            "page": 1, "pageSize": 100, "includeTags": True, "orderedAfter": since, "createdSince": since,
            "createdUntil": "2099-01-01T00:00:00Z", "updatedAfter": since,
        }),
        Call("listOrders", {"orderNumber": "WEB-1", "status": "Open"}),
        Call("getOrderById", {"id": old["id"]}),
        Call("updateOrderStatus", {"id": old["id"], "status": "Open", "updateNote": "opened again"}),
        Call("updateOrderTags", {"id": old["id"], "body": {"add": ["late", "gift"], "remove": ["none"]}}),
        Call("syncOrderAccounting", {"id": old["id"], "body": {
            "accountingSynced": True, "externalAccountingId": "ACC-1", "accountingSyncError": "",
            "items": [{"id": old["items"][0]["id"], "externalAccountingId": "ACC-1-1",
                       "orderItemAccountingItems": [{"externalAccountingId": "ACC-1-1-1", "quantity": 1}]}],
        }}),
        Call("createOrderItem", {"orderId": old["id"], "body": {
            "price": 5, "quantity": 1, "listingVariantId": unit["id"], "shippingAddress": ADDRESS}}),
        Call("linkUnmanagedOrders", {"orderIds": [old["id"]]}),
        Call("listShipments", {
            "filterPageNumber": 1, "filterPageSize": 100, "filterCreatedAfter": since, "filterUpdatedAfter": since}),
        Call("listShipments", {"findByOrderId": old["id"]}),
        Call("getShipmentById", {"id": shipment["id"]}),
        Call("flagShipmentsWithErrors", {"body": [{"id": shipment["id"], "syncError": "order is archived"}]}),
        Call("createShipment", {"body": {
            "fulfillmentRequestId": request, "allowDuplicateTrackingNumbers": False,
            "shipment": {
                "trackingNumber": "T-1", "carrier": "Sandbox Express", "shippedAt": since, "shippingCost": Decimal("4.5"),
                "shipmentItems": [{"sku": other["sku"], "quantity": 1}],
            },
        }}, "source"),
        Call("patchShipment", {"body": {"id": shipment["id"], "carrier": "Sandbox Express"}}, "source"),
        Call("listReturns", {"pageNumber": 1, "pageSize": 20, "includeRmas": True, "orderId": old["id"]}),
        Call("getReturnById", {"id": made["id"]}),
        Call("createReturn", {"body": {
            "orderNumber": "OLD-1001", "returnNumber": "RET-2", "refundAdjustment": Decimal("1.5"),
            "syncRefundChangesToOrder": True,
            "items": [{"sku": _sku_of(hub, "OLD-1001"), "returnQuantity": 1, "returnReason": "Too small",
                       "returnCondition": "New", "refundedAmount": 10}],
        }}),
        Call("updateReturn", {"id": made["id"], "body": {"returnStatus": "closed"}}),
    ]


def _sku_of(hub: Sandbox, number: str) -> str:
    sku: str = hub.admin("GET", f"orders/{number}")["items"][0]["sku"]
    return sku
