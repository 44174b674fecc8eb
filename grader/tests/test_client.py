"""Whatever a service does on the wire ends as a reply or as the service's failure, in time."""

import gzip
import os
import re
import socket
import threading
import time
from contextlib import contextmanager
from typing import Callable, Iterator, List

import pytest

from grader.acceptance import Call, brief, require
from grader.acceptance.client import Client, HungUp
from grader.acceptance.recorder import Recorder
from grader.errors import CheckFailed

Behaviour = Callable[[socket.socket], None]


@contextmanager
def server(
    behave: Behaviour, hear: Callable[[bytes], object] = lambda head: None
) -> Iterator[Client]:
    """A real socket that answers each connection by ``behave``, and a client to it.

    ``hear`` is given what each connection begins with.
    """
    listener = socket.socket()
    listener.bind(("127.0.0.1", 0))
    listener.listen(5)

    def serve() -> None:
        while True:
            try:
                connection = listener.accept()[0]
            except OSError:
                return
            with connection:
                try:
                    hear(read_request(connection))
                    behave(connection)
                except OSError:
                    pass

    threading.Thread(target=serve, daemon=True).start()
    client = Client(listener.getsockname()[1], Recorder())
    try:
        yield client
    finally:
        client.close()
        listener.close()


def read_request(connection: socket.socket) -> bytes:
    """A request with the body that it announces: what is left unread resets the connection."""
    data = connection.recv(65536)
    announced = re.search(rb"content-length: (\d+)", data)
    while announced and len(data.partition(b"\r\n\r\n")[2]) < int(announced[1]):
        data += connection.recv(65536)
    return data


def sends(data: bytes) -> Behaviour:
    return lambda connection: connection.sendall(data)


def test_a_proper_answer_is_a_reply_and_recorded() -> None:
    body = b'{"a": 1}'
    with server(sends(b"HTTP/1.1 201 Created\r\ncontent-length: 8\r\n\r\n" + body)) as client:
        reply = client.send(Call("POST", "/x", params={"q": "a b"}, json={"n": 1}))
        assert (reply.status, reply.object()) == (201, {"a": 1})
        exchange = client._recorder.exchanges[-1]
    assert exchange.url == "http://127.0.0.1:8000/x?q=a%20b"
    assert exchange.request == '{"n": 1}'
    assert ("-Method POST" if os.name == "nt" else "-X POST") in exchange.curl


MALFORMED = {
    "no HTTP": b"hello\r\n\r\n",
    "nothing": b"",
    "half a header": b"HTTP/1.1 200",
    "less than announced": b"HTTP/1.1 200 OK\r\ncontent-length: 90\r\n\r\nabc",
    "status": b"HTTP/1.1 9999 OK\r\n\r\n",
    "chunks": b"HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\nzz\r\n",
}


@pytest.mark.parametrize("name", MALFORMED)
def test_a_malformed_answer_is_the_services_failure(name: str) -> None:
    with server(sends(MALFORMED[name])) as client, pytest.raises(CheckFailed, match="GET /x"):
        client.send(Call("GET", "/x"))


