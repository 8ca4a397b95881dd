"""A lock that goes to whoever waits, before the one who had it gets it again."""

from __future__ import annotations

import threading
from types import TracebackType
from typing import final


@final
class FairLock:
    """A lock for a thread that wants it all the time, and others that want it now and then.

    Python's own lock may be taken again at once by whoever lets it go, and others starve. Here everybody waits at a
    gate first, at which there is room for one: who had the lock stands behind whoever waits for it.

    Examples
    --------
    >>> lock = FairLock()
    >>> with lock:
    ...     pass
    """

    def __init__(self) -> None:
        self._gate = threading.Lock()
        self._lock = threading.Lock()

    def __enter__(self) -> None:
        with self._gate:
            self._lock.acquire()

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._lock.release()
