"""The process that runs one submission: from a bare process to uvicorn on a socket.

It is entered in a fork of the warm parent, or as a program of its own where there is no fork.
Everything it needs is imported before the submission is, since the submission may bring modules
of the same names.
"""

import asyncio
import contextlib
import datetime
import faulthandler
import importlib
import io
import os
import signal
import socket
import sys
import threading
from pathlib import Path
from typing import Any, Callable, Dict, List, Optional

from grader.service import prompt_server
from grader.service.channel import Channel, ChannelClosed, Handler, answer_requests
from grader.service.loading import (
    StartProblem,
    describe,
    exception_lines,
    load_application,
    rehearse,
)

STACKS = "stacks"
LoopFactory = Callable[[], asyncio.AbstractEventLoop]


def run(order: Dict[str, Any], channel: Channel, listener: Optional[socket.socket]) -> None:
    """Run the submission as ``order`` says until it ends; tell the examiner how the start went.

    Args:
        order: see ``launcher.Order``.
        channel: to the examiner.
        listener: the socket to serve on; None to bind one on 127.0.0.1 and tell its port.
    """
    folder = Path(order["folder"])
    try:
        _become(order, folder)
        _serve(order, folder, channel, listener)
    except StartProblem as problem:
        _tell(channel, {"event": "problem", **problem.fields})
        sys.exit(3)


def _tell(channel: Channel, message: Dict[str, Any]) -> None:
    try:
        channel.send(message)
    except ChannelClosed:
        os._exit(3)  # nobody is left to run for


def _become(order: Dict[str, Any], folder: Path) -> None:
    """Take on the submission's environment, working folder and import path."""
    os.environ.clear()
    os.environ.update(order["environment"])
    _reset_time_zone()
    os.umask(0o077)
    os.chdir(str(folder))
    sys.path[:] = order["path"]
    sys.argv[:] = ["uvicorn"]
    sys.dont_write_bytecode = True


def _reset_time_zone() -> None:
    import time

    if hasattr(time, "tzset"):
        time.tzset()


def _serve(
    order: Dict[str, Any], folder: Path, channel: Channel, listener: Optional[socket.socket]
) -> None:
    import uvicorn

    handlers: Dict[str, Handler] = {}
    options: Dict[str, Any] = {}
    driven = False
    loop_factory: LoopFactory = asyncio.new_event_loop
    clock = order.get("clock")
    if clock is not None:
        virtual = importlib.import_module("grader.clock.virtual")
        now = datetime.datetime.fromisoformat(clock["now"]) if clock.get("now") else None
        loop_factory = virtual.install(handlers, now, clock["mode"])
        driven = clock["mode"] == "driven"
        if driven:
            options["timeout_keep_alive"] = virtual.KEEP_ALIVE
    server_class = _reporting(prompt_server.server_class(uvicorn.Server, ticks=not driven), channel)
    if order.get("observe"):
        observation = importlib.import_module("grader.service.observation")
        observation.install(handlers, order["observe"])
    spawned = listener is None
    if listener is None:  # before the sandbox, which allows no new one
        # With its protocol: asyncio sets TCP_NODELAY on no other, and each answer on a kept
        # connection would wait 40 ms for the acknowledgement of the one before.
        listener = socket.socket(proto=socket.IPPROTO_TCP)
        listener.bind(("127.0.0.1", 0))
    _enter_sandbox(order, channel)
    _forget_the_grader()
    if handlers or spawned:
        arguments = (channel, handlers, spawned)
        threading.Thread(target=_listen, args=arguments, daemon=True).start()
    # Where a start hangs: every thread's stack, in a file that the examiner reads.
    stacks = os.open(str(folder.parent / STACKS), os.O_WRONLY | os.O_CREAT, 0o600)
    faulthandler.dump_traceback_later(order["start_seconds"], exit=False, file=stacks)
    loop = loop_factory()
    asyncio.set_event_loop(loop)
    application = load_application(folder)
    config = uvicorn.Config(
        application, access_log=False, lifespan="auto", host="127.0.0.1", **options
    )
    _run_server(server_class(config), config, listener, loop, folder)


def _listen(channel: Channel, handlers: Dict[str, Handler], spawned: bool) -> None:
    """Answer the examiner until it goes; then the warm parent ends what it has forked."""
    answer_requests(channel, handlers)
    if spawned:
        _end_all()


def _end_all() -> None:
    """A spawned service has nobody to end it when the examiner was killed: it ends its group."""
    if hasattr(os, "killpg") and os.getpgrp() == os.getpid():  # never a group of somebody else's
        os.killpg(os.getpid(), signal.SIGKILL)
    os._exit(3)


