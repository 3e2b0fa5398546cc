"""What the rig asks of a shop. Each shop is a small adapter that answers it; the rig does the rest."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from subprocess import Popen
from typing import Mapping, Protocol

from browser import Browser
from hub import Hub
from sides import Side


@dataclass(frozen=True)
class Buyer:
    first_name: str
    last_name: str
    email: str
    street: str
    city: str
    postal: str
    state: str  #: its code of two letters
    country: str  #: US or CA

    @property
    def name(self) -> str:
        return f"{self.first_name} {self.last_name}"


@dataclass(frozen=True)
class Cart:
    buyer: Buyer
    lines: "tuple[tuple[str, int], ...]"  #: SKU and quantity


@dataclass(frozen=True)
class Round:
    complete: bool  #: a round now would find nothing more to do
    done: int  #: events that were carried out, orders and answers that were sent
    told: str  #: the summary, for people


class Shop(Protocol):
    name: str
    url: str  #: where its front page is, once it was started

    def start(self, hub: Hub, folder: Path) -> None:
        """Install the shop in `folder`, its channel set to `hub.origin` and `hub.token`, start its servers, wait for them."""

    def stop(self) -> None:
        """End every process that was started, by its id. It is called as well where `start` failed half-way."""

    def side(self) -> Side:
        """What the shop's database has at this moment: see sides.KINDS. A listing that is gone is in no line."""

    def sync(self, every_s: "Mapping[str, int] | None" = None) -> Round:
        """Run one round of the channel to its end, as cron would, in a process of its own."""

    def worker(self) -> "Popen[str]":
        """Start a process that runs round after round, until it is told to end by SIGTERM. The rig ends it."""

    def product_url(self, sku: str) -> str:
        """The page on which a buyer finds this variant."""

    def buy(self, browser: Browser, cart: Cart) -> str:
        """A real checkout in the browser, from the product pages to the page that thanks; return the order's number.

        NoPage if that page does not come.
        """

    def die_after_commit(self) -> None:
        """Let the web server's process be killed by SIGKILL in the next checkout: right after its commit, before the channel."""

    def correct(self, browser: Browser, number: str, street: str) -> None:
        """The merchant writes another street into an order that was refused, and sends it again, in the shop's own screens."""

    def cancel(self, browser: Browser, number: str) -> None:
        """The merchant cancels an order, in the shop's own screens."""

    def ask_hub(self) -> None:
        """A web request that asks the hub something, such as the connection test of the admin screen. It has to say that it did."""

    def look(self, number: str) -> int:
        """Look at pages, as buyers and merchants do: front page, products, basket, outbox; say at how many.

        With a `number`, at the pages of this order too, on which its parcels have to be.
        """

    def pictures(self, browser: Browser, folder: Path, number: str) -> None:
        """Take pictures into `folder`: product.png, order.png (with tracking, of this order), admin.png (with the outbox)."""

    def checkout_ms(self, sku: str, with_channel: bool) -> float:
        """Walk a checkout by HTTP (visitor.py), and return how long the request took that places the order."""
