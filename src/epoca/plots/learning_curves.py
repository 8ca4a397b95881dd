"""The model complexity graph: training and held-out loss by epoch, with the ideal epoch."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import numpy as np
import plotly.graph_objects as go

from epoca.locales import Language
from epoca.messages import Message
from epoca.plots import theme
from epoca.plots.finishing import finished, some_epochs
from epoca.plots.unwrapping import Course, Fitted
from epoca.plots.voice import Voice
from epoca.training.history import History
from epoca.types import Numbers

_CURVES = {
    "training_loss": (Message("training loss"), theme.TRAINING),
    "held_out_loss": (Message("held-out loss"), theme.HELD_OUT),
    "refined_loss": (Message("refined loss"), theme.REFINED),
}
"""Those that are drawn, the last only where the ideal epoch was chosen by it."""


def learning_curves(fitted: History | Fitted, *, language: Language | None = None) -> go.Figure:
    """Training and held-out loss by epoch.

    Lines are means over the members, bands are one standard deviation of the members wide to
    either side. The ideal epoch is marked, those as good as it are shaded green, the epochs after these grey.

    Parameters
    ----------
    fitted : History, Model or fitted estimator
        What was trained; of a history alone the loss of guessing is not known.
    language : Language, optional
        In which the figure speaks; by default the environment's.

    Returns
    -------
    plotly.graph_objects.Figure

    Raises
    ------
    OptionError
        If it is none of these, or no epoch was recorded.

    Examples
    --------
    >>> from epoca import MLPClassifier
    >>> from epoca.tables.samples import sample
    >>> moons = sample("moons", rows=100).arrow
    >>> network = MLPClassifier((4,), members=2, max_epochs=3).fit(moons.drop_columns(["label"]), moons["label"])
    >>> learning_curves(network, language=Language("en")).layout.xaxis.title.text
    'epoch'
    """
    voice, course = Voice.of(language), Course.of(fitted)
    figure = go.Figure()
    bands = [(voice.say(title), colour, _band(course.history.members(name))) for name, title, colour in _drawn(course)]
    low, high = range_of([edges for _title, _colour, edges in bands])
    for title, colour, edges in bands:
        figure.add_traces(list(_with_band(edges, title, colour)))
    if course.guessing_loss is not None and course.guessing_loss <= 1.5 * high:
        high = max(high, 1.05 * course.guessing_loss)
        figure.add_trace(_level(course.guessing_loss, len(course.history), voice.say(Message("loss of guessing"))))
    mark_ideal_epoch(figure, course, voice)
    figure.update_layout(hovermode="x unified")
    figure.update_xaxes(theme.axis(title=voice.say(Message("epoch")), range=epoch_range(len(course.history))))
    figure.update_yaxes(theme.axis(title=voice.say(Message("loss")), range=[low, high]))
    return finished(
        figure,
        voice,
        title=voice.say(Message("Loss by epoch")),
        finding=ideal_epoch_told(course, voice),
        caption=_caption(course, voice),
        headings=[voice.say(Message("epoch")), *(voice.say(title) for _name, title, _colour in _drawn(course)), ""],
        lines=_lines(course, voice),
    )


def range_of(losses: Sequence[Numbers]) -> list[float]:
    """The losses worth an axis: a first epoch far above the rest would press the others flat."""
    seen = np.concatenate([values.ravel() for values in losses])
    seen = seen[np.isfinite(seen)]
    if seen.size == 0:
        return [0.0, 1.0]
    low, high = float(seen.min()), float(min(seen.max(), np.quantile(seen, 0.9) * 1.5))
    room = 0.05 * (high - low) or 0.5
    return [max(low - room, 0.0) if low >= 0 else low - room, high + room]


def epoch_range(epochs: int) -> list[float]:
    """The epochs of an axis, with the room of half an epoch, or of a hundredth of all, at either end."""
    room = max(0.5, epochs / 100)
    return [1 - room, epochs + room]


def mark_ideal_epoch(figure: go.Figure, course: Course, voice: Voice) -> None:
    """Mark the ideal epoch, shade those as good and those after it; in the topmost panel."""
    if course.best is None or course.as_good is None:
        return
    first, last = course.as_good
    end = len(course.history)
    if end > last:
        figure.add_vrect(last + 0.5, end + 0.5, fillcolor=theme.QUIET, opacity=0.1, line_width=0, layer="below")
    figure.add_vrect(first - 0.5, last + 0.5, fillcolor=theme.IDEAL, opacity=0.15, line_width=0, layer="below")
    figure.add_vline(course.best, line={"color": theme.IDEAL, "width": 2, "dash": "dash"}, layer="below")
    is_late = course.best > end / 2
    label = Message("ideal epoch: {best} or later") if course.is_open_ended else Message("ideal epoch: {best}")
    figure.add_annotation(
        text=voice.say(Message(label.template, best=course.best)),
        font={"color": theme.IDEAL},
        x=course.best,
        xanchor="right" if is_late else "left",
        y=1,
        yref="y domain",
        yanchor="top",
        showarrow=False,
    )


def ideal_epoch_told(course: Course, voice: Voice) -> str:
    """The ideal epoch, with those as good, in a sentence."""
    if course.best is None or course.as_good is None:
        return voice.say(Message("Ideal epoch: unknown, since no rows were held out."))
    first, last = course.as_good
    if course.is_open_ended:
        return voice.say(
            Message(
                "Ideal epoch: {best} or later; the training of {epochs} epochs ended too early to tell.",
                best=course.best,
                epochs=len(course.history),
            )
        )
    if first == last:
        return voice.say(Message("Ideal epoch: {best} of {epochs}.", best=course.best, epochs=len(course.history)))
    return voice.say(
        Message(
            "Ideal epoch: {best} of {epochs}; any from {first} to {last} is as good.",
            best=course.best,
            epochs=len(course.history),
            first=first,
            last=last,
        )
    )


def _drawn(course: Course) -> list[tuple[str, Message, str]]:
    """Field, title and colour of every curve."""
    return [(name, *look) for name, look in _CURVES.items() if name != "refined_loss" or course.watches == name]


def _band(members: Numbers) -> Numbers:
    """(3, epochs): one standard deviation below the mean of (epochs, k) losses, at least 0; the mean; one above."""
    mean = members.mean(axis=1)
    with np.errstate(invalid="ignore"):  # where a member has no finite loss
        deviation = members.std(axis=1, ddof=1) if members.shape[1] > 1 else np.zeros(len(members))
    return np.array([np.maximum(mean - deviation, 0), mean, mean + deviation])


def _with_band(edges: Numbers, name: str, colour: str) -> Iterator[go.Scatter]:
    """The mean above its band; nothing if nothing is known."""
    low, mean, high = edges
    if not np.isfinite(mean).any():
        return
    epochs = np.arange(1, mean.size + 1)
    for edge, fill in ((low, None), (high, "tonexty")):
        yield go.Scatter(
            x=epochs,
            y=edge,
            mode="lines",
            line={"width": 0},
            fill=fill,
            fillcolor=theme.faded(colour, 0.15),
            hoverinfo="skip",
            showlegend=False,
        )
    yield go.Scatter(
        x=epochs,
        y=mean,
        mode="lines" if mean.size > 1 else "markers",
        name=name,
        line={"color": colour, "width": 2},
        hovertemplate="%{y:.4~g}",
    )


def _level(loss: float, epochs: int, name: str) -> go.Scatter:
    line = {"color": theme.QUIET, "width": 1.5, "dash": "dot"}
    return go.Scatter(x=[0, epochs + 1], y=[loss, loss], mode="lines", name=name, line=line, hoverinfo="skip")


def _caption(course: Course, voice: Voice) -> str:
    members = len(course.history[0].findings.training_loss)
    several = Message(
        "Lines are means of {members} members, bands one standard deviation of the members to either side.",
        members=members,
    )
    told = [several if members > 1 else Message("The lines are those of a single member.")]
    if course.best is not None:
        told.append(Message("Green: the ideal epoch and those as good as it; grey: the epochs after these."))
    return voice.say(*told)


def _lines(course: Course, voice: Voice) -> Iterator[list[str]]:
    curves = [course.history.curve(name) for name, _title, _colour in _drawn(course)]
    for epoch in some_epochs(len(course.history), also=course.best):
        remark = voice.say(Message("ideal epoch")) if epoch == course.best else ""
        yield [voice.number(epoch), *(voice.number(float(curve[epoch - 1])) for curve in curves), remark]
