"""Somebody who visits a shop by HTTP alone: no script, no picture, quick. And how long their checkouts take."""

from __future__ import annotations

import http.cookiejar
import time
import urllib.parse
import urllib.request
from statistics import median
from typing import TYPE_CHECKING, Mapping

if TYPE_CHECKING:
    from shop import Shop

AIM = 1.2  # of a checkout with the channel, against one without it


class Visitor:
    """One visit, with its cookies. A page that is not there raises urllib's HTTPError."""

    def __init__(self, url: str) -> None:
        self._url = url
        self._cookies = http.cookiejar.CookieJar()
        self._opener = urllib.request.build_opener(urllib.request.HTTPCookieProcessor(self._cookies))
        self.took_ms = 0.0  #: how long the last request took, those that it led to included
        self.at = url

    def get(self, path: str) -> str:
        return self._answer(urllib.request.Request(urllib.parse.urljoin(self._url, path)))

    def post(self, path: str, fields: "Mapping[str, str]") -> str:
        """Send a form; the token that Django asks for is added where there is one."""
        token = self.cookie("csrftoken")
        body = urllib.parse.urlencode({**({"csrfmiddlewaretoken": token} if token else {}), **fields}).encode()
        return self._answer(urllib.request.Request(urllib.parse.urljoin(self._url, path), body, {"Referer": self._url}))

    def cookie(self, name: str) -> "str | None":
        return next((each.value for each in self._cookies if each.name == name), None)

    def _answer(self, request: urllib.request.Request) -> str:
        since = time.perf_counter()
        with self._opener.open(request, timeout=240) as answer:
            text = answer.read().decode()
            self.at = answer.url
        self.took_ms = (time.perf_counter() - since) * 1000
        return str(text)


def print_checkouts(shop: "Shop", sku: str, times: int = 50) -> None:
    """Print the medians of both kinds, in turns. A figure, not a test: another program on the machine may spoil it."""
    for with_channel in (True, False):
        shop.checkout_ms(sku, with_channel)  # the first one loads what the others find loaded
    took: "dict[bool, list[float]]" = {True: [], False: []}
    for _ in range(times):
        for with_channel, all_ms in took.items():
            all_ms.append(shop.checkout_ms(sku, with_channel))
    with_it, without = median(took[True]), median(took[False])
    print(
        f"checkout, median of {times} in turns: {with_it:.1f} ms with the channel, {without:.1f} ms without it,"
        f" ratio {with_it / without:.2f} (aim {AIM})")
