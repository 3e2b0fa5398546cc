"""A headless Chromium that does what a person does: opens pages, fills fields, clicks."""

from __future__ import annotations

import os
import signal
from pathlib import Path
from typing import Callable, TypeVar

from selenium import webdriver
from selenium.common.exceptions import StaleElementReferenceException, WebDriverException
from selenium.webdriver.common.by import By
from selenium.webdriver.remote.webelement import WebElement
from selenium.webdriver.support.ui import Select, WebDriverWait

T = TypeVar("T")
PATIENCE_S = 240  # for one page; only a page that never comes takes so long


class NoPage(Exception):
    """Where a page was to come, nothing came: the server was gone."""


class Browser:
    """One window. Elements are named by CSS, and waited for."""

    def __init__(self, folder: Path) -> None:
        options = webdriver.ChromeOptions()
        options.binary_location = "/usr/bin/chromium"
        for argument in (
            "--headless=new", "--window-size=1200,900", "--disable-dev-shm-usage", "--no-first-run", "--disable-gpu",
            "--disable-background-networking", "--disable-component-update", f"--user-data-dir={folder / 'chromium'}",
            "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1",  # nothing leaves this machine
        ):
            options.add_argument(argument)
        if os.getuid() == 0:
            options.add_argument("--no-sandbox")  # Chromium's own has none for root
        service = webdriver.ChromeService("/usr/bin/chromedriver", log_output=str(folder / "chromedriver.log"))
        self.driver = webdriver.Chrome(options=options, service=service)
        self.driver.set_page_load_timeout(PATIENCE_S)
        driver = service.process.pid
        children = Path(f"/proc/{driver}/task/{driver}/children").read_text().split()
        self._chromium = [os.pidfd_open(int(child)) for child in children]

    def close(self) -> None:
        self.driver.quit()
        for process in self._chromium:  # it stays where its driver was ended before it
            try:
                signal.pidfd_send_signal(process, signal.SIGKILL)
            except ProcessLookupError:
                pass  # the driver ended it
            os.close(process)

    def open(self, url: str) -> None:
        self.driver.get(url)

    def find(self, css: str) -> WebElement:
        """The first element of this kind that is there and can be seen."""
        def seen(driver: webdriver.Chrome) -> "WebElement | None":
            return next((one for one in driver.find_elements(By.CSS_SELECTOR, css) if one.is_displayed()), None)

        return self._wait(f"{css} on {self.driver.current_url}", seen)

    def has(self, css: str) -> bool:
        return bool(self.driver.find_elements(By.CSS_SELECTOR, css))

    def text(self, css: str) -> str:
        return self.find(css).text

    def fill(self, css: str, text: str) -> None:
        field = self.find(css)
        field.clear()
        field.send_keys(text)

    def choose(self, css: str, value: str) -> None:
        """Take an option of a list, by its value."""
        Select(self.find(css)).select_by_value(value)

    def tick(self, css: str) -> None:
        box = self.find(css)
        if not box.is_selected():
            self.press(css)

    def press(self, css: str) -> None:
        """Click what leads nowhere."""
        one = self.find(css)
        self.driver.execute_script("arguments[0].scrollIntoView({block: 'center'})", one)
        one.click()

    def go(self, css: str) -> None:
        """Click what leads to another page, and wait until this one is gone."""
        page = self.driver.find_element(By.TAG_NAME, "html")
        self.press(css)
        self._wait("another page", lambda _: _is_gone(page))
        self._wait("the whole of a page", lambda driver: driver.execute_script("return document.readyState") == "complete")
        if self.driver.execute_script("return location.protocol") == "chrome-error:":
            raise NoPage(f"nothing came from {self.driver.current_url}")

    def _wait(self, what: str, until: "Callable[[webdriver.Chrome], T]") -> T:
        wait = WebDriverWait(self.driver, PATIENCE_S, 0.05, ignored_exceptions=[StaleElementReferenceException])
        return wait.until(until, f"waited for {what}")

    def forget(self) -> None:
        """Be another visitor from now on."""
        self.driver.delete_all_cookies()

    def picture(self, file: Path, width: int = 1100, height: int = 1000) -> None:
        """What the window shows, so large, as PNG."""
        self.driver.set_window_size(width, height)
        self.driver.save_screenshot(str(file))


def _is_gone(page: WebElement) -> bool:
    try:
        page.is_enabled()
    except WebDriverException:
        return True
    return False
