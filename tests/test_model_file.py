from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from safetensors.numpy import load as load_tensors
from safetensors.numpy import save as save_tensors

from epoca.errors import FileError, ModelFileError
from epoca.model import Model
from epoca.model_file import FORMAT, _digest, load, save
from epoca.tables.samples import sample


def _rewritten(path: Path, **changes: object) -> None:
    content = path.read_bytes()
    size = int.from_bytes(content[:8], "little")
    header = json.loads(json.loads(content[8 : 8 + size])["__metadata__"]["epoca"])
    header.update(changes)
    path.write_bytes(save_tensors(load_tensors(content), {"epoca": json.dumps(header)}))


@pytest.fixture
def path(penguins_model: Model, tmp_path: Path) -> Path:
    save(penguins_model, tmp_path / "m.safetensors")
    return tmp_path / "m.safetensors"


def test_a_loaded_model_predicts_the_same_bits(penguins_model: Model, path: Path) -> None:
    table = sample("penguins")
    assert np.array_equal(load(path).predict_proba(table), penguins_model.predict_proba(table))


def test_a_fresh_process_predicts_the_same_bits(penguins_model: Model, path: Path) -> None:
    work = (
        "import sys, hashlib; from epoca.model_file import load; from epoca.tables.samples import sample;"
        "print(hashlib.sha256(load(sys.argv[1]).predict_proba(sample('penguins')).tobytes()).hexdigest())"
    )
    ended = subprocess.run([sys.executable, "-c", work, str(path)], capture_output=True, text=True, check=True)
    import hashlib

    own = hashlib.sha256(penguins_model.predict_proba(sample("penguins")).tobytes()).hexdigest()
    assert ended.stdout.strip() == own


def test_everything_comes_back(penguins_model: Model, path: Path) -> None:
    found = load(path)
    assert found.best_epoch == penguins_model.best_epoch
    assert found.stop == penguins_model.stop
    assert found.scores == penguins_model.scores
    assert found.target.labels == penguins_model.target.labels
    assert found.data == penguins_model.data
    assert len(found.history) == len(penguins_model.history)
    assert found.columns.accounts == penguins_model.columns.accounts


def test_a_rows_probabilities_do_not_depend_on_the_rows_beside_it(penguins_model: Model) -> None:
    table = sample("penguins")
    together = penguins_model.predict_proba(table)
    for start, stop in ((0, 1), (3, 8), (100, 331)):
        apart = penguins_model.predict_proba(replace(table, arrow=table.arrow.slice(start, stop - start)))
        assert np.array_equal(apart, together[start:stop])


def test_no_such_file(tmp_path: Path) -> None:
    with pytest.raises(ModelFileError, match=r"There is no file .*none\.safetensors; train a model first"):
        load(tmp_path / "none.safetensors")


def test_a_folder(tmp_path: Path) -> None:
    with pytest.raises(ModelFileError, match=r"is a folder, not a model file\."):
        load(tmp_path)


@pytest.mark.parametrize("content", [b"", b"PK\x03\x04zip", b"\x80\x04pickle.", b"a,b\n1,2\n", b"\xff" * 4000])
def test_foreign_files(tmp_path: Path, content: bytes) -> None:
    (tmp_path / "m").write_bytes(content)
    with pytest.raises(ModelFileError, match=r"is no model file of epoca; models are made by epoca fit\."):
        load(tmp_path / "m")


def test_safetensors_of_somebody_else(tmp_path: Path) -> None:
    (tmp_path / "m").write_bytes(save_tensors({"x": np.ones(3)}))
    with pytest.raises(ModelFileError, match="is no model file of epoca"):
        load(tmp_path / "m")


def test_a_newer_format(path: Path) -> None:
    _rewritten(path, format=FORMAT + 1, versions={"epoca": "9.9"})
    with pytest.raises(
        ModelFileError, match=rf"has format {FORMAT + 1}, written by epoca 9\.9; this is epoca .* Install a newer"
    ):
        load(path)


def test_flipped_bits_of_the_weights_are_noticed(path: Path) -> None:
    content = bytearray(path.read_bytes())
    start = 8 + int.from_bytes(content[:8], "little")
    rng = np.random.default_rng(0)
    for _trial in range(50):
        damaged = bytearray(content)
        damaged[rng.integers(start, len(content))] ^= 1 << int(rng.integers(8))
        path.write_bytes(damaged)
        with pytest.raises(ModelFileError, match=r"is damaged: the SHA-256 of its numbers is .*, not .*\. Take an"):
            load(path)


