"""A filter of system calls (seccomp(2)): what no web service needs is refused.

A deny-list, since an allow-list would break honest programs with every new C library. What it
closes is the ways around the other walls: other processes' memory, new namespaces, kernel
interfaces with a history of holes, and sockets that Landlock does not cover.
"""

import ctypes
import errno
import os
import struct
from typing import Dict, List, Tuple

from grader.sandbox.libc import prctl

PR_SET_SECCOMP, SECCOMP_MODE_FILTER = 22, 2
ALLOW, KILL_PROCESS = 0x7FFF0000, 0x80000000
ERRNO = 0x00050000

LOAD, JUMP_EQUAL, JUMP_SET, JUMP_GE, AND, RETURN = 0x20, 0x15, 0x45, 0x35, 0x54, 0x06
NUMBER_AT, ARCHITECTURE_AT, FIRST_ARGUMENT_AT, SECOND_ARGUMENT_AT = 0, 4, 16, 24

X32_BIT = 0x40000000
NEW_NAMESPACES = 0x7E020000  # CLONE_NEW*
SOCKET_TYPE_MASK, SOCK_STREAM = 0xF, 1
AF_INET, AF_INET6 = 2, 10

# The column of the tables below, and AUDIT_ARCH.
MACHINES = {"x86_64": (0, 0xC000003E), "aarch64": (1, 0xC00000B7)}

CLONE, CLONE3, SOCKET = (56, 220), (435, 435), (41, 198)
REFUSED: Dict[str, Tuple[int, int]] = {
    "ptrace": (101, 117),
    "process_vm_readv": (310, 270),
    "process_vm_writev": (311, 271),
    "pidfd_getfd": (438, 438),
    "kcmp": (312, 272),
    "open_by_handle_at": (304, 265),
    "mount": (165, 40),
    "umount2": (166, 39),
    "pivot_root": (155, 41),
    "chroot": (161, 51),
    "open_tree": (428, 428),
    "move_mount": (429, 429),
    "fsopen": (430, 430),
    "fsconfig": (431, 431),
    "fsmount": (432, 432),
    "fspick": (433, 433),
    "mount_setattr": (442, 442),
    "unshare": (272, 97),
    "setns": (308, 268),
    "swapon": (167, 224),
    "swapoff": (168, 225),
    "reboot": (169, 142),
    "init_module": (175, 105),
    "finit_module": (313, 273),
    "delete_module": (176, 106),
    "kexec_load": (246, 104),
    "kexec_file_load": (320, 294),
    "bpf": (321, 280),
    "perf_event_open": (298, 241),
    "userfaultfd": (323, 282),
    "fanotify_init": (300, 262),
    "io_uring_setup": (425, 425),
    "io_uring_enter": (426, 426),
    "io_uring_register": (427, 427),
    "add_key": (248, 217),
    "request_key": (249, 218),
    "keyctl": (250, 219),
    "settimeofday": (164, 170),
    "clock_settime": (227, 112),
    "adjtimex": (159, 171),
    "clock_adjtime": (305, 266),
    "sethostname": (170, 161),
    "setdomainname": (171, 162),
    "acct": (163, 89),
    "quotactl": (179, 60),
    # Takes disk faster than anybody can watch.
    "fallocate": (285, 47),
}

Instruction = Tuple[int, int, int, int]


def install() -> bool:
    """Put the filter on this process and all that it starts; False where that cannot be."""
    program = _program(os.uname().machine)
    if not program:
        return False
    code = b"".join(struct.pack("=HBBI", *instruction) for instruction in program)
    buffer = ctypes.create_string_buffer(code, len(code))
    # struct sock_fprog: a count, padding, a pointer.
    header = struct.pack("@HP", len(program), ctypes.addressof(buffer))
    holder = ctypes.create_string_buffer(header, len(header))
    try:
        prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, ctypes.addressof(holder))
    except OSError:
        return False
    return True


def _program(machine: str) -> List[Instruction]:
    if machine not in MACHINES:
        return []
    column, architecture = MACHINES[machine]
    clone, clone3, socket = CLONE[column], CLONE3[column], SOCKET[column]
    program: List[Instruction] = [
        (LOAD, 0, 0, ARCHITECTURE_AT),
        (JUMP_EQUAL, 1, 0, architecture),
        (RETURN, 0, 0, KILL_PROCESS),
        (LOAD, 0, 0, NUMBER_AT),
        (JUMP_GE, 0, 1, X32_BIT),
        (RETURN, 0, 0, ERRNO | errno.ENOSYS),
    ]
    for numbers in REFUSED.values():
        program += [(JUMP_EQUAL, 0, 1, numbers[column]), (RETURN, 0, 0, ERRNO | errno.EPERM)]
    # clone3's flags lie in memory, where a filter cannot look: libraries fall back to clone.
    program += [(JUMP_EQUAL, 0, 1, clone3), (RETURN, 0, 0, ERRNO | errno.ENOSYS)]
    program += [
        (JUMP_EQUAL, 0, 4, clone),
        (LOAD, 0, 0, FIRST_ARGUMENT_AT),
        (JUMP_SET, 0, 1, NEW_NAMESPACES),
        (RETURN, 0, 0, ERRNO | errno.EPERM),
        (RETURN, 0, 0, ALLOW),
    ]
    # Sockets: TCP alone. (asyncio's own pair comes from socketpair, which is another call.)
    program += [
        (JUMP_EQUAL, 0, 8, socket),
        (LOAD, 0, 0, FIRST_ARGUMENT_AT),
        (JUMP_EQUAL, 1, 0, AF_INET),
        (JUMP_EQUAL, 0, 4, AF_INET6),
        (LOAD, 0, 0, SECOND_ARGUMENT_AT),
        (AND, 0, 0, SOCKET_TYPE_MASK),
        (JUMP_EQUAL, 0, 1, SOCK_STREAM),
        (RETURN, 0, 0, ALLOW),
        (RETURN, 0, 0, ERRNO | errno.EACCES),
    ]
    return [*program, (RETURN, 0, 0, ALLOW)]
