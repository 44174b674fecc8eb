"""What the ticket of ex-5 shows is true: its example is rightly signed, and so are its commands."""

import hashlib
import hmac
import re
import shutil
import subprocess
from typing import Tuple

import pytest

from grader.workbook import find_exercise

README = find_exercise("ex-5").readme.read_text(encoding="utf-8")
SECRET = b"dev-webhook-secret"


def example() -> Tuple[str, bytes]:
    """The signature and the body of the first example."""
    found = re.search(r"X-CRM-Signature: ([0-9a-f]{64})\n\n(.*)\n```", README)
    assert found is not None
    return found.group(1), found.group(2).encode()


def test_the_example_is_rightly_signed() -> None:
    signature, body = example()
    assert hmac.new(SECRET, body, hashlib.sha256).hexdigest() == signature
    assert f"a webhook of {len(body)} bytes" in README


def test_the_refused_example_has_another_signature() -> None:
    signature, body = example()
    spaced = re.search(r"one space less in the body, `(.*)`", README)
    assert spaced is not None
    assert len(spaced.group(1).encode()) == len(body) - 1
    assert hmac.new(SECRET, spaced.group(1).encode(), hashlib.sha256).hexdigest() != signature


@pytest.mark.skipif(
    not (shutil.which("bash") and shutil.which("openssl")), reason="needs bash and openssl"
)
def test_the_shell_lines_make_the_examples_signature() -> None:
    lines = re.search(r"```bash\n(body=.*\nsignature=.*)\n", README)
    assert lines is not None
    script = lines.group(1) + '\nprintf "%s" "$signature"'
    done = subprocess.run(
        ["bash", "-c", script], stdout=subprocess.PIPE, check=True, encoding="ascii"
    )
    assert done.stdout == example()[0]
