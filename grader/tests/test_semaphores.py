"""The stand-in for the locks of `multiprocessing` does what they do."""

import concurrent.futures
import multiprocessing.pool
import multiprocessing.synchronize
import threading
from typing import Any, Optional

import pytest

from grader.sandbox import semaphores


@pytest.fixture
def multiprocess(monkeypatch: pytest.MonkeyPatch) -> Any:
    """`multiprocessing` with the stand-in, for one test."""
    module = pytest.importorskip("_multiprocessing")
    monkeypatch.setattr(module, "SemLock", module.SemLock)
    contexts: Any = multiprocessing.context
    default = contexts._default_context
    monkeypatch.setattr(contexts, "_concrete_contexts", dict(contexts._concrete_contexts))
    monkeypatch.setattr(default, "_default_context", default._default_context)
    monkeypatch.setattr(default, "_actual_context", None)
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


def square(number: int) -> int:
    """What a process of a pool does."""
    return number * number


@pytest.mark.parametrize("method", [None, "fork", "spawn"])
def test_a_pool_of_processes_works_however_it_is_to_be_started(
    multiprocess: Any, method: Optional[str]
) -> None:
    context = multiprocessing.get_context(method)
    with concurrent.futures.ProcessPoolExecutor(3, mp_context=context) as pool:
        assert list(pool.map(square, range(20))) == [number**2 for number in range(20)]


def test_a_lock_is_held_by_one_of_all_processes(multiprocess: Any) -> None:
    lock, told = multiprocess.Lock(), multiprocess.SimpleQueue()
    lock.acquire()

    def other() -> None:
        told.put(lock.acquire(False))
        told.put(lock.acquire())

    process = multiprocess.Process(target=other)
    process.start()
    assert told.get() is False
    lock.release()
    assert told.get() is True
    process.join()
    assert not lock.acquire(False), "the other process has kept it"


def test_a_semaphore_counts(multiprocess: Any) -> None:
    semaphore = multiprocess.BoundedSemaphore(2)
    assert semaphore.get_value() == 2
    assert semaphore.acquire(False)
    assert semaphore.acquire(False)
    assert not semaphore.acquire(False)
    semaphore.release()
    assert semaphore.get_value() == 1
    semaphore.release()
    with pytest.raises(ValueError, match="too many"):
        semaphore.release()
