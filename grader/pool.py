"""Worker processes, a bounded number: one that ends over a task takes nobody else's along."""

import contextlib
import multiprocessing
import os
import queue
import signal
import threading
from multiprocessing import connection
from multiprocessing.connection import Connection
from typing import (
    Any,
    Callable,
    Generic,
    Iterator,
    List,
    Optional,
    Protocol,
    Sequence,
    Tuple,
    TypeVar,
)

Task = TypeVar("Task")
Result = TypeVar("Result")
Taken = TypeVar("Taken", contravariant=True)
Given = TypeVar("Given", covariant=True)

TRIES = 2
_END_SECONDS = 20.0


class Worker(Protocol[Taken, Given]):
    """What does the work in a worker process, made there."""

    def grade(self, task: Taken) -> Given:
        """The result of a task; it raises nothing."""

    def close(self) -> None:
        """End what it has started."""


class Process(Generic[Task, Result]):
    """A worker process and the pipe to it; ``make_worker`` and all that passes are pickled."""

    def __init__(self, make_worker: Callable[[], Worker[Task, Result]]) -> None:
        # Spawned, not forked: a fork copies the locks that other threads hold.
        context = multiprocessing.get_context("spawn")
        self._pipe, theirs = context.Pipe()
        self._process = context.Process(target=_serve, args=(theirs, make_worker), daemon=True)
        self._process.start()
        theirs.close()

    @property
    def pid(self) -> int:
        """Of the worker."""
        return self._process.pid or 0

    def ask(self, task: Task) -> Optional[Result]:
        """The result of a task; None if the process has ended over it."""
        try:
            self._pipe.send(task)
            answer: Result = self._pipe.recv()
        except (EOFError, OSError):
            return None
        return answer

    def end(self) -> None:
        """End it, whatever it does."""
        self._process.terminate()
        self._process.join(_END_SECONDS)
        if self._process.is_alive():
            self._process.kill()
            self._process.join()
        # Last: a thread may still wait at it, and hears that the other end is gone.
        self._pipe.close()


def _serve(pipe: "Connection[Any, Any]", make_worker: Callable[[], Worker[Any, Any]]) -> None:
    """A worker's life: task in, result out, until the pipe ends or it is told to end."""
    # Ctrl+C is for the process of the whole run, which ends this one as a Ctrl+C in it would.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    threading.Thread(target=_end_with_the_run, daemon=True).start()
    worker = make_worker()
    try:
        with contextlib.suppress(EOFError, OSError, KeyboardInterrupt):
            while True:
                pipe.send(worker.grade(pipe.recv()))
    finally:
        worker.close()


def _end_with_the_run() -> None:
    """Be told to end when the process of the whole run has ended, however it did."""
    parent = multiprocessing.parent_process()
    assert parent is not None  # this is a process that it has started
    connection.wait([parent.sentinel])
    os.kill(os.getpid(), signal.SIGTERM)


class Pool(Generic[Task, Result]):
    """Grades tasks on ``jobs`` processes at a time, each with a worker of its own."""

    def __init__(self, jobs: int, make_worker: Callable[[], Worker[Task, Result]]) -> None:
        self._jobs = jobs
        self._make_worker = make_worker
        self._left: queue.Queue[Task] = queue.Queue()
        self._done: queue.Queue[Tuple[Task, Optional[Result]]] = queue.Queue()
        self._processes: List[Process[Task, Result]] = []
        self._stopped = threading.Event()

    def run(self, tasks: Sequence[Task]) -> Iterator[Tuple[Task, Optional[Result]]]:
        """Each task with its result, as they end; None where the process ended, twice."""
        for task in tasks:
            self._left.put(task)
        slots = [
            threading.Thread(target=self._slot, daemon=True)
            for _ in range(min(self._jobs, len(tasks)))
        ]
        for slot in slots:
            slot.start()
        try:
            for _ in tasks:
                yield self._next()
        finally:
            self._stopped.set()
            for process in list(self._processes):
                process.end()
            for slot in slots:
                slot.join(_END_SECONDS)

    def _next(self) -> Tuple[Task, Optional[Result]]:
        while True:
            # Not without end: on Windows no Ctrl+C would get through.
            with contextlib.suppress(queue.Empty):
                return self._done.get(timeout=1.0)

    def _slot(self) -> None:
        process: Optional[Process[Task, Result]] = None
        while not self._stopped.is_set():
            try:
                task = self._left.get_nowait()
            except queue.Empty:
                return
            answer = None
            for _ in range(TRIES):
                if process is None:
                    process = Process(self._make_worker)
                    self._processes.append(process)
                answer = process.ask(task)
                if answer is not None or self._stopped.is_set():
                    break
                process.end()
                self._processes.remove(process)
                process = None
            self._done.put((task, answer))
