"""Opens sockets of the kernel's rarer families, and connects to the port of the database.

Holds: as the reference
Beside: the reference
Needs: walls
"""

import socket

for family, kind, protocol in ((16, 3, 0), (17, 3, 0), (38, 5, 0), (40, 1, 0), (31, 3, 1), (29, 3, 1), (2, 3, 1), (10, 2, 0), (2, 2, 17), (44, 3, 0), (1, 1, 0), (2, 1, 262), (2, 5, 132), (43, 1, 0)):
    try:
        socket.socket(family, kind, protocol)
        print("BREACH: a socket of family", family, kind, protocol)
    except (OSError, OverflowError):
        pass
for port in (22, 25, 53, 80, 443, 631, 2375, 3306, 5432, 6379, 8000, 8080, 8888):
    with socket.socket() as probe:
        probe.settimeout(0.2)
        try:
            probe.connect(("127.0.0.1", port))
            print("BREACH: connected to", port)
        except PermissionError:
            pass
        except OSError as error:
            print("BREACH: might have connected to", port, error)
for address in (("127.0.0.1", 0), ("0.0.0.0", 8000), ("::1", 0)):
    try:
        with socket.socket(socket.AF_INET6 if ":" in address[0] else socket.AF_INET) as listener:
            listener.bind(address)
            print("BREACH: bound", address)
    except OSError:
        pass
