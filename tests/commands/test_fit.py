from __future__ import annotations

import csv
import json
import re
import signal
import subprocess
import sys
from pathlib import Path

import numpy as np
import pyarrow.parquet
import pytest
import typer

from epoca.commands.account import Account
from epoca.commands.fit import fit
from epoca.formulas import neuron_training
from epoca.studies.race import Race
from epoca.tables.samples import sample
from epoca.tables.writing import as_csv
from tests.conftest import Epoca
from tests.made import labelled, planes

PENGUINS = Path(__file__).parents[2] / "examples" / "penguins.csv"
SMALL = ("--epochs", "6", "--hidden", "8", "--members", "3")


def test_fit_tells_what_a_person_wants_to_know(epoca: Epoca) -> None:
    told = epoca("fit", str(PENGUINS), "--target", "species", *SMALL).stdout
    for expected in (
        "344 rows",
        "bill_length_mm",
        "Ideal epoch: ",
        "The limit of 6 epochs was reached.",
        "Model: penguins.safetensors",
    ):
        assert expected in told
    for part, rows in (("training", 275), ("held out", 275), ("test", 69)):
        assert re.search(rf"^{part} +{rows} ", told, re.MULTILINE)
    assert (epoca.folder / "penguins.safetensors").is_file()


def test_fit_speaks_portuguese(epoca: Epoca) -> None:
    told = epoca("fit", str(PENGUINS), "--target", "species", *SMALL, lang="pt_BR").stdout
    assert "Época ideal" in told
    assert "entropia cruzada" in told


def test_json_is_one_object_with_what_is_promised(epoca: Epoca) -> None:
    ended = epoca("fit", str(PENGUINS), "--target", "species", *SMALL, "--json", "-o", "m.safetensors")
    found = json.loads(ended.stdout)
    assert found["model_file"] == "m.safetensors"
    assert found["rows"] == {"train": 275, "test": 69}
    assert [column["name"] for column in found["columns"]][:2] == ["island", "bill_length_mm"]
    assert found["epochs_run"] == 6
    assert 1 <= found["best_epoch"] <= 6
    assert found["stop_reason"] == "limit"
    assert found["seconds"] > 0
    for part in ("train", "held_out", "test"):
        assert 0 < found[part]["log_loss"] < 2
        assert 0 <= found[part]["accuracy"] <= 1


def test_quiet_says_nothing(epoca: Epoca) -> None:
    ended = epoca("fit", str(PENGUINS), "--target", "species", *SMALL, "--quiet")
    assert (ended.stdout, ended.stderr, ended.returncode) == ("", "", 0)


def test_the_same_seed_gives_the_same_file_but_for_the_time(epoca: Epoca) -> None:
    from epoca.model_file import load

    for name, seed in (("a", "1"), ("b", "1"), ("c", "2")):
        epoca("fit", str(PENGUINS), "--target", "species", *SMALL, "--quiet", "--seed", seed, "-o", name)
    a, b, c = (load(epoca.folder / name).parameters for name in "abc")
    assert np.array_equal(a, b)
    assert not np.array_equal(a, c)


def test_columns_that_are_left_out_are_not_learned_from_and_need_not_be_there_later(epoca: Epoca) -> None:
    lines = PENGUINS.read_text().splitlines()
    leaking = [lines[0] + ",code", *(line + "," + str(ord(line[0])) for line in lines[1:])]
    (epoca.folder / "t.csv").write_text("\n".join(leaking))
    told = epoca("fit", "t.csv", "--target", "species", *SMALL, "-o", "m.st").stdout
    assert 'The column "code" alone says what the target is' in told
    assert "--leave-out" in told
    left = epoca(
        "fit", "t.csv", "--target", "species", *SMALL, "--leave-out", "code", "--leave-out", "sex", "-o", "m.st"
    ).stdout
    assert re.search(r"^code .*left out", left, re.MULTILINE)
    assert re.search(r"^sex .*left out", left, re.MULTILINE)
    assert "alone says" not in left
    assert epoca("score", "m.st", str(PENGUINS)).returncode == 0
    assert epoca("fit", "t.csv", "--continue", "m.st", "--epochs", "7").returncode == 0


