"""What a model says at every place of the plane of two columns."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

import plotly.graph_objects as go
from plotly.subplots import make_subplots

from epoca.errors import OptionError
from epoca.locales import Language
from epoca.messages import Message
from epoca.plane import Plane
from epoca.plots import theme
from epoca.plots.finishing import finished
from epoca.plots.mapped import Mapped
from epoca.plots.plane import STEPS, axis_of, told_of
from epoca.plots.unwrapping import Fitted, model_of, some_rows, table_of
from epoca.plots.voice import Voice
from epoca.tables.table import Table


def decision_map(
    fitted: Fitted, *, columns: tuple[str, str] | None = None, table: Any = None, language: Language | None = None
) -> go.Figure:
    """The class, or the number, that a model predicts at every place of the plane of two columns.

    The stronger the colour, the surer the model. All other columns are held at the median of the training rows or at
    their most frequent value.

    Parameters
    ----------
    fitted : Model or fitted estimator
        What predicts; with other parameters, ``dataclasses.replace(model, parameters=...)``, also at another epoch.
    columns : tuple of str, optional
        The two columns, of numbers, dates or categories; may be left out where the model uses no others.
    table : Table, data frame, mapping or file, optional
        Its rows are drawn as points, with the colour of what happened if it has the target; the map reaches as far as
        they do. Without it the map reaches as far as most training rows.
    language : Language, optional
        In which the figure speaks; by default the environment's.

    Returns
    -------
    plotly.graph_objects.Figure

    Raises
    ------
    OptionError
        If there is no model, or the columns are none of its two.
    TableError
        If the table has not these columns, or they hold something else than before.

    Examples
    --------
    >>> from epoca import MLPClassifier
    >>> from epoca.tables.samples import sample
    >>> moons = sample("moons", rows=100)
    >>> X, y = moons.arrow.drop_columns(["label"]), moons.arrow["label"].to_pylist()
    >>> network = MLPClassifier((8,), members=2, max_epochs=3).fit(X, y)
    >>> decision_map(network, columns=("x1", "x2"), table=X).layout.xaxis.title.text
    'x1'
    """
    return decision_maps([("", fitted)], columns=columns, table=table, language=language)


def decision_maps(
    fitted: Sequence[tuple[str, Fitted]],
    *,
    columns: tuple[str, str] | None = None,
    table: Any = None,
    language: Language | None = None,
) -> go.Figure:
    """Maps of several models side by side, such as one network at its ideal and at its last epoch.

    Parameters
    ----------
    fitted : sequence of (str, Model or fitted estimator)
        Titles, and what predicts; all of the same target. How far the maps reach, and at what the other columns are
        held, the first says.
    columns, table, language
        As of `decision_map`.

    Returns
    -------
    plotly.graph_objects.Figure

    Raises
    ------
    OptionError
        If there is no model, they predict different targets, or the columns are none of theirs.
    TableError
        If the table has not these columns, or they hold something else than before.

    Examples
    --------
    >>> from epoca import Neuron
    >>> X, y = {"x1": [0.0, 0.2, 0.8, 1.0], "x2": [0.1, 0.0, 1.0, 0.9]}, [0, 0, 1, 1]
    >>> import pyarrow as pa
    >>> neurons = [(f"{n} epochs", Neuron(max_epochs=n, early_stopping=False).fit(pa.table(X), y)) for n in (1, 100)]
    >>> [title.text for title in decision_maps(neurons, language=Language("en")).layout.annotations]
    ['1 epochs', '100 epochs']
    """
    voice = Voice.of(language)
    models = [model_of(one) for _title, one in fitted]
    if not models:
        raise OptionError("There is no model to map; give one or more.")
    if len({(model.target.column, model.target.labels) for model in models}) > 1:
        raise OptionError("The models to map side by side predict different targets; give models of the same.")
    brought = None if table is None else table_of(table)
    plane = Plane.of(models[0].columns, columns=columns, table=brought, steps=STEPS)
    grid = plane.rows()
    maps = [Mapped(plane=plane, model=model, outputs=model.outputs(model.encoded(grid))) for model in models]
    titles = [title for title, _one in fitted]
    figure = make_subplots(
        1, len(maps), shared_yaxes=True, subplot_titles=[theme.label(t) for t in titles], horizontal_spacing=0.04
    )
    for place, mapped in enumerate(maps, 1):
        figure.add_traces([*mapped.background(), *mapped.points(brought, legend=place == 1)], rows=1, cols=place)
    target = models[0].target
    figure.update_xaxes(axis_of(plane.across))
    up = axis_of(plane.up)
    figure.update_yaxes({**up, "title": None})
    figure.update_yaxes(title=up["title"], col=1)
    figure.update_annotations(font_size=theme.TEXT)
    scale = {"title": {"text": theme.label(target.column), "font": {"size": theme.TEXT}}}
    figure.update_layout(coloraxis={"colorscale": "Cividis", "colorbar": scale})
    return finished(
        figure,
        voice,
        title=voice.say(Message("What is predicted where")),
        finding=told_of(plane, voice),
        caption=_caption(maps[0], brought, voice),
        headings=[
            voice.say(Message("predicted")),
            *(title or voice.say(Message("share of the map")) for title in titles),
        ],
        lines=_lines(maps, voice),
        height=500,
        has_legend=target.task != "regression",
    )


def _caption(mapped: Mapped, table: Table | None, voice: Voice) -> str:
    target = mapped.model.target.column
    if mapped.has_probabilities:
        told = [Message('Colours: the predicted "{target}", stronger where the model is surer.', target=target)]
    else:
        told = [Message('Colours: the predicted "{target}".', target=target)]
    if table is not None:
        drawn = some_rows(table.n_rows).size
        told.append(
            Message("Points: the {rows} rows of the table.", rows=drawn)
            if drawn == table.n_rows
            else Message("Points: {drawn} of {rows} rows, chosen at random.", drawn=drawn, rows=table.n_rows)
        )
    return voice.say(*told)


def _lines(maps: Sequence[Mapped], voice: Voice) -> Iterator[list[str]]:
    """How much of each map every class has; of a regression the least and the largest number."""
    if maps[0].model.target.task == "regression":
        yield [voice.say(Message("least")), *(voice.number(float(mapped.numbers.min())) for mapped in maps)]
        yield [voice.say(Message("largest")), *(voice.number(float(mapped.numbers.max())) for mapped in maps)]
        return
    for code, label in enumerate(maps[0].model.target.labels):
        yield [str(label), *(voice.percent(float((mapped.codes == code).mean())) for mapped in maps)]
