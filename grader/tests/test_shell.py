"""A shown command line, pasted into a shell, sends what was sent."""

import shutil
import subprocess
import threading
from http.server import BaseHTTPRequestHandler, HTTPServer
from typing import Callable, Iterator, List, Tuple

import pytest

from grader.acceptance.shell import ShownRequest, curl, powershell

Received = Tuple[str, str, str, str, bytes]

BODIES = [
    '{"name": "Zoë O\'Neil", "note": "$HOME `id` %PATH% \\\\ \\"quoted\\""}',
    "@/etc/hostname",
    "two\nlines\n",
    "",
]


@pytest.fixture
def server() -> Iterator[Tuple[str, List[Received]]]:
    """A server that keeps what it is sent."""
    received: List[Received] = []

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
            kind, signature = self.headers["Content-Type"], self.headers["X-Signature"]
            received.append((self.command, self.path, kind, signature, body))
            self.send_response(200)
            self.send_header("Content-Length", "0")
            self.end_headers()

        def log_message(self, *_: object) -> None:
            pass

    with HTTPServer(("127.0.0.1", 0), Handler) as http:
        thread = threading.Thread(target=http.serve_forever, args=(0.01,))
        thread.start()
        yield f"http://127.0.0.1:{http.server_port}", received
        http.shutdown()
        thread.join()


def shells() -> List[object]:
    """The shells of this machine, each with how a line is made for it and how it is run."""
    found: List[object] = []
    if shutil.which("curl") and shutil.which("sh"):
        found.append(pytest.param(curl, ["sh", "-c"], id="sh"))
    for name in ("pwsh", "powershell"):
        if shutil.which(name):
            command = [name, "-NoProfile", "-NonInteractive", "-Command"]
            found.append(pytest.param(powershell, command, id=name))
    return found


@pytest.mark.parametrize(("line", "shell"), shells())
@pytest.mark.parametrize("body", BODIES)
def test_a_pasted_line_sends_what_was_sent(
    server: Tuple[str, List[Received]],
    line: Callable[[ShownRequest], str],
    shell: List[str],
    body: str,
) -> None:
    base, received = server
    headers = {"content-type": "application/json", "x-signature": "it's $5"}
    request = ShownRequest("POST", base + "/a?b=c%20d&e=f", headers, body)
    subprocess.run([*shell, line(request)], check=True, capture_output=True, timeout=60)
    expected = ("POST", "/a?b=c%20d&e=f", "application/json", "it's $5", body.encode())
    assert received == [expected]


def test_powershell_gets_its_own_line() -> None:
    headers = {"content-type": "application/json", "x-crm-signature": "0a"}
    request = ShownRequest("POST", "http://127.0.0.1:8000/x", headers, '{"a": "it\'s"}')
    assert powershell(request) == (
        "Invoke-WebRequest -UseBasicParsing -Method POST -Uri 'http://127.0.0.1:8000/x' "
        "-Headers @{'x-crm-signature'='0a'} -ContentType 'application/json' "
        "-Body ([Text.Encoding]::UTF8.GetBytes('{\"a\": \"it''s\"}'))"
    )


def test_a_get_in_powershell_has_no_body() -> None:
    request = ShownRequest("GET", "http://127.0.0.1:8000/x", {}, None)
    assert powershell(request).endswith("-Method GET -Uri 'http://127.0.0.1:8000/x'")
