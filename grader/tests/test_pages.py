"""The HTML reports in a real browser: phone width, dark and light, print, and no script."""

import re
from pathlib import Path

import pytest

from grader.cohort import page
from grader.reports import html
from grader.tests.browser import Browser, find_browser
from grader.tests.test_cohort import view
from grader.tests.test_reports import HOSTILE, scorecard

TRIES = (
    HOSTILE
    + "<img src=x onerror=\"document.title='pwned'\"><svg onload=\"document.title='pwned'\">"
    + "</pre></details></style><script>document.title='pwned'</script>"
    + "w" * 300
)
PAGES = {
    "scorecard": html.render(scorecard(TRIES), title=TRIES),
    "not started": html.render(scorecard(TRIES, problem=True)),
    "class": page.render(view([TRIES, "Anna", "w" * 90])),
}

# The lowest contrast of any text with what lies behind it, as WCAG 2 reckons it, and the width.
MEASURE = """(() => {
  document.querySelectorAll('details').forEach(each => each.open = true);
  const rgb = text => text.match(/[\\d.]+/g).map(Number);
  const light = ([r, g, b]) => [r, g, b].map(c => c / 255)
    .map(c => c <= .03928 ? c / 12.92 : ((c + .055) / 1.055) ** 2.4)
    .reduce((sum, c, i) => sum + c * [.2126, .7152, .0722][i], 0);
  const behind = element => {
    for (let e = element; e; e = e.parentElement) {
      const colour = rgb(getComputedStyle(e).backgroundColor);
      if (colour.length < 4 || colour[3] > 0) return colour;
    }
    return [255, 255, 255];
  };
  let lowest = 21, smallest = 99;
  const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  while (walker.nextNode()) {
    const element = walker.currentNode.parentElement;
    if (!walker.currentNode.data.trim() || element.closest('style, script, #told')) continue;
    const style = getComputedStyle(element);
    const pair = [light(rgb(style.color)), light(behind(element))].sort((a, b) => b - a);
    lowest = Math.min(lowest, (pair[0] + .05) / (pair[1] + .05));
    smallest = Math.min(smallest, parseFloat(style.fontSize));
  }
  return { width: document.documentElement.scrollWidth, inner: innerWidth,
    contrast: lowest, size: smallest, dark: light(behind(document.body)) < .1 };
})()"""


@pytest.fixture
def browser(tmp_path: Path) -> Browser:
    program = find_browser()
    if program is None:
        pytest.skip("no Chromium, Chrome or Edge is installed")
    return Browser(program, tmp_path)


@pytest.mark.parametrize(("width", "dark"), [(360, False), (1000, True)], ids=["phone", "dark"])
def test_pages_are_legible(browser: Browser, width: int, dark: bool) -> None:
    found = browser.evaluate(PAGES, MEASURE, width, dark=dark)
    assert set(found) == set(PAGES)
    for name, page_found in found.items():
        assert page_found["inner"] == width
        assert page_found["width"] <= width, f"{name} scrolls sideways"
        assert page_found["contrast"] >= 4.5, name
        assert page_found["size"] >= 12, name
        assert page_found["dark"] == dark, name


def test_nothing_in_a_page_runs_and_all_of_it_is_shown(browser: Browser) -> None:
    for source in (PAGES["scorecard"], PAGES["class"]):
        document = browser.text_of(source)
        title = re.search(r"<title>(.*?)</title>", document, re.DOTALL)
        assert title is not None
        assert title[1] != "pwned"
        assert not re.search(r"<(script|img|svg|iframe|link)\b", document)


def test_a_page_can_be_printed(browser: Browser) -> None:
    pdf = browser.printed(PAGES["scorecard"])
    assert pdf.startswith(b"%PDF-")
    assert re.search(rb"/Type\s*/Page\b", pdf)
