"""A reading in a real browser, with a server and a worker of its own: asked, followed, finished on one page."""

import os
import shutil
import socket
import sqlite3
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

from tests.portal import test_browser
from tests.portal.test_browser import ARGUMENTS, CHROMIUM, RULES, entered, sideways

pytestmark = test_browser.pytestmark
PATIENCE = 60_000  # milliseconds: a machine that runs other tests too is slow


@pytest.fixture(scope="module")
def folder(
    built_board: tuple[sqlite3.Connection, sqlite3.Connection], data_folder: Path, tmp_path_factory: Any
) -> Path:
    """A copy of the demo board, register and all."""
    made: Path = tmp_path_factory.mktemp("reading")
    for name in ("landing", "quarantine", "snapshots", "inbox"):
        shutil.copytree(data_folder / name, made / name)
    with sqlite3.connect(made / "schakel.db") as target:
        built_board[1].backup(target)
    return made


@pytest.fixture(scope="module")
def environment(folder: Path) -> dict[str, str]:
    return {
        **os.environ,
        "SCHAKEL_DATA": str(folder),
        "SCHAKEL_DEMO": "1",
        "DJANGO_SETTINGS_MODULE": "schakel.config.settings",
    }


@pytest.fixture(scope="module")
def server(environment: dict[str, str]) -> Iterator[str]:
    """The production server on that board."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    command = [sys.executable, "-m", "gunicorn", "-b", f"127.0.0.1:{port}", "--threads", "4", "schakel.config.wsgi"]
    with started(command, environment):
        test_browser._wait(f"http://127.0.0.1:{port}/gezondheid")
        yield f"http://127.0.0.1:{port}"


@contextmanager
def started(command: list[str], environment: dict[str, str]) -> Iterator[None]:
    process = subprocess.Popen(command, env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        yield
    finally:
        process.terminate()
        process.wait(timeout=60)


@pytest.fixture
def worker(environment: dict[str, str]) -> Callable[[], Any]:
    """Start the worker, as `make demo` does beside the pages."""
    return lambda: started([sys.executable, "-m", "schakel.cli.main", "work"], environment)


@pytest.fixture(scope="module")
def chromium() -> Iterator[Any]:
    with test_browser.playwright.sync_playwright() as playing:
        opened = playing.chromium.launch(executable_path=CHROMIUM, args=ARGUMENTS)
        yield opened
        opened.close()


@pytest.fixture
def tab(chromium: Any, server: str) -> Iterator[Any]:
    context = chromium.new_context(viewport={"width": 1280, "height": 900}, reduced_motion="reduce")
    context.set_default_timeout(PATIENCE)
    yield entered(context, server, "ict_manager")
    context.close()


def shorten(folder: Path, source: str = "verzuim") -> None:
    """Another delivery: the file without its last line."""
    path = next((folder / "inbox").glob(f"{source}_*"))
    path.write_bytes(b"".join(path.read_bytes().splitlines(keepends=True)[:-1]))


def faults(tab: Any) -> list[str]:
    """What axe-core and the width say of the page as it stands, wide and narrow."""
    found = []
    for width in (1280, 390, 320):
        tab.set_viewport_size({"width": width, "height": 900})
        violations = test_browser.axe.Axe().run(tab, options=RULES).response["violations"]
        found += [f"{width} {each['id']} {each['nodes'][0]['html'][:120]}" for each in violations]
        found += sideways(tab, width)
    tab.set_viewport_size({"width": 1280, "height": 900})
    return found


def test_a_request_waits_for_a_worker_and_is_then_followed_to_its_end(
    server: str, folder: Path, tab: Any, worker: Callable[[], Any]
) -> None:
    shorten(folder)
    tab.goto(f"{server}/bronnen/verzuim")
    before = tab.locator("#kop .facts").inner_text()
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
    assert tab.locator("#kop .facts").inner_text() != before
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
    server: str, folder: Path, chromium: Any, worker: Callable[[], Any]
) -> None:
    shorten(folder)
    context = chromium.new_context(viewport={"width": 390, "height": 900}, java_script_enabled=False)
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
