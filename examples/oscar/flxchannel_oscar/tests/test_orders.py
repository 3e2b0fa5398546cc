"""Orders are handed over once, and what becomes of them is stored."""

from __future__ import annotations

from typing import Any
from unittest import mock

from django.conf import settings
from django.contrib.auth import get_user_model
from django.contrib.auth.models import Permission
from django.db import transaction
from django.test import override_settings
from oscar.apps.order.signals import order_placed

from .. import cancellations, client, orders
from ..models import ChannelOrder
from .case import ShippingAddress, WithChannel, stock

OUTBOX = "/admin/flxchannel_oscar/channelorder/"


def result(taken: ChannelOrder, verdict: str, **told: str) -> None:
    order: Any = {
        "number": taken.number, "verdict": verdict, "message": "", "hub_said": "", "order_id": "", "order_status": "", **told}
    orders.take_result({"type": "result", "event": 5, "order": order})


class HandOverTests(WithChannel):
    def test_an_order_is_handed_over_once_it_is_committed(self) -> None:
        taken = self.order()

        self.assertEqual(self.outbox(), {taken.number: ""})
        self.assertEqual(orders.submit_all(), 0)
        self.assertEqual(len(self.outbox()), 1)

    def test_an_order_is_taken_in_the_transaction_that_places_it(self) -> None:
        """Oscar tells of an order when that transaction is over, unless the whole request is one: a process may die before."""
        with mock.patch.object(order_placed, "send", side_effect=KeyboardInterrupt), self.assertRaises(KeyboardInterrupt):
            self.order_not_handed_over()

        orders.submit_all()
        self.assertEqual(list(self.outbox()), [ChannelOrder.objects.get().number])

    def test_an_old_order_that_is_brought_in_is_not_sold_again(self) -> None:
        old = self.order().order
        old.pk, old.number, old.basket = None, "from-before", None
        old.save()

        self.assertFalse(ChannelOrder.objects.filter(number="from-before").exists())

    def test_a_channel_that_cannot_work_breaks_no_checkout(self) -> None:
        client._clients.clear()
        with override_settings(FLXCHANNEL={**settings.FLXCHANNEL, "state_dir": "/nowhere/at/all"}), self.assertLogs("django.test"):
            taken = self.order()

        self.assertEqual(orders.submit_all(), 0)
        self.assertEqual(list(self.outbox()), [taken.number])

    def test_an_order_that_was_rolled_back_is_nowhere(self) -> None:
        try:
            with transaction.atomic():
                self.order()
                raise ZeroDivisionError
        except ZeroDivisionError:
            pass
        self.assertFalse(ChannelOrder.objects.exists())

    def test_an_order_without_an_address_waits_for_a_person_and_holds_back_no_other(self) -> None:
        lame, sound = self.order_not_handed_over(), self.order_not_handed_over()
        lame.order.shipping_address = None
        lame.order.save()

        self.assertEqual(orders.submit_all(), 0)

        lame.refresh_from_db()
        self.assertEqual(lame.verdict, "refused")
        self.assertIn("shippingAddress", lame.note)
        self.assertEqual(list(self.outbox()), [sound.number])

    def test_an_order_that_cannot_be_read_holds_back_no_other(self) -> None:
        broken, sound = self.order_not_handed_over(), self.order_not_handed_over()
        order_of = orders.order_of

        def read(order: Any) -> Any:
            if order.number == broken.number:
                raise ValueError("this line has no price")
            return order_of(order)

        with mock.patch.object(orders, "order_of", read), self.assertLogs("flxchannel"):
            self.assertEqual(orders.submit_all(), 1)

        broken.refresh_from_db()
        self.assertEqual((broken.verdict, broken.note), ("", "this line has no price"))
        self.assertEqual(list(self.outbox()), [sound.number])


class ResultTests(WithChannel):
    def test_what_the_hub_has_is_set_aside_no_longer(self) -> None:
        taken, other = self.order(), self.order()
        self.assertEqual(stock("TEE-S").num_allocated, 4)

        for _ in range(2):  # an event may come twice
            result(taken, "applied", order_id="5001", order_status="Open")

        self.assertEqual((stock("TEE-S").num_in_stock, stock("TEE-S").num_allocated), (9, 2))
        other.refresh_from_db()
        self.assertEqual(other.verdict, "")

    def test_a_result_is_stored_though_the_product_was_deleted(self) -> None:
        taken = self.order()
        stock("TEE-S").delete()

        result(taken, "applied", order_id="5001")

        taken.refresh_from_db()
        self.assertEqual((taken.verdict, taken.hub_id, stock("TEE-M").num_allocated), ("applied", "5001", 0))

    def test_a_shop_from_a_backup_learns_the_ends_that_it_knew(self) -> None:
        taken = self.order()
        told = {**client.client().outbox()[0], "state": "settled", "verdict": "applied", "order_id": "5001", "order_status": "Open"}
        library = mock.Mock(**{"submit.return_value": told, "outbox.return_value": [told]})

        with mock.patch.object(orders, "client", lambda: library):
            orders.submit(taken.pk)

        taken.refresh_from_db()
        self.assertEqual((taken.verdict, taken.hub_id, taken.hub_status), ("applied", "5001", "Open"))
        self.assertEqual(stock("TEE-S").num_allocated, 0)


