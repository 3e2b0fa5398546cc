"""Somebody who knows this shop, by HTTP: a buyer, or the merchant at the plugin's screens."""

from __future__ import annotations

import re
import time
import urllib.parse
import urllib.request
from typing import Any, Iterator

from visitor import Visitor

ADMIN = ("admin", "correct horse battery")
ADA = {"name": "Ada Example", "email": "ada@example.com", "addressLine1": "1 Test Street", "city": "Springfield", "postal": "62701",
       "stateCode": "IL", "countryCode": "US"}


class Guest(Visitor):
    def __init__(self, url: str) -> None:
        super().__init__(url)
        self.url = url

    def copy(self) -> "Guest":
        """The same visitor in another window."""
        other = Guest(self.url)
        for cookie in self._cookies:
            other._cookies.set_cookie(cookie)
        return other

    def basket(self, sku: str, quantity: int, url: str = "", **changes: str) -> "dict[str, str]":
        """Put something into the basket, and fill in the form that orders it. Without `url` the product is looked for."""
        pages = [self.get(url)] if url else self._pages()
        page = next(page for page in pages if f'data-sku="{sku}"' in page)
        offers = page[page.index("flxchannel-offers"):]
        field = re.search(rf'data-sku="{re.escape(sku)}".*?name="(add\[\d+\])"', offers, re.S)
        assert field, f"{sku} is not for sale"
        basket = self.post("/basket/", {**hidden(offers), field[1]: str(quantity)})
        buyer = {f"buyer[{name}]": text for name, text in {**ADA, **changes}.items()}
        return {**hidden(basket[basket.index("flxchannel-buy"):]), **buyer}

    def buy(self, sku: str, quantity: int, **changes: str) -> str:
        """A whole checkout; the order's number."""
        page = self.post("/basket/", self.basket(sku, quantity, "", **changes))
        number = re.search(r'class="flxchannel-order" data-number="([^"]+)"', page)
        assert number, "no page thanks for the order"
        return number[1]

    def order_ms(self, form: "dict[str, str]") -> float:
        """Send the form that orders; how long its answer took, without the page that it leads to."""
        body = urllib.parse.urlencode(form).encode()
        opener = urllib.request.build_opener(urllib.request.HTTPCookieProcessor(self._cookies), Stay())
        since = time.perf_counter()
        with opener.open(f"{self.url}/basket/", body, timeout=60) as answer:
            took = (time.perf_counter() - since) * 1000
            assert "key=" in answer.headers.get("Location", ""), "the order was not placed"
        return took

    def _pages(self) -> "Iterator[str]":
        """Every product page, as whoever browses the shop finds them."""
        for at in range(1, 100):
            listed = self.get(f"/listings/page/{at}/" if at > 1 else "/listings/")
            for path in sorted(set(re.findall(rf'href="{re.escape(self.url)}(/listings/(?!page/|feed/)[^"/]+/)"', listed))):
                yield self.get(path)

    def log_in(self) -> None:
        self.get("/wp-login.php")
        page = self.post("/wp-login.php", {"log": ADMIN[0], "pwd": ADMIN[1], "testcookie": "1", "wp-submit": "Log In"})
        assert "adminmenu" in page, "the merchant cannot log in"

    def press(self, page: str, action: str) -> str:
        """A button of the plugin's screens."""
        for form in re.findall(r"<form.*?</form>", self.get(f"/wp-admin/{page}"), re.S):
            if f'value="{action}"' in form:
                return self.post("/wp-admin/admin-post.php", hidden(form))
        raise RuntimeError(f"{page} has no button for {action}")


class Stay(urllib.request.HTTPRedirectHandler):
    """Goes nowhere."""

    def http_error_303(self, request: Any, answer: Any, *_: Any) -> Any:
        return answer


def hidden(form: str) -> "dict[str, str]":
    """The hidden fields of the first form in a page."""
    return dict(re.findall(r'<input type="hidden"[^>]*name="([^"]+)" value="([^"]*)"', form.partition("</form>")[0]))