def test_a_number_is_predicted_by_regression(epoca: Epoca) -> None:
    epoca("samples", "diabetes", "-o", "d.csv")
    regression = ("fit", "d.csv", "-t", "progression", "--task", "regression", *SMALL)
    said = epoca(*regression).stdout
    assert "R²" in said
    assert "accuracy" not in said
    found = json.loads(epoca(*regression, "--json").stdout)
    assert found["task"] == "regression"
    assert 0 < found["test"]["rmse"] < 200


@pytest.mark.parametrize("model", ["neuron", "perceptron"])
def test_neuron_and_perceptron_of_several_classes(epoca: Epoca, model: str) -> None:
    ended = epoca("fit", str(PENGUINS), "-t", "species", "--model", model, "--epochs", "10", "--json")
    assert json.loads(ended.stdout)["test"]["accuracy"] > 0.9


def test_the_textbook_run_from_the_command_line(epoca: Epoca) -> None:
    epoca("samples", "moons", "-o", "points.csv", "--rows", "60")
    words = (
        "fit",
        "points.csv",
        "--target",
        "label",
        "--model",
        "neuron",
        "--epochs",
        "100",
        "--learning-rate",
        "0.01",
    )
    plain = ("--no-shuffle", "--no-scaling", "--no-early-stopping", "--test-size", "0", "--lines", "lines.csv")
    told = epoca(*words, *plain).stdout
    table = sample("moons", rows=60).arrow
    inputs = np.column_stack([table["x1"].to_numpy(), table["x2"].to_numpy()])
    from epoca.model_file import load

    model = load(epoca.folder / "points.safetensors")
    start = np.random.default_rng((0, 0)).normal(0, 1 / np.sqrt(2), 2)
    *_rest, last = _first(100, neuron_training(inputs, table["label"].to_numpy(), weights=start))
    assert model.parameters[0] == pytest.approx([*last.weights, last.bias], abs=1e-10)
    assert model.history.curve("training_loss")[-1] == pytest.approx(last.cross_entropy, abs=1e-10)
    course = told.split("training loss")[1].split("Ideal")[0]
    assert [line.split()[0] for line in course.splitlines()[1:] if line.strip()] == [
        str(tenth) for tenth in range(10, 101, 10)
    ]
    with (epoca.folder / "lines.csv").open() as file:
        lines = list(csv.DictReader(file))
    assert len(lines) == 100
    w1, w2 = last.weights
    assert float(lines[-1]["slope"]) == pytest.approx(-w1 / w2, abs=1e-9)
    assert float(lines[-1]["intercept"]) == pytest.approx(-last.bias / w2, abs=1e-9)


def _first(count: int, epochs: object) -> list[object]:
    import itertools

    return list(itertools.islice(epochs, count))  # type: ignore[call-overload,no-any-return]


def test_a_rise_of_the_training_loss_is_told(epoca: Epoca) -> None:
    epoca("samples", "moons", "-o", "points.csv", "--rows", "60")
    told = epoca(
        *("fit", "points.csv", "-t", "label", "--model", "neuron", "--epochs", "30", "--learning-rate", "30"),
        *("--no-early-stopping", "--test-size", "0"),
    ).stdout
    assert "the training loss rose" in told


def test_the_rule_that_stops_and_new_members_on_all_rows_are_told(epoca: Epoca) -> None:
    words = ("fit", str(PENGUINS), "-t", "species", "--hidden", "8", "--members", "2", "--learning-rate", "0.1")
    found = json.loads(epoca(*words, "--stop", "patience(2)", "--json").stdout)
    assert (found["stop_reason"], found["epochs_run"]) == ("patience", found["best_epoch"] + 2)
    told = epoca(*words, "--stop", "patience(2)", "--refit").stdout
    assert re.search(
        r"New members learned from all training rows for \d+ epochs, as many (passes|updates) as were ideal before\. "
        r"Tried out from half of the rows to the whole, this rule missed the least held-out loss by \S+ ± \S+; as many "
        r"(passes|updates) instead would have missed it by \S+ ± \S+\.",
        " ".join(told.split()),
    )
    assert found["verdict"] != "nothing held out"


