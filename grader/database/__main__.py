"""``python -m grader.database``: an empty database to work with by hand, until Ctrl+C."""

import signal
import sys
import time

from grader import bootstrap


def main() -> int:
    """Start a server with one database, print its URL, and wait."""
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


if __name__ == "__main__":
    sys.exit(bootstrap.run("grader.database", [], bootstrap.needed_files([]), main))
