"""The report: everything about one model on one page that needs nothing else."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from epoca.locales import Language

__all__ = ["report"]


def report(model: Any, table: Any = None, *, file: str | Path | None = None, language: Language | None = None) -> str:
    """A page that says what was trained on what, how many epochs are ideal, and how good the model is.

    Parameters
    ----------
    model : Model or fitted estimator
        What was trained.
    table : Table, data frame, mapping or file, optional
        With the columns and the target, to look at predictions with. Of the table that the model was trained on the
        test rows are taken.
    file : str or Path, optional
        The model's file, which knows by which versions it was written.
    language : Language, optional
        In which the page speaks; by default the environment's.

    Returns
    -------
    str
        HTML that holds everything it shows and fetches nothing.

    Raises
    ------
    OptionError
        If there is no model.
    TableError
        If a column or the target is missing in the table or holds something else than before.

    Examples
    --------
    >>> from epoca import Neuron
    >>> neuron = Neuron(max_epochs=3, early_stopping=False).fit([[0.0], [1.0], [2.0], [3.0]], [0, 0, 1, 1])
    >>> report(neuron, language=Language("en")).splitlines()[0]
    '<!doctype html>'
    """
    from epoca.plots.unwrapping import model_of, table_of
    from epoca.plots.voice import Voice
    from epoca.report.course import ideal, stopping, verdict
    from epoca.report.data import data
    from epoca.report.glossary import glossary
    from epoca.report.late_epochs import late_epochs
    from epoca.report.measured import Measured
    from epoca.report.on_table import on_table
    from epoca.report.opening import opening, title
    from epoca.report.page import page
    from epoca.report.reproducing import reproducing
    from epoca.report.scores import scores
    from epoca.report.subject import Subject
    from epoca.report.training import training

    voice, found = Voice.of(language), model_of(model)
    measured = None if table is None else Measured.of(found, table_of(table), voice)
    subject = Subject(model=found, voice=voice, measured=measured, file=None if file is None else Path(file))
    parts = [data(subject), training(subject)]
    if found.history:
        parts += [ideal(subject), verdict(subject), stopping(subject)]
    measured_then = scores(subject)
    if measured_then is not None:
        parts.append(measured_then)
    if measured is not None:
        parts.append(on_table(subject, measured))
        if found.history:
            parts.append(late_epochs(subject, measured))
    parts += [reproducing(subject), glossary(subject)]
    return page(subject, title=title(subject), opening=opening(subject), sections=parts)
