from __future__ import annotations

import math

import numpy as np
import pytest
from numpy.typing import NDArray

from epoca.training.forecast import FEWEST_EPOCHS, Forecast, forecast
from epoca.training.history import History


def of(losses: NDArray[np.float64]) -> History:
    return History.of_curves(held_out_loss=losses)


@pytest.mark.parametrize("rate", [0.5, 2.0, 4.0])
@pytest.mark.parametrize("epochs", [12, 60, 300])
def test_an_exponential_is_continued(rate: float, epochs: int) -> None:
    times = np.arange(1, epochs + 1.0)[:, np.newaxis] / epochs
    found = forecast(of(0.2 + np.array([0.5, 0.7]) * np.exp(-rate * times)), window=16)
    assert found is not None
    assert found.epochs == 2 * epochs
    assert found.gain == pytest.approx(0.6 * (np.exp(-rate) - np.exp(-2 * rate)), rel=0.15)


@pytest.mark.parametrize("power", [0.5, 1.0])
def test_the_error_of_another_curve_covers_what_it_missed(power: float) -> None:
    rng = np.random.default_rng(0)
    times = np.arange(1, 61.0)[:, np.newaxis]
    gain = 0.5 * (60**-power - 120**-power)
    misses = []
    for _trial in range(40):
        found = forecast(of(0.2 + 0.5 * times**-power + 0.003 * rng.normal(size=(60, 8))), window=16)
        assert found is not None
        misses.append(abs(found.gain - gain) / found.gain_error)
    assert np.mean(np.array(misses) < 2) > 0.8


def test_no_loss_falls_below_0() -> None:
    losses = 0.1 - 0.0016 * np.arange(1, 61.0)[:, np.newaxis] * np.ones(3)
    found = forecast(of(losses), window=16)
    assert found is not None
    assert found.gain <= losses[-1, 0] + 1e-12


def test_a_flat_or_rising_curve_promises_nothing() -> None:
    rng = np.random.default_rng(1)
    flat = forecast(of(0.4 + 0.001 * rng.normal(size=(60, 8))), window=16)
    rising = forecast(of(0.3 + 0.001 * np.arange(60.0)[:, np.newaxis] * np.ones(4)), window=16)
    assert flat is not None
    assert rising is not None
    assert flat.gain < 0.002
    assert rising.gain == 0
    assert rising.slope == pytest.approx(0.001)
    assert rising.slope_error == pytest.approx(0, abs=1e-12)


def test_the_slope_is_that_of_the_last_epochs() -> None:
    losses = np.concatenate([np.linspace(1, 0.5, 40), np.linspace(0.498, 0.48, 10)])[:, np.newaxis] * np.ones(3)
    found = forecast(of(losses), window=10)
    assert found is not None
    assert found.slope == pytest.approx(-0.002)


def test_a_single_member_has_no_bounds() -> None:
    found = forecast(of(1 / np.arange(1, 20.0)[:, np.newaxis]), window=5)
    assert found is not None
    assert math.isinf(found.gain_error)
    assert math.isinf(found.slope_error)


def test_too_few_epochs_and_what_is_no_number_foretell_nothing() -> None:
    falling = np.linspace(1, 0.5, 20)[:, np.newaxis] * np.ones(2)
    assert forecast(of(falling[: FEWEST_EPOCHS - 1]), window=16) is None
    assert forecast(of(falling[:FEWEST_EPOCHS]), window=16) is not None
    late = falling.copy()
    late[15, 0] = np.nan
    assert forecast(of(late), window=16) is None
    early = falling.copy()
    early[1, 0] = np.inf  # the steep start is left out anyway
    assert forecast(of(early), window=16) is not None


def test_its_sentence() -> None:
    found = Forecast(slope=-0.00048, slope_error=0.0001, epochs=80, gain=0.0075, gain_error=0.0012)
    assert str(found.sentence) == (
        "It was still falling by 0.00048 an epoch; by epoch 80 it may be lower by 0.0075 ± 0.0012."
    )
