"""Takes connections from the listener in threads of its own and answers two responses to one request.

Holds: contained
Beside: the reference
Limits: request 2, stop 1
"""

import os
import socket
import threading

ANSWER = b"HTTP/1.1 200 OK\r\ncontent-length: 14\r\ncontent-type: application/json\r\n\r\n" + b'{"result": 42}'


def serve(listener):
    while True:
        try:
            connection, _ = listener.accept()
            connection.settimeout(1)
            connection.recv(65536)
            connection.sendall(ANSWER * 3 + b"HTTP/1.1 422 X\r\ncontent-length: 0\r\n\r\n")
        except OSError:
            pass


for fd in range(3, 64):
    try:
        found = socket.socket(fileno=os.dup(fd))
        if found.family == socket.AF_INET and found.getsockopt(socket.SOL_SOCKET, socket.SO_ACCEPTCONN):
            found.setblocking(True)
            for _ in range(8):
                threading.Thread(target=serve, args=(found,), daemon=True).start()
    except OSError:
        pass
