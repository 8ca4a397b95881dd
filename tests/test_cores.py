from __future__ import annotations

import os
import threading

import pytest

from epoca import cores
from epoca.cores import n_cores, threads_on_cores


def test_a_scheduler_may_allow_fewer_cores(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("OMP_NUM_THREADS", raising=False)
    everything = n_cores()
    monkeypatch.setenv("OMP_NUM_THREADS", "1,2")
    assert n_cores() == 1
    for useless in ("", "0", "many", "100000"):
        monkeypatch.setenv("OMP_NUM_THREADS", useless)
        assert n_cores() == everything


def allowed_to(n: int) -> list[set[int]]:
    """Where each of so many threads, all at work at a time, may run."""
    all_there = threading.Barrier(n)

    def work() -> set[int]:
        all_there.wait(10)
        return set(os.sched_getaffinity(0))

    with threads_on_cores(n, "test") as threads:
        return [job.result() for job in [threads.submit(work) for _ in range(n)]]


@pytest.mark.skipif(not hasattr(os, "sched_setaffinity"), reason="only Linux binds threads to cores")
def test_as_many_threads_as_cores_stay_each_on_its_own_and_others_are_free() -> None:
    whole = set(os.sched_getaffinity(0))
    assert sorted(allowed_to(len(whole)), key=min) == [{core} for core in sorted(whole)]
    assert allowed_to(len(whole) + 1) == [whole] * (len(whole) + 1)
    assert set(os.sched_getaffinity(0)) == whole


def test_where_threads_cannot_be_bound_they_work_all_the_same(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(cores, "_CAN_BIND", False)
    with threads_on_cores(n_cores(), "test") as threads:
        assert threads.submit(lambda: 3).result() == 3
