"""``python -m grader notebooks``: opens the notebooks; ``--write`` runs them and keeps the outputs.

What is kept is tested (see ``grader/tests/test_notebooks.py``): a notebook whose cells have
changed since its outputs were made, or whose outputs are of another kind now, is stale.
"""

import base64
import contextlib
import hashlib
import io
import os
import re
import subprocess
import sys
from pathlib import Path
from typing import Any, Dict, List, Sequence, Tuple

from grader.errors import CannotJudge
from grader.workbook import ROOT, Exercise

FOLDER = ROOT / "notebooks"
SECONDS_PER_CELL = 60
_TAG_OF_QUESTIONS = "check"
_ADDRESS = re.compile(r" at 0x[0-9a-fA-F]+")


def notebooks(folder: Path = FOLDER) -> List[Path]:
    """The notebooks, in the order of the tickets."""
    return sorted(folder.glob("[0-9][0-9]-*.ipynb"))


def notebook_of(exercise: Exercise) -> Path:
    """The notebook that belongs to an exercise.

    Raises:
        CannotJudge: there is none.
    """
    if exercise.notebook is None:
        raise CannotJudge(f"There is no notebook for {exercise.id} in {FOLDER}.")
    return exercise.notebook


def lab_command(opened: Path, further: Sequence[str] = ()) -> List[str]:
    """The command that opens a notebook in JupyterLab; its file browser shows the workbook."""
    command = [sys.executable, "-m", "jupyterlab", f"--ServerApp.root_dir={ROOT}"]
    if os.name == "posix" and os.geteuid() == 0:
        command.append("--allow-root")  # a container's only user
    return [*command, *further, str(opened)]


def open_lab(opened: Path, further: Sequence[str] = ()) -> int:
    """Run JupyterLab until it is stopped; its exit code."""
    with subprocess.Popen(lab_command(opened, further), env=_environment()) as lab:
        while True:
            # Ctrl+C is for JupyterLab, which asks whether to stop, and then ends its kernels.
            with contextlib.suppress(KeyboardInterrupt):
                return lab.wait()


def _environment() -> Dict[str, str]:
    """What a kernel sees: the grader, and nothing of a test run that it may be part of."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith("PYTEST_")}
    path = [str(ROOT), *filter(None, [kept.get("PYTHONPATH")])]
    return {**kept, "PYTHONPATH": os.pathsep.join(path)}


def read(path: Path) -> Any:
    """A notebook as it is kept."""
    import nbformat

    return nbformat.read(str(path), as_version=4)  # type: ignore[no-untyped-call]


def run(path: Path) -> Any:
    """The notebook run from top to bottom in a kernel of its own.

    Raises:
        nbclient.exceptions.CellExecutionError: a cell raised.
        nbclient.exceptions.CellTimeoutError: a cell took too long.
    """
    from nbclient import NotebookClient

    notebook = read(path)
    client = NotebookClient(
        notebook,
        timeout=SECONDS_PER_CELL,
        kernel_name="python3",
        record_timing=False,
        resources={"metadata": {"path": str(path.parent)}},
    )
    client.execute(env=_environment())
    return notebook


def write(path: Path) -> None:
    """Run a notebook and keep it with its outputs."""
    import nbformat

    notebook = run(path)
    for number, cell in enumerate(notebook.cells, 1):
        cell["id"] = f"cell-{number:02}"
        if cell.cell_type == "code":
            cell.outputs = [_kept(output) for output in _without_complaints(cell.outputs)]
    notebook.metadata = {
        "kernelspec": {"name": "python3", "display_name": "Python 3", "language": "python"},
        "language_info": {"name": "python"},
        "workbook": {"sources": digest(notebook)},
    }
    nbformat.write(nbformat.from_dict(notebook), str(path))  # type: ignore[no-untyped-call]


def _without_complaints(outputs: Sequence[Any]) -> List[Any]:
    """Outputs without standard error: libraries say there what is no part of the lesson."""
    return [output for output in outputs if output.get("name") != "stderr"]


def _kept(output: Any) -> Any:
    """An output as it is kept: small, and without addresses in memory."""
    if "metadata" in output:
        output["metadata"] = {}
    for kind, value in output.get("data", {}).items():
        if kind.startswith("text/"):
            output["data"][kind] = _ADDRESS.sub("", value)
        elif kind == "image/png":
            output["data"][kind] = _smaller(value)
    return output


def _smaller(picture: str) -> str:
    """A picture with a palette: a third of the size, and nothing that an eye could tell."""
    from PIL import Image

    image = Image.open(io.BytesIO(base64.b64decode(picture))).convert("RGB")
    made = io.BytesIO()
    image.quantize(64, dither=Image.Dither.NONE).save(made, "PNG", optimize=True)
    return base64.b64encode(made.getvalue()).decode()


def digest(notebook: Any) -> str:
    """A digest of the cells' sources, less the answers to questions: those are a learner's."""
    sources = [
        "" if _TAG_OF_QUESTIONS in cell.metadata.get("tags", []) else cell.source
        for cell in notebook.cells
    ]
    return hashlib.sha256("\0".join(sources).encode()).hexdigest()


def structure(notebook: Any) -> List[Tuple[str, Tuple[str, ...]]]:
    """What kind each cell is and what kinds of outputs it has, in order; never their values."""
    return [
        (cell.cell_type, tuple(_kinds(_without_complaints(cell.get("outputs", [])))))
        for cell in notebook.cells
    ]


def _kinds(outputs: Sequence[Any]) -> List[str]:
    kinds: List[str] = []
    for output in outputs:
        kind = " ".join([output["output_type"], *sorted(output.get("data", {}))])
        # Text that is printed comes in one piece or in several, as it happens.
        if not (kind == "stream" and kinds[-1:] == ["stream"]):
            kinds.append(kind)
    return kinds
