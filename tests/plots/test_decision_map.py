"""What is predicted where."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pandas as pd
import plotly.graph_objects as go
import pyarrow as pa
import pytest

from epoca import MLPClassifier
from epoca.errors import OptionError, TableError
from epoca.model import Model
from epoca.plots import Reading, decision_map, decision_maps
from epoca.settings import Settings
from epoca.tables.columns import Columns
from epoca.tables.samples import sample
from epoca.tables.table import Table
from tests.plots.conftest import ENGLISH, PORTUGUESE, trained


def colours_and_words(figure: go.Figure) -> list[go.Heatmap]:
    return [trace for trace in figure.data if trace.type == "heatmap"]


def test_a_map_says_what_the_model_says_at_its_places(network: Model, moons: Table) -> None:
    _colours, words = colours_and_words(decision_map(network, table=moons, language=ENGLISH))
    x, y = np.meshgrid(words.x, words.y)
    asked = Table(name="asked", arrow=pa.table({"x1": x.ravel(), "x2": y.ravel()}))
    probabilities = network.predict_proba(asked)
    np.testing.assert_allclose(words.z.ravel(), probabilities.max(axis=1), atol=1e-6)
    assert words.text.ravel().tolist() == [str(code) for code in probabilities.argmax(axis=1)]


def test_colours_are_those_of_the_classes_stronger_where_surer(network: Model, moons: Table) -> None:
    colours, words = colours_and_words(decision_map(network, table=moons, language=ENGLISH))
    shades = colours.z[::4, ::4]
    assert colours.z.dtype == np.uint8
    assert (((shades >= 24) == (words.text == "1")) | (words.z < 0.505)).all()
    scale = dict(colours.colorscale)
    assert (scale[0], scale[1]) == ("rgba(0,114,178,0.1)", "rgba(230,159,0,0.55)")
    for code in "01":
        of_class = words.text == code
        assert (np.diff(shades[of_class][np.argsort(words.z[of_class])].astype(int)) >= 0).all()


def test_rows_are_points_of_their_class(network: Model, moons: Table) -> None:
    figure = decision_map(network, table=moons, language=ENGLISH)
    frame = moons.arrow.to_pandas()
    for trace, label in zip(figure.data[2:], (0, 1), strict=True):
        assert trace.name == str(label)
        np.testing.assert_array_equal(trace.x, frame.x1[frame.label == label])
        np.testing.assert_array_equal(trace.y, frame.x2[frame.label == label])
    assert figure.data[2].marker.symbol != figure.data[3].marker.symbol
    low, high = figure.layout.xaxis.range
    assert low < frame.x1.min() < frame.x1.max() < high
    assert Reading.of(figure).caption.endswith("Points: the 200 rows of the table.")


def test_many_rows_are_sampled_and_rows_without_target_are_grey(network: Model) -> None:
    many = pd.DataFrame({"x1": np.linspace(0, 1, 5000), "x2": 0.5})
    figure = decision_map(network, columns=("x2", "x1"), table=many, language=ENGLISH)
    (grey,) = (trace for trace in figure.data if trace.type == "scatter" and not trace.showlegend)
    assert (len(grey.x), grey.marker.color) == (2000, "#8a8a8a")
    assert "Points: 2,000 of 5,000 rows, chosen at random." in Reading.of(figure).caption
    assert figure.layout.xaxis.title.text == "x2"


def test_the_other_columns_are_held_at_what_is_usual_and_it_is_said(penguins_model: Model) -> None:
    columns = ("bill_length_mm", "bill_depth_mm")
    figure = decision_map(penguins_model, columns=columns, language=ENGLISH)
    said = figure.layout.title.subtitle.text.replace("<br>", " ").replace("\u00a0", " ")
    assert said.startswith("Other columns, held at their usual values: island = Biscoe, flipper_length_mm = ")
    with_table = decision_map(penguins_model, columns=columns, table=sample("penguins"), language=ENGLISH)
    assert "sex\u00a0=\u00a0MALE" in Reading.of(with_table).alt
    assert Reading.of(figure).headings == ("predicted", "share of the map")
    assert [line[0] for line in Reading.of(figure).lines] == ["Adelie", "Chinstrap", "Gentoo"]


def test_categories_have_a_place_each(penguins_model: Model) -> None:
    columns = ("bill_length_mm", "island")
    figure = decision_map(penguins_model, columns=columns, table=sample("penguins"), language=ENGLISH)
    assert figure.layout.yaxis.ticktext == ("Biscoe", "Dream", "Torgersen")
    colours, words = colours_and_words(figure)
    assert colours.z.shape == (3, 200)
    assert words.z.shape == (3, 50)
    heights = np.concatenate([trace.y for trace in figure.data if trace.type == "scatter"])
    assert (np.abs(heights - heights.round()) <= 0.3).all()
    assert figure.data[-1].hovertemplate == "%{x}"
    sexes = decision_map(penguins_model, columns=("sex", "bill_length_mm"), language=ENGLISH)
    assert sexes.layout.xaxis.ticktext == ("FEMALE", "MALE")


def test_dates_have_an_axis_of_dates() -> None:
    days = pd.date_range("2024-01-01", periods=40, freq="D")
    sold = pd.DataFrame({"day": days, "price": np.arange(40) % 7 + 0.5, "kind": np.where(np.arange(40) < 20, "a", "b")})
    model = trained(
        Table(name="sold", arrow=pa.Table.from_pandas(sold)), "kind", Settings(hidden=(4,), members=2, epochs=2)
    )
    figure = decision_map(model, columns=("day", "price"), table=sold, language=ENGLISH)
    assert figure.layout.xaxis.type == "date"
    first, last = (np.datetime64(round(edge), "ms") for edge in figure.layout.xaxis.range)
    assert first < np.datetime64("2024-01-01") < np.datetime64("2024-02-09") < last
    wide = sold.assign(open=np.arange(40) % 3 // 2, note=np.arange(40) % 5)
    model = trained(
        Table(name="sold", arrow=pa.Table.from_pandas(wide)), "kind", Settings(hidden=(4,), members=2, epochs=2)
    )
    held = Reading.of(decision_map(model, columns=("price", "note"), table=wide, language=ENGLISH)).alt
    assert "day\u00a0=\u00a02024-01-" in held
    assert "open\u00a0=\u00a00" in held


def test_a_regression_has_levels(regressor: Model) -> None:
    figure = decision_map(regressor, columns=("bmi", "bp"), table=sample("diabetes"), language=PORTUGUESE)
    levels, points = figure.data
    numbers = sample("diabetes").arrow["progression"].to_numpy()
    assert 0 < levels.z.min() < levels.z.max() < 1000
    np.testing.assert_array_equal(points.marker.color, numbers)
    assert levels.coloraxis == points.marker.coloraxis == "coloraxis"
    assert figure.layout.coloraxis.colorbar.title.text == "progression"


def test_a_perceptron_has_regions_without_probabilities(perceptron: Model, moons: Table) -> None:
    figure = decision_map(perceptron, table=moons, language=ENGLISH)
    colours, words = colours_and_words(figure)
    assert set(np.unique(colours.z)) == {23, 47}
    assert "%{z" not in words.hovertemplate
    assert Reading.of(figure).caption.startswith('Colours: the predicted "label".')


def test_models_stand_side_by_side(network: Model, moons: Table) -> None:
    other = replace(network, parameters=-network.parameters)
    figure = decision_maps([("as it is", network), ("<turned>", other)], table=moons, language=ENGLISH)
    assert [title.text for title in figure.layout.annotations] == ["as it is", "&lt;turned&gt;"]
    assert len(colours_and_words(figure)) == 4
    assert [trace.name for trace in figure.data if trace.showlegend] == ["0", "1"]
    reading = Reading.of(figure)
    assert reading.headings == ("predicted", "as it is", "<turned>")
    assert reading.lines[0][1] != reading.lines[0][2]


def test_what_cannot_be_mapped_is_refused(penguins_model: Model, network: Model, perceptron: Model) -> None:
    with pytest.raises(OptionError, match=r"^The model uses 6 columns, and a map has two; name them, as in columns="):
        decision_map(penguins_model)
    with pytest.raises(
        OptionError, match=r'^A map needs two different columns that the model uses, not "x1", "x1"; it'
    ):
        decision_map(network, columns=("x1", "x1"))
    with pytest.raises(OptionError, match=r'not "x1", "x3"; it uses "x1", "x2"\.$'):
        decision_map(network, columns=("x1", "x3"))
    with pytest.raises(TableError, match='There is no column "x2"'):
        decision_map(network, table={"x1": [1.0, 2.0], "x3": [1.0, 2.0]})
    with pytest.raises(OptionError, match=r"^There is no model to map; give one or more\.$"):
        decision_maps([])
    with pytest.raises(OptionError, match=r"predict different targets; give models of the same\.$"):
        decision_maps([("a", network), ("b", penguins_model)])


def test_what_has_no_reach_is_refused() -> None:
    unscaled = trained(sample("moons", rows=40), "label", Settings(hidden=(2,), members=2, epochs=1, scaling=False))
    assert decision_map(unscaled).data
    unscaled = replace(unscaled, columns=Columns.as_they_are(["x1", "x2"]))
    with pytest.raises(
        OptionError, match=r'^The model takes "x1" unscaled and so does not know how far it reaches; give'
    ):
        decision_map(unscaled)
    assert decision_map(unscaled, table=sample("moons", rows=40)).data


def test_texts_are_held_at_their_most_frequent_word_and_mapped_by_words() -> None:
    rng = np.random.default_rng(0)
    titles = np.array(["Mr.", "Mr.", "Mrs."])[rng.integers(0, 3, 90)]
    rows = pd.DataFrame({"x": rng.normal(size=90), "y": rng.normal(size=90)})
    rows["name"] = [f"{title} N{number}" for number, title in enumerate(titles)]
    classifier = MLPClassifier((4,), members=2, max_epochs=1).fit(rows, titles == "Mr.")
    assert "name\u00a0=\u00a0Mr." in Reading.of(decision_map(classifier, columns=("x", "y"))).alt
    assert decision_map(classifier, columns=("name", "x")).data


def test_columns_that_only_tell_of_missing_values_and_sparse_ones_are_refused() -> None:
    import scipy.sparse

    rows = pd.DataFrame({"x": np.arange(40.0) % 9, "y": np.arange(40.0) % 5, "died": [None, "yes"] * 20})
    labels = np.arange(40) % 2
    classifier = MLPClassifier((4,), members=2, max_epochs=1).fit(rows, labels)
    with pytest.raises(OptionError, match=r'^The column "died" only tells whether a value is missing, which cannot be'):
        decision_map(classifier, columns=("x", "died"))
    assert "died\u00a0=\u00a0not missing" in Reading.of(decision_map(classifier, columns=("x", "y"))).alt
    sparse = scipy.sparse.csr_matrix(rows[["x", "y"]].to_numpy())
    with pytest.raises(
        OptionError, match=r"^The model was trained on a sparse matrix, whose columns cannot be mapped; "
    ):
        decision_map(MLPClassifier((4,), members=2, max_epochs=1).fit(sparse, labels))