def test_truncated_files_are_refused(path: Path) -> None:
    content = path.read_bytes()
    for size in np.linspace(0, len(content) - 1, 60).astype(int):
        path.write_bytes(content[:size])
        with pytest.raises(ModelFileError):
            load(path)


def test_mutated_headers_are_refused_or_load(path: Path) -> None:
    content = path.read_bytes()
    size = int.from_bytes(content[:8], "little")
    rng = np.random.default_rng(1)
    for _trial in range(200):
        damaged = bytearray(content)
        damaged[rng.integers(0, 8 + size)] = rng.integers(256)
        path.write_bytes(damaged)
        try:
            load(path)
        except ModelFileError as error:
            assert str(path) in str(error)  # noqa: PT017


@pytest.mark.parametrize(
    "changes",
    [
        {"form": {"sizes": [10**9, 10**9], "activation": "relu", "head": "softmax"}},
        {"form": {"sizes": [-1, 3], "activation": "relu", "head": "softmax"}},
        {"form": {"sizes": [], "activation": "relu", "head": "softmax"}},
        {"form": None},
        {"columns": {}},
        {"history": 5},
        {"stop": {"reason": "{x.__class__}"}},
        {"scores": {"test": {"nonsense": 1}}},
        {"target": []},
    ],
)
def test_headers_that_make_no_sense_are_refused(path: Path, changes: dict[str, object]) -> None:
    _rewritten(path, **changes)
    with pytest.raises(ModelFileError, match="is damaged"):
        load(path)


def test_other_tensors_are_refused(path: Path) -> None:
    content = path.read_bytes()
    size = int.from_bytes(content[:8], "little")
    metadata = json.loads(content[8 : 8 + size])["__metadata__"]
    path.write_bytes(save_tensors({"parameters": np.ones(3)}, metadata))
    with pytest.raises(ModelFileError, match="its tensors are not those of a model"):
        load(path)


def test_no_folder_to_save_in(penguins_model: Model, tmp_path: Path) -> None:
    with pytest.raises(FileError, match="its folder does not exist; make it first or name another"):
        save(penguins_model, tmp_path / "none" / "m.safetensors")


def test_saving_over_a_folder(penguins_model: Model, tmp_path: Path) -> None:
    with pytest.raises(FileError, match="is a folder; name a file in it"):
        save(penguins_model, tmp_path)


def test_what_cannot_be_written_leaves_nothing(
    penguins_model: Model, monkeypatch: pytest.MonkeyPatch, path: Path
) -> None:
    def full(_descriptor: int) -> None:
        raise OSError(28, "No space left on device")

    before = path.read_bytes()
    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(FileError, match=r"cannot be written: No space left on device\."):
        save(penguins_model, path)
    assert path.read_bytes() == before
    assert list(path.parent.iterdir()) == [path]


def test_the_file_keeps_the_umask_and_a_link_stays_a_link(penguins_model: Model, path: Path) -> None:
    before = os.umask(0)
    os.umask(before)
    assert path.stat().st_mode & 0o777 == 0o666 & ~before
    link = path.with_name("link")
    link.symlink_to(path)
    save(penguins_model, link)
    assert link.is_symlink()


def test_kill_9_leaves_the_old_file_or_the_new_one(path: Path) -> None:
    work = (
        "import sys; from epoca.model_file import load, save; model = load(sys.argv[1]); print('go', flush=True)\n"
        "while True: save(model, sys.argv[1])"
    )
    rng = np.random.default_rng(2)
    for _trial in range(5):
        process = subprocess.Popen([sys.executable, "-c", work, str(path)], stdout=subprocess.PIPE)
        assert process.stdout is not None
        process.stdout.readline()
        time.sleep(rng.uniform(0, 0.05))
        process.send_signal(signal.SIGKILL)
        process.wait()
        process.stdout.close()
        load(path)


def test_a_pipe_is_written_to_and_not_replaced(penguins_model: Model, tmp_path: Path) -> None:
    pipe = tmp_path / "pipe"
    os.mkfifo(pipe)
    reader = subprocess.Popen(["cat", pipe], stdout=subprocess.PIPE)
    save(penguins_model, pipe)
    content, _ = reader.communicate()
    assert pipe.is_fifo()
    assert len(content) > 1000


