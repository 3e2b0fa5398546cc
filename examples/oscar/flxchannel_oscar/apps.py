"""The app, and the two moments of a shop at which the channel listens."""

from django.apps import AppConfig


class FlxchannelOscarConfig(AppConfig):
    name = "flxchannel_oscar"
    verbose_name = "Flxpoint channel"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from oscar.apps.order.signals import order_placed, order_status_changed

        from . import orders

        order_placed.connect(orders.placed, dispatch_uid="flxchannel_oscar.placed")
        order_status_changed.connect(orders.status_changed, dispatch_uid="flxchannel_oscar.status_changed")
