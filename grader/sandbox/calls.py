"""The numbers of the system calls that the filter knows: for x86_64 and aarch64, in that order.

Where the second is None, that machine has no such call.
"""

from typing import Dict, Optional, Tuple

Numbers = Tuple[int, Optional[int]]

COLUMNS = {"x86_64": 0, "aarch64": 1}

# Ways around the other walls: other processes' memory, new namespaces, kernel interfaces with a
# history of holes, and what would outlive the process (System V's shared memory).
REFUSED: Dict[str, Numbers] = {
    "ptrace": (101, 117),
    "process_vm_readv": (310, 270),
    "process_vm_writev": (311, 271),
    "process_madvise": (440, 440),
    "process_mrelease": (448, 448),
    "pidfd_getfd": (438, 438),
    "kcmp": (312, 272),
    "migrate_pages": (256, 238),
    "move_pages": (279, 239),
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
    "open_tree_attr": (467, 467),
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
    "shmget": (29, 194),
    "msgget": (68, 186),
    "semget": (64, 190),
    "mq_open": (240, 180),
    "settimeofday": (164, 170),
    "clock_settime": (227, 112),
    "adjtimex": (159, 171),
    "clock_adjtime": (305, 266),
    "sethostname": (170, 161),
    "setdomainname": (171, 162),
    "syslog": (103, 116),
    "acct": (163, 89),
    "quotactl": (179, 60),
    "quotactl_fd": (443, 443),
}

CLONE: Numbers = (56, 220)
CLONE3: Numbers = (435, 435)
SOCKET: Numbers = (41, 198)
CONNECT: Numbers = (42, 203)
BIND: Numbers = (49, 200)
FALLOCATE: Numbers = (285, 47)
# Memory that is a file without a name, and that no limit of a process counts.
MEMORY_FILES: Dict[str, Numbers] = {"memfd_create": (319, 279), "memfd_secret": (447, 447)}

# A flag of these calls connects, past what Landlock looks at: its number and where the flags are.
SENDING: Tuple[Tuple[Numbers, int], ...] = (
    ((44, 206), 3),  # sendto
    ((46, 211), 2),  # sendmsg
    ((307, 269), 3),  # sendmmsg
)

# Take a pid first, and 0 for the caller: a process of the same user would obey.
ABOUT_A_PROCESS: Dict[str, Numbers] = {
    "prlimit64": (302, 261),
    "sched_setscheduler": (144, 119),
    "sched_setparam": (142, 118),
    "sched_setattr": (314, 274),
    "sched_setaffinity": (203, 122),
}
PRIORITIES: Dict[str, Numbers] = {"setpriority": (141, 140), "ioprio_set": (251, 30)}

# Landlock does not cover a file's mode, owner, times and attributes: of the same user's files, a
# submission could change them all. They seem to succeed, since copying a file calls them too.
METADATA: Dict[str, Numbers] = {
    "chmod": (90, None),
    "fchmod": (91, 52),
    "fchmodat": (268, 53),
    "fchmodat2": (452, 452),
    "chown": (92, None),
    "fchown": (93, 55),
    "lchown": (94, None),
    "fchownat": (260, 54),
    "utime": (132, None),
    "utimes": (235, None),
    "futimesat": (261, None),
    "utimensat": (280, 88),
}
ATTRIBUTES: Dict[str, Numbers] = {
    "setxattr": (188, 5),
    "lsetxattr": (189, 6),
    "fsetxattr": (190, 7),
    "setxattrat": (463, 463),
    "removexattr": (197, 14),
    "lremovexattr": (198, 15),
    "fremovexattr": (199, 16),
    "removexattrat": (466, 466),
    "file_setattr": (469, 469),
}

FCNTL: Numbers = (72, 25)
IOCTL: Numbers = (16, 29)
TRUNCATE: Numbers = (76, 45)
OPENAT2: Numbers = (437, 437)
# Where the flags are: open, openat.
OPENING: Tuple[Tuple[Numbers, int], ...] = (((2, None), 1), ((257, 56), 2))
SIGNALS: Dict[str, Numbers] = {
    "tkill": (200, 130),
    "tgkill": (234, 131),
    "rt_sigqueueinfo": (129, 138),
    "rt_tgsigqueueinfo": (297, 240),
}
KILL: Numbers = (62, 129)
PIDFD_SEND_SIGNAL: Numbers = (424, 424)
