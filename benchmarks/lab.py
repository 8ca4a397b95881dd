"""The figures of the lab, from outside, on its own process: ``python benchmarks/lab.py [FILE]``.

A class of 40 sessions that all learn as fast as they can, the room that they take, how soon a pause is answered, how
soon a table of 100,000 rows is learned from, and what a frame costs the browser.
"""

from __future__ import annotations

import asyncio
import io
import json
import os
import shutil
import statistics
import sys
import time
import urllib.request
from datetime import date
from pathlib import Path
from typing import Any, cast

import numpy as np
from websockets.asyncio.client import ClientConnection, connect

sys.path.insert(0, str(Path(__file__).parents[1]))  # the process is started and read as the tests do

from tests.lab.asking import upload
from tests.lab.bombs import BOMBS
from tests.lab.made import unpacked
from tests.lab.probing import At, running

import epoca

SESSIONS, SECONDS = 40, 20
ROWS, COLUMNS = 100_000, 30


def origin(at: At) -> str:
    """Where it is."""
    return f"http://127.0.0.1:{at.port}"


def headers(at: At) -> dict[str, str]:
    """Of a request of a page of its own."""
    return {"Cookie": f"epoca-lab-{at.port}={at.token}", "X-Epoca-Token": at.token, "Origin": origin(at)}


def memory(at: At) -> float:
    """Resident memory in MB."""
    pages = int(Path(f"/proc/{at.process.pid}/statm").read_text("ascii").split()[1])
    return pages * os.sysconf("SC_PAGE_SIZE") / 1e6


class Page:
    """A page that pulls frames as a browser does."""

    def __init__(self, socket: ClientConnection) -> None:
        self.socket = socket
        self.state: dict[str, Any] = {}
        self.session = ""
        self.header: dict[str, Any] = {"epoch": 0, "serial": 0}
        self.times: list[float] = []

    async def hello(self) -> None:
        await self.send(type="hello", protocol=1, session="", language="en")
        hello = await self.text()
        self.state, self.session = hello["state"], hello["session"]

    async def send(self, **message: Any) -> None:
        await self.socket.send(json.dumps(message))

    async def text(self) -> dict[str, Any]:
        while not isinstance(message := await self.socket.recv(), str):
            self.take(message)
        found = cast(dict[str, Any], json.loads(message))
        self.state |= found.get("state", {}) if found["type"] == "state" else {}
        return found

    async def answered(self, **message: Any) -> dict[str, Any]:
        await self.send(id=1, **message)
        while (found := await self.text()).get("id") != 1:
            pass
        return found

    def take(self, content: bytes) -> None:
        self.header, _planes = unpacked(content)
        self.times.append(time.perf_counter())

    async def pull(self, until: float) -> None:
        """Draw frame after frame."""
        await self.ask()
        while time.perf_counter() < until:
            message = await self.socket.recv()
            if isinstance(message, bytes):
                self.take(message)
                await self.ask()

    async def ask(self) -> None:
        await self.send(type="frame", have=self.header["epoch"], serial=self.header["serial"])


def opened(at: At) -> connect:
    cookie = {"Cookie": headers(at)["Cookie"]}
    address = origin(at).replace("http", "ws") + "/wire"
    return connect(address, additional_headers=cookie, origin=cast(Any, origin(at)), max_size=None, compression=None)


FAST = {"speed": 0, "epochs": 10_000, "stopping": "", "hidden": [8, 8], "learning_rate": 0.001}
"""A network with 16 hidden neurons that learns as long as it is looked at."""


async def a_class(at: At) -> list[str]:
    """40 sessions at once."""
    async with opened(at) as first:
        await Page(first).hello()
        await asyncio.sleep(2)
        before = memory(at)
        pages = []
        for _page in range(SESSIONS):
            page = Page(await opened(at))
            await page.hello()
            await page.answered(type="change", changes=FAST)
            pages.append(page)
        end = time.perf_counter() + SECONDS
        for page in pages:
            page.times.clear()
        epochs = [page.header["epoch"] for page in pages]
        await asyncio.gather(*(page.pull(end) for page in pages))
        rates = [len(page.times) / SECONDS for page in pages]
        waits = [max(np.diff([end - SECONDS, *page.times, end])) for page in pages]
        learned = [page.header["epoch"] - epoch for page, epoch in zip(pages, epochs, strict=True)]
        each = (memory(at) - before) / SESSIONS
        for page in pages:
            await page.socket.close()
    return [
        row("40 sessions: frames/s of the slowest", "1 or more", f"{min(rates):.1f}"),
        row("40 sessions: frames/s, median", "–", f"{statistics.median(rates):.1f}"),
        row("40 sessions: longest wait for a frame, s", "–", f"{max(waits):.2f}"),
        row(
            "40 sessions: epochs/s of the slowest, of the fastest",
            "none starved",
            f"{min(learned) / SECONDS:.0f}, {max(learned) / SECONDS:.0f}",
        ),
        row("40 sessions: memory of each, MB", "under 30", f"{each:.1f}"),
    ]


async def pauses(at: At) -> str:
    """How soon a pause is answered while it learns as fast as it can."""
    async with opened(at) as socket:
        page, times = Page(socket), []
        await page.hello()
        await page.answered(type="change", changes=FAST)
        for _time in range(21):
            await page.answered(type="do", what="play")
            await asyncio.sleep(0.1)
            began = time.perf_counter()
            await page.answered(type="do", what="pause")
            times.append(1000 * (time.perf_counter() - began))
    found = f"{statistics.median(times):.0f}, {max(times):.0f}"
    return row("pause while training, ms: median, slowest of 21", "100", found)


