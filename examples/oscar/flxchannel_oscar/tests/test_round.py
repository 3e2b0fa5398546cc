"""A round, and the command that runs it."""

from __future__ import annotations

from io import StringIO
from typing import Any
from unittest import mock

from django.core.management import CommandError, call_command

from .. import cancellations, channel
from ..models import Round
from .case import WithChannel

DONE: Any = {
    "complete": True, "to_do": [], "parts": {}, "stopped": None, "sent": {"sent": 0, "answers_sent": 0},
}


class RoundTests(WithChannel):
    def run_command(self, *words: str) -> "tuple[Any, mock.Mock, str]":
        """Run the command with a library whose rounds are complete; return its code, the round's plan and what it said."""
        library, said = mock.Mock(**{"sync.return_value": dict(DONE)}), StringIO()
        with mock.patch.object(channel, "client", lambda: library), self.assertRaises(SystemExit) as ended:
            call_command("flxchannel", *words, stdout=said)
        return ended.exception.code, library.sync.call_args.kwargs, said.getvalue()

    def test_a_round_that_leaves_nothing_is_complete(self) -> None:
        code, plan, said = self.run_command("--budget=50", "--every=gone=86400")

        self.assertEqual((code, plan["every_s"], Round.objects.get().complete), (0, {"gone": 86400}, True))
        self.assertTrue(0 < plan["budget_ms"] <= 50_000)
        self.assertIn("complete", said)

    def test_a_round_is_not_complete_while_a_cancellation_is_open(self) -> None:
        taken = self.order()
        taken.order.set_status("Cancelled")
        with mock.patch.object(cancellations, "cancel_all", return_value=1):
            code, _, _ = self.run_command()

        self.assertEqual((code, Round.objects.get().complete), (1, False))

    def test_a_round_without_a_budget_takes_as_long_as_it_needs(self) -> None:
        _, plan, _ = self.run_command()

        self.assertEqual(plan["budget_ms"], 0)

    def test_cron_is_told_nothing_if_it_asks_for_nothing(self) -> None:
        _, _, said = self.run_command("--verbosity=0")

        self.assertEqual(said, "")

    def test_a_part_without_seconds_is_said(self) -> None:
        with self.assertRaisesMessage(CommandError, "gone is not PART=SECONDS"):
            call_command("flxchannel", "--every=gone")