def test_training_goes_on_where_it_ended(epoca: Epoca) -> None:
    epoca("samples", "moons", "-o", "m.csv", "--rows", "200")
    words = ("fit", "m.csv", "-t", "label", "--hidden", "8", "--members", "3", "-q")
    epoca(*words, "--epochs", "4")
    epoca(*words, "--epochs", "8", "-o", "whole.safetensors")
    told = epoca("fit", "m.csv", "--continue", "m.safetensors").stdout
    assert "Training goes on after epoch 4, up to epoch 8." in told
    assert "The test rows have now been scored 2 times" in told
    new = epoca("predict", "m.safetensors", "m.csv", "--proba").stdout
    assert new == epoca("predict", "whole.safetensors", "m.csv", "--proba").stdout
    for options, sentence in {
        ("--epochs", "8"): "The model was trained for 8 epochs already; name a limit above that, not 8.",
        ("--dropout", "0.5"): "With --continue everything but --epochs and --seconds is as m.safetensors has it",
        ("--target", "x"): "With --continue everything but --epochs and --seconds is as m.safetensors has it",
    }.items():
        assert sentence in epoca.refuses("fit", "m.csv", "--continue", "m.safetensors", *options)
    epoca("samples", "moons", "-o", "other.csv", "--rows", "200", "--seed", "1")
    sentence = epoca.refuses("fit", "other.csv", "--continue", "m.safetensors")
    assert "These are not the rows that were learned from, in the same order" in sentence
    assert "Name the column to predict: --target COLUMN." in epoca.refuses("fit", "m.csv")


def test_whoever_scores_the_test_rows_again_is_told(epoca: Epoca) -> None:
    epoca("samples", "moons", "-o", "m.csv", "--rows", "200")
    words = ("fit", "m.csv", "-t", "label", *SMALL)
    assert "have now been scored" not in epoca(*words).stdout
    told = epoca("score", "m.safetensors", "m.csv").stdout
    assert "The test rows have now been scored 2 times" in told
    assert "80% of these rows are rows that m.safetensors has learned from" in told
    epoca("samples", "moons", "-o", "new.csv", "--rows", "50", "--seed", "9")
    assert "scored" not in epoca("score", "m.safetensors", "new.csv").stdout
    assert "The test rows have now been scored 3 times" in epoca(*words).stdout
    assert "have now been scored" not in epoca(*words, "--seed", "5").stdout  # other rows were set aside