def table() -> bytes:
    """A CSV file of 100,000 rows and 30 columns, a few of them text, and a target."""
    random = np.random.default_rng(0)
    numbers = random.normal(size=(ROWS, COLUMNS - 3)).round(4)
    cities = np.array(["Recife", "Natal", "Belém", "Rio"])[random.integers(0, 4, (ROWS, 3))]
    label = (numbers[:, :5].sum(axis=1) + random.normal(size=ROWS) > 0).astype(int)
    text = io.StringIO()
    text.write(",".join([f"x{i}" for i in range(COLUMNS - 3)] + ["a", "b", "c", "y"]) + "\n")
    for row_of, words, y in zip(numbers.tolist(), cities.tolist(), label.tolist(), strict=True):
        text.write(",".join([*map(str, row_of), *words, str(y)]) + "\n")
    return text.getvalue().encode()


async def large_table(at: At) -> list[str]:
    """How soon a large table is learned from, and how soon a pause is answered then."""
    content = await asyncio.to_thread(table)
    async with opened(at) as socket:
        page = Page(socket)
        await page.hello()
        began = time.perf_counter()
        told = {**headers(at), "Content-Type": "application/octet-stream", "X-Name": "large.csv"}
        request = urllib.request.Request(f"{origin(at)}/tables?session={page.session}", data=content, headers=told)
        answer = json.load(await asyncio.to_thread(urllib.request.urlopen, request))
        read = time.perf_counter() - began
        await page.answered(type="change", changes={"table": answer["id"], "target": "y", "speed": 0})
        page.header = {"epoch": 0, "serial": 0, "step": 0}
        while page.header["epoch"] == 0 and page.header["step"] == 0:
            await page.ask()
            count = len(page.times)
            while len(page.times) == count:
                message = await socket.recv()
                if isinstance(message, bytes):
                    page.take(message)
        learning = time.perf_counter() - began
        await asyncio.sleep(1)
        again = time.perf_counter()
        await page.answered(type="do", what="pause")
        paused = 1000 * (time.perf_counter() - again)
    size = f"{len(content) / 1e6:.0f} MB of CSV"
    return [
        row(f"100,000 rows × 30 columns ({size}): brought, s", "–", f"{read:.1f}"),
        row("… and learned from, s", "under 5", f"{learning:.1f}"),
        row("… and paused, ms", "100", f"{paused:.0f}"),
    ]


SECONDS_UNTIL_IT_LEARNS = """() => window.__lab?.header?.epoch > 0 &&
  (performance.now() - performance.getEntriesByType("navigation")[0].responseStart) / 1000"""


def browser(at: At, *, speed: int) -> list[str]:
    """Frames a second and milliseconds of script a frame, drawn by software, at so many epochs a second; 0 for all."""
    from playwright.sync_api import sync_playwright

    chromium = shutil.which("chromium") or shutil.which("google-chrome")
    with sync_playwright() as playwright:
        opened_browser = playwright.chromium.launch(executable_path=chromium, args=["--no-sandbox", "--disable-gpu"])
        page = opened_browser.new_page(viewport={"width": 1366, "height": 768})
        choices = f"hidden=8,8&speed={speed}&stopping=&epochs=10000&learning_rate=0.001"
        page.goto(f"{origin(at)}/?t={at.token}#{choices}")
        learning = page.wait_for_function(SECONDS_UNTIL_IT_LEARNS, polling=10).json_value()
        while page.evaluate("window.__lab ? window.__lab.frames : 0") < 20:
            time.sleep(0.1)
        before = page.evaluate("window.__lab.frames")
        time.sleep(10)
        rate = (page.evaluate("window.__lab.frames") - before) / 10
        work = page.evaluate("window.__lab.drawn_ms")
        epochs = page.evaluate("window.__lab.header.epoch")
        opened_browser.close()
    at_speed = f"at {speed} epochs/s" if speed else "training as fast as it can"
    return [
        row(f"browser, {at_speed}: first epoch seen after the first byte, s", "2", f"{learning:.1f}"),
        row(f"browser, {at_speed}: frames/s, 16 neuron maps, curves of {epochs:,} epochs", "20 or more", f"{rate:.0f}"),
        row(f"browser, {at_speed}: script a frame, ms, median", "3", f"{work:.1f}"),
    ]


def bursting(at: At) -> str:
    """How soon small files that hold a lot are refused."""
    times = []
    for name, made in BOMBS.items():
        request = upload(made(), name=name)
        began = time.perf_counter()
        at.ask(request)
        times.append(time.perf_counter() - began)
    return row(f"{len(times)} tables that would burst: refused, s, the slowest", "1", f"{max(times):.1f}")


def row(what: str, asked: str, measured: str) -> str:
    return f"| {what} | {asked} | {measured} |"


def main() -> None:
    """Measure and print, or write to the file that is named."""
    rows: list[str] = []
    for speed in (100, 0):
        with running(session=False) as at:
            rows += browser(at, speed=speed)
    with running() as at:
        rows.append(bursting(at))
    with running(session=False) as at:
        rows.append(asyncio.run(pauses(at)))
        rows += asyncio.run(large_table(at))
    with running(session=False) as at:
        rows += asyncio.run(a_class(at))
    text = "\n".join(
        [
            "# The lab",
            "",
            f"{date.today()}, epoca {epoca.__version__}, {os.cpu_count()} cores, which the server, the browser or the",
            "pages, and nothing else shared; Chromium without a graphics card. Sessions learn as fast as they can, but",
            "where a speed is named.",
            "",
            "| figure | asked | measured |",
            "|---|---|---|",
            *rows,
            "",
        ]
    )
    if len(sys.argv) > 1:
        Path(sys.argv[1]).write_text(text, encoding="utf-8")
    print(text)


if __name__ == "__main__":
    main()
