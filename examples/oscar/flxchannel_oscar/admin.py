"""The screen for merchants: which orders wait and why, what only they can do, and how the channel is."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Dict, Optional

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import URLPattern, path, reverse
from django.utils.html import format_html

from flxchannel import FlxError, NotFoundError

from . import orders
from .client import client
from .models import ChannelOrder, Round

if TYPE_CHECKING:
    Admin = admin.ModelAdmin[ChannelOrder]
else:
    Admin = admin.ModelAdmin


@admin.register(ChannelOrder)
class ChannelOrderAdmin(Admin):
    """The outbox. Looking at it makes no request."""

    list_display = ("number", "in_the_shop", "in_the_outbox", "verdict", "hub_id", "hub_status", "cancel", "note")
    list_filter = ("verdict", "hub_status", "cancel")
    search_fields = ("number", "hub_id", "note")
    list_per_page = 30
    list_select_related = ("order",)
    actions = ("send_again",)
    readonly_fields = ("order", "number", "verdict", "hub_id", "hub_status", "note", "cancel", "lines")

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Optional[ChannelOrder] = None) -> bool:
        return False

    @admin.display(description="in the shop")
    def in_the_shop(self, taken: ChannelOrder) -> str:
        place = reverse("dashboard:order-detail", kwargs={"number": taken.number})
        return format_html('<a href="{}">{}</a>', place, taken.order.status)

    @admin.display(description="outbox")
    def in_the_outbox(self, taken: ChannelOrder) -> str:
        try:
            found = client().outbox(number=taken.number)
        except FlxError:
            return "unknown"  # why is said above the list
        return f"{found[0]['state']}, {found[0]['attempts']} sent" if found else "not yet"

    @admin.action(description="Send again, with what the shop has in it now", permissions=["change"])
    def send_again(self, request: HttpRequest, chosen: "QuerySet[ChannelOrder]") -> None:
        for taken in chosen:
            try:
                is_sent = orders.send_again(taken.pk)
            except FlxError as why:
                self.message_user(request, f"{taken.number}: {why}", messages.ERROR)
                continue
            if is_sent:
                self.message_user(request, f"{taken.number} is sent in the next round")
            else:
                self.message_user(request, f"{taken.number} was not refused or given up, or is canceled", messages.WARNING)

    def changelist_view(self, request: HttpRequest, extra_context: "Optional[Dict[str, Any]]" = None) -> HttpResponse:
        stats: "Dict[str, Any]" = {}
        try:
            stats = dict(client().stats())
        except FlxError as why:
            self.message_user(request, f"the channel's state cannot be read: {why}", messages.ERROR)
        return super().changelist_view(request, {"stats": stats, "round": Round.objects.first(), **(extra_context or {})})

    def change_view(
        self, request: HttpRequest, object_id: str, form_url: str = "", extra_context: "Optional[Dict[str, Any]]" = None
    ) -> HttpResponse:
        taken, events = self.get_object(request, object_id), []
        if taken is not None:
            try:
                events = client().history(taken.number)["events"]
            except NotFoundError:
                pass  # it was not handed over yet: the next round does
            except FlxError as why:
                self.message_user(request, f"the channel's state cannot be read: {why}", messages.ERROR)
        return super().change_view(request, object_id, form_url, {"events": events, **(extra_context or {})})

    def get_urls(self) -> "list[URLPattern]":
        test = path("test/", self.admin_site.admin_view(self.test_connection), name="flxchannel_oscar_test")
        return [test, *super().get_urls()]

    def test_connection(self, request: HttpRequest) -> HttpResponse:
        """The one button that asks the hub, for three seconds at most."""
        if not self.has_change_permission(request):
            raise PermissionDenied
        if request.method == "POST":
            try:
                report = client().probe(3000)
            except FlxError as why:
                self.message_user(request, str(why), messages.ERROR)
            else:
                good = report["reachable"] and report["token"] == "accepted"
                what = f"hub reached: {report['reachable']}, token {report['token']}, {report['listings']} listings."
                self.message_user(request, f"{what} {report['advice']}", messages.SUCCESS if good else messages.WARNING)
        return HttpResponseRedirect(reverse("admin:flxchannel_oscar_channelorder_changelist"))
