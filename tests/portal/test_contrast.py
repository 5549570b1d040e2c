"""Contrast that is computed once for what looks the same finds what computing all of it finds."""

from collections.abc import Iterator
from typing import Any

import pytest

from tests.portal import contrast
from tests.portal.chromium import COLOURS, NEEDED, bring, browser, violations

__all__ = ["browser"]
pytestmark = NEEDED
STYLE = """<style>
  body { background: #fff; color: #222; font: 14px sans-serif } .faint { color: #bbb } .dark { background: #333 }
  li:nth-child(7) { color: #ccc } .big { font-size: 30px } .grey { color: #888 } .over { position: absolute; top: 0 }
  .see { opacity: 0.4 }
</style>"""
FORTY = "".join(f"<p>woord {n}</p>" for n in range(40))
ONE_WRONG = {
    "nothing": "<p>woord</p>",
    "a style of its own": "<p style='color: #bbb'>woord</p>",
    "a class": "<p class='faint'>woord</p>",
    "its number in a row": f"<ul>{'<li>woord</li>' * 9}</ul>",
    "what lies behind it": "<div class='dark'><p>woord</p></div>",
    "smaller letters": "<b class='big grey'>woord</b><b class='grey'>woord</b>",
    "how far one sees through it": "<div class='see'><p>woord</p></div>",
    "a short one after a long one": "<p>2</p><p class='faint'>27</p>",
    "outside the flow": "<div style='position: relative'><div class='dark' style='height: 90px'></div>"
    "<p class='over'>woord</p></div>",
    "one that nobody sees before it": "<p class='faint' hidden>woord</p><p class='faint'>woord</p>",
    "one off the page before it": "<p class='faint' style='margin-left: -999px'>woord</p><p class='faint'>woord</p>",
}
BOX = "<div style='position: relative; z-index: 0'>{}<p>woord</p></div>"
ONE_WRONG["what lies behind it without being around it"] = BOX.format("") + BOX.format(
    "<i class='dark' style='position: absolute; inset: 0; z-index: -1'></i>"
)
COUNT = """() => { const check = axe._audit.checks["color-contrast"], every = check.every; window.computed = 0;
  check.every = function (...all) { window.computed += 1; return every.apply(this, all); }; }"""


@pytest.fixture(autouse=True)
def nothing_seen_before(monkeypatch: pytest.MonkeyPatch) -> None:
    """Each test begins without what other pages showed."""
    monkeypatch.setattr(contrast, "ENOUGH", set())


@pytest.fixture
def tab(browser: Any) -> Iterator[Any]:
    context = browser.new_context(viewport={"width": 1280, "height": 900})
    yield context.new_page()
    context.close()


def show(tab: Any, body: str) -> None:
    tab.goto("about:blank")
    tab.set_content(f"<!doctype html><html lang='nl'><title>x</title>{STYLE}<body>{body}</body></html>")


def found(tab: Any, body: str, monkeypatch: pytest.MonkeyPatch, *, whole: bool) -> list[str]:
    """What axe finds, computing everything or what looks different only."""
    monkeypatch.setattr(contrast, "whole", lambda: whole)
    show(tab, body)
    return violations(tab, COLOURS)


@pytest.mark.parametrize("wrong", ONE_WRONG)
def test_what_differs_in_anything_that_counts_is_found(tab: Any, monkeypatch: pytest.MonkeyPatch, wrong: str) -> None:
    body = FORTY + ONE_WRONG[wrong] + FORTY
    all_of_it = found(tab, body, monkeypatch, whole=True)
    assert found(tab, body, monkeypatch, whole=False) == all_of_it
    assert bool(all_of_it) is (wrong != "nothing")


def test_a_text_like_one_before_it_is_not_computed_again(tab: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    assert found(tab, FORTY, monkeypatch, whole=False) == []
    tab.evaluate(COUNT)
    assert violations(tab, COLOURS) == []
    assert tab.evaluate("window.computed") == 0
    tab.evaluate("document.body.className = 'dark'")
    assert len(violations(tab, COLOURS)) == 1
    assert tab.evaluate("window.computed") == 40  # none of what fails is taken for another


def test_nor_is_a_text_like_one_on_a_page_before_it(tab: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    assert found(tab, FORTY + "<p class='big'>woord</p>", monkeypatch, whole=False) == []
    show(tab, FORTY + "<p class='grey big'>woord</p>")
    bring(tab)
    tab.evaluate(COUNT)
    assert violations(tab, COLOURS) == []
    assert tab.evaluate("window.computed") == 1
    show(tab, FORTY.replace("<p>", "<p class='faint'>"))
    assert len(violations(tab, COLOURS)) == 1


def test_the_full_counts_compute_each_text(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("SCHAKEL_SOAK", raising=False)
    assert not contrast.whole()
    monkeypatch.setenv("SCHAKEL_SOAK", "1")
    assert contrast.whole()
