"""What a running submission may touch and use: the kernel's own walls around one process.

``enter`` is called in the service's process, before any thread and before the submission; what it
enforces holds for everything that the process starts. Where the system lacks a wall it goes
without, and the list that ``enter`` returns says so by what is not in it.
"""

import dataclasses
import os
import sys
from dataclasses import dataclass
from typing import Any, Dict, List, Mapping, Optional, Tuple

if sys.platform != "win32":  # they need the C library and the modules of POSIX
    from grader.sandbox import landlock, limits, privileges, seccomp, semaphores


@dataclass(frozen=True)
class Policy:
    """What one service is granted.

    readable, writable: paths, each with all that lies below it.
    connect_ports: TCP ports that it may connect to.
    uid: the user to become (only as root); None to stay.
    keep_reading: whether the interpreter lies below a folder that this user may not enter.
    """

    readable: Tuple[str, ...]
    writable: Tuple[str, ...]
    connect_ports: Tuple[int, ...] = ()
    uid: Optional[int] = None
    keep_reading: bool = False

    @classmethod
    def from_dict(cls, data: Mapping[str, Any]) -> "Policy":
        """The policy that ``as_dict`` made, after its way through JSON."""
        values: Dict[str, Any] = dict(data)
        for name in ("readable", "writable", "connect_ports"):
            values[name] = tuple(values[name])
        return cls(**values)

    def as_dict(self) -> Mapping[str, Any]:
        """The policy as plain data."""
        return dataclasses.asdict(self)


def enter(policy: Policy) -> List[str]:
    """Put up every wall that this system has around the calling process, for good.

    Returns:
        The names of what is enforced: "rlimits", "user", "no-new-privs", "landlock", …
    """
    if sys.platform == "win32":
        return []
    version = landlock.abi()
    own_user = policy.uid is not None and (version > 0 or not policy.keep_reading)
    enforced = limits.apply(own_user)
    if not sys.platform.startswith("linux"):
        return enforced
    if privileges.no_new_privileges():
        enforced.append("no-new-privs")
    if own_user and policy.uid is not None:
        privileges.become(policy.uid, keep_reading=policy.keep_reading)
        enforced.append("user")
    elif os.geteuid() == 0:
        privileges.drop_capabilities(keep_reading=policy.keep_reading)
    enforced += landlock.restrict(policy.readable, policy.writable, policy.connect_ports)
    semaphores.install()
    situation = seccomp.Situation(
        machine=os.uname().machine,
        pid=os.getpid(),
        own_user=own_user,
        landlock=version,
        connects=bool(policy.connect_ports),
    )
    return enforced + seccomp.install(situation)
