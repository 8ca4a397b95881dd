"""The public names."""

from __future__ import annotations

import inspect

import epoca

NAMES = ["MLPClassifier", "MLPRegressor", "Neuron", "Perceptron", "compare", "from_torch", "load", "save"]


def test_the_public_names_are_these_and_no_others() -> None:
    assert epoca.__all__ == NAMES
    assert sorted(epoca._HOMES) == sorted(NAMES)
    assert {*NAMES} <= {*dir(epoca)}
    everything: dict[str, object] = {}
    exec("from epoca import *", everything)
    assert {*everything} - {"__builtins__"} == {*NAMES}
    assert not hasattr(epoca, "anything_else")


def test_every_public_name_says_what_it_takes_gives_and_raises() -> None:
    for name in NAMES:
        found = getattr(epoca, name)
        text = inspect.getdoc(found) or ""
        assert "Parameters\n----------" in text, name
        assert "Examples\n--------" in text, name
        if inspect.isclass(found):
            public = [
                method for key, method in inspect.getmembers(found, inspect.isfunction) if not key.startswith("_")
            ]
            assert all(inspect.getdoc(method) for method in public if method.__module__.startswith("epoca")), name
        else:
            assert "Raises\n------" in text, name
            documented = inspect.signature(found).parameters
            assert all(parameter in text for parameter in documented), name
