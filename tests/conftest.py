"""What several tests need."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import hypothesis
import pytest

os.environ["SCIPY_ARRAY_API"] = "1"  # before SciPy is imported; else scikit-learn skips one of its checks
os.environ["EPOCA_LANG"] = "en"  # whatever the developer speaks; tests of Portuguese say so

from epoca.fitting import Fitting
from epoca.model import Model
from epoca.problem import Problem
from epoca.settings import Settings
from epoca.tables.samples import sample
from tests.made import PLAIN

hypothesis.settings.register_profile("epoca", deadline=None)  # a machine that is busy proves nothing
hypothesis.settings.load_profile("epoca")


@pytest.fixture(scope="session")
def penguins_model() -> Model:
    """Three small networks that know the penguins a little."""
    settings = Settings(epochs=8, hidden=(8,), members=3, **PLAIN)
    problem = Problem.of_table(sample("penguins"), target="species", settings=settings)
    fitting = Fitting(problem, settings=settings)
    for _epoch in fitting:
        pass
    return fitting.model()


class Epoca:
    """The command line as a user runs it, each command a process of its own in one folder."""

    def __init__(self, folder: Path, environ: dict[str, str]) -> None:
        self.folder = folder
        self._environ = environ

    def __call__(self, *words: str, lang: str = "en") -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [sys.executable, "-m", "epoca", *words],
            cwd=self.folder,
            env={**self._environ, "EPOCA_LANG": lang, "COLUMNS": "160"},
            capture_output=True,
            text=True,
            encoding="utf-8",
            timeout=120,
            check=False,
        )

    def refuses(self, *words: str, lang: str = "en") -> str:
        """Run a command that must end with exit code 2 and one sentence; gives the sentence."""
        before = sorted(self.folder.iterdir())
        ended = self(*words, lang=lang)
        assert ended.returncode == 2, ended
        assert "Traceback" not in ended.stderr
        assert sorted(self.folder.iterdir()) == before, "something half-written was left"
        first = ended.stderr.splitlines()[0]
        assert first.startswith(("Error: ", "Erro: "))
        return first.split(": ", 1)[1]


@pytest.fixture
def epoca(tmp_path: Path) -> Epoca:
    """The command line in an empty folder."""
    import os

    return Epoca(tmp_path, dict(os.environ))
