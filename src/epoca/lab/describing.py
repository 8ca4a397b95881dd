"""The state of the page, key by key, as ``docs/lab.md`` lists it."""

from __future__ import annotations

from typing import Any

from epoca.lab import telling
from epoca.lab.pins import Pins
from epoca.lab.sources import can_edit, without_folder
from epoca.lab.stage import Stage
from epoca.lab.view import folds_of
from epoca.material import NOTHING
from epoca.tables.samples import SAMPLES, suits

UNTOLD: dict[str, Any] = dict.fromkeys(("ideal", "verdict", "scores", "confusion", "recipe", "now"))
"""What is said of a fit where there is none."""

NOTHING_TO_SEE: dict[str, Any] = {
    **UNTOLD,
    **{name: [] for name in ("columns", "inputs", "axes_of", "sliders", "folds", "frozen", "sizes", "labels")},
    "points": None,
    "edits": 0,
    "can_edit": False,
    "head": "",
    "task": "",
    "epoch": 0,
    "step": 0,
    "steps": 1,
    "viewed": None,
}
"""Where nothing can be trained."""


def of_run(stage: Stage) -> dict[str, Any]:
    """What holds for a whole run."""
    subject, language = stage.subject, stage.language
    return {
        "columns": telling.columns_to_json(stage.columns, subject.target, language),
        "inputs": [name if isinstance(name, str) else language.say(name) for name in stage.columns.outputs],
        "task": subject.target.task,
        "labels": [str(label) for label in subject.target.labels],
        "sizes": list(subject.form.sizes),
        "head": subject.form.head,
        "can_edit": stage.opened is None and can_edit(stage.choices),
    }


def of_tables(stage: Stage, pins: Pins) -> dict[str, Any]:
    """What there is to choose from."""
    language = stage.language
    return {
        "samples": [
            {"name": name, "title": language.say(title), "drawn": suits(name) is not None}
            for name, title in SAMPLES.items()
        ],
        "tables": [{"id": name, "name": without_folder(found.table.name)} for name, found in stage.brought.items()],
        "table_columns": stage.table_columns,
        "runs": pins.to_json(stage.language),
    }


def of_view(stage: Stage) -> dict[str, Any]:
    """The slice and its points."""
    view, run = stage.view, stage.run
    if view is None:
        return {"axes_of": [], "sliders": [], "points": None, "folds": []}
    return {
        "axes_of": view.axes_to_json(),
        "sliders": view.sliders_to_json(),
        "points": view.points_to_json(test_rows=NOTHING if run is None else run.fitting.test_rows),
        "folds": [] if run is None else folds_of(run.fitting, view.rows),
    }


def of_epoch(stage: Stage) -> dict[str, Any]:
    """Where it stands."""
    run = stage.run
    epoch = 0 if run is None and stage.opened is None else len(stage.subject.history)
    step, steps = (0, 1) if run is None else (run.step, run.steps)
    return {"epoch": epoch, "step": step, "steps": steps, "viewed": stage.viewed, "serial": stage.serial}


def of_choices(stage: Stage, *, edits: int) -> dict[str, Any]:
    """What was chosen, and done to weights."""
    return {**stage.choices.to_json(), "frozen": stage.frozen(), "edits": edits}


def of_fit(stage: Stage, *, looks: int, status: str) -> dict[str, Any]:
    """What can be said of the fit as it stands."""
    told: dict[str, Any] = dict(UNTOLD)
    language, model = stage.language, stage.model
    if model is not None:
        told |= {
            "ideal": telling.ideal_of(model, language),
            "verdict": telling.verdict_to_json(model, stage.choices, language),
            "scores": telling.scores_to_json(model, language, looks=looks, has_ended=status == "ended"),
        }
    elif stage.run is not None:
        told["verdict"] = telling.failure_to_json(stage.run, language)
    if stage.run is not None:
        told["now"] = None if status == "playing" else stage.run.losses_now()
        told["confusion"] = None if model is None else telling.confusion_to_json(stage.run, model)
        told["recipe"] = telling.recipe_to_json(
            stage.run, stage.choices, stage.file, language, is_edited=bool(stage.edits)
        )
    return told


def header_of(stage: Stage, status: str) -> dict[str, Any]:
    """What a frame is headed with."""
    run = stage.run
    rows = 0.0 if run is None or not run.history else run.history[-1].rows_per_second
    place = of_epoch(stage)
    return {
        **{name: place[name] for name in ("serial", "epoch", "step", "viewed")},
        "status": status,
        "rate": 0.0 if run is None else run.epochs_per_second,
        "rows_per_second": rows,
    }