def _with_tensors(path: Path, **changes: object) -> None:
    """Write the file again with other tensors and their digest, as somebody would who means harm."""
    content = path.read_bytes()
    size = int.from_bytes(content[:8], "little")
    header = json.loads(json.loads(content[8 : 8 + size])["__metadata__"]["epoca"])
    tensors = load_tensors(content)
    for name, change in changes.items():
        key = name.replace("__", ".")
        tensors[key] = np.ascontiguousarray(change(tensors.get(key, tensors["parameters"])))  # type: ignore[operator]
    header["sha256"] = _digest(tensors)
    path.write_bytes(save_tensors(tensors, {"epoca": json.dumps(header)}))


@pytest.mark.parametrize(
    "changes",
    [
        {"state__buffers": lambda t: t[:, : t.shape[1] // 3]},
        {"state__buffers": lambda t: t[:, :0]},
        {"state__buffers": lambda t: t.astype(np.int32)},
        {"state__buffers": lambda t: t[:2], "state__random": lambda t: t[:2]},
        {"state__best": lambda t: t[:, :0]},
        {"state__best": lambda t: np.full_like(t, np.nan)},
        {"state__steps": lambda t: t.astype(np.uint64) + np.uint64(2**63)},
        {"state__steps": lambda t: -t},
        {"state__random": lambda t: t.astype(np.float64)},
        {"group_weights": lambda t: -t},
        {"group_weights": lambda t: t * np.nan},
        {"group_weights": lambda t: t * 0},
        {"folds": lambda t: t - 1},
        {"folds": lambda t: t + 99},
        {"group_losses": lambda t: t[:, :, :1]},
        {"baseline__guessing": lambda t: t[:2]},
        {"baseline__guessing": lambda t: t * np.nan},
    ],
)
def test_a_state_that_does_not_fit_is_never_trusted(path: Path, changes: dict[str, object]) -> None:
    _with_tensors(path, **changes)
    with pytest.raises(ModelFileError, match="is damaged"):
        load(path)


def test_settings_of_another_network_are_refused(path: Path, penguins_model: Model) -> None:
    _rewritten(path, settings={**penguins_model.settings, "hidden": [64]})
    with pytest.raises(ModelFileError, match="is damaged"):
        load(path)


@pytest.mark.parametrize(
    "changes",
    [
        {"clues": {"copies_gain": "x"}},
        {"clues": {"leak": 3}},
        {"refitted": {"a": 1}},
        {"rows": {"train": "many"}},
        {"test_rows": "!!"},
        {"test_scored": "x"},
        {"test_scored": -1},
        {"known_by_chance": "often"},
    ],
)
def test_data_that_make_no_sense_are_refused(path: Path, penguins_model: Model, changes: dict[str, object]) -> None:
    _rewritten(path, data={**penguins_model.data, **changes})
    with pytest.raises(ModelFileError, match="is damaged"):
        load(path)


def test_a_file_of_format_1_predicts_and_shows_its_curve(path: Path, penguins_model: Model) -> None:
    content = path.read_bytes()
    size = int.from_bytes(content[:8], "little")
    header = json.loads(json.loads(content[8 : 8 + size])["__metadata__"]["epoca"])
    parameters = {"parameters": load_tensors(content)["parameters"]}
    new = {"training_loss_error", "refined_loss", "sharpness"}
    header["history"] = [{name: v for name, v in epoch.items() if name not in new} for epoch in header["history"]]
    header["data"] = {name: header["data"][name] for name in ("name", "rows", "fingerprint", "known_rows")}
    header["data"] |= {"guessing_loss": 1.05, "refitted": False}
    header |= {"format": 1, "sha256": _digest(parameters)}
    path.write_bytes(save_tensors(parameters, {"epoca": json.dumps(header)}))
    old = load(path)
    assert np.array_equal(old.predict_proba(sample("penguins")), penguins_model.predict_proba(sample("penguins")))
    assert old.best_epoch == penguins_model.best_epoch
    assert old.best_epoch_range is not None
    assert old.guessing_loss == pytest.approx(1.05)
    assert old.checkpoint is None
    save(old, path)
    assert load(path).best_epoch_range == old.best_epoch_range
