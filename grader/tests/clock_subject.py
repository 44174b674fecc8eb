"""A process with the driven clock: waits fifteen seconds in whichever way it is told to.

Run by `test_clock_waits.py` with the port of its channel as the argument.
"""

import asyncio
import concurrent.futures
import datetime
import queue
import sched
import select
import selectors
import socket
import sys
import threading
import time
import uuid
from time import monotonic as steady_now
from time import sleep as nap
from typing import Any, Callable, Dict

from grader.clock import virtual
from grader.service.channel import Channel, answer_requests

LONG = 15


def condition_wait() -> None:
    condition = threading.Condition()
    with condition:
        assert not condition.wait(LONG)


def condition_wait_for() -> None:
    condition = threading.Condition()
    with condition:
        assert not condition.wait_for(lambda: False, LONG)


def lock_acquire() -> None:
    lock = threading.Lock()
    lock.acquire()
    assert not lock.acquire(timeout=LONG)


def rlock_acquire() -> None:
    lock = threading.RLock()
    thread = threading.Thread(target=lock.acquire)
    thread.start()
    thread.join()
    assert not lock.acquire(True, LONG)


def queue_get() -> None:
    try:
        queue.Queue().get(timeout=LONG)
    except queue.Empty:
        return
    raise AssertionError


def queue_put() -> None:
    full: queue.Queue[int] = queue.Queue(1)
    full.put(1)
    try:
        full.put(2, timeout=LONG)
    except queue.Full:
        return
    raise AssertionError


def simple_queue_get() -> None:
    try:
        queue.SimpleQueue().get(timeout=LONG)
    except queue.Empty:
        return
    raise AssertionError


def thread_join() -> None:
    never = threading.Event()
    thread = threading.Thread(target=never.wait, daemon=True)
    thread.start()
    thread.join(LONG)
    assert thread.is_alive()
    never.set()


def join_a_sleeper() -> None:
    thread = threading.Thread(target=time.sleep, args=(LONG,))
    thread.start()
    thread.join(60)
    assert not thread.is_alive()


def future_result() -> None:
    future: concurrent.futures.Future[None] = concurrent.futures.Future()
    try:
        future.result(LONG)
    except concurrent.futures.TimeoutError:
        return
    raise AssertionError


def futures_wait() -> None:
    future: concurrent.futures.Future[None] = concurrent.futures.Future()
    assert not concurrent.futures.wait([future], timeout=LONG).done


def as_completed() -> None:
    future: concurrent.futures.Future[None] = concurrent.futures.Future()
    try:
        list(concurrent.futures.as_completed([future], timeout=LONG))
    except concurrent.futures.TimeoutError:
        return
    raise AssertionError


def executor() -> None:
    with concurrent.futures.ThreadPoolExecutor(20) as pool:
        list(pool.map(time.sleep, [LONG] * 20))


def barrier() -> None:
    try:
        threading.Barrier(2).wait(LONG)
    except threading.BrokenBarrierError:
        return
    raise AssertionError


def timer() -> None:
    done = threading.Event()
    threading.Timer(LONG, done.set).start()
    done.wait()


def scheduler() -> None:
    plan = sched.scheduler()
    plan.enter(LONG, 1, lambda: None)
    plan.run()


def select_selector() -> None:
    ear, mouth = socket.socketpair()
    with selectors.DefaultSelector() as selector:
        selector.register(ear, selectors.EVENT_READ)
        assert selector.select(LONG) == []
        assert len(selector.get_map()) == 1
        mouth.send(b"!")
        assert [key.fileobj for key, _ in selector.select(LONG)] == [ear]


def select_function() -> None:
    ear, mouth = socket.socketpair()
    assert select.select([ear], [], [], LONG) == ([], [], [])
    mouth.send(b"!")
    assert select.select([ear], [], [], LONG) == ([ear], [], [])


def sleep_fractions() -> None:
    for each in (LONG - 0.001, 0.0005, 0.0004, 0.0001):
        nap(each)


def small_sleeps() -> None:
    for _ in range(150):
        time.sleep(0.1)


def tiny_sleeps() -> None:
    end = time.monotonic() + LONG
    while time.monotonic() < end:
        time.sleep(0.004)


def spin() -> None:
    end = time.time() + LONG
    while time.time() < end:
        pass


def spin_politely() -> None:
    end = steady_now() + LONG
    while steady_now() < end:
        nap(0)


def until_a_date() -> None:
    end = datetime.datetime.now() + datetime.timedelta(seconds=LONG)
    while datetime.datetime.now() < end:
        time.sleep(1)


async def poll_in_turns() -> None:
    end = time.perf_counter() + LONG
    while time.perf_counter() < end:
        await asyncio.sleep(0)


async def wait_for() -> None:
    try:
        await asyncio.wait_for(asyncio.Event().wait(), LONG)
    except asyncio.TimeoutError:
        return
    raise AssertionError


async def call_at() -> None:
    loop = asyncio.get_running_loop()
    future = loop.create_future()
    loop.call_at(loop.time() + LONG, future.set_result, None)
    await future


async def in_executor() -> None:
    await asyncio.get_running_loop().run_in_executor(None, nap, LONG)


async def shortest_first() -> None:
    async def one(seconds: float) -> float:
        await asyncio.sleep(seconds)
        return seconds

    order = [await each for each in asyncio.as_completed([one(3), one(1), one(LONG), one(2)])]
    assert order == [1, 2, 3, LONG]


def _run(coroutine: Callable[[], Any]) -> Callable[[], None]:
    return lambda: asyncio.run(coroutine())


