"""A filter of system calls (seccomp(2)): what no web service needs is refused.

A deny-list, since an allow-list would break honest programs with every new C library. It closes
the ways around the other walls, and stands in where the kernel's Landlock is old.
"""

import ctypes
import errno
import struct
from dataclasses import dataclass
from typing import Iterable, Iterator, List, Optional

from grader.sandbox import bpf, calls
from grader.sandbox.bpf import Program
from grader.sandbox.libc import prctl

PR_SET_SECCOMP, SECCOMP_MODE_FILTER = 22, 2
AUDIT_ARCH = {"x86_64": 0xC000003E, "aarch64": 0xC00000B7}
X32_BIT = 0x40000000

NEW_NAMESPACES = 0x7E020000  # CLONE_NEW*
AF_INET, AF_INET6 = 2, 10
SOCKET_TYPE_MASK, SOCK_STREAM = 0xF, 1
PROTOCOL_DEFAULT, PROTOCOL_TCP = 0, 6
MSG_FASTOPEN = 0x20000000
F_SETOWN, F_SETSIG, F_SETOWN_EX, F_SETLEASE = 8, 10, 15, 1024
FIOSETOWN, SIOCSPGRP = 0x8901, 0x8902
O_ACCMODE, O_TRUNC = 0x3, 0x200

# Landlock's versions that brought these.
TRUNCATE_SINCE, NETWORK_SINCE, SIGNALS_SINCE = 3, 4, 6


@dataclass(frozen=True)
class Situation:
    """What the filter must know of the process and of the other walls.

    machine: as uname has it.
    pid: of the process that the filter is put on.
    own_user: whether its user has no other processes and owns no other files.
    landlock: the version of the kernel's Landlock; 0 where there is none.
    connects: whether it may connect to anything at all.
    """

    machine: str
    pid: int
    own_user: bool
    landlock: int
    connects: bool

    @property
    def closes_network(self) -> bool:
        """Whether this filter closes the network, since Landlock cannot."""
        return self.landlock < NETWORK_SINCE and not self.connects

    @property
    def keeps_signals(self) -> bool:
        """Whether this filter keeps signals inside, since nothing else does."""
        return self.landlock < SIGNALS_SINCE and not self.own_user

    def stands_in_for(self) -> List[str]:
        """The walls, by name, that this filter stands in for."""
        network = ["network"] if self.closes_network else []
        return network + (["signals"] if self.keeps_signals else [])


def install(situation: Situation) -> List[str]:
    """Put the filter on this process and all that it starts.

    Returns:
        What is enforced: "seccomp", and "network" and "signals" where it stands in for Landlock.
    """
    program = program_for(situation)
    if not program:
        return []
    code = b"".join(struct.pack("=HBBI", *instruction) for instruction in program)
    buffer = ctypes.create_string_buffer(code, len(code))
    # struct sock_fprog: a count, padding, a pointer.
    header = struct.pack("@HP", len(program), ctypes.addressof(buffer))
    holder = ctypes.create_string_buffer(header, len(header))
    try:
        prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, ctypes.addressof(holder))
    except OSError:
        return []
    return [*situation.stands_in_for(), "seccomp"]


def program_for(situation: Situation) -> Program:
    """The filter as a program; empty for a machine whose numbers are not known."""
    if situation.machine not in calls.COLUMNS:
        return []
    column = calls.COLUMNS[situation.machine]
    program: Program = [
        (bpf.LOAD, 0, 0, bpf.ARCHITECTURE_AT),
        (bpf.JUMP_EQUAL, 1, 0, AUDIT_ARCH[situation.machine]),
        (bpf.RETURN, 0, 0, bpf.KILL_PROCESS),
        (bpf.LOAD, 0, 0, bpf.NUMBER_AT),
        (bpf.JUMP_GE, 0, 1, X32_BIT),
        bpf.answer(errno.ENOSYS),
    ]
    program += _always(column, situation.pid)
    if not situation.own_user:
        program += _same_user(column, situation)
    if situation.closes_network:
        for numbers in (calls.CONNECT, calls.BIND):
            program += _refuse(column, numbers, errno.EACCES)
    return [*program, bpf.PERMIT]


def _numbers(column: int, table: Iterable[calls.Numbers]) -> Iterator[int]:
    for numbers in table:
        number = numbers[column]
        if number is not None:
            yield number


def _refuse(column: int, numbers: calls.Numbers, error: int) -> Program:
    number: Optional[int] = numbers[column]
    return [] if number is None else bpf.refuse(number, error)


