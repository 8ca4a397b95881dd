"""What a notebook shows."""

from __future__ import annotations

from html.parser import HTMLParser

import numpy as np
import pytest
from sklearn import config_context
from sklearn.datasets import make_moons

from epoca import MLPClassifier, MLPRegressor, Neuron

X, Y = make_moons(100, random_state=0)


class Balanced(HTMLParser):
    """Knows whether every tag is closed where it should be."""

    def __init__(self) -> None:
        super().__init__()
        self.open: list[str] = []
        self.text = ""

    def handle_starttag(self, tag: str, attrs: object) -> None:
        self.open.append(tag)

    def handle_startendtag(self, tag: str, attrs: object) -> None:
        pass

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        self.text += data + " "


def shown(html: str) -> str:
    page = Balanced()
    page.feed(html)
    assert page.open == []
    assert "<script" not in html
    return page.text


def test_a_fitted_estimator_shows_network_curve_ideal_epoch_and_scores(monkeypatch: pytest.MonkeyPatch) -> None:
    classifier = MLPClassifier((20,), members=2, max_epochs=6, pieces=0).fit(X, Y)
    monkeypatch.setenv("EPOCA_LANG", "en")
    html = classifier._repr_html_()
    text = shown(html)
    assert f"Ideal epoch: at least {classifier.best_epoch_}" in text
    assert "training loss" in text
    assert "held-out loss" in text
    assert html.count("<polyline") == 2
    assert html.count("<circle") == 2 + 8 + 1
    assert "which these rows chose" in text
    assert classifier._repr_mimebundle_()["text/html"] == html
    with config_context(display="text"):
        assert [*classifier._repr_mimebundle_()] == ["text/plain"]
    monkeypatch.setenv("EPOCA_LANG", "pt")
    assert "Época ideal" in shown(classifier._repr_html_())


def test_other_estimators_are_shown_too(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("EPOCA_LANG", "en")
    assert "no rows were held out" in shown(Neuron(early_stopping=False, max_epochs=2).fit(X, Y)._repr_html_())
    assert "MAE" in shown(MLPRegressor((4,), max_epochs=2).fit(X, X[:, 0])._repr_html_())
    assert "MLPClassifier" in MLPClassifier()._repr_html_()


def test_names_cannot_break_out_of_the_page() -> None:
    classifier = MLPClassifier((4,), max_epochs=1, members=1, class_weight={"<script>": 2.0})
    html = classifier.fit(X, np.array(["<script>", "b"])[Y])._repr_html_()
    assert "&lt;script&gt;" in html
    shown(html)