class CancellationTests(WithChannel):
    def cancel(self, taken: ChannelOrder) -> None:
        taken.order.set_status("Cancelled")
        taken.refresh_from_db()

    def test_an_order_that_was_canceled_before_it_left_is_not_sent(self) -> None:
        taken = self.order()
        self.cancel(taken)
        self.assertEqual(cancellations.cancel_all(), 0)

        taken.refresh_from_db()
        self.assertEqual(taken.cancel, "not_sent")
        self.assertEqual(self.outbox(), {taken.number: "not_applied"})
        self.assertEqual(stock("TEE-S").num_allocated, 0)

    def test_an_order_that_was_canceled_before_it_was_handed_over_never_is(self) -> None:
        """Another worker has it in its list when the shop cancels it."""
        taken = self.order_not_handed_over()
        self.cancel(taken)
        self.assertEqual(cancellations.cancel_all(), 0)

        orders.submit(taken.pk)

        taken.refresh_from_db()
        self.assertEqual((taken.cancel, self.outbox()), ("not_sent", {}))

    def test_an_order_that_is_handed_over_while_it_is_canceled_is_canceled_in_the_next_round(self) -> None:
        taken = self.order()
        self.cancel(taken)

        cancellations._not_there(taken.pk)  # as of a worker that asked a moment ago

        taken.refresh_from_db()
        self.assertEqual(taken.cancel, "wanted")

    def test_an_order_that_the_state_forgot_is_not_said_to_be_unsent(self) -> None:
        taken = self.order_not_handed_over()
        result(taken, "applied", order_id="5001")
        self.cancel(taken)

        self.assertEqual(cancellations.cancel_all(), 0)

        taken.refresh_from_db()
        self.assertEqual(taken.cancel, "refused")
        self.assertIn("cancel it at the hub", taken.note)

    def test_a_canceled_order_cannot_be_sent_again(self) -> None:
        taken = self.order()
        self.cancel(taken)
        cancellations.cancel_all()
        result(taken, "not_applied")

        self.assertFalse(orders.send_again(taken.pk))
        self.assertEqual(self.outbox(), {taken.number: "not_applied"})

    def test_time_that_is_over_cancels_nothing_and_says_what_is_left(self) -> None:
        taken = self.order()
        self.cancel(taken)

        self.assertEqual(cancellations.cancel_all(until=0.0), 1)

        taken.refresh_from_db()
        self.assertEqual((taken.cancel, taken.note, self.outbox()), ("wanted", "", {taken.number: ""}))


class ScreenTests(WithChannel):
    def sign_in(self, *permissions: str) -> None:
        user = get_user_model().objects.create_user("merchant", "merchant@example.com", "only here", is_staff=True)
        user.user_permissions.set(Permission.objects.filter(codename__in=permissions))
        self.client.force_login(user)

    def send_again(self, taken: ChannelOrder) -> Any:
        return self.client.post(OUTBOX, {"action": "send_again", "_selected_action": [taken.pk]}, follow=True)

    def refused(self) -> ChannelOrder:
        taken = self.order_not_handed_over()
        result(taken, "refused", message="no such street")
        return taken

    def test_the_screen_shows_the_outbox_and_asks_the_hub_nothing(self) -> None:
        taken = self.order()
        self.sign_in("view_channelorder")

        self.assertContains(self.client.get(OUTBOX), "1 queued")
        self.assertContains(self.client.get(f"{OUTBOX}{taken.pk}/change/"), "submitted")
        self.assertEqual(set(client.client().stats()["requests"].values()), {0})

    def test_an_order_is_corrected_and_sent_again(self) -> None:
        taken = self.refused()
        ShippingAddress.objects.update(line1="18 Quarry Lane")
        self.sign_in("view_channelorder", "change_channelorder")

        self.assertContains(self.send_again(taken), "is sent in the next round")

        taken.refresh_from_db()
        self.assertEqual((taken.verdict, self.outbox()), ("", {taken.number: ""}))
        self.assertIn("18 Quarry Lane", str(client.client().preview()))

    def test_who_may_only_look_sends_and_asks_nothing(self) -> None:
        taken = self.refused()
        self.sign_in("view_channelorder")

        self.send_again(taken)

        with self.assertLogs("django.request"):
            self.assertEqual(self.client.post(f"{OUTBOX}test/").status_code, 403)
        self.assertEqual(self.outbox(), {})

    def test_a_state_that_cannot_be_read_is_said_on_both_screens(self) -> None:
        taken = self.order()
        self.sign_in("view_channelorder")
        client._clients.clear()

        with override_settings(FLXCHANNEL={**settings.FLXCHANNEL, "state_dir": "/nowhere/at/all"}):
            for path in (OUTBOX, f"{OUTBOX}{taken.pk}/change/"):
                self.assertContains(self.client.get(path), "state cannot be read")
