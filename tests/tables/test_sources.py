from __future__ import annotations

import bz2
import io
import os
import pickle
import tarfile
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from epoca.errors import OptionError, TableError
from epoca.tables.reading import read_table


def _written(folder: Path, content: bytes) -> str:
    (folder / "t.csv").write_bytes(content)
    return str(folder / "t.csv")


def _tar() -> bytes:
    out = io.BytesIO()
    with tarfile.open(fileobj=out, mode="w") as archive:
        archive.addfile(tarfile.TarInfo("t.csv"))
    return out.getvalue()


@pytest.mark.parametrize(
    ("content", "what"),
    [
        (bz2.compress(b"a,b\n1,2\n"), "a bzip2 archive"),
        (_tar(), "a tar archive"),
        (pickle.dumps([1], protocol=2), "a Python pickle"),
        (b"\xef\xbb\xbf<!DOCTYPE html>", "a web page or XML"),
        (b"<!-- saved -->\n<table>", "a web page or XML"),
        (b'\xef\xbb\xbf [ {"a": 1}]', "JSON"),
        (b"[[1, 2]]", "JSON"),
    ],
)
def test_foreign_formats_are_named(tmp_path: Path, content: bytes, what: str) -> None:
    with pytest.raises(TableError, match=f"^mine: This is {what}, not a table of text; save it as CSV or Parquet"):
        read_table(_written(tmp_path, content), name="mine")


@pytest.mark.parametrize("name", ["[a]", "{a}", "BZhour", "ustar", "GIF8", "<a>", "<tablet>"])
def test_names_that_look_like_a_foreign_format_are_names(tmp_path: Path, name: str) -> None:
    assert read_table(_written(tmp_path, f"{name},b\n1,2\n".encode())).column_names == [name, "b"]


def test_bytes_that_are_not_windows_1252_are_latin_1(tmp_path: Path) -> None:
    table = read_table(_written(tmp_path, b"a,b\n1,\x81\xe9\n"))
    assert table.arrow["b"].to_pylist() == ["\x81é"]
    assert "was read as latin-1" in str(table.notes[0])


@pytest.mark.parametrize("encoding", ["", "a\0b", "undefined", "rot13"])
def test_encodings_that_are_none(tmp_path: Path, encoding: str) -> None:
    with pytest.raises(OptionError, match="There is no encoding "):
        read_table(_written(tmp_path, b"a,b\n1,2\n"), encoding=encoding)


def test_lines_that_end_in_a_carriage_return_are_counted(tmp_path: Path) -> None:
    with pytest.raises(TableError, match="line 3: Byte 0xe9 is not utf-8"):
        read_table(_written(tmp_path, b"a,b\r1,2\r3,\xe9\r"), encoding="utf-8")


def test_a_path_with_a_zero_character(tmp_path: Path) -> None:
    with pytest.raises(TableError, match="The file cannot be read: embedded null byte"):
        read_table(str(tmp_path) + "\0")


def test_a_pipe_is_read_once_and_its_lines_are_still_known(tmp_path: Path) -> None:
    pipe = tmp_path / "pipe"
    os.mkfifo(pipe)
    content = b"a,b\n" + b"1,2\n" * 100_000 + b'"\n",3\n4,5\n'
    with ThreadPoolExecutor() as threads:
        threads.submit(pipe.write_bytes, content)
        table = read_table(pipe)
    assert table.n_rows == 100_002
    assert table.line_of(100_001) == 100_004


@pytest.mark.parametrize("device", ["/dev/zero", "/dev/null"])
def test_a_device_is_refused(device: str) -> None:
    with pytest.raises(TableError, match=f"^{device}: This is a device; name a file, or send a table through a pipe"):
        read_table(device)
