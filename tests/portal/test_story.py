"""One question from beginning to end in a real browser, as the people of the board.

Asked on a phone, assessed, advised on, refused to who asked, approved by another, realised on the board of changes and
on the page to write an overview, opened; time comes back.
"""

import re
import sqlite3
from collections.abc import Callable, Iterator
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest

from tests.portal.chromium import NEEDED, browser
from tests.portal.test_browser import entered, folder, server

__all__ = ["browser", "folder", "server"]

pytestmark = NEEDED
QUESTION = "hoeveel minuten mijn leerlingen deze maand te laat waren"
SQL = """SELECT p.family_name AS family_name, sum(a.minutes_late) AS minutes
FROM pupil AS p JOIN absence AS a ON a.pupil_id = p.pupil_id
GROUP BY p.pupil_id, p.family_name"""


@pytest.fixture(scope="module")
def as_(browser: Any, server: str) -> Iterator[Callable[[str], Any]]:
    """A tab for each person; the teacher holds a phone."""
    tabs: dict[str, Any] = {}

    def of(who: str) -> Any:
        if who not in tabs:
            size = {"width": 390, "height": 844} if who == "teacher" else {"width": 1280, "height": 900}
            tabs[who] = entered(browser.new_context(viewport=size, reduced_motion="reduce"), server, who)
        return tabs[who]

    yield of
    for tab in tabs.values():
        tab.context.close()


def go(tab: Any, server: str, address: str) -> Any:
    tab.goto(server + address)
    return tab


def press(tab: Any, words: str) -> None:
    """Press the button (or follow the link) with these words, and wait for the page."""
    tab.locator(f"main :is(button, a):has-text('{words}')").first.click()
    tab.wait_for_load_state()


def hours(tab: Any, server: str) -> float:
    """The hours that came back, as the page says them."""
    go(tab, server, "/tijd")
    found = re.search(r"([\d.]+(?:,\d)?) uur kwam terug", tab.locator("h1").inner_text())
    return float(found.group(1).replace(".", "").replace(",", ".")) if found else 0.0


def ask(tab: Any, server: str, question: str, *elements: str) -> str:
    """Ask in one sentence, with these elements; returns the address of the need."""
    go(tab, server, "/vragen/nieuw?" + "&".join(f"g={element}" for element in elements))
    tab.locator("#vraag").fill(question)
    tab.locator("#besluit").fill("met welke ouders ik een gesprek plan")
    tab.wait_for_selector("#bij-werk button", timeout=30_000)
    tab.locator("#bij-werk button").first.click()
    tab.wait_for_load_state()
    for place in range(len(elements)):
        tab.locator("td input[name^='r-']").nth(place).fill("om te weten om wie en om hoeveel het gaat")
    tab.locator("#minuten").fill("90")
    tab.locator("#keer").fill("10")
    tab.locator("#mensen").fill("20")
    press(tab, "Stuur mijn vraag in")
    assert "is ingestuurd" in tab.locator("main").inner_text()
    return str(tab.url).removeprefix(server)


def fill_in(tab: Any, server: str, need: str) -> None:
    """What an asker need not know, by the information manager; then ready for a decision."""
    go(tab, server, f"{need}/wijzigen")
    tab.locator("#level").select_option("person")
    tab.locator("#freshness").fill("elke schooldag")
    tab.locator("#purpose").fill("Op tijd het gesprek met thuis voeren.")
    tab.locator("#legal_basis").fill("AVG art. 6 lid 1e (publieke taak)")
    press(tab, "Sla deze wijziging op")
    press(tab, "Klaar voor besluit")
    assert "Beoordeeld" in tab.locator("main").inner_text()


def take_up(tab: Any, server: str) -> None:
    """ICT finds on the board of changes what the assessment proposed, plans it for himself, and begins."""
    go(tab, server, "/wijzigingen")
    press(tab, "Maak een overzicht voor ‘Hoeveel minuten")
    assert "Voorgesteld" in tab.locator("main").inner_text()
    tab.locator("#wie").select_option(label="Daan Verhoeven")
    tab.locator("#uiterlijk").fill(str(date.today() + timedelta(days=7)))
    press(tab, "Sla plan op")
    press(tab, "Begin eraan")
    assert "In uitvoering" in tab.locator("main").inner_text()


