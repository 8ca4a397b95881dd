"""The cores there are to work on, and threads on them."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import suppress
from functools import partial
from pathlib import Path
from typing import final

_CAN_BIND = hasattr(os, "sched_setaffinity")  # on Linux


def n_cores() -> int:
    """Processor cores that this process may use.

    OMP_NUM_THREADS, by which schedulers and joblib share cores out among processes, lowers their number.
    """
    cores = len(os.sched_getaffinity(0)) if _CAN_BIND else os.cpu_count() or 1
    allowed = os.environ.get("OMP_NUM_THREADS", "").split(",")[0].strip()
    return min(cores, int(allowed)) if allowed.isdigit() and int(allowed) > 0 else cores


@final
class Threads:
    """So many threads, there from the first work on until they are let go, and again when there is more.

    Where there is one for each core and nothing else runs, each stays on its own: Linux puts threads that sleep as
    often as they work on one core for up to 20 ms, which is half the training of a small table. Beside other work they
    are left free, since a core that is shared would hold all of them up.

    Parameters
    ----------
    n : int
        How many.
    name : str
        What their names begin with.
    """

    def __init__(self, n: int, *, name: str) -> None:
        self._n, self._name = n, name
        self._pool: ThreadPoolExecutor | None = None

    def all_do(self, work: Callable[[], None]) -> list[Future[None]]:
        """Let each of them do the same."""
        if self._pool is None:
            cores = sorted(os.sched_getaffinity(0)) if _CAN_BIND else []
            bound = len(cores) == self._n and _nothing_else_runs()
            initializer = partial(_bind, iter(cores)) if bound else None
            self._pool = ThreadPoolExecutor(self._n, self._name, initializer=initializer)
        return [self._pool.submit(work) for _thread in range(self._n)]

    def close(self) -> None:
        """Let them go when they have done their work; that is not waited for.

        A training that nobody ends is collected at any time, also within the start of a thread, where waiting for
        another thread takes for ever.
        """
        if self._pool is not None:
            self._pool.shutdown(wait=False)
            self._pool = None


def _bind(cores: Iterator[int]) -> None:
    """Keep the calling thread on the next of the cores; where that is forbidden it goes where it likes."""
    with suppress(OSError):
        os.sched_setaffinity(0, {next(cores)})


def _nothing_else_runs() -> bool:
    """Whether the calling thread is the only one on the machine that is running or about to."""
    try:
        running = Path("/proc/loadavg").read_text(encoding="ascii").split()[3]
    except OSError:
        return False
    return int(running.split("/")[0]) <= 1
