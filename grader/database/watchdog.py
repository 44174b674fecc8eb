"""The process beside the examiner that runs one PostgreSQL server and ends it.

A program of its own, standard library only. It reads one line of JSON (see ``main``), says one
line of JSON, ``{"port", "pid"}`` or ``{"problem"}``, and runs the server until its standard input
ends: that happens when the examiner closes it, and also when the examiner dies, however it dies.
Then the server goes, and its folder.
"""

import contextlib
import ctypes
import json
import os
import shutil
import signal
import socket
import subprocess
import sys
import time
from pathlib import Path
from typing import Any, Dict, List, Tuple

try:
    import resource
except ImportError:  # Windows
    resource = None  # type: ignore[assignment]

PORTS_TRIED = 8
START_SECONDS = 60.0
STOP_SECONDS = 20.0
FILE_BYTES = 64 * 1024**2
_TAKEN = ("Address already in use", "could not create any TCP/IP sockets", "could not bind")
_PR_SET_PDEATHSIG = 1
# Loaded now: the child has given up the rights that reading Python's own files may need.
_LIBC = ctypes.CDLL(None) if sys.platform.startswith("linux") else None


class StartError(Exception):
    """The server ended, or was not ready in time."""


class Server:
    """One server on one data directory."""

    def __init__(self, task: Dict[str, Any]) -> None:
        self.task = task
        self.run = Path(task["run"])
        self.data = self.run / "data"
        self.log = self.run / "log"
        self.words = self.run / "pg_ctl"
        self.process: Any = None

    def prepare(self) -> None:
        """Copy the template, and write the settings."""
        shutil.copytree(self.task["template"], self.data, copy_function=shutil.copyfile)
        self.data.chmod(0o700)
        self._write("pg_hba.conf", "host all all 127.0.0.1/32 scram-sha-256\n")
        self.log.touch()
        if self.task["user"] is not None:
            own_all(self.run, self.task["user"])

    def start(self) -> int:
        """Start on a free port and wait until connections are taken."""
        problem = ""
        for _ in range(PORTS_TRIED):
            port = free_port()
            settings = {**self.task["settings"], "port": port}
            lines = (f"{name} = '{value}'\n" for name, value in settings.items())
            self._write("postgresql.conf", "".join(lines))
            try:
                self._launch()
                self._wait_until_ready()
                return port
            except StartError as error:
                self.stop()
                problem = self.last_words() or str(error)
                if not any(words in self.logged() for words in _TAKEN):
                    break
                self.log.write_bytes(b"")
        raise StartError(problem)

    def _write(self, name: str, text: str) -> None:
        (self.data / name).write_text(text)

    def _launch(self) -> None:
        if self.task["by_pg_ctl"]:
            # On Windows only pg_ctl can start a server for an administrator. It does so by cmd, for
            # which the log must not be open elsewhere for writing.
            with self.words.open("ab") as words:
                command = self._pg_ctl("start", "-W", "-l", str(self.log))
                self.process = self._spawn(command, words)
            self.process.wait()
            return
        with self.log.open("ab") as log:
            self.process = self._spawn([self.task["postgres"], "-D", str(self.data)], log)

    def _pg_ctl(self, action: str, *options: str) -> List[str]:
        return [self.task["pg_ctl"], action, "-D", str(self.data), *options]

    def _spawn(self, command: List[str], output: Any) -> "subprocess.Popen[bytes]":
        return subprocess.Popen(
            command,
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=output,
            env=self.task["environment"],
            cwd=self.data.anchor,
            preexec_fn=None if os.name == "nt" else self._in_the_child,
        )

    def _in_the_child(self) -> None:
        user = self.task["user"]
        if user is not None:
            os.setgroups([])
            os.setgid(user[1])
            os.setuid(user[0])
        bound_files()
        die_with_parent()

    def _wait_until_ready(self) -> None:
        deadline = time.monotonic() + START_SECONDS
        while True:
            ended = self._ended()
            if self.state()[1] == "ready" and not ended:
                return
            if ended:
                raise StartError("PostgreSQL ended while it was starting")
            if time.monotonic() > deadline:
                raise StartError(f"PostgreSQL was not ready within {START_SECONDS} seconds")
            time.sleep(0.002)

    def _ended(self) -> bool:
        if self.task["by_pg_ctl"]:
            said = self.logged()
            return self.process.returncode != 0 or "FATAL" in said or "is shut down" in said
        return self.process.poll() is not None

    def state(self) -> Tuple[int, str]:
        """Process id and state, as the server writes them: 0 and "" before it does."""
        try:
            lines = (self.data / "postmaster.pid").read_text().split("\n")
            return int(lines[0]), lines[7].strip()
        except (OSError, ValueError, IndexError):
            return 0, ""

    def logged(self) -> str:
        """The end of what the server wrote."""
        return self.log.read_bytes()[-8192:].decode(errors="replace")

    def last_words(self) -> str:
        """Why it did not start, in its own words, or in those of pg_ctl where that failed."""
        lines = [line for line in self.logged().splitlines() if "FATAL" in line]
        if not lines and self.task["by_pg_ctl"] and self.process.returncode != 0:
            said = self.words.read_text(errors="replace").splitlines()
            lines = [line for line in said if line.startswith("pg_ctl: ")]
        return lines[-1] if lines else ""

    def stop(self) -> None:
        """End it at once; what it holds is thrown away."""
        if self.process is None:
            return
        if self.task["by_pg_ctl"]:
            self._spawn(self._pg_ctl("stop", "-m", "immediate", "-w"), subprocess.DEVNULL).wait()
            return
        with contextlib.suppress(OSError):
            self.process.send_signal(signal.SIGTERM if os.name == "nt" else signal.SIGQUIT)
        try:
            self.process.wait(STOP_SECONDS)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()