def test_a_model_that_cannot_be_written_scores_all_the_same(
    epoca: Epoca, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    from epoca.commands.score import score
    from epoca.errors import FileError

    def refuse(_model: object, path: Path) -> None:
        raise FileError("{file} cannot be written: {reason}.", file=str(path), reason="read-only")

    epoca("samples", "moons", "-o", "m.csv", "--rows", "200")
    epoca("fit", "m.csv", "-t", "label", *SMALL)
    monkeypatch.setattr("epoca.test_rows.save", refuse)
    score(epoca.folder / "m.safetensors", epoca.folder / "m.csv")
    told = " ".join(capsys.readouterr().out.split())
    assert "This time could not be counted." in told
    assert "cannot be written: read-only." in told


def test_the_least_loss_is_shown_with_what_it_owes_to_chance(epoca: Epoca) -> None:
    words = ("fit", str(PENGUINS), "-t", "species", "--hidden", "8", "--pieces", "16")
    found = json.loads(epoca(*words, "--json").stdout)["held_out"]
    assert found["log_loss"] < found["log_loss_corrected"] < 2 * found["log_loss"]
    assert "… corrected" in epoca(*words).stdout


def test_repeats_tell_seeds_from_folds(epoca: Epoca) -> None:
    words = ("fit", str(PENGUINS), "-t", "species", "--hidden", "8", "--members", "4", "--repeats", "3")
    told = " ".join(epoca(*words).stdout.split())
    assert "12 × network" in told
    assert re.search(r"% of their variance comes from seeds, the rest from which rows are held out\.", told)
    assert "repeats must be at least 1, not 0." in epoca.refuses(*words, "--repeats", "0")


def test_lines_need_a_plane(epoca: Epoca) -> None:
    sentence = epoca.refuses("fit", str(PENGUINS), "-t", "species", "--model", "neuron", "--lines", "x.csv")
    assert "--lines needs a neuron or perceptron with two classes, two columns of numbers and --no-scaling" in sentence


def test_divergence_is_noticed_and_the_knob_named(epoca: Epoca) -> None:
    sentence = epoca.refuses("fit", str(PENGUINS), "-t", "species", "--learning-rate", "1e10", *SMALL)
    assert sentence.startswith("Nothing was learned, no epoch ended with a finite loss. Training diverged in epoch 1: ")
    assert sentence.endswith("or use a smaller learning rate; the default one suits most tables.")


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        (("--hidden", "12,x"), "whole numbers with commas between them"),
        (("--hidden", "0"), "Every hidden layer needs a whole number of neurons, at least 1."),
        (("--members", "0"), "members must be at least 1, not 0."),
        (("--learning-rate", "-1"), "learning_rate must be a number above 0, not -1."),
        (("--dropout", "1"), "dropout must lie from 0 up to, but not including, 1, not at 1."),
        (("--test-size", "2"), "The test size is 2; it must lie between 0 and"),
        (("--model", "forest"), "'forest' is not one of"),
        (("--groups", "nest"), 'There is no column "nest"'),
        (("--leave-out", "nest"), 'The column "nest" is to be left out but is not in the table.'),
        (("--leave-out", "species"), 'The column "species" is to be predicted; it cannot be left out.'),
        (("--stop", "gl(5)", "--no-early-stopping"), "Without early stopping no rule ends the training; leave out"),
        (("--encoding", "nonsense"), 'There is no encoding "nonsense"'),
        (("-o", "none/m.safetensors", "--epochs", "1"), "its folder does not exist"),
        (("--stop", "soon"), '"one_se(1)", "limit(100)", "deadline(60)", not "soon".'),
        (
            ("--stop", "refined(4)", "--model", "perceptron"),
            'The rule "refined(4)" needs probabilities of classes, which this model does not give',
        ),
    ],
)
def test_options_that_make_no_sense(epoca: Epoca, words: tuple[str, ...], sentence: str) -> None:
    assert sentence in epoca.refuses("fit", str(PENGUINS), "--target", "species", *words)


@pytest.mark.parametrize("option", ["-o", "--lines"])
def test_a_file_that_cannot_be_written_is_noticed_before_training(epoca: Epoca, option: str) -> None:
    ended = epoca("fit", str(PENGUINS), "--target", "species", *SMALL, option, "none/file")
    assert (ended.returncode, ended.stdout) == (2, "")
    assert "its folder does not exist" in ended.stderr


def test_ctrl_c_keeps_the_best_so_far(epoca: Epoca) -> None:
    epoca("samples", "spirals", "-o", "s.csv", "--rows", "4000")
    command = [
        sys.executable,
        "-m",
        "epoca",
        "fit",
        "s.csv",
        "-t",
        "label",
        "--stop",
        "patience(9999)",
        "--epochs",
        "99999",
    ]
    process = subprocess.Popen(command, cwd=epoca.folder, stdout=subprocess.PIPE, text=True)
    assert process.stdout is not None
    for line in process.stdout:  # training has begun when the first line of progress is told
        if line.startswith("epoch "):
            break
    process.send_signal(signal.SIGINT)
    told, _errors = process.communicate(timeout=120)
    assert process.returncode == 130
    assert "The training was interrupted." in told
    assert epoca("score", "s.safetensors", "s.csv").returncode == 0


def test_predict_keeps_the_rows_in_order_and_defuses_formulas(epoca: Epoca) -> None:
    epoca("fit", str(PENGUINS), "-t", "species", *SMALL, "-o", "m.safetensors", "-q")
    lines = PENGUINS.read_text().splitlines()
    new = [lines[0] + ",remark", *(f"{line},=cmd|' /C calc'!A0" for line in lines[5:0:-1])]
    (epoca.folder / "new.csv").write_text("\n".join(new))
    epoca("predict", "m.safetensors", "new.csv", "-o", "out.csv", "--proba")
    with (epoca.folder / "out.csv").open() as file:
        rows = list(csv.DictReader(file))
    assert [row["bill_length_mm"] for row in rows] == [line.split(",")[2] for line in lines[5:0:-1]]
    assert all(row["remark"].startswith("'=") for row in rows)
    shares = [sum(float(row[f"probability_{name}"]) for name in ("Adelie", "Chinstrap", "Gentoo")) for row in rows]
    assert shares == pytest.approx([1] * 5, abs=1e-12)


