"""The little of classic BPF that a filter of system calls is made of (seccomp(2)).

A block belongs to one system call: it is skipped for every other, and decides for that one.
"""

import errno
from typing import Iterable, List, Tuple

Instruction = Tuple[int, int, int, int]
Program = List[Instruction]

ALLOW, KILL_PROCESS = 0x7FFF0000, 0x80000000
ERRNO = 0x00050000

LOAD, AND, RETURN = 0x20, 0x54, 0x06
JUMP_EQUAL, JUMP_SET, JUMP_GE = 0x15, 0x45, 0x35

NUMBER_AT, ARCHITECTURE_AT, ARGUMENTS_AT = 0, 4, 16

PERMIT: Instruction = (RETURN, 0, 0, ALLOW)


def answer(error: int) -> Instruction:
    """Do not make the call; it seems to end with ``error`` (0: with success)."""
    return (RETURN, 0, 0, ERRNO | error)


def load_argument(index: int) -> Instruction:
    """Look at the lower half of an argument: ports, flags, pids and descriptors fit in it."""
    return (LOAD, 0, 0, ARGUMENTS_AT + 8 * index)


def for_call(number: int, block: Program) -> Program:
    """``block``, which must decide, for the system call of that number alone."""
    return [(JUMP_EQUAL, 0, len(block), number), *block]


def refuse(number: int, error: int = errno.EPERM) -> Program:
    """Never make this call."""
    return for_call(number, [answer(error)])


def only(number: int, index: int, values: Iterable[int], error: int = errno.EPERM) -> Program:
    """Make this call only when an argument has one of these values."""
    block = [load_argument(index)]
    for value in values:
        block += [(JUMP_EQUAL, 0, 1, value & 0xFFFFFFFF), PERMIT]
    return for_call(number, [*block, answer(error)])


def never(number: int, index: int, values: Iterable[int], error: int = errno.EPERM) -> Program:
    """Do not make this call when an argument has one of these values."""
    block = [load_argument(index)]
    for value in values:
        block += [(JUMP_EQUAL, 0, 1, value), answer(error)]
    return for_call(number, [*block, PERMIT])


def without_flags(number: int, index: int, flags: int, error: int = errno.EPERM) -> Program:
    """Do not make this call when an argument has any of these bits."""
    return for_call(number, [load_argument(index), (JUMP_SET, 0, 1, flags), answer(error), PERMIT])