def test_an_answer_that_never_comes_is_given_up(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("grader.acceptance.client.REQUEST_SECONDS", 0.5)
    monkeypatch.setattr("grader.acceptance.slowness.MOST", 1.0)
    with server(lambda connection: time.sleep(3)) as client, pytest.raises(HungUp):
        client.send(Call("GET", "/x"))


def test_an_answer_that_never_ends_is_given_up(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("grader.acceptance.client.REQUEST_SECONDS", 0.5)
    monkeypatch.setattr("grader.acceptance.slowness.MOST", 1.0)

    def drip(connection: socket.socket) -> None:
        connection.sendall(b"HTTP/1.1 200 OK\r\n\r\n")
        while True:
            connection.sendall(b"x")
            time.sleep(0.05)

    with server(drip) as client, pytest.raises(HungUp):
        client.send(Call("GET", "/x"))


def test_an_enormous_answer_is_cut_off(monkeypatch: pytest.MonkeyPatch) -> None:
    def flood(connection: socket.socket) -> None:
        connection.sendall(b"HTTP/1.1 200 OK\r\n\r\n")
        while True:
            connection.sendall(b"x" * 65536)

    with server(flood) as client, pytest.raises(CheckFailed, match="larger than 8 MiB"):
        client.send(Call("GET", "/x"))


def test_nothing_is_asked_to_be_compressed() -> None:
    """Nothing is unpacked, so a service that compresses on request must not be asked to."""
    heads: List[bytes] = []
    answer = sends(b"HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\n{}")
    with server(answer, heads.append) as client:
        client.send(Call("GET", "/x"))
        client.send(Call("GET", "/x"), own_connection=True)
    assert len(heads) == 2
    assert not [head for head in heads if b"accept-encoding" in head.lower()]


def test_a_compressed_bomb_is_not_unpacked() -> None:
    bomb = gzip.compress(b"0" * 50_000_000)
    head = b"HTTP/1.1 200 OK\r\ncontent-encoding: gzip\r\ncontent-length: %d\r\n\r\n" % len(bomb)
    with server(sends(head + bomb)) as client:
        reply = client.send(Call("GET", "/x"))
        assert reply.content == bomb
        with pytest.raises(CheckFailed, match="not JSON"):
            reply.json()


@pytest.mark.parametrize(
    "body", [b"[" * 200_000, b"\xff\xfe", b"{", b""], ids=["deep", "bytes", "half", "empty"]
)
def test_a_body_that_is_no_json_is_the_services_failure(body: bytes) -> None:
    head = b"HTTP/1.1 200 OK\r\ncontent-length: %d\r\n\r\n" % len(body)
    with server(sends(head + body)) as client, pytest.raises(CheckFailed, match="not JSON"):
        client.send(Call("GET", "/x")).json()


@pytest.mark.skipif(os.name == "nt", reason="Windows forgets the answer when it is reset")
def test_an_early_answer_to_a_large_body_is_the_answer() -> None:
    head = b"HTTP/1.1 413 Too Large\r\nconnection: close\r\ncontent-length: 0\r\n\r\n"
    with server(sends(head)) as client:
        chunks = (b"x" * 65536 for _ in range(64))
        assert client.send(Call("POST", "/x", content=chunks)).status == 413


def test_what_came_is_shown_harmlessly() -> None:
    body = "\x1b]0;title\x07 ‮evil".encode()
    head = b"HTTP/1.1 200 OK\r\ncontent-length: %d\r\n\r\n" % len(body)
    with server(sends(head + body)) as client:
        client.send(Call("GET", "/x"))
        shown = client._recorder.exchanges[-1].response
    assert "\x1b" not in shown
    assert "\\x1b]0;title\\x07" in shown
    assert "\\u202eevil" in shown


def test_a_long_value_in_a_sentence_is_cut_visibly() -> None:
    assert brief(["a note"]) == "['a note']"
    assert brief("x" * 400, 300) == "'" + "x" * 298 + "…"


def test_of_many_answers_the_one_that_fails_the_check_is_shown() -> None:
    codes = iter((b"500 Internal Server Error", *[b"409 Conflict"] * 9))

    def behave(connection: socket.socket) -> None:
        connection.sendall(b"HTTP/1.1 " + next(codes) + b"\r\ncontent-length: 0\r\n\r\n")

    with server(behave) as client:
        first, *others = [client.send(Call("POST", "/book"), own_connection=True) for _ in range(9)]
        assert client._recorder.last_status == 409
        with pytest.raises(CheckFailed) as failed:
            first.expect(200)
        client._recorder.put_last(failed.value.exchange)
        assert [exchange.status for exchange in client._recorder.exchanges][-2:] == [409, 500]
        with pytest.raises(CheckFailed) as failed:
            require(False, "of this one", shown_by=others[2])
        assert failed.value.exchange is others[2].exchange
