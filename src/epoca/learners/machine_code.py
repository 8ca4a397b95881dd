"""Machine code kept on disk, never that of another version or of another signature."""

from __future__ import annotations

import hashlib
import pickle
from collections.abc import Hashable
from pathlib import Path
from typing import Any, final

from numba.core.caching import IndexDataCacheFile

_UNREADABLE = (OSError, EOFError, ValueError, LookupError, AttributeError, pickle.UnpicklingError)


@final
class MachineCodeFile(IndexDataCacheFile):  # type: ignore[misc]  # numba has no types
    """The files of one kernel: an index, and one file for each signature and processor.

    numba numbers the files and writes the index first: a process that dies in between, or two that compile at once,
    would leave an index that points at other code for good. Here a file is named after all that its code depends on,
    and written first. What cannot be read is compiled anew; what cannot be written is not kept.

    Parameters
    ----------
    folder : str
        Where the files lie.
    name : str
        What their names begin with.
    version : str
        A fingerprint of the sources; code of another version is stale.
    """

    def __init__(self, folder: str, name: str, version: str) -> None:
        super().__init__(folder, name, version)
        self._name = name

    @property
    def is_empty(self) -> bool:
        """Whether no code is kept that is up to date."""
        return not self._load_index()

    def save(self, key: Hashable, data: Any) -> None:
        """Keep the code of a signature."""
        digest = hashlib.sha256(repr((self._source_stamp, self._version, key)).encode()).hexdigest()
        file = f"{self._name}.{digest[:16]}.nbc"
        try:
            self._save_data(file, data)
            index = {**self._load_index(), key: file}
            self._save_index(index)
            for stale in Path(self._cache_path).glob(f"{self._name}.*.nbc"):
                if stale.name not in index.values():
                    stale.unlink(missing_ok=True)
        except OSError:
            return

    def load(self, key: Hashable) -> Any:
        """The code of a signature, or None."""
        try:
            return super().load(key)
        except _UNREADABLE:
            return None

    def _load_index(self) -> dict[Hashable, str]:
        try:
            index: dict[Hashable, str] = super()._load_index()
        except _UNREADABLE:
            return {}
        return index
