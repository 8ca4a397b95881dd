"""What notebooks show of a fitted estimator, as HTML without scripts: network, curves, ideal epoch, scores."""

from __future__ import annotations

from collections.abc import Sequence
from html import escape

import numpy as np

from epoca.locales import Language
from epoca.messages import Message
from epoca.model import Model
from epoca.telling import outcome_of, score_table, verdict_of
from epoca.types import Numbers

_STYLE = """
.epoca{--line:#8884;--training:#2a7fb8;--held-out:#c2620e;--ideal:#2e8b57;max-width:46rem;font:14px/1.45 system-ui,
sans-serif}
.epoca h4{margin:.2em 0 .6em;font-size:15px}
.epoca p{margin:.35em 0}
.epoca svg{display:block;max-width:100%;height:auto;margin:.4em 0}
.epoca text{fill:currentColor;font:12px system-ui,sans-serif}
.epoca table{border-collapse:collapse;margin:.6em 0;font:inherit;color:inherit}
.epoca th,.epoca td{padding:.15em .9em .15em 0;text-align:right;white-space:nowrap;font-weight:normal;border:0;
background:none}
.epoca th{opacity:.65}.epoca td:first-child,.epoca td:last-child{text-align:left}.epoca td:last-child{opacity:.65}
"""
_WIDTH, _HEIGHT = 640, 230
_LEFT, _RIGHT, _TOP, _BOTTOM = 56, 12, 24, 34
_MOST_CIRCLES = 8


def view(model: Model, *, title: str, language: Language) -> str:
    """A fitted model as HTML.

    Parameters
    ----------
    model : Model
        What to show.
    title : str
        Above it.
    language : Language
        In which to say it.

    Returns
    -------
    str
        One ``div`` with its own style, which follows the light or dark page that it stands on.
    """
    told = [escape(language.say(sentence)) for sentence in outcome_of(model)]
    return "".join(
        [
            f"<div class='epoca'><style>{_STYLE}</style><h4>{escape(title)}</h4>",
            _diagram(model, language),
            f"<p><b>{told[0]}</b></p>",
            _curves(model, language),
            *(f"<p>{sentence}</p>" for sentence in told[1:]),
            _verdict(model, language),
            _scores(model, language) if model.scores else "",
            "</div>",
        ]
    )


def _verdict(model: Model, language: Language) -> str:
    found = verdict_of(model)
    if found is None:
        return ""
    headline, reasons, advice = found
    items = "".join(f"<li>{escape(language.say(reason))}</li>" for reason in reasons)
    return f"<p><b>{escape(language.say(headline))}</b> {escape(language.say(advice))}</p><ul>{items}</ul>"


def _scores(model: Model, language: Language) -> str:
    headings, lines = score_table(model.scores, language)
    head = "".join(f"<th>{escape(heading)}</th>" for heading in headings)
    body = "".join("<tr>" + "".join(f"<td>{escape(cell)}</td>" for cell in line) + "</tr>" for line in lines)
    return f"<table><tr>{head}</tr>{body}</table>"


def _diagram(model: Model, language: Language) -> str:
    """The layers of a member from left to right, a circle a neuron as far as there is room."""
    sizes = model.form.sizes
    height, radius = 96, 4
    places = np.linspace(40, _WIDTH - 40, len(sizes))
    columns = [_circles(size, height) for size in sizes]
    lines = [
        f"<path d='M{x0:.0f},{y0:.0f}L{x1:.0f},{y1:.0f}'/>"
        for x0, x1, left, right in zip(places, places[1:], columns, columns[1:], strict=False)
        for y0 in left
        for y1 in right
    ]
    circles = [
        f"<circle cx='{x:.0f}' cy='{y:.0f}' r='{radius}'/>"
        for x, column in zip(places, columns, strict=True)
        for y in column
    ]
    texts = [
        f"<text x='{x:.0f}' y='{height + 14}' text-anchor='middle'>{escape(language.number(size))}</text>"
        for x, size in zip(places, sizes, strict=True)
    ]
    members = language.say(
        Message("{members} × {layers}", members=len(model.parameters), layers="→".join(map(str, sizes)))
    )
    return (
        f"<svg viewBox='0 0 {_WIDTH} {height + 18}' width='{_WIDTH}' role='img' aria-label='{escape(members)}'>"
        f"<title>{escape(members)}</title><g stroke='var(--line)' stroke-width='.6' fill='none'>{''.join(lines)}</g>"
        f"<g fill='currentColor'>{''.join(circles)}</g>{''.join(texts)}</svg>"
    )


