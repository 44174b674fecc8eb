"""The jobs, in memory."""

from dataclasses import dataclass, field
from typing import Any, Dict, Optional
from uuid import UUID, uuid4


@dataclass
class Job:
    """One job; `data` is what it found."""

    id: UUID = field(default_factory=uuid4)
    data: Optional[Dict[str, Any]] = None


jobs: Dict[UUID, Job] = {}
