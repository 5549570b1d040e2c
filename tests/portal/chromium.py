"""A real browser for tests: Chromium of the system, and what it finds wrong with a page as it stands."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.portal import contrast

playwright = pytest.importorskip("playwright.sync_api", reason="playwright is not installed")
axe = pytest.importorskip("axe_playwright_python.sync_playwright", reason="axe-core is not installed")

# Chromium without a window opens a page in two thirds of the time of one that only hides its window.
NAMES = ("chromium-headless-shell", "chromium", "chromium-browser", "google-chrome")
CHROMIUM = next((path for name in NAMES if Path(path := f"/usr/bin/{name}").exists()), "")
NEEDED = [
    pytest.mark.browser,
    pytest.mark.skipif(not CHROMIUM, reason="no Chromium in /usr/bin (Debian package chromium-headless-shell)"),
]
# One process for all tabs: to start one for each costs 6% of the processor time of the tests of pages. And each page is
# gone before what the last compiler of V8 makes of its scripts has paid off: that was a tenth of it.
ARGUMENTS = ["--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage", "--renderer-process-limit=1",
             "--js-flags=--no-turbofan"]  # fmt: skip
AXE = axe.Axe().axe_script
WCAG = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22a", "wcag22aa"]
RULES = {"runOnly": {"type": "tag", "values": WCAG}, "resultTypes": ["violations"]}
# A theme changes colours and nothing else: what looks at those looks again in the dark.
COLOURS = {
    "runOnly": {"type": "rule", "values": ["color-contrast", "link-in-text-block"]},
    "resultTypes": ["violations"],
}
WIDEST = """width => [...document.querySelectorAll("body *")]
  .filter(e => e.getBoundingClientRect().right > width + 0.2 && !e.closest("thead"))
  .map(e => e.tagName + "." + e.getAttribute("class") + " " + e.textContent.trim().slice(0, 40))
  .slice(-3).join(" | ")"""


@pytest.fixture(scope="module")
def browser() -> Iterator[Any]:
    """Chromium of the system."""
    with playwright.sync_playwright() as started:
        opened = started.chromium.launch(executable_path=CHROMIUM, args=ARGUMENTS)
        plain = opened.new_context

        def with_axe(**options: Any) -> Any:
            """Each page of the context has axe-core from its start: so Chromium compiles it once."""
            context = plain(**options)
            context.add_init_script(AXE)
            return context

        opened.new_context = with_axe
        yield opened
        opened.close()


def faults(tab: Any) -> list[str]:
    """What is wrong with a page as it stands: WCAG 2.2 A and AA wide and narrow, light and dark; sideways scrolling."""
    found = []
    for width in (1280, 390):
        tab.set_viewport_size({"width": width, "height": 900})
        for theme, rules in (("light", RULES), ("dark", COLOURS)):
            tab.emulate_media(color_scheme=theme)
            found += [f"{width} {theme} {fault}" for fault in violations(tab, rules)]
        found += sideways(tab, width)
    tab.set_viewport_size({"width": 320, "height": 900})
    found += sideways(tab, 320)
    tab.emulate_media(color_scheme="light")
    tab.set_viewport_size({"width": 1280, "height": 900})
    return found


def violations(tab: Any, rules: dict[str, Any] = RULES) -> list[str]:
    """What axe-core finds: the rule, the first place, and its HTML."""
    bring(tab)
    found, enough = tab.evaluate(contrast.RUN, rules)
    contrast.ENOUGH.update(enough)
    return [f"{v['id']} {v['nodes'][0]['target']} {v['nodes'][0]['html'][:120]}" for v in found]


def bring(tab: Any) -> None:
    """Let axe-core be on a page, and know what was enough before."""
    axe_is_there, knows = tab.evaluate("['axe' in window, 'axe' in window && 'lookAgain' in axe]")
    if not axe_is_there:
        tab.evaluate(AXE)
    if not contrast.whole() and not knows:
        tab.evaluate(contrast.PASSES_LIKE, " ".join(contrast.ENOUGH))


def sideways(tab: Any, width: int) -> list[str]:
    """Whether a page is wider than its window, and by what."""
    reach = tab.evaluate("document.documentElement.scrollWidth")
    return [f"{reach} wide, {width} fits: {tab.evaluate(WIDEST, width)}"] if reach > width else []
