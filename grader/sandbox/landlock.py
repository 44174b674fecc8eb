"""Landlock (landlock(7)): an allow-list of paths and TCP ports that a process puts on itself."""

import ctypes
import os
import struct
from pathlib import Path
from typing import Iterable, List

from grader.sandbox.libc import syscall

# The same numbers on every architecture.
SYS_CREATE_RULESET, SYS_ADD_RULE, SYS_RESTRICT_SELF = 444, 445, 446
RULE_PATH_BENEATH, RULE_NET_PORT = 1, 2
VERSION_FLAG = 1

EXECUTE, WRITE_FILE, READ_FILE, READ_DIR = 1, 2, 4, 8
READING = EXECUTE | READ_FILE | READ_DIR
FILE_RIGHTS = EXECUTE | WRITE_FILE | READ_FILE | 1 << 14 | 1 << 15  # truncate, ioctl on devices
# Rights over files by version of the interface: 13 at first, then refer, truncate, ioctl.
RIGHTS_BY_ABI = {1: 13, 2: 14, 3: 15, 4: 15, 5: 16}
BIND_TCP, CONNECT_TCP = 1, 2
SCOPE_ABSTRACT_UNIX, SCOPE_SIGNAL = 1, 2
NET_SINCE, SCOPE_SINCE = 4, 6


def abi() -> int:
    """The version of the kernel's interface; 0 where there is none."""
    try:
        return syscall(SYS_CREATE_RULESET, None, ctypes.c_size_t(0), ctypes.c_uint32(VERSION_FLAG))
    except OSError:
        return 0


def restrict(readable: Iterable[str], writable: Iterable[str], ports: Iterable[int]) -> List[str]:
    """Allow this process these paths and ports and nothing else, for good.

    Returns:
        What is enforced: "landlock", and with newer kernels "network" and "signals".
    """
    version = abi()
    if version == 0:
        return []
    rights = (1 << RIGHTS_BY_ABI.get(version, 16)) - 1
    net = BIND_TCP | CONNECT_TCP if version >= NET_SINCE else 0
    scoped = SCOPE_ABSTRACT_UNIX | SCOPE_SIGNAL if version >= SCOPE_SINCE else 0
    ruleset = _create(version, rights, net, scoped)
    try:
        for path in readable:
            _allow_path(ruleset, path, READING)
        for path in writable:
            _allow_path(ruleset, path, rights)
        for device in ("/dev/null", "/dev/zero", "/dev/urandom", "/dev/random"):
            _allow_path(ruleset, device, rights)
        for port in ports if net else ():
            rule = struct.pack("=QQ", CONNECT_TCP, port)
            syscall(SYS_ADD_RULE, ctypes.c_int(ruleset), RULE_NET_PORT, rule, ctypes.c_uint32(0))
        syscall(SYS_RESTRICT_SELF, ctypes.c_int(ruleset), ctypes.c_uint32(0))
    finally:
        os.close(ruleset)
    return ["landlock"] + (["network"] if net else []) + (["signals"] if scoped else [])


def _create(version: int, rights: int, net: int, scoped: int) -> int:
    attribute = struct.pack("=Q", rights)
    if version >= NET_SINCE:
        attribute += struct.pack("=Q", net)
    if version >= SCOPE_SINCE:
        attribute += struct.pack("=Q", scoped)
    size = ctypes.c_size_t(len(attribute))
    return syscall(SYS_CREATE_RULESET, attribute, size, ctypes.c_uint32(0))


def _allow_path(ruleset: int, path: str, rights: int) -> None:
    try:
        fd = os.open(path, os.O_PATH | os.O_CLOEXEC)
    except OSError:
        return  # what is not there need not be allowed
    try:
        if not Path(path).is_dir():
            rights &= FILE_RIGHTS
        rule = struct.pack("=Qi", rights, fd)
        syscall(SYS_ADD_RULE, ctypes.c_int(ruleset), RULE_PATH_BENEATH, rule, ctypes.c_uint32(0))
    finally:
        os.close(fd)
