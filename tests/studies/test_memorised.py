from __future__ import annotations

import json
from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from epoca.errors import OptionError
from epoca.locales import Language
from epoca.model import Model
from epoca.problem import Problem
from epoca.studies.memorised import ClassShare, Memorised, memorised, memorised_table
from epoca.tables.samples import sample
from epoca.tables.table import Table
from tests.made import PLAIN, mislabelled_moons, trained

LATE: dict[str, Any] = {"hidden": (64, 64), "members": 5, "learning_rate": 0.03, "stopping": "patience(100)"}
SHORT: dict[str, Any] = {"hidden": (4,), "members": 2, "epochs": 3, **PLAIN}


@pytest.fixture(scope="module")
def moons() -> Table:
    return replace(mislabelled_moons()[0], line_of=lambda row: row + 2)


@pytest.fixture(scope="module")
def late(moons: Table) -> tuple[Model, Problem]:
    return trained(moons, "label", **LATE)


@pytest.fixture(scope="module")
def found(late: tuple[Model, Problem]) -> Memorised:
    return memorised(*late)


def test_wrong_labels_are_what_the_late_epochs_learned_by_heart(found: Memorised) -> None:
    wrong = mislabelled_moons()[1]
    first = [row.row in wrong for row in found.rows[:10]]
    assert sum(first) >= 8
    assert found.n_rows == 320
    assert found.share > found.by_chance > 0
    for row in found.rows:
        assert row.training_loss - row.training_loss_last > found.matters
        assert row.held_out_loss_last - row.held_out_loss > found.matters
    assert [row.by_heart for row in found.rows] == sorted((row.by_heart for row in found.rows), reverse=True)


def test_a_row_is_told_with_its_line_its_labels_and_its_values(found: Memorised, moons: Table) -> None:
    first = found.rows[0]
    assert first.line == first.row + 2
    held = moons.arrow.slice(first.row, 1).to_pylist()[0]
    assert (first.label, dict(first.values)) == (held["label"], {"x1": held["x1"], "x2": held["x2"]})
    assert {first.label, first.predicted} == {"a", "b"}


def test_the_losses_are_those_of_the_members_that_held_out_or_learned_from_it(
    late: tuple[Model, Problem], found: Memorised
) -> None:
    model, problem = late
    first = found.rows[0]
    matrix = model.encoded(problem.table)[first.row : first.row + 1]
    code = int(problem.targets[first.row])
    for whole, learned, held_out in (
        (model, first.training_loss, first.held_out_loss),
        (model.at_last_epoch(), first.training_loss_last, first.held_out_loss_last),
    ):
        members = [replace(whole, parameters=part[np.newaxis]) for part in whole.parameters]
        losses = np.array([-np.log(member.outputs(matrix)[0, code]) for member in members])
        own = np.argmin(np.abs(losses - held_out))  # of five members a single one held it out
        assert losses[own] == pytest.approx(held_out, rel=1e-4)
        assert np.delete(losses, own).mean() == pytest.approx(learned, rel=1e-4)


def test_the_rows_are_counted_class_by_class(found: Memorised) -> None:
    assert sum(one.rows for one in found.by_class) == 320
    assert sum(one.memorised for one in found.by_class) == len(found.rows)
    assert [one.label for one in found.by_class] == ["a", "b"]


def test_a_class_is_named_only_if_it_is_not_chance(found: Memorised) -> None:
    assert "Look at their labels first" in str(found)
    n = len(found.rows)
    classes = (ClassShare(label="a", rows=290, memorised=2), ClassShare(label="b", rows=30, memorised=n - 2))
    rare = replace(found, by_class=classes)
    assert f'{n - 2} of them carry the label "b", which 9.4% of all rows carry: look at these labels first.' in str(
        rare
    )


