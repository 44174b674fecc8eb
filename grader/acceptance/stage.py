"""What all services of one grading share."""

from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, List, Sequence

from grader.acceptance.recorder import Recorder
from grader.acceptance.slowness import slowness
from grader.acceptance.warden import Patience
from grader.errors import CheckBlocked
from grader.service.launcher import Launcher

if TYPE_CHECKING:  # a service is started on a stage, and knows it; a stage only ends services
    from grader.acceptance.services import Service

MOST_HANGS = 2


@dataclass
class Stage:
    """Where the services of one grading are started, and how long they may keep it waiting."""

    launcher: Launcher
    submission: Path
    path: Sequence[str]
    preload: Sequence[str]
    recorder: Recorder = field(default_factory=Recorder)
    hangs: int = 0
    started: "List[Service]" = field(default_factory=list)
    patience: Patience = field(default_factory=Patience)

    def __post_init__(self) -> None:
        """Count what its own services work, and not those before on the same launcher."""
        before = self.launcher.processor_seconds() or 0.0
        self.patience.worked = lambda: (self.launcher.processor_seconds() or before) - before

    def slowness(self) -> float:
        """By how much the machine's load makes everything take longer.

        What it was before a service first hung, from then on: that service may be what keeps the
        machine busy, and gets no more time for it.
        """
        if not self.hangs:
            self.patience.slow = slowness()
        return self.patience.slow

    def require_patience(self) -> None:
        """Block the check when the examiner has waited long enough.

        Raises:
            CheckBlocked: it has.
        """
        if self.hangs >= MOST_HANGS:
            raise CheckBlocked("The service did not answer earlier requests; this was not tried.")
        if self.patience.overworked:
            raise CheckBlocked(f"{self.patience.overworked} This was not tried.")
        if self.patience.exhausted:
            raise CheckBlocked(
                "The service made the grader wait too long in all, for its answers, starts and "
                "ends together; this was not tried."
            )

    def end_all(self) -> None:
        """End every service of this grading and remove its scratch folder."""
        for service in list(self.started):
            service.end()
