"""What was trained: members, layers, settings."""

from __future__ import annotations

from typing import Any

from epoca.messages import Message
from epoca.plots import network_graph
from epoca.report.figures import Narrow, figure
from epoca.report.markup import Section, folded, pairs, paragraph
from epoca.report.subject import Subject
from epoca.telling import in_words, learner_name

_LONGEST = 12
"""Letters of a neuron's name on a telephone."""


def training(subject: Subject) -> Section:
    """What learned."""
    model, say = subject.model, subject.say
    told = [
        Message(
            "{members} × {learner}: {parameters} weights and biases each.",
            members=len(model.parameters),
            learner=learner_name(str(model.settings.get("model")), model.form.sizes),
            parameters=model.parameters.shape[1],
        )
    ]
    if len(model.parameters) > 1:
        told.append(Message("The mean of what the members say is what is predicted."))
    if model.history:
        seconds = float(f"{model.history[-1].seconds:.2g}")
        told.append(
            Message(
                "They learned for {epochs} epochs, in {seconds} seconds.", epochs=len(model.history), seconds=seconds
            )
        )
    settings = (
        (name, in_words(value, subject.voice.language)) for name, value in model.settings.items() if value is not None
    )
    body = paragraph(say(*told)) + folded(say(Message("Settings")), pairs(settings, kind="settings")) + _graph(subject)
    return Section(id="training", title=say(Message("What was trained")), body=body)


def _graph(subject: Subject) -> str:
    drawn = network_graph(subject.model, language=subject.voice.language)
    places = [len(drawn.data) - len(subject.model.form.sizes), len(drawn.data) - 1]  # of the inputs and the outputs
    names = {place: [_shortened(name) for name in drawn.data[place].text] for place in places}
    left, right = (max(map(len, names[place])) for place in places)
    layout: dict[str, Any] = {"margin.l": 12 + 7 * left, "margin.r": 12 + 7 * right, "font.size": 11, "margin.t": 20}
    for number, annotation in enumerate(drawn.layout.annotations):
        up = (
            1 if annotation.yanchor == "bottom" else -1
        )  # layers are so close that what is said of every other moves away
        layout[f"annotations[{number}].font.size"] = 10
        layout[f"annotations[{number}].yshift"] = 14 * up * (int(annotation.x) % 2)
    traces = {place: {"text": texts} for place, texts in names.items()}
    return figure(subject, drawn, name="network", narrow=Narrow(layout=layout, traces=traces), above=8)


def _shortened(name: str) -> str:
    return name if len(name) <= _LONGEST else name[: _LONGEST - 1] + "…"