def _run_server(
    server: Any,
    config: Any,
    listener: socket.socket,
    loop: asyncio.AbstractEventLoop,
    folder: Path,
) -> None:
    try:
        config.load()
    except Exception as error:
        raise _start_failed(error, folder) from None
    lifespan = _LifespanWatch(config.loaded_app)
    config.loaded_app = lifespan
    # uvicorn ends itself with SystemExit when a start-up fails.
    with contextlib.suppress(SystemExit):
        loop.run_until_complete(server.serve(sockets=[listener]))
    if not server.started:
        if lifespan.error is not None:
            raise _start_failed(lifespan.error, folder)
        raise StartProblem("start_failed", "The service ended during its start-up.")


def _start_failed(error: BaseException, folder: Path) -> StartProblem:
    detail, where, line = describe(error, folder)
    # The first line of it: below stand SQL statements, and where to read on.
    told = exception_lines(error)[0].strip().splitlines()[0]
    place = f" ({where}, line {line})" if where else ""
    message = f"The service fails while it starts up{place}: {told[:300]}"
    return StartProblem("start_failed", message, detail, where, line)


class _LifespanWatch:
    """The application, with the exception of its lifespan kept: uvicorn only logs it."""

    def __init__(self, application: Any) -> None:
        self.application = application
        self.error: Optional[BaseException] = None

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        if scope["type"] != "lifespan":
            await self.application(scope, receive, send)
            return
        try:
            await self.application(scope, receive, send)
        except BaseException as error:
            self.error = error
            raise


def _reporting(base: Any, channel: Channel) -> Any:
    """A server that tells the examiner when its start-up is done."""

    class Server(base):  # type: ignore[misc]  # the base is known only at run time
        async def startup(self, sockets: Optional[List[socket.socket]] = None) -> None:
            await super().startup(sockets=sockets)
            if self.started and not self.should_exit:
                faulthandler.cancel_dump_traceback_later()
                port = self.servers[0].sockets[0].getsockname()[1]
                _tell(channel, {"event": "ready", "port": port})

    return Server


def _enter_sandbox(order: Dict[str, Any], channel: Channel) -> None:
    enforced: List[str] = []
    if order.get("policy") is not None:
        sandbox = importlib.import_module("grader.sandbox")
        enforced = sandbox.enter(sandbox.Policy.from_dict(order["policy"]))
    _tell(channel, {"event": "sandboxed", "enforced": enforced})


def _forget_the_grader() -> None:
    """Make room for a module named ``grader`` of the submission's own."""
    for name in [name for name in sys.modules if name.partition(".")[0] == "grader"]:
        del sys.modules[name]


def take_console(console: int, uid: Optional[int]) -> None:
    """Make the file descriptor ``console`` this process's standard output and error.

    Args:
        uid: the user that the service becomes: it may open its console by name, too
            (``/dev/stdout``, as is usual in containers).
    """
    null = os.open(os.devnull, os.O_RDONLY)
    os.dup2(null, 0)
    os.dup2(console, 1)
    os.dup2(console, 2)
    os.close(null)
    os.close(console)
    if uid is not None:
        os.fchown(1, uid, -1)
    for descriptor, name in ((1, "stdout"), (2, "stderr")):
        stream = _stream(descriptor, getattr(sys, name))
        setattr(sys, name, stream)
        setattr(sys, f"__{name}__", stream)


def _stream(descriptor: int, like: Any) -> Any:
    """A stream made anew: one remembers whether it could seek in what it was opened on."""
    raw: Any = io.FileIO(descriptor, "w", closefd=False)
    raw.name = like.name
    stream: Any = io.TextIOWrapper(
        raw, encoding=like.encoding, errors=like.errors, newline="\n", write_through=True
    )
    stream.mode = like.mode
    return stream


def restore_signals() -> None:
    """Give the signals that Python or the warm parent had taken their usual meaning again."""
    signal.set_wakeup_fd(-1)
    for name in ("SIGCHLD", "SIGTERM", "SIGHUP"):
        if hasattr(signal, name):
            signal.signal(getattr(signal, name), signal.SIG_DFL)
    signal.signal(signal.SIGINT, signal.default_int_handler)


def main() -> None:
    """Where there is no fork: read the order from standard input and run it."""
    import json

    # The examiner closes the pipe after the order, so that the submission reads an empty input.
    order = json.loads(sys.stdin.buffer.readline().decode())
    sock = socket.create_connection(("127.0.0.1", order["channel_port"]))
    sock.sendall(order["token"].encode())
    rehearse()
    run(order, Channel(sock), None)


if __name__ == "__main__":
    main()
