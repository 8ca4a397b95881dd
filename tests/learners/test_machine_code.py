from __future__ import annotations

from pathlib import Path

import pytest

from epoca.learners.machine_code import MachineCodeFile


def _files(folder: Path, version: str = "1") -> MachineCodeFile:
    return MachineCodeFile(str(folder), "kernel", version)


def test_code_is_kept_by_signature_and_version(tmp_path: Path) -> None:
    assert _files(tmp_path).is_empty
    _files(tmp_path).save("float32", "code 32")
    _files(tmp_path).save("float64", "code 64")
    assert [_files(tmp_path).load(key) for key in ("float32", "float64", "int")] == ["code 32", "code 64", None]
    assert _files(tmp_path, "2").load("float32") is None
    _files(tmp_path, "2").save("float32", "newer")
    assert _files(tmp_path, "2").load("float32") == "newer"
    assert len(list(tmp_path.glob("*.nbc"))) == 1  # the older version's are gone


def test_an_upgrade_that_could_not_be_kept_leaves_no_older_code_in_its_place(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    _files(tmp_path, "old").save("float32", "old code")

    def full(*_arguments: object) -> None:
        raise OSError(28, "No space left on device")

    for method in ("_save_data", "_save_index"):
        with monkeypatch.context() as disk:
            disk.setattr(MachineCodeFile, method, full)
            _files(tmp_path, "new").save("float32", "new code")
        assert _files(tmp_path, "new").load("float32") is None


def test_two_processes_at_once_never_get_each_others_code(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with monkeypatch.context() as other:  # an index read before the other process wrote its own
        other.setattr(MachineCodeFile, "_load_index", lambda _self: {})
        _files(tmp_path).save("float32", "code 32")
        _files(tmp_path).save("float64", "code 64")
    assert _files(tmp_path).load("float32") in {None, "code 32"}
    assert _files(tmp_path).load("float64") in {None, "code 64"}


@pytest.mark.parametrize("ending", ["nbi", "nbc"])
@pytest.mark.parametrize("left", [0, 1, 10])
def test_damaged_files_are_compiled_anew(tmp_path: Path, ending: str, left: int) -> None:
    _files(tmp_path).save("float32", "code")
    (file,) = tmp_path.glob(f"*.{ending}")
    file.write_bytes(file.read_bytes()[:left])
    assert _files(tmp_path).load("float32") is None
    _files(tmp_path).save("float32", "code")
    assert _files(tmp_path).load("float32") == "code"
