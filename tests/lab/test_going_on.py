"""A page whose server was killed goes on where it was, once another answers at the same port."""

from __future__ import annotations

import re
import sys

from playwright.sync_api import Browser, expect

from tests.lab.browser import NEEDS_BROWSER, SCREEN, Seen
from tests.lab.probing import free_port, running

pytestmark = NEEDS_BROWSER


def test_a_run_is_done_again_to_the_last_bit(browser: Browser) -> None:
    context = browser.new_context(viewport=SCREEN, locale="en-US")
    command = (sys.executable, "-m", "epoca", "lab", "--no-browser", "--port", str(free_port()))
    with running(*command, session=False) as lab:
        seen = Seen(context, lab)
        seen.open("rows=80&hidden=3&members=2&speed=20&seed=5")
        seen.until(lambda: seen.state["epoch"] > 20)
        seen.paused()
        weights, epoch = seen.header["weights"], seen.state["epoch"]
        kept = "JSON.parse(sessionStorage.getItem('epoca-record') ?? '{}')?.record?.epoch"
        seen.until(lambda: seen.page.evaluate(kept) == epoch)
        lab.process.kill()
        expect(seen.page.locator("#connection")).to_be_visible()
    with running(*command, session=False) as lab:
        Seen(context, lab).open()  # what the new one opens; it lets all tabs in
        seen.page.bring_to_front()
        expect(seen.page.get_by_role("alert")).to_contain_text(re.compile(f"up to epoch {epoch}"))
        seen.until(lambda: seen.lab("status") == "paused")
        seen.until(lambda: seen.header["epoch"] == epoch)
        assert seen.header["weights"] == weights
        assert seen.state["seed"] == 5
        assert lab.end() == 0
