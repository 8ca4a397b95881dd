"""Every code block of README, LEIAME and docs runs."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
PAGES = [ROOT / "README.md", ROOT / "LEIAME.md", *sorted((ROOT / "docs").glob("*.md"))]
BLOCK = re.compile(r"^```(\w+)\n(.*?)^```$", re.MULTILINE | re.DOTALL)


def _blocks(language: str) -> list[object]:
    found = []
    for page in PAGES:
        blocks = [body for kind, body in BLOCK.findall(page.read_text(encoding="utf-8")) if kind == language]
        if blocks:
            found.append(pytest.param(blocks, id=page.name))
    return found


@pytest.mark.parametrize("blocks", _blocks("python"))
def test_python_blocks_run_one_after_the_other(blocks: list[str], tmp_path: Path) -> None:
    script = tmp_path / "page.py"
    script.write_text("\n".join(blocks), encoding="utf-8")
    ended = subprocess.run(
        [sys.executable, "-W", "error", script], cwd=tmp_path, capture_output=True, text=True, check=False
    )
    assert ended.returncode == 0, ended.stderr


@pytest.mark.parametrize("blocks", _blocks("sh"))
def test_commands_of_epoca_run_one_after_the_other(blocks: list[str], tmp_path: Path) -> None:
    for name in ("table", "new", "newer", "tabela", "nova", "outra"):
        rows = [f"{x},{'ab'[x % 2]},{'pq'[x % 3 == 0]}" for x in range(0, 600, 7)]
        (tmp_path / f"{name}.csv").write_text("\n".join(["x,c,y", *rows]), encoding="utf-8")
    lines = "\n".join(blocks).replace("\\\n", " ").splitlines()
    labs = [line.partition("#")[0] for line in lines if line.startswith("epoca lab")]
    commands = [line for line in lines if line.startswith("epoca ") and not line.startswith("epoca lab")]
    environ = {**os.environ, "PATH": f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"}
    script = "set -e\n" + "\n".join(commands)
    ended = subprocess.run(
        ["sh", "-c", script], cwd=tmp_path, env=environ, capture_output=True, text=True, check=False, timeout=300
    )
    assert ended.returncode == 0, ended.stderr
    for command in labs:
        assert _opens(command, tmp_path, environ), command


def _opens(command: str, folder: Path, environ: dict[str, str]) -> bool:
    """Whether a command serves a page, until it is told to end."""
    words = [sys.executable, "-m", *command.split(), "--no-browser", "--port", "0"]
    with subprocess.Popen(words, cwd=folder, env=environ, stdout=subprocess.PIPE, text=True) as lab:
        assert lab.stdout is not None
        address = lab.stdout.readline()
        lab.terminate()
    return address.startswith("http://127.0.0.1:")
