"""How epoca's functions become machine code: compiled once, kept on disk, GIL released."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Collection
from pathlib import Path
from typing import Any

from numba import njit


def _fingerprint() -> str:
    sources = sorted(Path(__file__).parent.glob("*.py"))
    return hashlib.sha256(b"".join(source.read_bytes() for source in sources)).hexdigest()


_FINGERPRINT = _fingerprint()


def kernel(*, fastmath: bool | Collection[str] = False) -> Callable[[Callable[..., Any]], Any]:
    """Compile a function when it is first called, and keep the machine code for the next process.

    numba looks only at the file of a kernel to see whether its kept code is stale, not at the kernels it calls in other
    files; here a change in any file of this folder makes all of it stale.

    Parameters
    ----------
    fastmath : bool or set of str
        The liberties LLVM may take with sums: "contract" joins a product and a sum into one instruction.

    Returns
    -------
    callable
        A decorator.
    """

    def compiled(function: Callable[..., Any]) -> Any:
        options = {"nogil": True, "error_model": "numpy", "fastmath": fastmath, "no_cfunc_wrapper": True}
        try:
            dispatcher = njit(cache=True, **options)(function)
        except RuntimeError:  # no folder that could be written: compile anew in every process
            return njit(**options)(function)
        dispatcher._cache._cache_file._source_stamp = _FINGERPRINT
        return dispatcher

    return compiled


def is_kept(dispatcher: Any) -> bool:
    """Whether any machine code of a kernel lies on disk that is still up to date."""
    return hasattr(dispatcher, "_cache") and bool(dispatcher._cache._cache_file._load_index())