CASES: Dict[str, Callable[[], Any]] = {
    "sleep": lambda: time.sleep(LONG),
    "sleep_by_name": lambda: nap(LONG),
    "sleep_fractions": sleep_fractions,
    "event": lambda: threading.Event().wait(LONG),
    "condition_wait": condition_wait,
    "condition_wait_for": condition_wait_for,
    "semaphore": lambda: threading.Semaphore(0).acquire(timeout=LONG),
    "lock_acquire": lock_acquire,
    "rlock_acquire": rlock_acquire,
    "queue_get": queue_get,
    "queue_put": queue_put,
    "simple_queue_get": simple_queue_get,
    "thread_join": thread_join,
    "join_a_sleeper": join_a_sleeper,
    "future_result": future_result,
    "futures_wait": futures_wait,
    "as_completed": as_completed,
    "executor": executor,
    "barrier": barrier,
    "timer": timer,
    "scheduler": scheduler,
    "select_selector": select_selector,
    "select_function": select_function,
    "small_sleeps": small_sleeps,
    "tiny_sleeps": tiny_sleeps,
    "spin": spin,
    "spin_politely": spin_politely,
    "until_a_date": until_a_date,
    "asyncio_sleep": _run(lambda: asyncio.sleep(LONG)),
    "asyncio_polls": _run(poll_in_turns),
    "asyncio_wait_for": _run(wait_for),
    "asyncio_call_at": _run(call_at),
    "asyncio_in_executor": _run(in_executor),
    "asyncio_as_completed": _run(shortest_first),
}


def at_once() -> None:
    """What must not need time, though it names a time-out."""
    event = threading.Event()
    assert not event.wait(0)
    event.set()
    assert event.wait(60)
    assert threading.Lock().acquire(timeout=60)
    assert threading.Lock().acquire(blocking=False)
    filled: queue.Queue[int] = queue.Queue()
    filled.put(1)
    assert filled.get(timeout=60) == 1
    simple: queue.SimpleQueue[int] = queue.SimpleQueue()
    simple.put(2)
    assert simple.get(timeout=60) == 2
    thread = threading.Thread(target=time.sleep, args=(0,))
    thread.start()
    thread.join(60)
    assert not thread.is_alive()
    asyncio.run(asyncio.wait_for(asyncio.sleep(0), 60))


def notified_in_time() -> None:
    """A wait with a time-out that another thread ends earlier."""
    condition = threading.Condition()
    ready = threading.Event()
    heard = []

    def listen() -> None:
        with condition:
            ready.set()
            heard.append(condition.wait(60))

    thread = threading.Thread(target=listen)
    thread.start()
    ready.wait()
    with condition:
        condition.notify_all()
    thread.join(60)
    assert heard == [True]


def mistakes() -> None:
    """A wrong argument is explained as ever."""
    for wrong, error in ((-1, ValueError), ("1", TypeError), (None, TypeError)):
        try:
            time.sleep(wrong)  # type: ignore[arg-type]
        except error:
            continue
        raise AssertionError(wrong)


def clocks_agree() -> None:
    """All clocks tell the same moment, which moves by a tick at each reading and no more."""
    now = time.time()
    utc = datetime.timezone.utc
    told = [
        datetime.datetime.now().timestamp(),
        datetime.datetime.now(utc).timestamp(),
        datetime.datetime.today().timestamp(),
        datetime.datetime.utcnow().replace(tzinfo=utc).timestamp(),
        time.time_ns() / 10**9,
    ]
    assert all(0 < each - now < 0.00002 for each in told), (now, told)
    assert datetime.date.today() == datetime.datetime.fromtimestamp(now).date()
    assert time.strftime("%H:%M:%S") == time.strftime("%H:%M:%S", time.localtime(now))
    assert time.gmtime() == time.gmtime(now)
    assert time.ctime() == time.ctime(now)
    steady = [time.monotonic(), steady_now(), time.monotonic_ns() / 10**9, time.perf_counter()]
    if hasattr(time, "clock_gettime"):
        assert 0 < time.clock_gettime(time.CLOCK_REALTIME) - now < 0.0001
        steady.append(time.clock_gettime(time.CLOCK_MONOTONIC))
    assert steady == sorted(set(steady)), "no reading is the same as the one before"
    assert steady[-1] - steady[0] < 0.00002
    assert isinstance(datetime.datetime.now(), datetime.datetime)
    ticks = uuid.uuid1().time - 0x01B21DD213814000  # of 100 ns since 15 October 1582: RFC 9562, 5.1
    assert abs(ticks / 10**7 - now) < 0.001


AT_ONCE: Dict[str, Callable[[], None]] = {
    "at_once": at_once,
    "notified_in_time": notified_in_time,
    "mistakes": mistakes,
    "clocks_agree": clocks_agree,
}


def main() -> None:
    channel = Channel(socket.create_connection(("127.0.0.1", int(sys.argv[1]))))
    handlers: Dict[str, Callable[[Dict[str, Any]], Dict[str, Any]]] = {}
    virtual.install(handlers)
    outcomes: Dict[str, str] = {}

    def run(name: str) -> None:
        began = time.monotonic()
        try:
            {**CASES, **AT_ONCE}[name]()
            outcomes[name] = f"{time.monotonic() - began:.2f}"
        except BaseException as error:
            outcomes[name] = repr(error)

    def begin(message: Dict[str, Any]) -> Dict[str, Any]:
        threading.Thread(target=run, args=(message["name"],), daemon=True).start()
        return {}

    handlers["begin"] = begin
    handlers["outcome"] = lambda message: {"outcome": outcomes.get(message["name"])}
    answer_requests(channel, handlers)


if __name__ == "__main__":
    main()
