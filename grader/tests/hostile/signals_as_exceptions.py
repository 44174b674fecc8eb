"""Turns SIGTERM and SIGINT into exceptions, raises alarms and aborts in C.

Holds: contained
Beside: the reference
Limits: request 2, stop 1
"""

import signal


def alarm(number, frame):
    raise RuntimeError("\x1b[31m::error::an alarm")


for number in (signal.SIGALRM, signal.SIGTERM, signal.SIGINT):
    signal.signal(number, alarm)
signal.setitimer(signal.ITIMER_REAL, 0.3, 0.05)
