"""The sessions there are, and the tables brought to them."""

from __future__ import annotations

import secrets
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from pathlib import Path
from typing import final

from epoca.cores import n_cores
from epoca.errors import OptionError
from epoca.lab.choices import Choices
from epoca.lab.files import File
from epoca.lab.session import Session
from epoca.lab.sources import Brought, suited
from epoca.lab.turns import Turns
from epoca.lab.weighing import MOST_CELLS, TOO_MANY_CELLS
from epoca.locales import Language
from epoca.model import Model
from epoca.tables.reading import read_table
from epoca.tables.table import Table

MOST = 100
"""Sessions at a time."""

MOST_TABLES = 8
"""Tables brought to one session."""

FORGOTTEN = 12 * 3600.0
"""Seconds after which a session at which nobody looks is let go; a laptop may sleep for a night."""


@final
@dataclass(frozen=True, kw_only=True)
class Opening:
    """With what the lab was opened.

    Parameters
    ----------
    table : Table, optional
        A table to learn from; by default moons.
    target : str, optional
        Its column to predict.
    model : Model, optional
        A model to look at in place of a table.
    """

    table: Table | None = None
    target: str | None = None
    model: Model | None = None


@final
@dataclass
class _Kept:
    """A session, how many pages look at it or are about to, and when the last one left, by the monotonic clock."""

    session: Session
    pages: int = 0
    left: float = 0.0


@final
class Sessions:
    """Sessions by name; may be used from any thread.

    Parameters
    ----------
    opening : Opening
        What every new session begins with.
    workers : int, optional
        How many of them train at a time, and of how many a frame is made; by default as many as there are cores.

    Attributes
    ----------
    drawing : ThreadPoolExecutor
        Makes frames: few at a time, for where there are many pages training would get no turn beside them.
    is_ending : bool
        Whether pages are being sent away.
    """

    def __init__(self, opening: Opening, *, workers: int | None = None) -> None:
        self._opening = opening
        self._lock = threading.Lock()
        self._kept: dict[str, _Kept] = {}
        self._tables = 0
        self.is_ending = False
        self._turns = Turns(threads=workers or n_cores())
        self.drawing = ThreadPoolExecutor(workers or n_cores(), thread_name_prefix="epoca-frames")

    def open(self, name: str, *, language: str) -> Session:
        """The session of that name, or a new one, for a page, which leaves it by `leave`.

        Parameters
        ----------
        name : str
            As a page knows it, or "".
        language : {"en", "pt_BR"}
            In which a new one speaks.

        Raises
        ------
        OptionError
            If there are too many.
        """
        with self._lock:
            known = self._kept.get(name)
            if known is not None:
                known.pages += 1
                return known.session
            gone = self._let_go()
            if len(self._kept) >= MOST:
                raise OptionError("There are {n} sessions at this lab already; close one of them first.", n=MOST)
            name = secrets.token_hex(8)
            # Its place is taken at once; its run is made, and those of others are ended, outside the lock, for which
            # the event loop waits.
            choices, brought = self._beginning(language)
            session = Session(name, choices=choices, brought=brought, model=self._opening.model, wake=self._turns.add)
            self._kept[name] = _Kept(session, pages=1)
        for kept in gone:
            kept.session.close()
        try:
            session.begin()
        except BaseException:
            self.leave(session)
            raise
        return session

    def leave(self, session: Session) -> None:
        """A page looks at it no more."""
        with self._lock:
            kept = self._kept[session.name]
            kept.pages -= 1
            kept.left = time.monotonic()

    def _beginning(self, language: str) -> tuple[Choices, dict[str, Brought]]:
        opening = self._opening
        choices = Choices().changed({"language": language})
        if opening.table is None:
            return suited(choices, {}), {}
        brought = Brought(table=opening.table, target=opening.target or "")
        return replace(choices, table="t0", target=brought.target, scaling=True), {"t0": brought}

    def get(self, name: str) -> Session:
        """The session of that name.

        Raises
        ------
        OptionError
            If there is none.
        """
        with self._lock:
            if name not in self._kept:
                raise OptionError("This session is over; load the page again.")
            return self._kept[name].session

    def language_of(self, name: str) -> Language:
        """In which a session speaks; English where there is none."""
        with self._lock:
            kept = self._kept.get(name)
        return Language("en") if kept is None else kept.session.language

    def bring(self, session: str, *, name: str, file: Path) -> str:
        """Add a file's table to a session; gives the id by which it is chosen.

        Parameters
        ----------
        session : str
            Its name.
        name : str
            As the user knows the file.
        file : Path
            Where it lies.

        Raises
        ------
        EpocaError
            If it is no table, or too large, or there are too many.
        """
        found = self.get(session)
        table = read_table(file)
        cells = table.n_rows * len(table.column_names)
        if cells > MOST_CELLS:
            raise OptionError(TOO_MANY_CELLS.template, cells=cells, most=MOST_CELLS)
        with self._lock:
            self._tables += 1
            number = f"t{self._tables}"
        found.bring(number, Brought(table=replace(table, name=name)), most=MOST_TABLES)
        return number

    def file(self, name: str, kind: str) -> File:
        """A file that a session gives."""
        return self.get(name).file(kind)

    @property
    def n_pages(self) -> int:
        """How many pages look at them."""
        with self._lock:
            return sum(kept.pages for kept in self._kept.values())

    def send_away(self) -> None:
        """Tell every page that this is the end."""
        self.is_ending = True
        with self._lock:
            for kept in self._kept.values():
                kept.session.board.redraw()

    def close(self) -> None:
        """End all of them."""
        with self._lock:
            every = list(self._kept.values())
        for kept in every:
            kept.session.close()
        self._turns.close()
        self.drawing.shutdown()

    def _let_go(self) -> list[_Kept]:
        """Forget the sessions that nobody has looked at for long, and of too many the one that was left first.

        Returns
        -------
        list of _Kept
            Those forgotten, to be closed.
        """
        now = time.monotonic()
        left = sorted((kept for kept in self._kept.values() if kept.pages == 0), key=lambda kept: kept.left)
        excess = len(self._kept) - MOST + 1
        gone = [kept for place, kept in enumerate(left) if place < excess or now - kept.left > FORGOTTEN]
        for kept in gone:
            del self._kept[kept.session.name]
        return gone