def test_very_many_columns_are_told_of_in_a_few_lines(epoca: Epoca) -> None:
    rng = np.random.default_rng(0)
    lines = [",".join([*(f"g{place}" for place in range(60)), "colour", "y"])]
    for row in rng.normal(size=(60, 60)).round(3):
        lines.append(",".join([*map(str, row), "red" if row[0] > 0.5 else "blue", "p" if row[1] > 0 else "n"]))
    (epoca.folder / "wide.csv").write_text("\n".join(lines))
    told = epoca("fit", "wide.csv", "-t", "y", *SMALL).stdout
    columns = told.split("Columns, by 48 training rows\n")[1].split("\n\n")[0].splitlines()[1:]
    assert [line.split("   ")[0] for line in columns] == ["g0 … g59 (60 columns)", "colour"]
    assert "Numbers, scaled; the median … becomes 0." in columns[0]


def test_a_class_that_is_never_predicted_is_named_beside_guessing(epoca: Epoca) -> None:
    # Of every seventh row a third is rare: enough to learn from, too little to predict.
    lines = ["x,y", *(f"{place % 7},{'rare' if place % 21 == 3 else 'common'}" for place in range(420))]
    (epoca.folder / "rare.csv").write_text("\n".join(lines))
    long = ("--hidden", "8", "--members", "3", "--epochs", "30", "--learning-rate", "0.03")
    told = epoca("fit", "rare.csv", "-t", "y", *long).stdout
    assert 'Never predicted: "rare".' in told
    assert re.search(r"guessing\s+84\s+0\.191 ± \S+\s+95\.2%", told)
    assert 'Nunca previstas: "rare".' in epoca("fit", "rare.csv", "-t", "y", *long, lang="pt_BR").stdout


def test_a_table_with_dates_is_asked_whether_it_is_of_the_future(epoca: Epoca) -> None:
    days = [f"2024-{1 + day // 28:02}-{1 + day % 28:02},{day % 5},{'ab'[day % 2]}" for day in range(200)]
    (epoca.folder / "days.csv").write_text("\n".join(["day,x,y", *days]))
    hint = 'say --time "day"'
    assert hint in epoca("fit", "days.csv", "-t", "y", *SMALL).stdout
    assert hint not in epoca("fit", "days.csv", "-t", "y", "--time", "day", *SMALL).stdout


