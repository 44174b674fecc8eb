"""How a package is installed where the grader finds it: a command to copy.

Standard library alone and light: a submission's process uses it, too.
"""

import sys
from pathlib import Path


def pip_install(what: str) -> str:
    """The command that installs ``what``, to be typed in the workbook's folder.

    Where the grader runs in the workbook's own environment a plain ``pip`` would be another one's.
    """
    root = Path(__file__).resolve().parent.parent
    try:
        # Not resolved: an environment's Python is a link to the one that made it.
        pip = f"{Path(sys.executable).relative_to(root)} -m pip"
    except ValueError:
        pip = "pip"
    return f"{pip} install {what}"
