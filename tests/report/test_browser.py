"""The page in a browser: every figure is drawn, and nothing is complained of."""

from __future__ import annotations

import re
import shutil
import subprocess
from pathlib import Path

import pytest

from tests.report.conftest import Page

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
FLAGS = (
    *("--headless", "--no-sandbox", "--disable-gpu", "--no-first-run", "--disable-background-networking"),
    *("--disable-component-update", "--disable-sync", "--disable-quic", "--enable-logging=stderr"),
    *("--virtual-time-budget=8000", "--window-size=1200,900"),
)


@pytest.mark.skipif(CHROMIUM is None, reason="NO BROWSER: no Chromium is installed, so no page was looked at")
def test_every_figure_is_drawn_and_nothing_is_complained_of(page_html: str, page: Page, tmp_path: Path) -> None:
    place = tmp_path / "report.html"
    place.write_text(page_html, encoding="utf-8")
    assert CHROMIUM is not None
    ended = subprocess.run(
        [CHROMIUM, *FLAGS, f"--user-data-dir={tmp_path / 'profile'}", "--dump-dom", place.as_uri()],
        capture_output=True,
        text=True,
        encoding="utf-8",
        timeout=120,
        check=True,
    )
    assert [line for line in ended.stderr.splitlines() if "CONSOLE" in line] == []
    drawn = re.findall(r'<div class="plot[^"]*js-plotly-plot[^"]*" id="([^"]+)"', ended.stdout)
    assert drawn == page.plots
    assert ended.stdout.count('<svg class="main-svg"') >= len(page.plots)
    assert '<html lang="en" class="js">' in ended.stdout
