"""The report in a browser: formulas, filter, sorting, no request, no error, narrow and dark; needs Chromium."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from lakatos import api
from lakatos.report import write

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser")
pytestmark = pytest.mark.skipif(CHROMIUM is None, reason="needs Debian's chromium (apt-get install chromium)")

CLAIMS = """
squares = Claim(says="Squares <script>alert(1)</script> & more.", source=SOURCE, number="T1", let={n: Naturals(caption="a <b>number</b>")},
                then=n**2 >= n, edges={"one": {n: 1}}, must_fail=[Mutant("strict", then=n**2 > n, witness={n: 1})])
bounded = Claim(says="Every square is at most six times its root.", source=SOURCE, number="T2", let={n: Naturals()}, then=n**2 <= 6 * n,
                edges={"seven": {n: 7}}, must_fail=[Mutant("lower", then=n**2 <= n, witness={n: 2})])
found = Finding(title="Six is <i>too small</i>", explains="Seven shows it.", printed=bounded)
"""


@pytest.fixture
def report(toy: Any, tmp_path: Path) -> Path:
    """A report of two claims, one refuted, with hostile texts."""
    toy.state(CLAIMS)
    run: api.Run = toy.prepared()
    run.execute()
    return write(run.ledger(), run.corpus, tmp_path / "report")[0]


@pytest.fixture
def page(report: Path) -> Iterator[Any]:
    """The report in headless Chromium, with every request and console message recorded."""
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox", "--disable-gpu"])
        opened = browser.new_page()
        opened.problems = []
        opened.on("console", lambda message: opened.problems.append(message.text))
        opened.on("pageerror", lambda error: opened.problems.append(str(error)))
        opened.on("request", lambda request: opened.problems.append(request.url) if request.url.startswith("http") else None)
        opened.goto(report.as_uri())
        yield opened
        browser.close()


def test_the_report_in_a_browser(page: Any) -> None:
    """Formulas have a size, the filter and the sorting work, nothing is requested, no message, no script from a title runs."""
    box = page.locator("math").first.bounding_box()
    assert box["width"] > 5 and box["height"] > 5
    page.select_option("#verdict", "refuted")
    assert (page.locator(".overview tbody tr:visible").count(), page.locator("#shown").inner_text()) == (1, "1 of 2 claims")
    page.select_option("#verdict", "")
    page.fill("#text", "squares")
    assert page.locator(".overview tbody tr:visible").count() == 1
    page.fill("#text", "")
    page.get_by_role("button", name="Number").click()
    page.get_by_role("button", name="Number").click()
    assert page.locator(".overview tbody tr").first.inner_text().startswith("Every square")
    assert page.get_by_text("Squares <script>alert(1)</script> & more.").count() > 0
    assert page.problems == []


def test_the_report_on_a_narrow_screen_and_in_the_dark(page: Any) -> None:
    """At 380 pixels nothing overflows the page; dark mode changes the background."""
    page.set_viewport_size({"width": 380, "height": 800})
    page.evaluate("document.querySelectorAll('details').forEach(item => item.open = true)")
    assert page.evaluate("document.documentElement.scrollWidth") <= 380
    light = page.evaluate("getComputedStyle(document.body).backgroundColor")
    page.emulate_media(color_scheme="dark")
    assert page.evaluate("getComputedStyle(document.body).backgroundColor") != light
    assert page.problems == []
