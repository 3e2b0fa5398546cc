"""What the shop remembers of the hub, beside its own products and orders."""

from django.db import models


class Listing(models.Model):
    """A listing of the hub, and the product that it is here. It stays when the hub's is gone, should that come back."""

    kind = models.CharField(max_length=7, choices=[("parent", "page"), ("variant", "variant")])
    hub_id = models.CharField(max_length=32)
    product = models.OneToOneField("catalogue.Product", on_delete=models.CASCADE, related_name="listing")
    #: Of a variant: listed, hidden, delisted, gone.
    status = models.CharField(max_length=16, default="listed")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["kind", "hub_id"], name="a_listing_once")]

    def __str__(self) -> str:
        return f"{self.kind} {self.hub_id}"


class ChannelOrder(models.Model):
    """An order of the shop, and what is known of it at the hub. Made in the transaction that places the order."""

    order = models.OneToOneField("order.Order", on_delete=models.CASCADE, related_name="channel")
    number = models.CharField(max_length=128, unique=True)
    #: Empty until its end is known: applied, refused, not_applied, possibly_applied.
    verdict = models.CharField(max_length=20, blank=True)
    hub_id = models.CharField("at the hub", max_length=32, blank=True)
    hub_status = models.CharField(max_length=200, blank=True)
    note = models.TextField(blank=True)
    #: Empty, "wanted", or what came of it: see Client.cancel_order; "refused" where the hub did not let it.
    cancel = models.CharField("cancellation", max_length=20, blank=True)
    #: The hub's ids of its lines, and ours: parcels name the hub's.
    lines = models.JSONField(default=dict, blank=True)

    class Meta:
        ordering = ["-order__date_placed"]
        verbose_name = "order"
        verbose_name_plural = "outbox and health"

    def __str__(self) -> str:
        return self.number


class Parcel(models.Model):
    """A parcel that the buyer may see: Oscar's shipping event, and what the hub says of it."""

    hub_id = models.CharField(max_length=32, unique=True)
    event = models.OneToOneField("order.ShippingEvent", on_delete=models.CASCADE, related_name="parcel")
    # Text of any length: a parcel that does not fit would come again for ever, and hold back those behind it.
    carrier = models.TextField(blank=True)
    tracking_number = models.TextField(blank=True)
    tracking_url = models.TextField(blank=True)

    def __str__(self) -> str:
        return f"{self.carrier} {self.tracking_number}".strip()


class Round(models.Model):
    """The last round of the channel: its summary, for the screen that merchants look at."""

    ended_at = models.DateTimeField(auto_now=True)
    complete = models.BooleanField(default=False)
    #: When the last one ended that left nothing to do.
    completed_at = models.DateTimeField(null=True)
    to_do = models.JSONField(default=list)
    parts = models.JSONField(default=dict)

    def __str__(self) -> str:
        return f"round that ended at {self.ended_at}"
