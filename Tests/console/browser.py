"""The console in a headless Chromium, as a person uses it: by names that are read, clicks and keys."""

from __future__ import annotations

import base64
import os
import shutil
import time
from pathlib import Path
from typing import Any, Callable, Optional, TypeVar

from selenium.webdriver import Chrome, ChromeOptions
from selenium.webdriver.chrome.service import Service
from selenium.webdriver.common.by import By
from selenium.webdriver.common.keys import Keys
from selenium.webdriver.remote.webelement import WebElement

T = TypeVar("T")
#: How long something may take until it is said that it does not happen. No test is about this time.
PATIENCE = 60.0


def start(profile: Path, *arguments: str) -> Chrome:
    """A browser of its own, which never asks anything outside of this machine."""
    options = ChromeOptions()
    options.binary_location = shutil.which("chromium") or "/usr/bin/chromium"
    for argument in (
        "--headless=new", "--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage", "--no-first-run",
        "--disable-background-networking", "--disable-component-update", "--disable-default-apps", "--disable-sync",
        "--window-size=1400,1000", f"--user-data-dir={profile}", *arguments,
    ):
        options.add_argument(argument)
    options.set_capability("goog:loggingPrefs", {"browser": "ALL"})
    driver = Chrome(options, Service(shutil.which("chromedriver") or "/usr/bin/chromedriver", log_output=os.devnull))
    driver.set_script_timeout(PATIENCE)
    return driver


def until(what: str, seen: "Callable[[], Optional[T]]", patience: float = PATIENCE) -> T:
    """What `seen` gives once that is something."""
    end = time.monotonic() + patience
    while time.monotonic() < end:
        if found := seen():
            return found
        time.sleep(0.05)
    raise AssertionError(f"not within {patience:.0f} s: {what}")


class Console:
    """The page of one hub."""

    def __init__(self, driver: Chrome, url: str) -> None:
        self.driver, self.url = driver, url

    def open(self) -> "Console":
        self.driver.get(f"{self.url}/")
        until("the console is live", lambda: self.text("#link") == "live")
        until("the figures are there", lambda: self.text("[data-total=variants], #requests") not in ("", "–"))
        return self

    # What is seen

    def all(self, css: str) -> "list[WebElement]":
        return self.driver.find_elements(By.CSS_SELECTOR, css)

    def one(self, css: str) -> WebElement:
        return self.driver.find_element(By.CSS_SELECTOR, css)

    def text(self, css: str) -> str:
        """The text of an element, without a race against a page that draws it anew."""
        return str(self.script("return document.querySelector(arguments[0])?.textContent.trim() ?? ''", css))

    def script(self, text: str, *arguments: Any) -> Any:
        return self.driver.execute_script(text, *arguments)

    def order(self, number: str) -> "dict[str, str]":
        """The row of an order by its column heads; empty if there is none."""
        return dict(self.script(
            """
            const heads = [...document.querySelectorAll('#orders thead th')].map((head) => head.textContent.trim());
            for (const row of document.querySelectorAll('#order-rows > tr[data-home]')) {
              const cells = [...row.children].map((cell) => cell.textContent.trim());
              if (cells[0] === arguments[0]) return Object.fromEntries(cells.map((cell, index) => [heads[index], cell]));
            }
            return {};
            """, number))

    def alarm(self) -> str:
        return self.text("#alarm")

    # What is done

    def button(self, name: str, within: str = "body") -> WebElement:
        """The button that a screen reader calls so."""
        def find() -> "Optional[WebElement]":
            for one in self.all(f"{within} button, {within} summary"):
                if one.is_displayed() and one.accessible_name == name:
                    return one
            return None
        return until(f"a button is called {name}", find)

    def press(self, name: str, within: str = "body") -> None:
        """Click a button, and wait until what it began is done."""
        self.click(self.button(name, within))
        self.idle()

    def click(self, element: WebElement) -> None:
        """As a person does, who first scrolls to where nothing is in the way."""
        self.script("arguments[0].scrollIntoView({ block: 'center', behavior: 'instant' })", element)
        element.click()

    def idle(self) -> None:
        until("what was begun is done", lambda: not self.all("[aria-busy=true]"))

    def fill(self, label: str, value: str, within: str = "body") -> None:
        """Type into the field that a screen reader calls so, or choose of it."""
        def find() -> "Optional[WebElement]":
            for one in self.all(f"{within} input, {within} select"):
                if one.is_displayed() and one.accessible_name == label:
                    return one
            return None
        field = until(f"a field is called {label}", find)
        if field.tag_name == "select":
            return next(option for option in field.find_elements(By.TAG_NAME, "option") if option.text == value).click()
        # Over what stands there, in one go: a field that is emptied first has been changed already.
        field.send_keys(Keys.CONTROL + "a")
        field.send_keys(value or Keys.DELETE)
        return None

    def open_order(self, number: str) -> str:
        """Open an order; the selector of what is then below its row."""
        toggle = self.button(number, "#order-rows")
        if toggle.get_attribute("aria-expanded") != "true":
            self.click(toggle)
        name = until("it is open", lambda: toggle.get_attribute("aria-controls"))
        return f"#{name}"

    def keys(self, *keys: str) -> None:
        for key in keys:
            self.driver.switch_to.active_element.send_keys(key)

    def tab_to(self, name: str, most: int = 300) -> None:
        """Go on by Tab until what is called so has the focus."""
        for _ in range(most):
            self.keys(Keys.TAB)
            if self.focused() == name:
                return
        raise AssertionError(f"{most} times Tab never came to {name}, but to {self.focused()}")

    def focused(self) -> str:
        return str(self.driver.switch_to.active_element.accessible_name)

    # How it looks

    def look(self, scheme: str = "light", motion: str = "reduce") -> None:
        self.driver.execute_cdp_cmd("Emulation.setEmulatedMedia", {"features": [
            {"name": "prefers-color-scheme", "value": scheme}, {"name": "prefers-reduced-motion", "value": motion}]})

    def size(self, width: int, height: int) -> None:
        self.driver.execute_cdp_cmd(
            "Emulation.setDeviceMetricsOverride", {"width": width, "height": height, "deviceScaleFactor": 1, "mobile": False})

    def picture(self, into: Path, scale: float = 1.0, **clip: float) -> None:
        options: "dict[str, Any]" = {"format": "png"}
        if clip:
            options["clip"] = {"x": 0, "y": 0, "scale": scale, **clip}
        into.write_bytes(base64.b64decode(self.driver.execute_cdp_cmd("Page.captureScreenshot", options)["data"]))

    def complaints(self) -> "list[str]":
        """What the browser has to say against the page since it was last asked; that the hub refused something is the hub's."""
        said = [entry["message"] for entry in self.driver.get_log("browser") if entry["level"] in ("SEVERE", "WARNING")]
        return [one for one in said if not ("/_admin/" in one and "the server responded with a status of" in one)]
