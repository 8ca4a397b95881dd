"""Takes the pictures of the lab: see scripts/pictures."""

from __future__ import annotations

import sys
import time
from pathlib import Path
from typing import NamedTuple

from playwright.sync_api import Browser, Page

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))  # the lab and the browser are started as the tests do

from tests.lab.browser import chromium
from tests.lab.probing import running

ROOT = Path(__file__).resolve().parents[1]
PICTURES = ROOT / "docs" / "pictures"


class Picture(NamedTuple):
    """What is taken in both languages."""

    name: str
    width: int
    height: int
    choices: str
    scheme: str = "light"


MOONS = "table=moons&hidden=4,4&speed=0"
PENGUINS = "table=penguins&hidden=6&speed=0&activation=relu"

TAKEN = (
    Picture("laptop", 1366, 768, MOONS),
    Picture("desktop", 1920, 1080, PENGUINS),
    Picture("tablet", 768, 1024, "table=blobs&classes=4&noise=0.6&model=neuron&speed=0&epochs=60", "dark"),
    Picture("phone", 390, 844, "table=spirals&hidden=8,8&speed=0", "dark"),
)


def main() -> None:
    """Take all of them."""
    PICTURES.mkdir(exist_ok=True)
    with running(session=False) as at, chromium() as browser:
        address = f"http://127.0.0.1:{at.port}/?t={at.token}"
        for picture in TAKEN:
            for language, locale in (("en", "en-US"), ("pt", "pt-BR")):
                take(browser, address, picture, locale=locale, place=PICTURES / f"lab-{picture.name}-{language}.png")


def take(browser: Browser, address: str, picture: Picture, *, locale: str, place: Path) -> None:
    """Open the page, let it learn to the end, and take it as it is seen."""
    size = {"width": picture.width, "height": picture.height}
    context = browser.new_context(viewport=size, locale=locale, color_scheme=picture.scheme)  # type: ignore[arg-type]
    page = context.new_page()
    page.goto(f"{address}#{picture.choices}")
    wait_for_its_end(page)
    page.screenshot(path=place)
    context.close()
    print(place.relative_to(ROOT))


def wait_for_its_end(page: Page) -> None:
    """Until the verdict is there and drawn."""
    for _look in range(600):
        if page.evaluate("Boolean(window.__lab?.state?.verdict && window.__lab.status === 'ended')"):
            break
        time.sleep(0.1)
    time.sleep(1)


if __name__ == "__main__":
    main()
