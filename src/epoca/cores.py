"""The cores there are to work on, and threads on them."""

from __future__ import annotations

import os
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor

_CAN_BIND = hasattr(os, "sched_setaffinity")  # on Linux


def n_cores() -> int:
    """Processor cores that this process may use.

    OMP_NUM_THREADS, by which schedulers and joblib share cores out among processes, lowers their number.
    """
    cores = len(os.sched_getaffinity(0)) if _CAN_BIND else os.cpu_count() or 1
    allowed = os.environ.get("OMP_NUM_THREADS", "").split(",")[0].strip()
    return min(cores, int(allowed)) if allowed.isdigit() and int(allowed) > 0 else cores


def threads_on_cores(n: int, name: str) -> ThreadPoolExecutor:
    """So many threads; where there is one for each core, each stays on its own.

    Linux puts threads that sleep as often as they work on one core for up to 20 ms, which is half the training of a
    small table. Fewer threads than cores are left free, since other processes may have threads on the same cores.

    Parameters
    ----------
    n : int
        How many.
    name : str
        What their names begin with.
    """
    cores = sorted(os.sched_getaffinity(0)) if _CAN_BIND else []
    if len(cores) != n:
        return ThreadPoolExecutor(n, name)
    return ThreadPoolExecutor(n, name, initializer=_bind, initargs=(iter(cores),))


def _bind(cores: Iterator[int]) -> None:
    """Keep the calling thread on the next of the cores."""
    os.sched_setaffinity(0, {next(cores)})
