"""Runs set aside to be held against others: their settings, figures, curves and maps."""

from __future__ import annotations

from base64 import b64encode
from dataclasses import dataclass
from typing import Any, final

import numpy as np
import pyarrow as pa

from epoca.errors import OptionError
from epoca.lab.frame import curves, map_of
from epoca.lab.questions import probabilities_of
from epoca.lab.run import Run
from epoca.lab.telling import settings_to_json
from epoca.lab.view import View
from epoca.locales import Language
from epoca.messages import Message
from epoca.model import Model
from epoca.settings import Settings
from epoca.tables.table import Table
from epoca.tables.writing import as_csv
from epoca.types import Numbers

MOST = 12
"""Runs that a page can look at together."""

MOST_RUNS = 1_000_000
"""Runs that a session can set aside one after the other."""

NO_SUCH_RUN = Message("There is no run {value} set aside.")


@final
@dataclass(frozen=True, kw_only=True)
class Pin:
    """A run set aside.

    Parameters
    ----------
    told : dict
        As the page is told of it, but for its settings.
    settings : Settings
        Which are told in the page's language.
    map : dict or None
        What its members said together at every place of the map that was seen, in plain values.
    rows : pyarrow.Table or None
        Those that were drawn.
    targets : ndarray of float64, (n,)
        What happened to them.
    probabilities : ndarray of float64, (n,), or None
        Given to it by the members kept, see `probabilities_of`.
    """

    told: dict[str, Any]
    settings: Settings
    map: dict[str, Any] | None
    rows: pa.Table | None
    targets: Numbers
    probabilities: Numbers | None

    def is_of(self, view: View) -> bool:
        """Whether it predicted the same of the same rows as are drawn of a view."""
        rows = self.rows
        is_same = rows is not None and (rows is view.table.arrow or rows.equals(view.table.arrow))
        return is_same and np.array_equal(self.targets, view.targets)


@final
class Pins:
    """The runs that a session has set aside."""

    def __init__(self) -> None:
        self._pins: list[Pin] = []
        self._count = 0

    def add(self, run: Run, view: View | None, model: Model, table: str) -> None:
        """Set a run aside as it is now; the oldest goes where there are too many.

        Parameters
        ----------
        run : Run
            Which.
        view : View or None
            The rows on which its likelihood is told.
        model : Model
            What the run has given so far.
        table : str
            The name of its table.
        """
        self._count += 1
        best = model.best_epoch
        at = None if best is None else best - 1
        found = curves(run.history, 0)
        held_out = model.scores.get("held_out")
        told = {
            "id": self._count,
            "table": table,
            "epochs": run.epoch,
            "best": best,
            "training": None if at is None else found["training"][at],
            "held_out": None if at is None else found["held_out"][at],
            "accuracy": None if held_out is None else held_out.accuracy,
            "seconds": run.history[-1].seconds if run.history else 0.0,
            "curve": {"training": found["training"], "held_out": found["held_out"]},
        }
        given = None
        if view is not None and run.form.head in ("logistic", "softmax"):
            kept = np.flatnonzero(run.training.kept)
            given = probabilities_of(run, view, dict(zip(map(int, kept), model.parameters, strict=True)))
        pin = Pin(
            told=told,
            settings=run.fitting.settings,
            map=None if view is None else _map_to_json(run, view, model),
            rows=None if view is None else view.table.arrow,
            targets=np.empty(0) if view is None else view.targets,
            probabilities=given,
        )
        self._pins = [*self._pins, pin][-MOST:]

    def remove(self, number: int) -> None:
        """Set it aside no more."""
        self._pins = [pin for pin in self._pins if pin.told["id"] != number]

    def beside(self, view: View, number: int) -> Numbers | None:
        """(n,): the probabilities a run gave, if they were given to the n rows of a view; or None."""
        return next((pin.probabilities for pin in self._pins if pin.told["id"] == number and pin.is_of(view)), None)

    def map_of(self, number: int) -> dict[str, Any] | None:
        """The map of a run, in plain values; None of one that has none.

        Raises
        ------
        OptionError
            If no such run is set aside.
        """
        for pin in self._pins:
            if pin.told["id"] == number:
                return pin.map
        raise OptionError(NO_SUCH_RUN.template, value=number)

    def to_json(self, language: Language) -> list[dict[str, Any]]:
        """What the page is told of them."""
        return [{**pin.told, "settings": settings_to_json(pin.settings, language)} for pin in self._pins]

    def as_csv(self, language: Language) -> bytes:
        """Their figures as a table."""
        names = {
            "id": Message("run"),
            "table": Message("table"),
            "settings": Message("settings"),
            "epochs": Message("epochs"),
            "best": Message("ideal epoch"),
            "training": Message("training loss"),
            "held_out": Message("held-out loss"),
            "accuracy": Message("held-out accuracy"),
            "seconds": Message("seconds"),
        }
        told = self.to_json(language)
        columns = {language.say(heading): [run[name] for run in told] for name, heading in names.items()}
        return as_csv(Table(name="runs", arrow=pa.table(columns)))


def _map_to_json(run: Run, view: View, model: Model) -> dict[str, Any]:
    codes, sureness, about = map_of(run, view, model.parameters)
    return {
        **about,
        "axes": view.axes_to_json(),
        "held": [slider["value"] for slider in view.sliders_to_json()],
        "classes": len(run.target.labels),
        "code": b64encode(codes.tobytes()).decode(),
        "sureness": b64encode(sureness.tobytes()).decode(),
    }
