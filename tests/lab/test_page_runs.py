"""Runs set aside and held against the present one, in a browser."""

from __future__ import annotations

import csv
import io

from PIL import Image, ImageChops
from playwright.sync_api import Locator, expect

from tests.lab.browser import NEEDS_BROWSER, Seen

pytestmark = NEEDS_BROWSER

QUICK = "speed=0&epochs=20&members=2&rows=120"

NOT_HELD = "no other run"


def pinned(seen: Seen) -> Locator:
    """The panel of runs, after a run that has ended was set aside and another has ended."""
    seen.open(QUICK).ended()
    panel = seen.tab("Runs side by side")
    panel.get_by_role("button", name="Pin this run").click()
    seen.until(lambda: len(seen.state["runs"]) == 1)
    seen.anew(lambda: seen.press("New start")).ended()
    return panel


def pixels(part: Locator) -> Image.Image:
    return Image.open(io.BytesIO(part.screenshot())).convert("RGB")


def is_same(one: Image.Image, other: Image.Image) -> bool:
    return ImageChops.difference(one, other).getbbox() is None


def test_maps_stand_side_by_side(seen: Seen) -> None:
    panel = pinned(seen)
    maps = panel.get_by_role("figure")
    expect(maps).to_have_count(2)
    expect(maps.nth(0)).to_contain_text("this run, now")
    expect(maps.nth(1)).to_contain_text("run 1: x1 and x2")
    now, then = (pixels(maps.nth(i).locator("canvas")) for i in (0, 1))
    assert all(len(painted.getcolors(1 << 20) or ()) > 100 for painted in (now, then)), "both are drawn"
    assert now.size == then.size
    assert not is_same(now, then), "each shows its own run"


def test_the_border_of_a_run_set_aside_lies_on_the_map(seen: Seen) -> None:
    against = pinned(seen).get_by_role("combobox", name="Held against")
    plot = seen.page.get_by_role("application")
    expect(against.locator("option:checked")).to_contain_text("run 1:")
    held = pixels(plot)
    against.select_option(NOT_HELD)
    seen.until(lambda: not is_same(pixels(plot), held))
    against.select_option("1")
    seen.until(lambda: is_same(pixels(plot), held))


def test_the_likelihood_of_two_runs_on_the_same_rows(seen: Seen) -> None:
    pinned(seen)
    panel = seen.tab("Likelihood")
    models = panel.get_by_role("table").filter(has_text="sum of −ln")
    expect(models.get_by_role("columnheader")).to_have_text(["", "this model", "the other run (lines)"])
    sums = models.get_by_role("row").filter(has_text="sum of −ln").get_by_role("cell").all_inner_texts()
    assert len(sums) == 2
    assert sums[0] != sums[1], "another start gives other probabilities"
    panel.get_by_role("combobox", name="Held against").select_option(NOT_HELD)
    expect(models.get_by_role("columnheader")).to_have_text(["", "this model"])


def test_the_table_of_runs_is_saved_and_a_run_removed(seen: Seen) -> None:
    panel = pinned(seen)
    [run] = seen.state["runs"]
    expect(panel.get_by_role("row")).to_have_count(2)
    saved = seen.saved(panel.get_by_role("link", name="Save as CSV")).decode()
    [line] = csv.DictReader(io.StringIO(saved))
    assert int(line["ideal epoch"]) == run["best"]
    assert float(line["held-out loss"]) == run["held_out"]
    panel.get_by_role("button", name="Remove run 1").click()
    seen.until(lambda: seen.state["runs"] == [])
    expect(panel.get_by_role("figure")).to_have_count(0)
    expect(panel.get_by_role("combobox", name="Held against")).to_be_hidden()