def test_the_rows_go_into_a_table_with_what_was_found_of_them(found: Memorised, moons: Table) -> None:
    rows = memorised_table(found, moons).arrow
    assert rows.column_names[:5] == ["x1", "x2", "label", "line", "predicted"]
    assert rows["by_heart"].to_pylist() == [row.by_heart for row in found.rows]
    clash = replace(moons, arrow=moons.arrow.append_column("line", moons.arrow["x1"]))
    assert "line_new" in memorised_table(found, clash).column_names
    assert memorised_table(replace(found, rows=()), moons).n_rows == 0


def test_a_refitted_model_is_asked_of_the_members_that_held_rows_out(moons: Table, found: Memorised) -> None:
    refitted = memorised(*trained(moons, "label", **LATE, refit=True))
    assert [row.row for row in refitted.rows] == [row.row for row in found.rows]


def test_numbers_are_learned_by_heart_too() -> None:
    table = sample("diabetes")
    found = memorised(*trained(table, "progression", hidden=(64,), members=4, learning_rate=0.01))
    assert found.by_class == ()
    assert found.rows
    assert found.rows[0].label == float(table.arrow["progression"][found.rows[0].row].as_py())
    assert "Look at their numbers first" in str(found)


def test_no_late_epochs_learn_nothing() -> None:
    found = memorised(*trained(sample("moons", rows=60), "label", **SHORT))
    assert (found.is_at_end, found.rows, found.striking) == (True, (), None)
    assert str(found) == "The ideal epoch is the last one, so no later epoch could learn anything by heart."
    assert str(replace(found, is_at_end=False)) == "The epochs after the ideal one learned no row by heart."


def test_it_is_plain_values_and_speaks_both_languages(found: Memorised) -> None:
    plain = json.loads(json.dumps(found.to_json(most=3), allow_nan=False))
    assert (len(plain["rows"]), plain["memorised"], plain["sentence"]) == (3, len(found.rows), str(found))
    assert plain["rows"][0]["values"]["x1"] == found.rows[0].values["x1"]
    assert plain["by_class"][0]["share"] == found.by_class[0].share
    said = Language("pt_BR").say(found.sentence)
    assert said.startswith(f"As épocas depois da ideal decoraram {len(found.rows)} de 320 linhas (")


def test_what_cannot_be_known_is_told_in_a_sentence() -> None:
    model, problem = trained(sample("moons", rows=60), "label", **SHORT)
    with pytest.raises(OptionError, match="so its last epoch is unknown; train it anew"):
        memorised(replace(model, checkpoint=None), problem)
    with pytest.raises(OptionError, match="These are not the rows that were learned from"):
        memorised(model, trained(sample("moons", rows=60, seed=1), "label", **SHORT)[1])
    with pytest.raises(OptionError, match="since a single member learned; train several"):
        memorised(*trained(sample("moons", rows=60), "label", **{**SHORT, "members": 1}))
    with pytest.raises(OptionError, match="held no rows out"):
        memorised(*trained(sample("moons", rows=60), "label", **SHORT, early_stopping=False))
    before = model.checkpoint
    assert before is not None
    lost = replace(model, checkpoint=replace(before, least=np.full(2, np.inf)))
    with pytest.raises(OptionError, match="No member's last epoch ended with finite weights"):
        memorised(lost, problem)


def test_given_held_out_rows_are_never_learned_from() -> None:
    from epoca.fitting import Fitting
    from epoca.settings import Settings

    settings = Settings(**SHORT)
    problem = Problem.of_table(sample("moons", rows=60), target="label", settings=settings)
    problem = replace(problem, validation=Problem.of_table(sample("moons", rows=20), target="label", settings=settings))
    fitting = Fitting(problem, settings=settings)
    for _epoch in fitting:
        pass
    with pytest.raises(OptionError, match="All members held out the same given rows"):
        memorised(fitting.model(), problem)


def test_no_row_is_accused_where_chance_brings_as_many(found: Memorised) -> None:
    same = replace(found, by_chance=found.share)
    assert str(same).endswith("That may be chance.")