def test_an_interrupt_before_the_first_epoch_ended_writes_nothing(
    epoca: Epoca, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(Account, "train", lambda _account, fitting, _recorder: fitting.interrupt())
    with pytest.raises(typer.Exit) as ended:
        fit(PENGUINS, target="species", output=epoca.folder / "m.safetensors")
    assert ended.value.exit_code == 130
    assert "Interrupted before the first epoch ended: nothing was learned" in capsys.readouterr().out
    assert not list(epoca.folder.iterdir())


def test_an_interrupt_of_the_race_writes_nothing(
    epoca: Epoca, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def interrupted(race: Race) -> None:
        race.racers[0].interrupt()
        run(race)

    run = Race.run
    monkeypatch.setattr(Race, "run", interrupted)
    with pytest.raises(typer.Exit) as ended:
        fit(PENGUINS, target="species", output=epoca.folder / "m.safetensors")
    assert ended.value.exit_code == 130
    assert "Interrupted before the first epoch ended: nothing was learned" in capsys.readouterr().out
    assert not list(epoca.folder.iterdir())


def test_what_a_race_decided_is_told(epoca: Epoca) -> None:
    (epoca.folder / "planes.csv").write_bytes(as_csv(labelled(*planes(1500))))
    short = ("--hidden", "32", "--members", "2", "--epochs", "20")
    told = " ".join(epoca("fit", "planes.csv", "-t", "y", *short).stdout.split())
    assert "Numbers are not cut into pieces: four networks without predicted 1,200 training rows" in told
    assert "network 10→32→3" in told
    found = json.loads(epoca("fit", "planes.csv", "-t", "y", *short, "--json").stdout)
    assert (found["settings"]["pieces"], found["settings"]["learning_rate"]) == (0, 0.002)
    told = epoca("fit", "planes.csv", "-t", "y", *short, lang="pt_BR").stdout
    assert "Os números não são divididos em trechos: quatro redes" in " ".join(told.split())
    assert "trechos:" not in epoca("fit", "planes.csv", "-t", "y", "--pieces", "0", *short, lang="pt_BR").stdout


def test_what_a_race_decided_is_told_beside_what_reading_noted(epoca: Epoca) -> None:
    (epoca.folder / "planes.csv").write_bytes(
        as_csv(labelled(*planes(1500))).replace(b"class", "été".encode("latin-1"))
    )
    told = " ".join(epoca("fit", "planes.csv", "-t", "y", "--hidden", "32", "--epochs", "3").stdout.split())
    assert told.count("is not UTF-8") == 1
    assert "Numbers are not cut into pieces: four networks without predicted 1,200 training rows" in told


def test_predict_writes_as_the_table_was_written(epoca: Epoca) -> None:
    with PENGUINS.open() as file:
        lines = [";".join(row).replace(".", ",") for row in csv.reader(file)]
    (epoca.folder / "p.csv").write_text("\n".join(lines))
    epoca("fit", "p.csv", "-t", "species", *SMALL, "-o", "m.safetensors", "-q")
    header, first, *_ = epoca("predict", "m.safetensors", "p.csv", "--proba").stdout.splitlines()
    assert header.startswith(lines[0] + ";predicted_species;probability_Adelie;")
    assert re.fullmatch(re.escape(lines[1]) + r";\w+(;\d,\d+){3}", first)
    epoca("predict", "m.safetensors", "p.csv", "-o", "again.csv")
    scores = [json.loads(epoca("score", "m.safetensors", name, "--json").stdout) for name in ("p.csv", "again.csv")]
    assert scores[0]["log_loss"] == scores[1]["log_loss"]


def test_predict_writes_parquet(epoca: Epoca) -> None:
    epoca("fit", str(PENGUINS), "-t", "species", *SMALL, "-o", "m.safetensors", "-q")
    told = epoca("predict", "m.safetensors", str(PENGUINS), "-o", "out.parquet").stdout
    assert told.startswith("344 rows predicted: out.parquet")
    assert "predicted_species" in pyarrow.parquet.read_table(epoca.folder / "out.parquet").column_names


def test_score_and_show(epoca: Epoca) -> None:
    epoca("fit", str(PENGUINS), "-t", "species", *SMALL, "-o", "m.safetensors", "-q")
    found = json.loads(epoca("score", "m.safetensors", str(PENGUINS), "--json").stdout)
    assert found["rows"] == 344
    assert re.search(
        r"^table +344 +\d\.\d+ ± \d\.\d+ +\d+\.\d+% ± ", epoca("score", "m.safetensors", str(PENGUINS)).stdout, re.M
    )
    told = epoca("show", "m.safetensors").stdout
    for expected in ("island", "learning_rate", "held-out loss", "▲ ideal epoch", "Ideal epoch: ", "Verdict"):
        assert expected in told


def test_samples_are_listed_and_written(epoca: Epoca) -> None:
    assert "moons" in epoca("samples").stdout
    epoca("samples", "blobs", "-o", "b.csv", "--rows", "30")
    assert len((epoca.folder / "b.csv").read_text().splitlines()) == 31
    assert "Near it: moons." in epoca.refuses("samples", "monns")


def test_no_words_bring_the_help_alone(epoca: Epoca) -> None:
    ended = epoca()
    assert "To begin: " in ended.stdout
    assert ended.stderr == ""


def test_help_and_version(epoca: Epoca) -> None:
    assert "fit" in epoca("--help").stdout
    assert epoca("--version").stdout.startswith("epoca ")
    assert "No such command" in epoca.refuses("fitt")
    assert "Opções" in epoca("fit", "--help", lang="pt").stdout
