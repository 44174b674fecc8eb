"""What every thread of this process is doing: how rest is told where there is no /proc."""

import sys
import threading
from typing import Any, Callable, Dict


def handler() -> Callable[[Dict[str, Any]], Dict[str, Any]]:
    """The operation that tells where each thread stands, apart from the one that answers."""
    current, me = sys._current_frames, threading.get_ident

    def threads(message: Dict[str, Any]) -> Dict[str, Any]:
        frames = {
            str(thread): [id(frame), frame.f_lasti]
            for thread, frame in current().items()
            if thread != me()
        }
        return {"frames": frames}

    return threads
