"""What is under way in TCP connections is told by the kernel, whichever way it is asked."""

import socket
from typing import Callable, Iterable, Iterator, Tuple

import pytest

from grader.clock import connections
from grader.clock.connections import Connection, in_flight
from grader.system import linux_helps
from grader.tests.conftest import eventually

pytestmark = pytest.mark.skipif(not linux_helps(), reason="the kernel shows no queues here")

Pair = Tuple[socket.socket, socket.socket]
MORE_THAN_IS_BUFFERED = bytes(16 << 20)


@pytest.fixture
def pair() -> Iterator[Pair]:
    """A service's end of a connection, and its client's."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        client = socket.create_connection(listener.getsockname())
        service, _ = listener.accept()
    with service, client:
        yield service, client


def port(end: socket.socket) -> int:
    return int(end.getsockname()[1])


@pytest.mark.parametrize(
    ("connection", "expected"),
    [
        (Connection(8080, 50000, unread=0, unconfirmed=0), False),
        (Connection(8080, 50000, unread=0, unconfirmed=16), True),  # an answer
        (Connection(8080, 50000, unread=16, unconfirmed=0), False),  # a request
        (Connection(50000, 8080, unread=0, unconfirmed=16), True),  # a request
        (Connection(50000, 8080, unread=16, unconfirmed=0), True),  # an answer
        (Connection(50000, 8081, unread=16, unconfirmed=16), False),  # of another service
    ],
)
def test_bytes_under_way_are_told_from_those_that_have_arrived(
    monkeypatch: pytest.MonkeyPatch, connection: Connection, expected: bool
) -> None:
    monkeypatch.setattr(connections, "_connections", lambda: [connection])
    assert in_flight(8080) is expected


def test_a_request_that_waits_for_the_service_has_arrived(pair: Pair) -> None:
    service, client = pair
    assert not in_flight(port(service))
    client.sendall(b"GET /")
    assert eventually(lambda: not in_flight(port(service)))  # when the kernel has confirmed it


def test_an_answer_that_nobody_has_read_is_under_way(pair: Pair) -> None:
    service, client = pair
    service.sendall(b"200 OK")
    assert in_flight(port(service))
    client.recv(100)
    assert eventually(lambda: not in_flight(port(service)))


def test_a_request_that_is_too_large_to_arrive_is_under_way(pair: Pair) -> None:
    service, client = pair
    client.setblocking(False)
    client.send(MORE_THAN_IS_BUFFERED)
    assert in_flight(port(service))


Source = Callable[[], Iterable[Connection]]


@pytest.mark.parametrize("source", [connections._asked, connections._read], ids=["asked", "read"])
def test_both_ends_are_told_with_their_queues(pair: Pair, source: Source) -> None:
    service, client = pair
    client.sendall(b"GET /")
    service.sendall(b"200 OK")
    ends = {
        Connection(port(service), port(client), unread=5, unconfirmed=0),
        Connection(port(client), port(service), unread=6, unconfirmed=0),
    }
    assert eventually(lambda: ends <= set(source()))


def test_a_kernel_without_sock_diag_is_read(pair: Pair, monkeypatch: pytest.MonkeyPatch) -> None:
    service, _ = pair
    service.sendall(b"200 OK")
    monkeypatch.setattr(connections, "_BY_FAMILY", 0x7FFF)
    with pytest.raises(OSError, match="sock_diag"):
        list(connections._asked())
    assert in_flight(port(service))