def _always(column: int, pid: int) -> Program:
    program: Program = []
    for number in _numbers(column, calls.REFUSED.values()):
        program += bpf.refuse(number)
    for number in _numbers(column, calls.ABOUT_A_PROCESS.values()):
        program += bpf.only(number, 0, (0, pid))
    # clone3's flags lie in memory, where a filter cannot look: libraries fall back to clone.
    program += _refuse(column, calls.CLONE3, errno.ENOSYS)
    # Takes disk faster than anybody can watch; the C library falls back to writing.
    program += _refuse(column, calls.FALLOCATE, errno.EOPNOTSUPP)
    # Libraries fall back to a file in the folder for temporary ones.
    for number in _numbers(column, calls.MEMORY_FILES.values()):
        program += bpf.refuse(number, errno.ENOSYS)
    for number in _numbers(column, [calls.CLONE]):
        program += bpf.without_flags(number, 0, NEW_NAMESPACES)
    for number in _numbers(column, [calls.SOCKET]):
        program += _tcp_alone(number)
    for numbers, index in calls.SENDING:
        for number in _numbers(column, [numbers]):
            program += bpf.without_flags(number, index, MSG_FASTOPEN)
    return program


def _tcp_alone(number: int) -> Program:
    """Landlock knows TCP only, so there is nothing else: no UDP, no UNIX sockets, no MPTCP.

    (asyncio's own pair comes from socketpair, which is another call.)
    """
    refused = bpf.answer(errno.EACCES)
    block = [
        bpf.load_argument(0),
        (bpf.JUMP_EQUAL, 2, 0, AF_INET),
        (bpf.JUMP_EQUAL, 1, 0, AF_INET6),
        refused,
        bpf.load_argument(1),
        (bpf.AND, 0, 0, SOCKET_TYPE_MASK),
        (bpf.JUMP_EQUAL, 1, 0, SOCK_STREAM),
        refused,
        bpf.load_argument(2),
        (bpf.JUMP_EQUAL, 2, 0, PROTOCOL_DEFAULT),
        (bpf.JUMP_EQUAL, 1, 0, PROTOCOL_TCP),
        refused,
        bpf.PERMIT,
    ]
    return bpf.for_call(number, block)


def _same_user(column: int, situation: Situation) -> Program:
    """The person's own user has other processes and files: none of them obeys a submission."""
    program: Program = []
    for number in _numbers(column, calls.METADATA.values()):
        program += bpf.refuse(number, 0)
    refused = [*calls.ATTRIBUTES.values(), *calls.PRIORITIES.values()]
    for number in _numbers(column, refused):
        program += bpf.refuse(number)
    # A file's owner or lease can have signals sent, and openings by others wait.
    for number in _numbers(column, [calls.FCNTL]):
        program += bpf.never(number, 1, (F_SETOWN, F_SETOWN_EX, F_SETSIG, F_SETLEASE))
    for number in _numbers(column, [calls.IOCTL]):
        program += bpf.never(number, 1, (FIOSETOWN, SIOCSPGRP))
    if situation.keeps_signals:
        program += _signals_to_itself(column, situation.pid)
    if 0 < situation.landlock < TRUNCATE_SINCE:
        program += _no_truncation(column)
    return program


def _signals_to_itself(column: int, pid: int) -> Program:
    program: Program = []
    for number in _numbers(column, [calls.KILL]):
        program += bpf.only(number, 0, (0, pid))  # 0: its own process group
    for number in _numbers(column, calls.SIGNALS.values()):
        program += bpf.only(number, 0, (pid,))
    return program + _refuse(column, calls.PIDFD_SEND_SIGNAL, errno.EPERM)


def _no_truncation(column: int) -> Program:
    """Files that it may read but not write, of a user who may write them."""
    program = _refuse(column, calls.TRUNCATE, errno.EPERM)
    program += _refuse(column, calls.OPENAT2, errno.ENOSYS)  # its flags lie in memory
    for numbers, index in calls.OPENING:
        for number in _numbers(column, [numbers]):
            block = [
                bpf.load_argument(index),
                (bpf.JUMP_SET, 1, 0, O_TRUNC),
                bpf.PERMIT,
                (bpf.AND, 0, 0, O_ACCMODE),
                (bpf.JUMP_EQUAL, 0, 1, 0),
                bpf.answer(errno.EPERM),
                bpf.PERMIT,
            ]
            program += bpf.for_call(number, block)
    return program