def _circles(size: int, height: int) -> list[float]:
    shown = min(size, _MOST_CIRCLES)
    gap = height / _MOST_CIRCLES
    return [height / 2 + (place - (shown - 1) / 2) * gap for place in range(shown)]


def _curves(model: Model, language: Language) -> str:
    """Training and held-out loss by epoch, the ideal epoch marked and those as good shaded."""
    training, held_out = model.history.curve("training_loss"), model.history.curve("held_out_loss")
    seen = np.concatenate([training, held_out])
    seen = seen[np.isfinite(seen)]
    if seen.size == 0:
        return ""
    low, high = float(seen.min()), float(min(seen.max(), np.quantile(seen, 0.9) * 1.5))
    high = high if high > low else low + 1
    epochs = len(training)

    def across(epoch: float) -> float:
        return _LEFT + (epoch - 1) / max(epochs - 1, 1) * (_WIDTH - _LEFT - _RIGHT)

    def down(loss: float) -> float:
        return _TOP + (high - min(loss, high)) / (high - low) * (_HEIGHT - _TOP - _BOTTOM)

    def path(curve: Numbers, colour: str) -> str:
        points = [f"{across(i + 1):.1f},{down(loss):.1f}" for i, loss in enumerate(curve) if np.isfinite(loss)]
        return f"<polyline fill='none' stroke='var(--{colour})' stroke-width='2' points='{' '.join(points)}'/>"

    floor = _HEIGHT - _BOTTOM
    parts = [f"<path d='M{_LEFT},{_TOP}V{floor}H{_WIDTH - _RIGHT}' fill='none' stroke='var(--line)'/>"]
    for loss in (low, (low + high) / 2, high):
        label = escape(language.number(float(f"{loss:.3g}")))
        parts.append(f"<text x='{_LEFT - 6}' y='{down(loss) + 4:.0f}' text-anchor='end'>{label}</text>")
    best, as_good = model.best_epoch, model.best_epoch_range
    for epoch in {1, epochs} | ({best} if best and 0.05 < best / epochs < 0.95 else set()):
        label = escape(language.number(epoch))
        parts.append(f"<text x='{across(epoch):.0f}' y='{floor + 16}' text-anchor='middle'>{label}</text>")
    legend = [("training", Message("training loss"))]
    if best is not None and as_good is not None:
        first, last = across(as_good[0]), across(as_good[1])
        parts.append(
            f"<rect x='{first:.1f}' y='{_TOP}' width='{max(last - first, 1):.1f}' height='{floor - _TOP}' "
            "fill='var(--ideal)' opacity='.14'/>"
            f"<path d='M{across(best):.1f},{_TOP}V{floor}' stroke='var(--ideal)' stroke-dasharray='4 3'/>"
        )
        legend += [("held-out", Message("held-out loss")), ("ideal", Message("ideal epoch"))]
        parts.append(path(held_out, "held-out"))
    parts.append(path(training, "training"))
    parts.append(_legend(legend, language))
    name = escape(language.say(Message("loss by epoch")))
    return (
        f"<svg viewBox='0 0 {_WIDTH} {_HEIGHT}' width='{_WIDTH}' role='img' aria-label='{name}'>{''.join(parts)}</svg>"
    )


def _legend(entries: Sequence[tuple[str, Message]], language: Language) -> str:
    parts, at = [], _LEFT + 8
    for colour, text in entries:
        said = language.say(text)
        parts.append(
            f"<rect x='{at}' y='6' width='14' height='4' fill='var(--{colour})'/>"
            f"<text x='{at + 19}' y='13'>{escape(said)}</text>"
        )
        at += 34 + 7 * len(said)
    return "".join(parts)
