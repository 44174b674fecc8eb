"""``python -m grader.database``: an empty database to work with by hand, until Ctrl+C."""

import importlib.util
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

_ENVIRONMENT = Path(__file__).resolve().parents[2] / ".venv"


def main() -> int:
    """Start a server with one database, print its URL, and wait."""
    if importlib.util.find_spec("psycopg2") is None:
        return _in_the_environment()
    from grader.database.fixture import Databases
    from grader.errors import GraderError

    signal.signal(signal.SIGTERM, signal.default_int_handler)
    try:
        with Databases() as databases:
            print(f"DATABASE_URL={databases.create().url}", flush=True)
            print("An empty PostgreSQL database. It is thrown away at Ctrl+C.", file=sys.stderr)
            while True:
                time.sleep(3600)  # Windows has no signal.pause
    except KeyboardInterrupt:
        return 0
    except GraderError as error:
        print(error, file=sys.stderr)
        return error.exit_code


def _in_the_environment() -> int:
    """Go on with the Python that the grader has installed its packages for."""
    python = _ENVIRONMENT / ("Scripts/python.exe" if os.name == "nt" else "bin/python")
    if not python.is_file() or Path(sys.prefix) == _ENVIRONMENT:
        print("Run `python -m grader doctor` first: it installs what is needed.", file=sys.stderr)
        return 3
    try:
        return subprocess.call([str(python), "-m", "grader.database"], cwd=str(_ENVIRONMENT.parent))
    except KeyboardInterrupt:
        return 0


if __name__ == "__main__":
    sys.exit(main())
