"""The state that a page is shown: values by key, and which of them are new to whom."""

from __future__ import annotations

import threading
from collections.abc import Callable
from typing import Any, final


@final
class Board:
    """Values by key, each with the number of its last change; may be looked at from any thread.

    Examples
    --------
    >>> board = Board()
    >>> board.put(status="paused", epoch=0)
    >>> _, known = board.since(0)
    >>> board.put(status="paused", epoch=1)
    >>> board.since(known)[0]
    {'epoch': 1}
    """

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._values: dict[str, Any] = {}
        self._changed: dict[str, int] = {}
        self._count = 0
        self._drawn = 0
        self._listeners: list[Callable[[], None]] = []

    def __getitem__(self, key: str) -> Any:
        return self._values[key]

    def put(self, **values: Any) -> None:
        """Show values; those that are as they were count as unchanged."""
        new = {key: value for key, value in values.items() if key not in self._values or self._values[key] != value}
        if new:
            with self._lock:
                self._count += 1
                self._values |= new
                self._changed |= dict.fromkeys(new, self._count)
            self._tell()

    def since(self, known: int) -> tuple[dict[str, Any], int]:
        """What changed after the change of that number, and the number of the last change."""
        with self._lock:
            return {key: self._values[key] for key, count in self._changed.items() if count > known}, self._count

    @property
    def drawn(self) -> int:
        """How often what is drawn became another."""
        return self._drawn

    def redraw(self) -> None:
        """Say that what is drawn became another."""
        self._drawn += 1
        self._tell()

    def listen(self, listener: Callable[[], None]) -> None:
        """Call a function, which must be quick, at every change."""
        self._listeners.append(listener)

    def forget(self, listener: Callable[[], None]) -> None:
        """Call it no more."""
        self._listeners.remove(listener)

    def _tell(self) -> None:
        for listener in tuple(self._listeners):
            listener()
