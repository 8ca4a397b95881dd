from __future__ import annotations

import math

import pytest
import torch

from epoca.training.schedules import Constant, Cosine


def test_constant_stays() -> None:
    assert {Constant(0.01)(epoch) for epoch in (1, 2, 1000)} == {0.01}


def test_cosine_is_torchs() -> None:
    optimizer = torch.optim.SGD([torch.zeros(1, requires_grad=True)], lr=0.3)
    schedule = torch.optim.lr_scheduler.CosineAnnealingLR(optimizer, T_max=20)
    for epoch in range(1, 21):
        assert Cosine(0.3, 20)(epoch) == pytest.approx(schedule.get_last_lr()[0], rel=1e-9)
        optimizer.step()
        schedule.step()


def test_cosine_begins_at_the_full_rate_and_only_falls() -> None:
    rates = [Cosine(0.5, 30)(epoch) for epoch in range(1, 31)]
    assert rates[0] == 0.5
    assert rates == sorted(rates, reverse=True)
    assert 0 < rates[-1] < 0.01


def test_cosine_is_at_half_in_the_middle() -> None:
    assert Cosine(1.0, 100)(51) == pytest.approx(0.5)


def test_cosine_stays_at_zero_beyond_its_end() -> None:
    assert [Cosine(1.0, 5)(epoch) for epoch in (6, 7, 100)] == [0, 0, 0]


def test_cosine_over_one_epoch_is_that_epochs_rate() -> None:
    assert math.isclose(Cosine(0.2, 1)(1), 0.2)
