"""A reading in a real browser, with a server and a worker of its own: asked, followed, finished on one page."""

import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.portal.chromium import NEEDED, browser, faults
from tests.portal.serving import demo_environment, started
from tests.portal.test_browser import entered, folder, server

__all__ = ["browser", "folder", "server"]
pytestmark = NEEDED
PATIENCE = 180_000  # milliseconds: a machine that runs other tests too is slow


@pytest.fixture
def worker(folder: Path) -> Callable[[], Any]:
    """Start the worker, as `make demo` does beside the pages."""
    return lambda: started([sys.executable, "-m", "schakel.cli.main", "work"], demo_environment(folder))


@pytest.fixture
def tab(browser: Any, server: str) -> Iterator[Any]:
    context = browser.new_context(viewport={"width": 1280, "height": 900}, reduced_motion="reduce")
    context.set_default_timeout(PATIENCE)
    yield entered(context, server, "ict_manager")
    context.close()


def shorten(folder: Path, source: str = "verzuim") -> None:
    """Another delivery: the file without its last line."""
    path = next((folder / "inbox").glob(f"{source}_*"))
    path.write_bytes(b"".join(path.read_bytes().splitlines(keepends=True)[:-1]))


def test_a_request_waits_for_a_worker_and_is_then_followed_to_its_end(
    server: str, folder: Path, tab: Any, worker: Callable[[], Any]
) -> None:
    shorten(folder)
    tab.goto(f"{server}/bronnen/verzuim")
    before = tab.locator("#stand").inner_text()
    tab.get_by_role("button", name="Lees nu").click()
    tab.wait_for_url("**keer=**")
    assert "De verwerker draait niet." in tab.locator("#lezen").inner_text()
    assert tab.get_by_role("button", name="Wordt gelezen").is_disabled()
    assert faults(tab) == []
    tab.evaluate("window.stayed = true")
    with worker():
        tab.locator("#lezen", has_text="Klaar. Verzuim is gelezen").wait_for()
        assert tab.locator("#lezen-gezegd").inner_text().startswith("Klaar. Verzuim is gelezen")
        tab.get_by_role("button", name="Lees nu").wait_for()  # the rest of the page came along
    assert tab.evaluate("window.stayed") is True
    assert tab.locator("#stand").inner_text() != before  # one more reading, one row less
    assert faults(tab) == []
    assert tab.complaints == []


def test_the_page_asks_no_more_when_it_is_over(server: str, tab: Any, worker: Callable[[], Any]) -> None:
    tab.goto(f"{server}/bronnen/verzuim")
    with worker():
        tab.get_by_role("button", name="Lees nu").click()
        tab.locator("#lezen", has_text="Niets nieuws.").wait_for()
        tab.get_by_role("button", name="Lees nu").wait_for()
        asked = []
        tab.on("request", lambda request: asked.append(request.url))
        tab.wait_for_timeout(2500)
        assert asked == []
        assert tab.locator("#lezen [hx-get]").count() <= 1  # what fetched the rest of the page, once


def test_all_sources_are_followed_on_the_front_door(
    server: str, folder: Path, tab: Any, worker: Callable[[], Any]
) -> None:
    shorten(folder, "rooster")
    tab.goto(f"{server}/ict")
    tab.get_by_role("button", name="Lees alle bronnen nu").click()
    tab.wait_for_url("**/ict?keer=**")
    tab.goto(f"{server}/ict?keer={tab.url.rsplit('=', 1)[1]}")
    with worker():
        tab.locator("#lezen", has_text="bronnen bekeken; 1 had iets nieuws.").wait_for()
    assert faults(tab) == []
    assert tab.complaints == []


def test_without_script_the_page_tells_each_time_it_is_loaded(
    server: str, folder: Path, browser: Any, worker: Callable[[], Any]
) -> None:
    shorten(folder)
    context = browser.new_context(viewport={"width": 390, "height": 900}, java_script_enabled=False)
    context.set_default_timeout(PATIENCE)
    page = entered(context, server, "ict_manager")
    page.goto(f"{server}/bronnen/verzuim")
    page.get_by_role("button", name="Lees nu").click()
    page.wait_for_url("**keer=**")
    again = page.get_by_role("link", name="Laad deze pagina opnieuw om te zien hoe ver het is")
    assert again.is_visible()
    with worker():
        for _try in range(120):
            again.click()
            page.wait_for_load_state()
            if "Klaar." in page.locator("#lezen").inner_text():
                break
            page.wait_for_timeout(500)
    assert "Klaar. Verzuim is gelezen" in page.locator("#lezen").inner_text()
    assert again.count() == 0
    context.close()
