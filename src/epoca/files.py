"""Files that are either whole or not there."""

from __future__ import annotations

import contextlib
import errno
import os
import secrets
from pathlib import Path

from epoca.errors import FileError


def refuse_unwritable(path: Path) -> None:
    """Say that a file cannot be written before the work is done that it is to hold.

    Parameters
    ----------
    path : Path
        The file; whether it exists makes no difference.

    Raises
    ------
    FileError
        If it is a folder, or its folder does not exist or takes no new file.
    """
    place = path.resolve()
    if place.is_dir():
        raise FileError("{file} is a folder; name a file in it.", file=str(path))
    if place.exists() and not place.is_file():  # a device or pipe
        return
    if not place.parent.is_dir():
        raise FileError("{file}: its folder does not exist; make it first or name another.", file=str(path))
    if not os.access(place.parent, os.W_OK):
        raise FileError("{file} cannot be written: {reason}.", file=str(path), reason=os.strerror(errno.EACCES))


def write_whole(path: Path, content: bytes) -> None:
    """Write a file so that at every moment either the old one or the new one is there, whole.

    It is written beside its place under a temporary name, synced to disk, and renamed; a symbolic link stays one.

    Parameters
    ----------
    path : Path
        Where to.
    content : bytes
        The whole file.

    Raises
    ------
    FileError
        If it cannot be written; the old file is untouched then.
    """
    refuse_unwritable(path)
    place = path.resolve()
    if place.exists() and not place.is_file():  # a device or pipe is written to, never replaced
        place.write_bytes(content)
        return
    temporary = place.with_name(f".{place.name[:200]}.{secrets.token_hex(4)}.tmp")
    try:
        descriptor = os.open(temporary, os.O_WRONLY | os.O_CREAT | os.O_EXCL | getattr(os, "O_BINARY", 0), 0o666)
        try:
            with open(descriptor, "wb") as file:
                file.write(content)
                file.flush()
                os.fsync(file.fileno())
            temporary.replace(place)
        except BaseException:
            with contextlib.suppress(OSError):
                temporary.unlink()
            raise
        _sync_folder(place.parent)
    except OSError as error:
        reason = os.strerror(error.errno) if error.errno else str(error)
        raise FileError("{file} cannot be written: {reason}.", file=str(path), reason=reason) from error


def _sync_folder(folder: Path) -> None:
    if os.name == "nt":  # a folder cannot be opened there, and renaming is journalled
        return
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
