"""A headless Chromium, where one is installed: pages as they are laid out, drawn and printed."""

import json
import os
import re
import shutil
import subprocess
import sys
from html import escape, unescape
from pathlib import Path
from typing import Any, Dict, List, Mapping, Optional

NAMES = (
    "chromium chromium-browser google-chrome google-chrome-stable chrome microsoft-edge msedge"
).split()
ELSEWHERE = {
    "darwin": [
        "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
        "/Applications/Chromium.app/Contents/MacOS/Chromium",
    ],
    "win32": [
        "C:/Program Files/Google/Chrome/Application/chrome.exe",
        "C:/Program Files (x86)/Microsoft/Edge/Application/msedge.exe",
    ],
}
FLAGS = (
    "--headless --no-sandbox --disable-gpu --disable-quic --no-first-run --disable-sync "
    "--disable-background-networking --disable-component-update --hide-scrollbars"
).split()


def find_browser() -> Optional[str]:
    """The program, or None."""
    found = [shutil.which(name) for name in NAMES]
    found += [path for path in ELSEWHERE.get(sys.platform, []) if Path(path).exists()]
    return next((path for path in found if path), None)


def _frame(name: str, page: str, script: str, width: int) -> str:
    policy = re.compile(r'<meta http-equiv="Content-Security-Policy"[^>]*>')
    assert policy.search(page)
    tell = f"parent.told.append(JSON.stringify([{json.dumps(name)}, {script}]) + '\\n')"
    added = f"<script>{tell}</script></body>"
    source = policy.sub("", page).replace("</body>", added)
    return f'<iframe style="width: {width}px; border: 0" srcdoc="{escape(source)}"></iframe>'


class Browser:
    """Runs the program anew for each question, with a profile of its own in ``folder``."""

    def __init__(self, program: str, folder: Path) -> None:
        self._program = program
        self._folder = folder

    def text_of(self, page: str, width: int = 1000, *, dark: bool = False) -> str:
        """The document after it was loaded, as HTML."""
        return self._run(page, width, dark, "--dump-dom")

    def evaluate(
        self, pages: Mapping[str, str], script: str, width: int, *, dark: bool = False
    ) -> Dict[str, Any]:
        """What the expression ``script`` is in each page: in frames of ``width`` pixels.

        (A window has a least width.) The pages have no script: theirs is added here.
        """
        frames = "".join(_frame(name, page, script, width) for name, page in pages.items())
        html = f"<!doctype html><body><pre id=told></pre>{frames}</body>"
        document = self.text_of(html, width + 100, dark=dark)
        match = re.search(r'<pre id="told">(.*?)</pre>', document, re.DOTALL)
        assert match is not None
        return dict(json.loads(line) for line in unescape(match[1]).splitlines())

    def printed(self, page: str) -> bytes:
        """The page as PDF."""
        target = self._folder / "page.pdf"
        self._run(page, 1000, False, f"--print-to-pdf={target}")
        return target.read_bytes()

    def _run(self, page: str, width: int, dark: bool, what: str) -> str:
        file = self._folder / "page.html"
        file.write_text(page, encoding="utf-8")
        command: List[str] = [
            self._program,
            *FLAGS,
            f"--user-data-dir={self._folder / 'profile'}",
            f"--window-size={width},1000",
            f"--blink-settings=preferredColorScheme={0 if dark else 1}",
            what,
            file.as_uri(),
        ]
        environment: Dict[str, Any] = {**os.environ, "HOME": str(self._folder)}
        done = subprocess.run(
            command, capture_output=True, env=environment, check=True, timeout=240
        )
        return done.stdout.decode("utf-8", "replace")
