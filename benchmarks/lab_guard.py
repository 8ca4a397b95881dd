"""Who gets into the lab: ``python benchmarks/lab_guard.py [FILE]`` asks its own process, over raw sockets."""

from __future__ import annotations

import json
import os
import platform
import statistics
import sys
import time
from collections.abc import Callable
from contextlib import ExitStack
from datetime import date
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1]))  # the requests are those of the tests

from lab_crowd import EPOCHS, SESSIONS, crowd
from tests.lab.asking import METHODS, faults, known_routes, strangers, talk
from tests.lab.burdens import TALKS
from tests.lab.deaf import page
from tests.lab.families import cases
from tests.lab.made import unpacked
from tests.lab.probing import At, running, watched
from websockets.sync.client import ClientConnection

import epoca


def families(at: At) -> tuple[int, int, list[str]]:
    """How many families and requests, and the answers that were not expected."""
    asked, wrong = cases(), []
    for case in asked:
        wrong += [f"{case.family}, {case.name}: {fault}" for fault in faults(case, at.ask(case.request, case.more()))]
    for what in TALKS:
        code = talk(at, what)
        wrong += [f"25, {what.name}: closed by {code}, not {what.code}"] if code != what.code else []
    if at.left_behind():
        wrong.append(f"left behind: {at.left_behind()}")
    return len({case.family for case in asked} | {25}), len(asked) + len(TALKS), wrong


def without_token(at: At) -> tuple[int, int, list[str]]:
    """How many routes and requests, and those that were let in."""
    tried = [
        (path, method, request) for path in known_routes() for method in METHODS for request in strangers(path, method)
    ]
    wrong = [f"{method} {path}" for path, method, request in tried if at.ask(request).status not in {403, 405}]
    return len(known_routes()), len(tried), wrong


LONG = {"speed": 0, "hidden": [64, 64], "members": 16, "epochs": 10_000, "stopping": ""}
"""A training that goes on for longer than anybody looks at it."""

ROUNDS, SECONDS = 12, 2.0


def trains(at: At, stack: ExitStack) -> tuple[ClientConnection, str]:
    """A page whose session trains as fast as it can, and the session's name."""
    tab = stack.enter_context(at.tab())
    name = json.loads(tab.recv())["session"]
    tab.send(json.dumps({"type": "change", "changes": LONG}))
    tab.send(json.dumps({"type": "do", "what": "play"}))
    return tab, str(name)


def epochs(tab: ClientConnection) -> int:
    """How many its session's run has finished."""
    tab.send(json.dumps({"type": "frame", "have": 1_000_000, "serial": 0}))
    while isinstance(content := tab.recv(), str):
        pass
    header, _planes = unpacked(content)
    return int(header["epoch"])


def beside_the_deaf(at: At) -> float:
    """How much slower in % a session trains beside another whose page takes nothing than where it does; medians."""
    with ExitStack() as stack:
        ours, _name = trains(at, stack)
        _theirs, name = trains(at, stack)
        made: dict[bool, list[float]] = {False: [], True: []}
        for number in range(ROUNDS):
            with ExitStack() as other:
                if number % 2:
                    other.enter_context(page(at, session=name))
                time.sleep(0.5)
                before, began = epochs(ours), time.perf_counter()
                time.sleep(SECONDS)
                made[bool(number % 2)].append((epochs(ours) - before) / (time.perf_counter() - began))
        return 100 * (1 - statistics.median(made[True]) / statistics.median(made[False]))


def stalled(at: At, work: Callable[[At], tuple[int, int, list[str]]]) -> tuple[tuple[int, int, list[str]], float]:
    """What was found, and the longest wait of somebody else meanwhile in ms."""
    with watched(at) as waits:
        found = work(at)
    return found, waits[0]


def main() -> None:
    """Ask and print, or write to the file that is named."""
    with running() as at:
        (n_families, n_requests, wrong), stall = stalled(at, families)
        (n_routes, n_tried, let_in), other = stalled(at, without_token)
        slower = beside_the_deaf(at)
        n_errors = sum("Traceback" in line for line in at.errors)
    with running() as at:
        guests = crowd(at)
    machine = f"{platform.system()} with {os.cpu_count()} cores of {platform.machine()}"
    rows = [
        ("L1", f"{n_families} families, {n_requests} requests: unexpected answers", "0", len(wrong)),
        ("L1", "failures written down meanwhile", "0", n_errors),
        (
            "L2",
            f"{n_routes} routes × {len(METHODS)} methods without token, {n_tried} requests: let in",
            "0",
            len(let_in),
        ),
        ("L3", f"{SESSIONS} sessions at once, each with its own table: errors", "0", len(guests.errors)),
        ("L3", "… told or given what is another's: crossed results", "0", len(guests.crossed)),
        (
            "L3",
            "… from the upload's first byte to the answered prediction, s: median, p95",
            "–",
            f"{guests.median:.1f}, {guests.p95:.1f}",
        ),
        ("L3", "… memory of each session, MB", "–", f"{guests.megabytes:.1f}"),
        ("26", "training beside a session whose page takes nothing: slower by, %", "under 5", f"{slower:.1f}"),
        ("L5", "longest that somebody else waited meanwhile, ms", "under 100", f"{max(stall, other):.0f}"),
    ]
    lines = [
        "# Who gets into the lab",
        "",
        f"{date.today()}, epoca {epoca.__version__}, {machine}.",
        "The process of `epoca lab` is asked over raw sockets what no page of ours asks. Meanwhile somebody else asks",
        "for a small file every 2 ms, from a process of its own on the same cores. Families 23, 24, 26 to 31 and 34",
        "are more than requests; tests/lab tries them. Training is measured",
        f"{ROUNDS} times for {SECONDS:.0f} s, by turns with and without; medians.",
        f"The {SESSIONS} sessions come to a process of their own, which shares the cores with their pages. Each brings",
        f"a table whose names and number of rows no other has, learns for {EPOCHS} epochs, has the last row predicted",
        "and saves its model; all that it is told and given is held against its table and the same training alone.",
        "",
        "| | what | asked | found |",
        "|---|---|---|---|",
        *(f"| {figure} | {what} | {asked} | {found} |" for figure, what, asked, found in rows),
        "",
        *(f"- {fault}" for fault in wrong + let_in + guests.errors + guests.crossed),
    ]
    text = "\n".join(lines).rstrip() + "\n"
    if len(sys.argv) > 1:
        Path(sys.argv[1]).write_text(text, encoding="utf-8")
    print(text)


if __name__ == "__main__":
    main()
