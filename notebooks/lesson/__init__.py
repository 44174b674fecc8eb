"""What the notebooks share: tables, pictures, questions, and two sessions on PostgreSQL."""

import sys
from pathlib import Path

# So that `import grader` works in a notebook wherever Jupyter was started.
_ROOT = str(Path(__file__).resolve().parents[2])
if _ROOT not in sys.path:
    sys.path.append(_ROOT)