def write(tab: Any, server: str, need: str) -> str:
    """ICT writes the overview on its page, without seeing a row; returns its address."""
    go(tab, server, need)
    press(tab, "Schrijf een overzicht")
    tab.locator("#titel").fill("Te laat in mijn groep")
    tab.locator("#sql").fill(SQL)
    press(tab, "Kijk na")
    assert "Dit past bij de behoefte" in tab.locator("main").inner_text()
    tab.locator("[name='k-minutes-nl']").fill("Minuten te laat")
    tab.locator("[name='k-minutes-vorm']").select_option(label="heel getal")
    tab.locator("#orden").fill("family_name")
    press(tab, "Sla op en lever")
    assert "Opgeslagen" in tab.locator("body").inner_text()
    return f"/overzichten/{tab.url.rsplit('/', 1)[-1]}"


def finish(tab: Any, server: str) -> None:
    """ICT finds the change in its new lane and says that it is done."""
    go(tab, server, "/wijzigingen")
    press(tab, "Maak een overzicht voor ‘Hoeveel minuten")
    press(tab, "Meld klaar")
    assert "Klaar" in tab.locator("main .st").first.inner_text()


def test_one_question_from_beginning_to_end(as_: Callable[[str], Any], server: str) -> None:
    before = hours(as_("teacher"), server)
    need = ask(as_("teacher"), server, QUESTION, "pupil.family_name", "absence.minutes_late", "health_note.action_text")
    fill_in(as_("information_manager"), server, need)

    # The board may not decide before the privacy officer has advised on the special element.
    board = go(as_("board_member"), server, need)
    assert "Eerst adviseert Ineke Postma" in board.locator("main").inner_text()
    assert board.locator("button:has-text('Keur versie')").count() == 0
    privacy = go(as_("privacy_officer"), server, need)
    press(privacy, "Adviseer over deze versie")
    privacy.locator("#advies").fill("Toon zo weinig mogelijk; zo kan het.")
    press(privacy, "Adviseer positief")
    go(board, server, need)
    press(board, "Keur versie")
    assert "Goedgekeurd" in board.locator("main").inner_text()

    ict = as_("ict_manager")
    take_up(ict, server)
    overview = write(ict, server, need)
    go(ict, server, need)
    press(ict, "Zet deze behoefte in gebruik")
    assert "In gebruik" in ict.locator("main").inner_text()
    finish(ict, server)

    teacher = go(as_("teacher"), server, overview)
    assert "Te laat in mijn groep" in teacher.locator("main").inner_text()
    assert "Waarom zie ik dit?" in teacher.locator("main").inner_text()
    assert hours(teacher, server) > before


def test_a_board_member_does_not_approve_what_he_asked(as_: Callable[[str], Any], server: str, folder: Path) -> None:
    board = as_("board_member")
    need = ask(board, server, "hoe het verzuim zich op al onze scholen ontwikkelt", "absence.kind")
    fill_in(as_("information_manager"), server, need)
    go(board, server, need)
    assert board.locator("button:has-text('Keur versie')").count() == 0
    assert "Iemand anders" in board.locator("main").inner_text()
    token = board.locator("input[name=csrfmiddlewaretoken]").first.get_attribute("value")
    answer = board.request.post(
        f"{server}{need}/goedkeuren",
        form={"csrfmiddlewaretoken": token, "vingerafdruk": fingerprint(folder, need)},
        headers={"Referer": server + need},
    )
    assert answer.status == 403
    assert "U vroeg of schreef deze behoefte zelf" in answer.text()
    assert "Beoordeeld" in go(board, server, need).locator("main").inner_text()


def fingerprint(folder: Path, need: str) -> str:
    """The fingerprint of the text as it stands now: what a page would send along with an approval."""
    with sqlite3.connect(folder / "schakel.db") as register:
        row = register.execute(
            "SELECT v.content_hash FROM chain_needversion AS v JOIN chain_informationneed AS n ON n.id = v.need_id"
            " WHERE n.key = ? ORDER BY v.number DESC LIMIT 1",
            [need.rsplit("/", 1)[-1]],
        ).fetchone()
    return str(row[0])
