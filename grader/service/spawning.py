"""Starts each service as a program of its own: works on every system, and takes longer."""

import contextlib
import json
import os
import socket
import threading
from typing import Dict, List

from grader.errors import CannotJudge
from grader.service.channel import Channel
from grader.service.console import Console
from grader.service.family import Family, start
from grader.service.launcher import (
    ANSWER_SECONDS,
    Launcher,
    Order,
    clean_environment,
    program,
)
from grader.service.running import Controls, RunningService


class SpawnLauncher(Launcher):
    """Starts services without fork, UNIX sockets or passed descriptors."""

    def __init__(self) -> None:
        self._families: List[Family] = []

    def launch(self, order: Order) -> RunningService:
        """Spawn a service.

        Raises:
            CannotJudge: it does not call back.
        """
        console_read, console_write = os.pipe()
        with socket.socket() as doorbell:
            doorbell.bind(("127.0.0.1", 0))
            doorbell.listen(1)
            doorbell.settimeout(ANSWER_SECONDS)
            try:
                family = start(program(entry="child"), console_write, _beginning(order))
            finally:
                os.close(console_write)
            self._families.append(family)
            _hand_over(order, family, doorbell.getsockname()[1])
            channel = _answer(doorbell, order.name)
        controls = Controls(send_signal=family.send_signal, end=family.end)
        service = RunningService(
            family.process.pid, Channel(channel), Console(console_read), controls
        )

        def wait() -> None:
            service.note_exit(family.wait())

        threading.Thread(target=wait, daemon=True).start()
        return service

    def close(self) -> None:
        """End every service that is left."""
        for family in self._families:
            family.end()


def _beginning(order: Order) -> Dict[str, str]:
    """What the process begins with; its home folder is the service's from the first moment."""
    own = {name: value for name, value in order.environment.items() if name == "HOME"}
    return {**clean_environment(), **own}


def _hand_over(order: Order, family: Family, port: int) -> None:
    """Give a started process its order, and tell it where to call back."""
    assert family.process.stdin is not None  # it was asked for as a pipe
    line = json.dumps({**order.as_dict(), "channel_port": port, "token": order.name})
    with contextlib.suppress(OSError), family.process.stdin:
        family.process.stdin.write(line.encode() + b"\n")


def _answer(doorbell: socket.socket, token: str) -> socket.socket:
    """The service's connection: the one that knows the token."""
    while True:
        try:
            sock = doorbell.accept()[0]
            sock.settimeout(ANSWER_SECONDS)
            if sock.recv(len(token), getattr(socket, "MSG_WAITALL", 0)).decode() == token:
                sock.settimeout(None)
                return sock
            sock.close()
        except (OSError, UnicodeDecodeError) as error:
            raise CannotJudge("The service's process could not be started.") from error
