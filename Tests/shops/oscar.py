"""The adapter of django-oscar: its database, its web server, its screens."""

from __future__ import annotations

import json
import os
import shutil
import signal
import socket
import subprocess
import time
import urllib.error
from pathlib import Path
from typing import Callable, Mapping

from browser import Browser, NoPage
from ending import end
from hub import Hub
from shop import Cart, Round
from sides import Side, side
from visitor import Visitor

ROOT = Path(__file__).resolve().parents[2]
HOME, INSIDE = ROOT / "examples/oscar", Path(__file__).resolve().parent / "inside"
MERCHANT, PASSWORD = "merchant@example.com", "only-for-loopback"
OUTBOX = "/admin/flxchannel_oscar/channelorder/"


def make_shop() -> "Oscar":
    return Oscar(os.environ["OSCAR_PYTHON"], os.environ.get("OSCAR_DATABASE", "sqlite"))


class Oscar:
    name = "oscar"

    def __init__(self, python: str, database: str) -> None:
        self._python, self._database = python, database
        self._running: "list[subprocess.Popen[str]]" = []
        self._without = ""  #: where the shop without the channel is, once it is asked for
        self._pages: "dict[str, str]" = {}

    def start(self, hub: Hub, folder: Path) -> None:
        self._folder = folder
        (folder / "oscar").mkdir()
        self._environment = {
            **os.environ, "SHOP_PLACE": str(folder / "oscar"), "FLX_URL": hub.origin, "FLX_TOKEN": hub.token,
            "DJANGO_SETTINGS_MODULE": "shop.settings", "PYTHONPATH": f"{HOME}:{INSIDE}", "SHOP_KILL": str(folder / "kill"),
            "SHOP_DATABASE": self._database, "DJANGO_SUPERUSER_PASSWORD": PASSWORD, "PYTHONDONTWRITEBYTECODE": "1",
        }
        if self._database == "postgresql":
            self._start_postgresql(folder / "postgresql")
        self._manage("migrate", "--verbosity", "0")
        self._manage("loaddata", "--verbosity", "0", "shop/countries.json")
        self._manage("createsuperuser", "--noinput", "--username", "merchant", "--email", MERCHANT)
        self.url = self._serve("oscar_killed", "shop.settings")
        self._merchant = self._merchant_visits()

    def stop(self) -> None:
        for process in reversed(self._running):  # the database last
            end(process, signal.SIGINT)  # gunicorn and PostgreSQL take it for: at once, but in order

    def side(self) -> Side:
        return side(self._tell("side"))

    def sync(self, every_s: "Mapping[str, int] | None" = None) -> Round:
        every = [f"--every={part}={seconds}" for part, seconds in (every_s or {}).items()]
        command = [self._python, "manage.py", "flxchannel", "--budget", "30", *every]
        ended = subprocess.run(command, cwd=HOME, env=self._environment, stdout=subprocess.PIPE, text=True, check=False)
        words = ended.stdout.replace(";", " ").split()
        if ended.returncode not in (0, 1) or "done" not in words:
            raise RuntimeError(f"a round ended with {ended.returncode}: {ended.stdout}")
        numbers = {word: int(words[words.index(word) + 1]) for word in ("done", "sent")}
        return Round(ended.returncode == 0, sum(numbers.values()), ended.stdout.strip())

    def worker(self) -> "subprocess.Popen[str]":
        return subprocess.Popen(
            [self._python, "manage.py", "flxchannel", "--loop", "--pause", "1"], cwd=HOME, env=self._environment, text=True,
            stdout=(self._folder / "worker.log").open("a"))

    # --- buyers -------------------------------------------------------------------------------------------------------

    def product_url(self, sku: str) -> str:
        return self.url + self._page(sku)

    def buy(self, browser: Browser, cart: Cart) -> str:
        browser.forget()
        buyer = cart.buyer
        for sku in (sku for sku, quantity in cart.lines for _ in range(quantity)):
            browser.open(self.product_url(sku))
            browser.go("#add_to_basket_form button")
        browser.open(f"{self.url}/checkout/")
        browser.fill("[name=username]", buyer.email)
        browser.press("[name=options][value=anonymous]")
        browser.go("form.card button[type=submit]")
        fields = {"first_name": buyer.first_name, "last_name": buyer.last_name, "line1": buyer.street, "line4": buyer.city,
                  "state": buyer.state, "postcode": buyer.postal}
        for name, text in fields.items():
            browser.fill(f"#new_shipping_address [name={name}]", text)
        browser.choose("#new_shipping_address [name=country]", buyer.country)
        browser.go("#new_shipping_address button[type=submit]")
        browser.go("#view_preview")
        browser.go("#place-order")
        if not browser.has("p.lead strong"):  # a browser that got no answer may ask again, and finds an empty basket
            raise NoPage(f"no page thanks for the order: {browser.driver.current_url}")
        return browser.text("p.lead strong")

    def die_after_commit(self) -> None:
        Path(self._environment["SHOP_KILL"]).touch()

    def look(self, number: str) -> int:
        places = self._tell("places")
        buyer = Visitor(self.url)
        paths = ["/", "/catalogue/", "/catalogue/?page=2", "/search/?q=alder", "/basket/", *list(places["products"].values())[:20]]
        for path in paths:
            buyer.get(path)
        if number:  # Oscar asks a guest for the address that the order was placed with
            buyer.get(places["orders"][number])
            shown = buyer.post(buyer.at, {"email": places["emails"][number]})
            tracking = [tracking for of, _, tracking in self.side()["parcels"] if of == number]
            if not tracking or not all(one in shown for one in tracking):
                raise RuntimeError(f"the parcels of order {number}, {', '.join(tracking)}, are not shown at {buyer.at}")
        merchants = [OUTBOX, f"{OUTBOX}?verdict=applied", "/dashboard/", "/dashboard/orders/"]
        if number:
            merchants += [f"{OUTBOX}{places['outbox'][number]}/change/", f"/dashboard/orders/{number}/"]
        for path in merchants:
            self._merchant.get(path)
        return len(paths) + 2 * bool(number) + len(merchants)

    def checkout_ms(self, sku: str, with_channel: bool) -> float:
        if not with_channel and not self._without:
            self._without = self._serve("shop.wsgi", "oscar_without")
        visitor = Visitor(self.url if with_channel else self._without)
        page = visitor.get(self._page(sku))
        action = page.partition('id="add_to_basket_form" action="')[2].partition('"')[0]
        visitor.post(action, {"quantity": "1"})
        visitor.get("/checkout/")
        visitor.post("/checkout/", {"username": "timed@example.com", "options": "anonymous"})
        visitor.post("/checkout/shipping-address/", {
            "first_name": "Ines", "last_name": "Calder", "line1": "17 Quarry Lane", "line4": "Ashford", "state": "OR",
            "postcode": "97520", "country": "US"})
        visitor.get("/checkout/preview/")
        visitor.post("/checkout/preview/", {"action": "place_order"})
        if not visitor.at.endswith("/checkout/thank-you/"):
            raise RuntimeError(f"a checkout ended at {visitor.at}")
        return visitor.took_ms

    # --- the merchant -------------------------------------------------------------------------------------------------

    def correct(self, browser: Browser, number: str, street: str) -> None:
        places = self._tell("places")
        self._merchant_in(browser)
        browser.open(f"{self.url}/admin/order/shippingaddress/{places['addresses'][number]}/change/")
        browser.fill("#id_line1", street)
        browser.go("[name=_save]")
        browser.open(f"{self.url}{OUTBOX}?q={number}")
        browser.press("#result_list input.action-select")
        browser.choose("[name=action]", "send_again")
        browser.go("button[name=index]")

    def cancel(self, browser: Browser, number: str) -> None:
        self._merchant_in(browser)
        browser.open(f"{self.url}/dashboard/orders/{number}/")
        browser.choose("#order_status_form [name=new_status]", "Cancelled")
        browser.go("#order_status_form button[type=submit]")

    def ask_hub(self) -> None:
        for _ in range(10):  # for three seconds each: workers may take the budget as long
            if "reached: True, token accepted" in self._merchant.post(f"{OUTBOX}test/", {}):
                return
        raise RuntimeError(f"the connection test does not reach the hub at {self._merchant.at}")

    def pictures(self, browser: Browser, folder: Path, number: str) -> None:
        places = self._tell("places")
        browser.forget()
        shown = next(path for path in places["products"].values() if self._is_there(path))
        browser.open(self.url + shown)
        browser.picture(folder / "product.png")
        browser.open(self.url + places["orders"][number])
        browser.fill("[name=email]", places["emails"][number])
        browser.go("form[method=post] button.btn-secondary")
        browser.picture(folder / "order.png")
        self._merchant_in(browser)
        browser.open(self.url + OUTBOX)
        browser.picture(folder / "admin.png", width=1600)

    # --- what it stands on --------------------------------------------------------------------------------------------

    def _page(self, sku: str) -> str:
        if sku not in self._pages:
            self._pages = self._tell("places")["products"]
        return self._pages[sku]

    def _is_there(self, path: str) -> bool:
        try:
            return "add_to_basket_form" in Visitor(self.url).get(path)
        except urllib.error.HTTPError:
            return False

    def _merchant_in(self, browser: Browser) -> None:
        browser.forget()
        browser.open(f"{self.url}/admin/login/")
        browser.fill("#id_username", "merchant")
        browser.fill("#id_password", PASSWORD)
        browser.go("[type=submit]")

    def _merchant_visits(self) -> Visitor:
        visitor = Visitor(self.url)
        visitor.get("/admin/login/")
        visitor.post("/admin/login/", {"username": "merchant", "password": PASSWORD, "next": "/admin/"})
        return visitor

    def _manage(self, *words: str) -> None:
        subprocess.run([self._python, "manage.py", *words], cwd=HOME, env=self._environment, check=True)

    def _tell(self, what: str) -> "dict[str, dict[str, str]]":
        said = subprocess.run(
            [self._python, str(INSIDE / "oscar_tell.py"), what], cwd=HOME, env=self._environment, stdout=subprocess.PIPE, text=True,
            check=True)
        told: "dict[str, dict[str, str]]" = json.loads(said.stdout)
        return told

    def _serve(self, module: str, settings: str) -> str:
        with socket.create_server(("127.0.0.1", 0)) as free:
            port = free.getsockname()[1]
        self._running.append(subprocess.Popen(
            [self._python, "-m", "gunicorn", "--bind", f"127.0.0.1:{port}", "--workers", "2", "--log-level", "warning",
             "--worker-tmp-dir", str(self._folder), f"{module}:application"],
            cwd=HOME, env={**self._environment, "DJANGO_SETTINGS_MODULE": settings}, text=True))
        url = f"http://127.0.0.1:{port}"
        _answering(lambda: Visitor(url).get("/catalogue/"), self._running[-1])
        return url

    def _start_postgresql(self, place: Path) -> None:
        """A server of our own on a socket in `place`, as nobody whom the shop is: PostgreSQL does not run as root."""
        programs = max(Path("/usr/lib/postgresql").glob("*/bin"), key=lambda path: int(path.parent.name))
        user = "postgres" if os.getuid() == 0 else None
        place.mkdir()
        if user:
            shutil.chown(place, user)
        self._environment["SHOP_DATABASE_HOST"] = str(place)
        where = ["--pgdata", str(place / "data")]
        subprocess.run(
            [programs / "initdb", *where, "--username", "shop", "--auth", "trust", "--encoding", "UTF8", "--no-sync"],
            user=user, cwd=place, check=True, stdout=subprocess.DEVNULL)
        server = [str(programs / "postgres"), "-D", str(place / "data"), "-k", str(place), "-c", "listen_addresses="]
        self._running.append(subprocess.Popen(
            server, user=user, cwd=place, text=True, stderr=(self._folder / "postgresql.log").open("w")))
        create = [programs / "createdb", "--host", str(place), "--username", "shop", "shop"]
        _answering(lambda: subprocess.run(create, check=True, stderr=subprocess.DEVNULL), self._running[-1])


def _answering(ask: "Callable[[], object]", server: "subprocess.Popen[str]") -> None:
    """Wait until a server answers, or has ended."""
    while True:
        try:
            ask()
            return
        except urllib.error.HTTPError:
            raise  # it answers, and always will like this
        except (OSError, subprocess.CalledProcessError):
            if server.poll() is not None:
                raise RuntimeError(f"{server.args} ended with {server.returncode}") from None
            time.sleep(0.1)
