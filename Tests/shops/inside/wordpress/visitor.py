"""Somebody who visits the shop by HTTP, without a browser."""

from __future__ import annotations

import http.cookiejar
import re
import urllib.parse
import urllib.request
from typing import Any, Iterator

ADMIN = ("admin", "correct horse battery")
ADA = {"name": "Ada Example", "email": "ada@example.com", "addressLine1": "1 Test Street", "city": "Springfield", "postal": "62701",
       "stateCode": "IL", "countryCode": "US"}


class Visitor:
    """Somebody with cookies."""

    def __init__(self, url: str) -> None:
        self.url = url
        cookies = urllib.request.HTTPCookieProcessor(http.cookiejar.CookieJar())
        self._open = urllib.request.build_opener(cookies)
        self._stay = urllib.request.build_opener(cookies, Stay())

    def get(self, path: str) -> str:
        with self._open.open(self.url + path, timeout=120) as page:
            return str(page.read().decode())

    def send(self, path: str, form: "dict[str, Any]") -> str:
        with self._open.open(self.url + path, urllib.parse.urlencode(form).encode(), timeout=120) as page:
            return str(page.read().decode())

    def redirect(self, path: str, form: "dict[str, Any]") -> str:
        """Where an answer leads, without going there."""
        with self._stay.open(self.url + path, urllib.parse.urlencode(form).encode(), timeout=120) as answer:
            return str(answer.headers.get("Location", ""))

    def basket(self, sku: str, quantity: int, url: str = "", **changes: str) -> "dict[str, str]":
        """Put something into the basket, and fill in the form that orders it. Without `url` the product is looked for."""
        pages = [self.get(url[len(self.url):])] if url else self._pages()
        page = next(page for page in pages if f'data-sku="{sku}"' in page)
        offers = page[page.index("flxchannel-offers"):]
        field = re.search(rf'data-sku="{re.escape(sku)}".*?name="(add\[\d+\])"', offers, re.S)
        assert field, f"{sku} is not for sale"
        basket = self.send("/basket/", {**hidden(offers), field[1]: str(quantity)})
        buyer = {f"buyer[{name}]": text for name, text in {**ADA, **changes}.items()}
        return {**hidden(basket[basket.index("flxchannel-buy"):]), **buyer}

    def buy(self, sku: str, quantity: int, **changes: str) -> str:
        """A whole checkout; the order's number."""
        page = self.send("/basket/", self.basket(sku, quantity, "", **changes))
        number = re.search(r'class="flxchannel-order" data-number="([^"]+)"', page)
        assert number, "no page thanks for the order"
        return number[1]

    def _pages(self) -> "Iterator[str]":
        """Every product page, as whoever browses the shop finds them."""
        for at in range(1, 100):
            listed = self.get(f"/listings/page/{at}/" if at > 1 else "/listings/")
            for path in sorted(set(re.findall(rf'href="{re.escape(self.url)}(/listings/(?!page/|feed/)[^"/]+/)"', listed))):
                yield self.get(path)

    def log_in(self) -> None:
        self.get("/wp-login.php")
        page = self.send("/wp-login.php", {"log": ADMIN[0], "pwd": ADMIN[1], "testcookie": "1", "wp-submit": "Log In"})
        assert "wp-admin-bar" in page or "adminmenu" in page, "the merchant cannot log in"

    def press(self, page: str, action: str) -> str:
        """A button of the plugin's screens."""
        for form in re.findall(r"<form.*?</form>", self.get(f"/wp-admin/{page}"), re.S):
            if f'value="{action}"' in form:
                return self.send("/wp-admin/admin-post.php", hidden(form))
        raise RuntimeError(f"{page} has no button for {action}")


class Stay(urllib.request.HTTPRedirectHandler):
    def http_error_303(self, request: Any, answer: Any, *_: Any) -> Any:
        return answer


def hidden(form: str) -> "dict[str, str]":
    """The hidden fields of the first form in a page."""
    return dict(re.findall(r'<input type="hidden"[^>]*name="([^"]+)" value="([^"]*)"', form.partition("</form>")[0]))
