"""The stand-in for the locks of `multiprocessing` does in one process what they do."""

import multiprocessing.pool
import multiprocessing.synchronize
import threading
from typing import Any

import pytest

from grader.sandbox import semaphores


@pytest.fixture
def multiprocess(monkeypatch: pytest.MonkeyPatch) -> Any:
    """`multiprocessing` with the stand-in, for one test."""
    module = pytest.importorskip("_multiprocessing")
    monkeypatch.setattr(module, "SemLock", module.SemLock)
    semaphores.install()
    return multiprocessing.get_context()


def test_a_pool_of_threads_works(multiprocess: Any) -> None:
    with multiprocessing.pool.ThreadPool(3) as pool:
        assert pool.map(abs, [-1, -2]) == [1, 2]


def test_a_lock_is_held_by_one(multiprocess: Any) -> None:
    lock = multiprocess.Lock()
    with lock:
        assert not lock.acquire(False)
        assert not lock.acquire(timeout=0.01)
    assert lock.acquire(False)
    lock.release()
    with pytest.raises(ValueError, match="too many"):
        lock.release()


def test_a_recursive_lock_is_its_owners(multiprocess: Any) -> None:
    lock = multiprocess.RLock()
    taken = []
    with lock, lock:
        other = threading.Thread(target=lambda: taken.append(lock.acquire(False)))
        other.start()
        other.join()
    assert taken == [False]
    with pytest.raises(AssertionError):
        lock.release()


def test_a_queue_hands_on(multiprocess: Any) -> None:
    queue = multiprocess.Queue()
    queue.put("x")
    assert queue.get(timeout=20) == "x"
    queue.close()
    queue.join_thread()


def test_a_condition_wakes_who_waits(multiprocess: Any) -> None:
    event = multiprocess.Event()
    threading.Timer(0.01, event.set).start()
    assert event.wait(20)
