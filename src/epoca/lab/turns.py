"""Fair turns: a few threads that let many sessions train, one after the other and none for long."""

from __future__ import annotations

import heapq
import logging
import threading
import time
from typing import Protocol, final

TURN = 0.01
"""Seconds that a session trains before it is another's turn: so few that a pause is answered at once, and that frames
come as fast as they are drawn."""

logger = logging.getLogger(__name__)


class Worker(Protocol):
    """What takes turns."""

    def turn(self, seconds: float) -> float | None:
        """Work for about so long; returns how many seconds to wait before the next turn, None for none."""


@final
class Turns:
    """Threads that let workers take turns.

    Parameters
    ----------
    threads : int
        How many work at a time.

    Examples
    --------
    >>> class Count:
    ...     left = 3
    ...     def turn(self, seconds):
    ...         self.left -= 1
    ...         return 0.0 if self.left else None
    >>> count, turns = Count(), Turns(threads=1)
    >>> turns.add(count)
    >>> while count.left:
    ...     time.sleep(0.001)
    >>> turns.close()
    """

    def __init__(self, *, threads: int) -> None:
        self._changed = threading.Condition()
        self._waiting: list[tuple[float, int, Worker]] = []
        self._known: set[int] = set()
        self._again: set[int] = set()
        self._count = 0
        self._is_closed = False
        self._threads = [
            threading.Thread(target=self._work, name=f"epoca-turns-{number}", daemon=True) for number in range(threads)
        ]
        for thread in self._threads:
            thread.start()

    def add(self, worker: Worker) -> None:
        """Give a worker a turn soon, and further ones for as long as it asks for them."""
        with self._changed:
            if id(worker) not in self._known:
                self._known.add(id(worker))
                self._enqueue(worker, time.monotonic())
                return
            waiting = [entry for entry in self._waiting if entry[2] is not worker]
            if len(waiting) == len(self._waiting):  # it is having its turn
                self._again.add(id(worker))
                return
            self._waiting = waiting
            heapq.heapify(self._waiting)
            self._enqueue(worker, time.monotonic())

    def close(self) -> None:
        """Let the threads go, each when its turn is over."""
        with self._changed:
            self._is_closed = True
            self._changed.notify_all()
        for thread in self._threads:
            thread.join()

    def _enqueue(self, worker: Worker, due: float) -> None:
        self._count += 1  # of those due at once the one that waits longest comes first
        heapq.heappush(self._waiting, (due, self._count, worker))
        self._changed.notify()

    def _next(self) -> Worker | None:
        with self._changed:
            while not self._is_closed:
                if not self._waiting:
                    self._changed.wait()
                    continue
                delay = self._waiting[0][0] - time.monotonic()
                if delay <= 0:
                    return heapq.heappop(self._waiting)[2]
                self._changed.wait(delay)
        return None

    def _work(self) -> None:
        while (worker := self._next()) is not None:
            try:
                wait = worker.turn(TURN)
            except Exception:  # one worker's fault must not end the turns of the others
                logger.exception("a turn failed")
                wait = None
            with self._changed:
                asked = id(worker) in self._again
                self._again.discard(id(worker))
                if wait is None and not asked:
                    self._known.discard(id(worker))
                else:
                    self._enqueue(worker, time.monotonic() + (0.0 if asked else wait or 0.0))
