"""Talks to the network, to UNIX sockets and to other services on this machine.

Holds: as the reference
Beside: the reference
Needs: walls
"""

import os
import socket

for family, kind, address in (
    (socket.AF_INET, socket.SOCK_STREAM, ("127.0.0.1", 22)),
    (socket.AF_INET, socket.SOCK_STREAM, ("1.1.1.1", 443)),
    (socket.AF_INET, socket.SOCK_DGRAM, ("8.8.8.8", 53)),
    (socket.AF_UNIX, socket.SOCK_STREAM, "/var/run/docker.sock"),
    (socket.AF_UNIX, socket.SOCK_STREAM, "\0abstract"),
):
    try:
        sock = socket.socket(family, kind)
        sock.settimeout(1)
        sock.connect(address)
        print("BREACH: connected to", address)
    except PermissionError:
        pass
    except OSError as error:
        print("BREACH: might have connected to", address, error)
