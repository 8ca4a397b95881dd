"""How epoca's functions become machine code: compiled once, kept on disk, GIL released."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Collection
from pathlib import Path
from typing import Any

from numba import njit
from numba.core.types.misc import unliteral

from epoca.learners.machine_code import MachineCodeFile


def _fingerprint() -> str:
    sources = sorted(Path(__file__).parent.glob("*.py"))
    return hashlib.sha256(b"".join(source.read_bytes() for source in sources)).hexdigest()


_FINGERPRINT = _fingerprint()


def kernel(
    *, kept: bool = False, inlined: bool = False, fastmath: bool | Collection[str] = False
) -> Callable[[Callable[..., Any]], Any]:
    """Compile a function when it is first called.

    Parameters
    ----------
    kept : bool
        Whether its machine code is kept on disk for the next process. For kernels that Python calls; those that only
        kernels call are contained in theirs, and to keep them too would take a third of the time of compiling.
    inlined : bool
        Whether its machine code is repeated wherever it is called. For kernels called row by row: a call counts
        references to every array it is given, which takes longer than a row's work.
    fastmath : bool or set of str
        The liberties LLVM may take with sums: "contract" joins a product and a sum into one instruction.

    Returns
    -------
    callable
        A decorator.
    """

    def compiled(function: Callable[..., Any]) -> Any:
        options = {
            "nogil": True,
            "error_model": "numpy",
            "fastmath": fastmath,
            "no_cfunc_wrapper": True,
            "forceinline": inlined,
        }
        if not kept:
            return _called_alike_by_numbers_and_names(njit(**options)(function))
        try:
            dispatcher = njit(cache=True, **options)(function)
        except RuntimeError:  # no folder that could be written: compile anew in every process
            return njit(**options)(function)
        # numba looks only at the file of a kernel to see whether its kept code is stale, not at the kernels it calls in
        # other files; here a change in any file of this folder makes all of it stale.
        files = dispatcher._cache._cache_file
        name = files._index_name.removesuffix(".nbi")
        dispatcher._cache._cache_file = MachineCodeFile(files._cache_path, name, _FINGERPRINT)
        return dispatcher

    return compiled


def is_kept(dispatcher: Any) -> bool:
    """Whether any machine code of a kernel lies on disk that is still up to date."""
    files = getattr(dispatcher._cache, "_cache_file", None)
    return files is not None and not files.is_empty


def _called_alike_by_numbers_and_names(dispatcher: Any) -> Any:
    """Let a number written in a call be any number of its type: numba would compile the kernel once more for it."""
    compiled_for = dispatcher.get_call_template

    def template(arguments: Any, named: Any) -> Any:
        return compiled_for(
            [unliteral(argument) for argument in arguments],
            {name: unliteral(argument) for name, argument in named.items()},
        )

    dispatcher.get_call_template = template
    return dispatcher
