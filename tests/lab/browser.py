"""A browser that looks at the lab."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Browser, BrowserContext, Locator, Page, expect, sync_playwright

from tests.lab.made import until
from tests.lab.probing import PATIENCE, At

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")

NEEDS_BROWSER = pytest.mark.skipif(
    CHROMIUM is None, reason="NO BROWSER: no Chromium is installed, so nobody looked at the lab"
)

FLAGS = ["--no-sandbox", "--disable-gpu", "--disable-background-networking", "--disable-component-update"]

SCREEN: Any = {"width": 1366, "height": 768}

expect.set_options(timeout=1000 * PATIENCE)


@contextmanager
def chromium() -> Iterator[Browser]:
    """The system's browser."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        yield browser
        browser.close()


class Seen:
    """The lab in a window, and everything that went wrong there."""

    def __init__(self, context: BrowserContext, lab: At) -> None:
        self._lab = lab
        self.page: Page = context.new_page()
        self.complaints: list[str] = []
        self.requests: list[str] = []
        self.page.on("console", self._note)
        self.page.on("pageerror", lambda error: self.complaints.append(str(error)))
        self.page.on("request", lambda request: self.requests.append(request.url))

    def _note(self, message: Any) -> None:
        if message.type in ("error", "warning") and "willReadFrequently" not in message.text:  # a test reads pixels
            self.complaints.append(message.text)

    def open(self, choices: str = "") -> Seen:
        """The page with choices in its address, once it has drawn something."""
        self.page.goto(f"http://127.0.0.1:{self._lab.port}/?t={self._lab.token}{'#' + choices if choices else ''}")
        self.until(lambda: self.lab("frames") > 0)
        return self

    def lab(self, name: str) -> Any:
        """What the page shows tests of itself."""
        return self.page.evaluate(f"window.__lab ? window.__lab.{name} : 0")

    @property
    def state(self) -> dict[str, Any]:
        return dict(self.lab("state"))

    @property
    def header(self) -> dict[str, Any]:
        return dict(self.lab("header"))

    def until(self, is_so: Callable[[], bool]) -> None:
        until(is_so)

    def stands(self, status: str) -> Seen:
        """Wait until it stands still, and all that is drawn is drawn so."""
        self.until(lambda: self.lab("status") == status == self.header["status"])
        return self

    def ended(self) -> Seen:
        self.until(lambda: self.state.get("verdict") is not None)
        return self.stands("ended")

    def paused(self) -> Seen:
        return self.press("Pause").stands("paused")

    def anew(self, act: Callable[[], object]) -> Seen:
        """Do what begins another run, and wait until that has begun."""
        serial = self.state["serial"]
        act()
        self.until(lambda: serial < self.state["serial"] == self.header["serial"])
        return self

    def at(self, role: Any, name: str, **more: Any) -> Locator:
        return self.page.get_by_role(role, name=name, exact=True, **more)

    def press(self, name: str) -> Seen:
        self.at("button", name).click()
        return self

    def saved(self, link: Locator) -> bytes:
        """The file that it saves."""
        with self.page.expect_download() as saved:
            link.click()
        return Path(saved.value.path()).read_bytes()

    def choose(self, name: str) -> Seen:
        """One of the choices that stand side by side."""
        self.page.locator("label", has=self.at("radio", name)).click()
        return self

    def tab(self, name: str) -> Locator:
        """Open one of the panels below."""
        self.at("tab", name).click()
        return self.page.get_by_role("tabpanel").filter(visible=True)


@contextmanager
def window(browser: Browser, lab: At, *, locale: str = "en-US", **looks: Any) -> Iterator[Seen]:
    """A window that in the end must have complained of nothing, and asked nobody but the lab for anything."""
    context = browser.new_context(locale=locale, viewport=SCREEN, **looks)
    seen = Seen(context, lab)
    yield seen
    seen.page.wait_for_timeout(50)
    context.close()
    assert seen.complaints == []
    hosts = {urlsplit(url).netloc for url in seen.requests if not url.startswith(("data:", "blob:"))}
    assert hosts <= {f"127.0.0.1:{lab.port}"}, "a request left the machine"
