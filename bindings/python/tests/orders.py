"""Orders for tests. The buyers are invented."""

from __future__ import annotations

from decimal import Decimal


def order(number="A-1", **changes):
    """A good order; `changes` replaces members."""
    return {
        "orderNumber": number,
        "orderedAt": "2026-01-31T12:00:00Z",
        "orderTotal": Decimal("19.99"),
        "shippingText": "Standard",
        "shippingAddress": {
            "name": "Ada Example", "addressLine1": "1 Test Street", "city": "Springfield", "stateCode": "IL",
            "postal": "62701", "countryCode": "US", "email": "ada@example.com",
        },
        "orderItems": [{"sku": "NO-SUCH-SKU", "quantity": 1, "price": Decimal("19.99")}],
        **changes,
    }


def flush_until_quiet(client, budget_ms=20_000):
    """Flush until nothing is left; return the last report."""
    report = client.flush(budget_ms)
    assert report.outcome.name == "DONE", report
    return report
