"""How many cores there are to work on."""

from __future__ import annotations

import os


def n_cores() -> int:
    """Processor cores that this process may use.

    OMP_NUM_THREADS, by which schedulers and joblib share cores out among processes, lowers their number.
    """
    cores = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
    allowed = os.environ.get("OMP_NUM_THREADS", "").split(",")[0].strip()
    return min(cores, int(allowed)) if allowed.isdigit() and int(allowed) > 0 else cores
