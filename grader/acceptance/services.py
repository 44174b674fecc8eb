"""The submission's services as a test sees them: started, asked, restarted, stopped."""

import concurrent.futures
import contextlib
import os
import signal
import threading
from dataclasses import replace
from pathlib import Path
from typing import Any, Dict, Iterator, List, Mapping, Optional, Sequence

from grader.acceptance import client
from grader.acceptance.client import Client, HungUp
from grader.acceptance.messages import MISSING, Call, HeaderValue, Reply
from grader.acceptance.options import LaunchOptions, ServiceDidNotStart, hang_located
from grader.acceptance.stage import Stage
from grader.acceptance.warden import Warden
from grader.errors import CheckBlocked, CheckFailed
from grader.sandbox import policy
from grader.scorecard import Problem
from grader.service.console import Console
from grader.service.launcher import Order, clean_environment, home_environment
from grader.service.running import Exit, RunningService, describe_status
from grader.service.scratch import copy_of

START_SECONDS = 20.0
STOP_SECONDS = 10.0

# What may take so long without counting as waiting, in seconds.
FREE_START, FREE_ANSWER, FREE_STOP = 5.0, 2.0, 2.0


class Service:
    """One running service of the submission."""

    def __init__(self, stage: Stage, options: LaunchOptions) -> None:
        self.options = options
        self._stage = stage
        self._scratch = copy_of(stage.submission)
        for name, data in options.files.items():
            for place in self._places(name):
                self._scratch.lay(place, data)
        self._running: Optional[RunningService] = None
        self._client: Optional[Client] = None
        self._clock: Any = None
        self._warden: Optional[Warden] = None
        stage.started.append(self)

    # -- life -------------------------------------------------------------------------------

    def begin(self) -> Optional[Problem]:
        """Start the process; None when it serves, or why it does not."""
        self.launch()
        return self.wait_until_ready()

    def launch(self) -> None:
        """Start the process without waiting for it."""
        stage = self._stage
        if self._warden is not None:
            self._warden.close()
        granted = self._policy()
        launcher = stage.launcher.apart() if self.options.apart else stage.launcher
        self._running = launcher.launch(
            Order(
                folder=str(self._scratch.folder),
                environment=self._environment(),
                path=stage.path,
                preload=stage.preload,
                start_seconds=START_SECONDS * stage.slowness() - 2,
                clock=self.options.clock_order(),
                observe=tuple(self.options.observe),
                policy=granted,
                uid=granted["uid"] if granted else None,
            )
        )
        self._warden = Warden(self._scratch.root, self.kill, stage.patience)
        if self.options.clock == "driven":
            from grader.clock.driver import Clock as DrivenClock

            running = self._running
            self._clock = DrivenClock(running.channel, running.pid, stage.slowness)

    def _policy(self) -> Optional[Mapping[str, Any]]:
        if not policy.available():
            return None
        ports = [*self.options.ports()]
        return policy.make_policy(self._scratch, self._stage.path, ports).as_dict()

    def wait_until_ready(self) -> Optional[Problem]:
        """Wait for a launched service; None when it serves, or why it does not."""
        running = self._require_running()
        idle = self._clock.run_until_idle if self._clock is not None else _do_nothing
        running.wait_until_entered()
        seconds = START_SECONDS * self._stage.slowness()
        with self._stage.patience.waiting(FREE_START):
            problem = running.wait_until_ready(seconds, idle)
        if problem is None:
            self._client = Client(running.port, self._stage.recorder, self._request_seconds)
            return None
        if problem.kind == "start_timeout":
            self._stage.hangs += 1
            problem = hang_located(problem, self._scratch)
        shown = self._shown(problem)
        running.end()
        return shown

    def _shown(self, problem: Problem) -> Problem:
        """The problem with the paths of the learner's own folder."""
        inner = str(self._scratch.folder) + os.sep
        if self._warden is not None and self._warden.reason:
            problem = replace(problem, message=self._warden.reason)
        return replace(
            problem,
            message=problem.message.replace(inner, ""),
            detail=problem.detail.replace(inner, ""),
        )

    def _environment(self) -> Dict[str, str]:
        environment = {
            **clean_environment(),
            "TZ": "UTC",
            "PYTHONUNBUFFERED": "1",
            **home_environment(str(self._scratch.folder), str(self._scratch.root / "tmp")),
        }
        for name, value in self.options.env.items():
            if value is None:
                environment.pop(name, None)
            else:
                environment[name] = value
        return environment

    def _require_running(self) -> RunningService:
        if self._running is None:
            raise CheckBlocked("The service is not running.")
        return self._running

    @property
    def alive(self) -> bool:
        """Whether the process runs."""
        return self._running is not None and self._running.alive()

    @property
    def launched(self) -> bool:
        """Whether there is, or was, a process."""
        return self._running is not None

    @property
    def pid(self) -> int:
        """The process id."""
        return self._require_running().pid

    @property
    def port(self) -> int:
        """The TCP port on 127.0.0.1."""
        return self._require_running().port

    @property
    def enforced(self) -> List[str]:
        """What the sandbox enforces on it."""
        return self._require_running().enforced

    @property
    def channel(self) -> Any:
        """The channel to the service's process."""
        return self._require_running().channel

    @property
    def console(self) -> Console:
        """What it has written."""
        return self._require_running().console

    @property
    def clock(self) -> Any:
        """The driver of its clock (``grader.clock.driver.Clock``)."""
        return self._clock

    @property
    def folder(self) -> Path:
        """Its scratch folder: its working folder."""
        return self._scratch.folder

    def _places(self, name: str) -> List[str]:
        """Where a file is written: in its folder, and in ``app/`` if the submission has one there.

        Beside the ``main.py`` of a package may mean either.
        """
        inner = f"app/{name}"
        return [name, inner] if (self._stage.submission / inner).is_file() else [name]

    def write_file(self, name: str, data: bytes, *, atomically: bool = False) -> None:
        """Write a file in its folder, in place or by replacing it."""
        try:
            for place in self._places(name):
                self._scratch.write(place, data, atomically=atomically)
        except OSError as error:
            raise CheckFailed(
                f"{name} in the service's folder cannot be written any more "
                f"({error.strerror or error}): the service has put something else in its place."
            ) from None

    def restart(self) -> None:
        """Stop it and start it again: same options, same folder.

        Raises:
            CheckFailed: it does not start again.
        """
        self.stop()
        problem = self.begin()
        if problem is not None:
            raise ServiceDidNotStart(problem)

    def stop(self, seconds: Optional[float] = None) -> Exit:
        """Ask it to stop as a process manager does (SIGTERM); kill it after ``seconds``.

        Without ``seconds`` it is given STOP_SECONDS.
        """
        running = self._require_running()
        self._close_client()
        idle = self._clock.run_until_idle if self._clock is not None else None
        with self._stage.patience.waiting(FREE_STOP):
            return running.terminate(STOP_SECONDS if seconds is None else seconds, idle)

    def tell_to_end(self) -> None:
        """Send SIGTERM, as a process manager does, and do not wait.

        Raises:
            CheckBlocked: this system has no such signal.
        """
        if os.name == "nt":
            raise CheckBlocked("Windows has no SIGTERM: this cannot be tried here.")
        self._require_running().send_signal(signal.SIGTERM)

    def _close_client(self) -> None:
        if self._client is not None:
            self._client.close()
            self._client = None

    def kill(self) -> None:
        """Kill its process; requests under way fail."""
        if self._running is not None:
            self._running.end()

    def end(self) -> None:
        """Kill it and remove its folder."""
        self._close_client()
        if self._running is not None:
            self._running.end()
        if self._warden is not None:
            self._warden.close()
        self._scratch.remove()
        if self in self._stage.started:
            self._stage.started.remove(self)

    # -- requests ---------------------------------------------------------------------------

    def get(self, path: str, **options: Any) -> Reply:
        """Send a GET request; see ``request``."""
        return self.request("GET", path, **options)

    def post(self, path: str, **options: Any) -> Reply:
        """Send a POST request; see ``request``."""
        return self.request("POST", path, **options)

    def request(
        self,
        method: str,
        path: str,
        *,
        params: Optional[Mapping[str, str]] = None,
        headers: Optional[Mapping[str, HeaderValue]] = None,
        json: Any = MISSING,
        content: Any = None,
    ) -> Reply:
        """Send a request and return the answer.

        Args:
            method: "GET", "POST", …
            path: begins with "/".
            params: of the query, percent-encoded here.
            headers: added; values may be bytes.
            json: a body, sent as JSON with its content type.
            content: a body as bytes, or an iterator of bytes (sent in chunks, without a length).

        Raises:
            CheckFailed: no proper answer, or none in time.
        """
        return self.send(Call(method, path, params, headers, json, content))

    def send(self, call: Call, *, own_connection: bool = False) -> Reply:
        """Send a prepared request and return the answer; raises as ``request``."""
        if self._client is None:
            raise CheckFailed("The service is not running any more.")
        self._stage.require_patience()
        try:
            with self._watched():
                return self._client.send(call, own_connection=own_connection)
        except HungUp:
            self._stage.hangs += 1
            raise
        except CheckFailed as failure:
            running = self._require_running()
            if self._warden is not None and self._warden.reason:
                self._stage.hangs += 1
                reason = f"{failure} {self._warden.reason}"
                raise CheckFailed(reason, failure.exchange) from None
            if running.exited.wait(1.0):
                ended = f"{failure} The service has ended ({describe_status(running.status)})."
                raise CheckFailed(ended, failure.exchange) from None
            raise

    def _request_seconds(self) -> float:
        return client.REQUEST_SECONDS * self._stage.slowness()

    @contextlib.contextmanager
    def _watched(self) -> Iterator[None]:
        """Around a request: bounded as a whole, since the client bounds each silence alone."""
        assert self._warden is not None  # there is one for each process
        bound = 1.5 * self._request_seconds() + 1
        with self._stage.patience.waiting(FREE_ANSWER), self._warden.request(bound):
            yield

    def together(self, calls: Sequence[Call]) -> List[Reply]:
        """Send all calls at the same moment, each on a connection of its own.

        Returns:
            The answers in the order of the calls; raises as ``request`` for the first that fails.
        """
        barrier = threading.Barrier(len(calls))

        def send(call: Call) -> Reply:
            barrier.wait()
            return self.send(call, own_connection=True)

        with concurrent.futures.ThreadPoolExecutor(len(calls)) as pool:
            return [future.result() for future in [pool.submit(send, call) for call in calls]]

    def gather(self, calls: Sequence[Call], connections: int = 8) -> List[Reply]:
        """Send many calls over a few kept connections; the answers are in the calls' order."""
        with concurrent.futures.ThreadPoolExecutor(connections) as pool:
            return list(pool.map(self.send, calls))


def _do_nothing() -> None:
    return None
