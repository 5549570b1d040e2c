"""The pages in a real browser: WCAG 2.2 A and AA, light and dark, wide and narrow; nothing scrolls sideways.

A server of its own runs on the demo board, as in real use; axe-core looks at each page.
"""

import os
import shutil
import socket
import sqlite3
import subprocess
import sys
import time
import urllib.request
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.kits.sheet_files import book

playwright = pytest.importorskip("playwright.sync_api", reason="playwright is not installed")
axe = pytest.importorskip("axe_playwright_python.sync_playwright", reason="axe-core is not installed")

CHROMIUM = next(
    (p for p in ("/usr/bin/chromium", "/usr/bin/chromium-browser", "/usr/bin/google-chrome") if Path(p).exists()), ""
)
pytestmark = [
    pytest.mark.browser,
    pytest.mark.skipif(not CHROMIUM, reason="no Chromium at /usr/bin/chromium (Debian package chromium)"),
]
ARGUMENTS = ["--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage"]
RULES = {"runOnly": {"type": "tag", "values": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22a", "wcag22aa"]}}
# Each page once, by someone who may open it; "-" is nobody.
PAGES = (
    ("-", "/aanmelden"),
    ("-", "/over/gegevens"),
    ("-", "/onderdelen"),
    ("board_member", "/bestuur"),
    ("board_member", "/behoeften/results_overview"),
    ("board_member", "/overzichten/goals_state"),
    ("information_manager", "/informatiemanager"),
    ("information_manager", "/behoeften"),
    ("information_manager", "/hiaten"),
    ("information_manager", "/logboek"),
    ("information_manager", "/uitwisselen"),
    ("information_manager", "/uitwisselen/voorstel"),
    ("information_manager", "/zoek?q=verzuim"),
    ("ict_manager", "/ict"),
    ("ict_manager", "/bronnen"),
    ("ict_manager", "/bronnen/oneroster"),
    ("ict_manager", "/quarantaine"),
    ("school_admin", "/bronnen/verzuim/quarantaine"),
    ("mentor", "/mijn"),
    ("mentor", "/overzichten"),
    ("mentor", "/overzichten/absence_16h"),
    ("mentor", "/overzichten/absence_class"),
    ("outsider", "/overzichten/absence_16h"),
    ("outsider", "/nergens"),
)


@pytest.fixture(scope="module")
def server(
    built_board: tuple[sqlite3.Connection, sqlite3.Connection], data_folder: Path, tmp_path_factory: Any
) -> Iterator[str]:
    """The production server on a copy of the demo board."""
    folder = tmp_path_factory.mktemp("browser")
    for name in ("landing", "quarantine", "snapshots", "inbox"):
        if (data_folder / name).is_dir():
            shutil.copytree(data_folder / name, folder / name)
    with sqlite3.connect(folder / "schakel.db") as target:
        built_board[1].backup(target)
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    environment = {
        **os.environ,
        "SCHAKEL_DATA": str(folder),
        "SCHAKEL_DEMO": "1",
        "DJANGO_SETTINGS_MODULE": "schakel.config.settings",
    }
    command = [sys.executable, "-m", "gunicorn", "-b", f"127.0.0.1:{port}", "--threads", "4", "schakel.config.wsgi"]
    process = subprocess.Popen(command, env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        _wait(f"http://127.0.0.1:{port}/gezondheid")
        yield f"http://127.0.0.1:{port}"
    finally:
        process.terminate()
        process.wait(timeout=20)


def _wait(address: str) -> None:
    for _try in range(100):
        try:
            with urllib.request.urlopen(address, timeout=2):
                return
        except OSError:
            time.sleep(0.1)
    raise AssertionError("the server did not start")


@pytest.fixture(scope="module")
def browser() -> Iterator[Any]:
    """Chromium of the system."""
    with playwright.sync_playwright() as started:
        opened = started.chromium.launch(executable_path=CHROMIUM, args=ARGUMENTS)
        yield opened
        opened.close()


def entered(context: Any, server: str, who: str) -> Any:
    """A tab in which someone stepped in, that notes what the console complains about."""
    page = context.new_page()
    page.complaints = []
    page.on("console", lambda m: page.complaints.append(m.text) if m.type == "error" else None)
    page.on("pageerror", lambda error: page.complaints.append(str(error)))
    if who != "-":
        page.goto(f"{server}/aanmelden")
        page.locator(f"aside form:has(input[value={who}]) button").click()
        page.wait_for_load_state()
    return page


@pytest.fixture(scope="module")
def tab_of(browser: Any, server: str) -> Iterator[Callable[[str], Any]]:
    """One tab for each person, kept for all pages."""
    tabs: dict[str, Any] = {}

    def of(who: str) -> Any:
        if who not in tabs:
            context = browser.new_context(viewport={"width": 1280, "height": 900}, reduced_motion="reduce")
            tabs[who] = entered(context, server, who)
        return tabs[who]

    yield of
    for tab in tabs.values():
        tab.context.close()


@pytest.mark.parametrize(("who", "address"), PAGES)
def test_a_page_meets_wcag_and_fits(server: str, tab_of: Callable[[str], Any], who: str, address: str) -> None:
    tab, checker, faults = tab_of(who), axe.Axe(), []
    tab.complaints.clear()
    tab.goto(server + address)
    for width in (1280, 390):
        tab.set_viewport_size({"width": width, "height": 900})
        for theme in ("light", "dark"):
            tab.emulate_media(color_scheme=theme)
            found = checker.run(tab, options=RULES).response["violations"]
            faults += [
                f"{width} {theme} {v['id']} {v['nodes'][0]['target']} {v['nodes'][0]['html'][:120]}" for v in found
            ]
        faults += sideways(tab, width)
    tab.set_viewport_size({"width": 320, "height": 900})
    faults += sideways(tab, 320)
    assert faults + [text for text in tab.complaints if "status of 40" not in text] == []


WIDEST = """width => [...document.querySelectorAll("body *")]
  .filter(e => e.getBoundingClientRect().right > width + 0.2 && !e.closest("thead"))
  .map(e => e.tagName + "." + e.getAttribute("class") + " " + e.textContent.trim().slice(0, 40))
  .slice(-3).join(" | ")"""


def sideways(tab: Any, width: int) -> list[str]:
    """Whether a page is wider than its window, and by what."""
    reach = tab.evaluate("document.documentElement.scrollWidth")
    return [f"{reach} wide, {width} fits: {tab.evaluate(WIDEST, width)}"] if reach > width else []


def test_the_keyboard_reaches_everything_and_shows_where_it_is(server: str, browser: Any) -> None:
    context = browser.new_context(viewport={"width": 1280, "height": 900})
    tab = entered(context, server, "information_manager")
    tab.goto(f"{server}/behoeften")
    tab.keyboard.press("Tab")
    assert tab.evaluate("document.activeElement.className") == "skip"
    tab.keyboard.press("Enter")
    assert tab.evaluate("document.activeElement.id") == "inhoud"
    tab.keyboard.press("Tab")
    outline = tab.evaluate("getComputedStyle(document.activeElement).outlineStyle")
    assert outline != "none"
    context.close()


def test_the_role_switch_closes_with_escape_and_elsewhere(server: str, browser: Any) -> None:
    context = browser.new_context(viewport={"width": 1280, "height": 900})
    tab = entered(context, server, "board_member")
    menu = tab.locator("details.switch").first
    menu.locator("summary").click()
    assert menu.get_attribute("open") is not None
    tab.keyboard.press("Escape")
    assert menu.get_attribute("open") is None
    menu.locator("summary").click()
    tab.locator("h1").click()
    assert menu.get_attribute("open") is None
    context.close()


def test_a_table_sorts_and_filters_in_place(server: str, browser: Any) -> None:
    context = browser.new_context(viewport={"width": 1280, "height": 900})
    tab = entered(context, server, "information_manager")
    tab.goto(f"{server}/behoeften")
    tab.evaluate("window.stayed = true")
    tab.locator("#t-kop-need").click()
    tab.wait_for_selector("th[aria-sort=ascending]")
    tab.locator("#t-stand").select_option("live")
    tab.wait_for_url("**t-stand=live**")
    tab.wait_for_selector("#tabel-t td .st.ok")
    assert tab.locator("#tabel-t td .st.unk").count() == 0
    assert tab.evaluate("window.stayed") is True
    assert "t-sorteer=need" in tab.url
    assert tab.complaints == []
    context.close()


def test_everything_works_without_script(server: str, browser: Any) -> None:
    context = browser.new_context(viewport={"width": 390, "height": 900}, java_script_enabled=False)
    tab = entered(context, server, "information_manager")
    tab.goto(f"{server}/behoeften")
    tab.locator(".menu-btn").click()
    assert tab.locator("#menu").is_visible()
    tab.goto(f"{server}/behoeften")
    tab.locator("#t-zoek").fill("verzuim")
    tab.locator(".tbar [type=submit]").click()
    assert "t-zoek=verzuim" in tab.url
    tab.locator("footer button[value=dark]").click()
    assert tab.locator("html").get_attribute("data-theme") == "dark"
    context.close()


def test_the_theme_switches_at_once_and_is_remembered(server: str, browser: Any) -> None:
    context = browser.new_context(viewport={"width": 1280, "height": 900})
    tab = entered(context, server, "mentor")
    tab.locator("footer button[value=dark]").click()
    tab.wait_for_selector("html[data-theme=dark]")
    tab.reload()
    assert tab.locator("html").get_attribute("data-theme") == "dark"
    context.close()


@pytest.mark.parametrize("script", [True, False])
def test_a_file_is_looked_at_and_thrown_away(server: str, browser: Any, tmp_path: Path, script: bool) -> None:
    file = tmp_path / "doelen.xlsx"
    wrong = [["Sleutel", "Doel", "Niveau"], ["G01", "Andere woorden", "school"], ["G98", "Nieuw", "heelal"]]
    file.write_bytes(book(Doelen=wrong))
    context = browser.new_context(viewport={"width": 1280, "height": 900}, java_script_enabled=script)
    tab = entered(context, server, "information_manager")
    tab.goto(f"{server}/uitwisselen")
    tab.locator("#rekenblad").set_input_files(str(file))
    tab.locator("form[action$='spreadsheet/nakijken'] button").click()
    tab.wait_for_url("**/uitwisselen/voorstel")
    assert "Eén plek in het bestand past niet" in tab.locator("h1").inner_text()
    faults: list[str] = []
    for width in (1280, 390, 320) if script else ():
        tab.set_viewport_size({"width": width, "height": 900})
        found = axe.Axe().run(tab, options=RULES).response["violations"]
        faults += [f"{width} {v['id']} {v['nodes'][0]['html'][:120]}" for v in found] + sideways(tab, width)
    assert faults == []
    tab.locator("form[action$='weggooien'] button").click()
    assert "Er is niets overgenomen" in tab.locator("[role=status]").inner_text()
    context.close()
