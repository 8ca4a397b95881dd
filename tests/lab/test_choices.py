"""What a page may choose."""

from __future__ import annotations

import math
from typing import Any

import pytest

from epoca.errors import OptionError
from epoca.lab.choices import Choices


@pytest.mark.parametrize("number", [math.nan, math.inf, -math.inf, 10**400, -(10**400)])
@pytest.mark.parametrize("name", ["learning_rate", "noise", "rows", "seed", "speed", "held"])
def test_what_no_float_holds_is_refused_as_any_other_value(name: str, number: float) -> None:
    value: Any = {"x1": number} if name == "held" else number
    with pytest.raises(OptionError, match=r"(must be|must give)"):
        Choices().changed({name: value})


def test_the_largest_float_is_a_place_of_the_slice() -> None:
    assert Choices().changed({"held": {"x1": 10**308, "x2": "b"}}).held == {"x1": 1e308, "x2": "b"}
