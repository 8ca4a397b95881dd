from __future__ import annotations

import os
import threading
import time

import pytest

from epoca import cores
from epoca.cores import Threads, n_cores
from tests.made import threads_left

CAN_BIND = pytest.mark.skipif(not hasattr(os, "sched_setaffinity"), reason="only Linux binds threads to cores")


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
    all_there, found = threading.Barrier(n), []

    def work() -> None:
        all_there.wait(10)
        found.append(set(os.sched_getaffinity(0)))

    threads = Threads(n, name="test")
    for job in threads.all_do(work):
        job.result()
    threads.close()
    return sorted(found, key=min)


@CAN_BIND
def test_as_many_threads_as_cores_stay_each_on_its_own_where_nothing_else_runs(monkeypatch: pytest.MonkeyPatch) -> None:
    whole = set(os.sched_getaffinity(0))
    n = len(whole)
    for is_idle in (True, False):
        monkeypatch.setattr(cores, "_nothing_else_runs", lambda is_idle=is_idle: is_idle)
        assert allowed_to(n) == ([{core} for core in sorted(whole)] if is_idle else [whole] * n)
        assert allowed_to(n + 1) == [whole] * (n + 1)
    assert set(os.sched_getaffinity(0)) == whole


@CAN_BIND
def test_where_binding_is_forbidden_they_work_all_the_same(monkeypatch: pytest.MonkeyPatch) -> None:
    def forbidden(_thread: int, _cores: set[int]) -> None:
        raise PermissionError

    monkeypatch.setattr(cores, "_nothing_else_runs", lambda: True)
    monkeypatch.setattr(os, "sched_setaffinity", forbidden)
    whole = set(os.sched_getaffinity(0))
    assert allowed_to(len(whole)) == [whole] * len(whole)


@pytest.mark.skipif(not os.path.exists("/proc/loadavg"), reason="only Linux tells what runs")
def test_another_thread_at_work_is_noticed() -> None:
    is_over = threading.Event()

    def work() -> None:
        while not is_over.is_set():
            sum(range(1000))

    other = threading.Thread(target=work)
    other.start()
    try:
        deadline = time.monotonic() + 10
        while cores._nothing_else_runs() and time.monotonic() < deadline:
            pass
        assert time.monotonic() < deadline
    finally:
        is_over.set()
        other.join()


def test_threads_are_there_again_after_they_were_let_go() -> None:
    threads, names = Threads(2, name="again"), []
    for _time in range(2):
        for job in threads.all_do(lambda: names.append(threading.current_thread().name)):
            job.result()
        threads.close()
        threads.close()
        assert threads_left("again") == []
    assert len(names) == 4
