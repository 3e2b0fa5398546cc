"""A round of all the work of the channel: from cron, or round after round as a worker."""

from __future__ import annotations

import signal
import sys
import time
from argparse import ArgumentParser, ArgumentTypeError
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from flxchannel import FlxError
from flxchannel_oscar import channel


class Command(BaseCommand):
    help = "Runs a round of the channel: publishes, syncs, sends orders, takes parcels. Ends with 1 if work is left."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--budget", type=float, default=0, help="seconds; 0 is as long as it takes")
        parser.add_argument(
            "--every", action="append", type=_part, default=[], metavar="PART=SECONDS", help="how often a part is read")
        parser.add_argument("--loop", action="store_true", help="run round after round until SIGTERM")
        parser.add_argument("--pause", type=float, default=15, help="seconds between rounds, with --loop")

    def handle(self, *_: Any, **options: Any) -> None:
        plan: "dict[str, Any]" = {"budget_ms": int(options["budget"] * 1000)}
        if options["every"]:
            plan["every_s"] = dict(options["every"])
        if options["loop"]:  # told to end, it lets go of the event that it is at: that comes again
            signal.signal(signal.SIGTERM, lambda *_: sys.exit(0))
        while True:
            complete = self._round(plan, options["verbosity"] > 0)
            if not options["loop"]:
                sys.exit(0 if complete else 1)
            time.sleep(options["pause"])

    def _round(self, plan: "dict[str, Any]", tell: bool) -> bool:
        try:
            summary = channel.work(**plan)
        except FlxError as why:  # of this machine, or of the settings: what the hub does is in the summary
            raise CommandError(str(why)) from why
        if tell:
            done = {name: part["done"] for name, part in summary["parts"].items() if part["done"]}
            sent = summary["sent"]
            self.stdout.write(
                f"{'complete' if summary['complete'] else 'not complete'}; done {sum(done.values())} {done or ''};"
                f" sent {sent['sent']} orders, {sent['answers_sent']} answers; {summary['stopped'] or ''}"
                + "".join(f"\nto do: {line}" for line in summary["to_do"]))
            self.stdout.flush()
        return summary["complete"]


def _part(text: str) -> "tuple[str, int]":
    name, _, seconds = text.partition("=")
    if not seconds.isdecimal():
        raise ArgumentTypeError(f"{text} is not PART=SECONDS")
    return name, int(seconds)