def own_all(folder: Path, user: List[int]) -> None:
    """Give a folder and all in it to the server's user."""
    for place in (folder, *folder.rglob("*")):
        os.chown(place, user[0], user[1])


def bound_files() -> None:
    """No table takes the whole disk: a statement that would fails, and the server goes on."""
    if resource is not None:
        hard = resource.getrlimit(resource.RLIMIT_FSIZE)[1]
        most = FILE_BYTES if hard == resource.RLIM_INFINITY else min(FILE_BYTES, hard)
        resource.setrlimit(resource.RLIMIT_FSIZE, (most, most))


def die_with_parent() -> None:
    """Should even this process be killed, the kernel ends the server (Linux alone can)."""
    if _LIBC is not None:
        _LIBC.prctl(_PR_SET_PDEATHSIG, int(signal.SIGQUIT), 0, 0, 0)


def reason_of(error: OSError) -> str:
    """The system's words; of a tree that could not be copied those for its first file."""
    if isinstance(error, shutil.Error):
        return (
            str(error.args[0][0][2]).partition("] ")[2].partition(":")[0] or "it cannot be copied"
        )
    return error.strerror or str(error)


def free_port() -> int:
    """A port that nobody listens on now; another process may still be quicker."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def say(message: Dict[str, Any]) -> None:
    """Tell the examiner; it may have gone."""
    with contextlib.suppress(OSError):
        sys.stdout.write(json.dumps(message) + "\n")
        sys.stdout.flush()


def main(task: Dict[str, Any]) -> None:
    """Run a server as ``task`` says: run, template, postgres, pg_ctl, by_pg_ctl, settings,
    environment, and the user to run as, ``[uid, gid]`` or None."""
    for name in ("SIGINT", "SIGTERM", "SIGHUP"):
        if hasattr(signal, name):
            # The end of standard input is the only word to end: a Ctrl+C is for the examiner.
            signal.signal(getattr(signal, name), signal.SIG_IGN)
    server = Server(task)
    try:
        server.prepare()
        port = server.start()
        say({"port": port, "pid": server.state()[0]})
        while sys.stdin.buffer.read(4096):
            pass
    except StartError as error:
        say({"problem": str(error)})
    except OSError as error:
        say({"problem": f"{reason_of(error)} ({task['run']})"})
    finally:
        server.stop()
        shutil.rmtree(task["run"], ignore_errors=True)


if __name__ == "__main__":
    main(json.loads(sys.stdin.buffer.readline()))
