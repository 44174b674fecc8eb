"""Makes the system calls by which a process gets at others, at the kernel, or out of its walls.

Holds: as the reference
Beside: the reference
Needs: walls
"""

import ctypes
import os
import platform

libc = ctypes.CDLL(None, use_errno=True)
PARENT = os.getppid()
buffer = ctypes.create_string_buffer(4096)
X86 = {
    "process_vm_readv": (310, PARENT, buffer, 1, buffer, 1, 0),
    "pidfd_getfd": (438, 3, 0, 0),
    "kcmp": (312, PARENT, os.getpid(), 0, 0, 0),
    "userfaultfd": (323, 0),
    "perf_event_open": (298, buffer, PARENT, -1, -1, 0),
    "bpf": (321, 0, buffer, 120),
    "add_key": (248, b"user", b"grader", b"x", 1, -2),
    "keyctl": (250, 0, -3, 1),
    "open_by_handle_at": (304, -100, buffer, 0),
    "mount": (165, b"none", b"/tmp", b"tmpfs", 0, 0),
    "umount2": (166, b"/proc", 2),
    "chroot": (161, b"/"),
    "pivot_root": (155, b"/", b"/"),
    "unshare of users": (272, 0x10000000),
    "unshare of mounts": (272, 0x00020000),
    "setns": (308, 3, 0),
    "io_uring_setup": (425, 8, buffer),
    "fanotify_init": (300, 0, 0),
    "sethostname": (170, b"breach", 6),
    "settimeofday": (164, buffer, 0),
    "clock_settime": (227, 0, buffer),
    "syslog": (103, 3, buffer, 4096),
    "acct": (163, 0),
    "iopl": (172, 3),
    "swapon": (167, b"/dev/zero", 0),
    "shmget": (29, 0x5EED, 4096, 0o1666),
    "msgget": (68, 0x5EED, 0o1666),
    "semget": (64, 0x5EED, 1, 0o1666),
    "mq_open": (240, b"breach", 0o102, 0o666, 0),
    "prlimit of the parent": (302, PARENT, 7, 0, buffer),
    "sched_setaffinity of the parent": (203, PARENT, 8, buffer),
    "setpriority of the parent": (141, 0, PARENT, 19),
    "tkill of the parent": (200, PARENT, 10),
    "setuid 0": (105, 0),
    "setresuid 0": (117, 0, 0, 0),
    "setgroups": (116, 0, 0),
    "personality of no randomisation of the parent": (101, 16, PARENT, 0, 0),
    "memfd_secret": (447, 0),
    "quotactl": (179, 0x800002, 0, 0, 0),
}
if platform.machine() == "x86_64":
    buffer[0:8] = (1).to_bytes(8, "little")
    for name, (number, *arguments) in X86.items():
        if libc.syscall(number, *arguments) >= 0 and (os.getuid() != 0 or not name.startswith("set")):
            print("BREACH:", name, flush=True)
