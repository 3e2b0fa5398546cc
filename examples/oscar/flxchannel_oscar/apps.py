"""The app, and the two moments of a shop at which the channel listens."""

from django.apps import AppConfig
from django.db.models.signals import post_save


class FlxchannelOscarConfig(AppConfig):
    name = "flxchannel_oscar"
    verbose_name = "Flxpoint channel"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from oscar.apps.order.signals import order_status_changed

        from . import cancellations, orders

        post_save.connect(orders.placed, sender=orders.ShopOrder, dispatch_uid="flxchannel_oscar.placed")
        order_status_changed.connect(cancellations.status_changed, dispatch_uid="flxchannel_oscar.status_changed")
