"""The pages in a real browser: WCAG 2.2 A and AA, light and dark, wide and narrow; nothing scrolls sideways.

A server of its own runs on the demo board, as in real use; axe-core looks at each page.
"""

import sqlite3
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.kits.sheet_files import book
from tests.portal.chromium import NEEDED, browser, faults, violations
from tests.portal.serving import copy_of_board, demo_environment, served

__all__ = ["browser"]
pytestmark = NEEDED
# Each page once, by someone who may open it; "-" is nobody.
PAGES = (
    ("-", "/aanmelden"),
    ("-", "/aanmelden/welkom"),
    ("-", "/over/gegevens"),
    ("-", "/onderdelen"),
    ("board_member", "/bestuur"),
    ("board_member", "/behoeften/results_overview"),
    ("board_member", "/overzichten/goals_state"),
    ("information_manager", "/informatiemanager"),
    ("board_member", "/behoeften/absence_16h/beeindigen"),
    ("information_manager", "/ongebruikte-behoeften"),
    ("board_member", "/behoeften/absence_16h/versies/1"),
    ("board_member", "/vervanging"),
    ("mentor", "/vragen"),
    ("mentor", "/tijd"),
    ("information_manager", "/wijzigingen"),
    ("information_manager", "/wijzigingen/kalender"),
    ("information_manager", "/overleg"),
    ("mentor", "/tijd/absence_16h"),
    ("mentor", "/vragen/nieuw?vraag=welke+leerlingen+vaak+te+laat+komen&g=absence.kind&g=pupil.family_name"),
    ("information_manager", "/behoeften/absence_16h/wijzigen"),
    ("information_manager", "/behoeften/absence_16h/weglaten/absence.contact_on"),
    ("information_manager", "/behoeften"),
    ("information_manager", "/hiaten"),
    ("information_manager", "/startpakketten"),
    ("information_manager", "/startpakketten/base"),
    ("information_manager", "/startpakketten/po/keuze?deel=needs:reference_levels"),
    ("mentor", "/startpakketten/po"),
    ("information_manager", "/hiaten/system-without-agreement:monitoring"),
    ("information_manager", "/keten"),
    ("information_manager", "/keten?gekozen=bron:rooster"),
    ("information_manager", "/keten/applicatie/las/gevolgen"),
    ("information_manager", "/keten/gevolgen?wat=applicatie:las&wat=organisatie:org-11&zoek=rooster"),
    ("mentor", "/keten/overzicht/absence_16h/fundament"),
    ("information_manager", "/logboek"),
    ("ict_manager", "/bevindingen"),
    ("ict_manager", "/bevindingen/1"),
    ("school_admin", "/herstellijst?school=org-11"),
    ("information_manager", "/mensen"),
    ("information_manager", "/mensen/2"),
    ("information_manager", "/uitwisselen"),
    ("information_manager", "/uitwisselen/voorstel"),
    ("information_manager", "/verantwoordelijkheden"),
    ("information_manager", "/verantwoordelijkheden/informationneed/absence_16h"),
    ("information_manager", "/verantwoordelijkheden/informationneed/absence_16h/content/mentor"),
    ("information_manager", "/mijn/verwacht"),
    ("teacher", "/collega/1"),
    ("teacher", "/rollen/information_manager"),
    ("board_member", "/rollen/board_member/buren"),
    ("information_manager", "/zoek?q=verzuim"),
    ("ict_manager", "/ict"),
    ("ict_manager", "/bronnen"),
    ("ict_manager", "/bronnen/oneroster"),
    ("ict_manager", "/bronnen/oneroster/server"),
    ("ict_manager", "/bronnen/oneroster/planning"),
    ("ict_manager", "/bronnen/oneroster/afspraken"),
    ("ict_manager", "/bronnen/oneroster/keren"),
    ("ict_manager", "/bronnen/oneroster/keren/2"),
    ("ict_manager", "/vrije-dagen"),
    ("ict_manager", "/bronnen/aansluiten"),
    ("ict_manager", "/bronnen/aansluiten?soort=rest-json&gegevens=verzuim-absence"),
    ("ict_manager", "/bronnen/verzuim/afspraken/antwoord?tabel=absence&kolom=kind&regel=wrong"),
    ("ict_manager", "/bronnen/verzuim/afspraken/contract"),
    ("ict_manager", "/vertalingen"),
    ("ict_manager", "/vertalingen/voorstel"),
    ("ict_manager", "/quarantaine"),
    ("ict_manager", "/wie-is-wie"),
    ("school_admin", "/wie-is-wie/medewerkers/personeel"),
    ("school_admin", "/bronnen/verzuim/quarantaine"),
    ("mentor", "/mijn"),
    ("mentor", "/mijn-aanmelding"),
    ("mentor", "/mijn-aanmelding/tweede-stap"),
    ("mentor", "/overzichten"),
    ("mentor", "/overzichten/absence_16h"),
    ("mentor", "/overzichten/absence_class"),
    ("mentor", "/overzichten/absence_16h/melden"),
    ("mentor", "/meldingen"),
    ("information_manager", "/behoeften/absence_16h/overzichten/absence_16h"),
    ("outsider", "/overzichten/absence_16h"),
    ("outsider", "/nergens"),
    ("teacher", "/behoeften/absence_16h"),
    ("teacher", "/rollen/mentor"),
    ("information_manager", "/wijzigingen/1"),
    ("board_member", "/overleg/board_direction/2026-12-01"),
    ("information_manager", "/behoeften/absence_16h/overzichten/nieuw"),
    ("information_manager", "/overzichten/who_may_see_what"),
    ("teacher", "/over/toegankelijkheid"),
    ("-", "/over/hulp"),
)


@pytest.fixture(scope="module")
def folder(
    built_board: tuple[sqlite3.Connection, sqlite3.Connection], data_folder: Path, tmp_path_factory: Any
) -> Path:
    """A copy of the demo board, register and all."""
    return copy_of_board(built_board[1], data_folder, Path(tmp_path_factory.mktemp("browser")))


@pytest.fixture(scope="module")
def server(folder: Path) -> Iterator[str]:
    """The production server on that board."""
    with served(demo_environment(folder)) as address:
        yield address


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
    tab = tab_of(who)
    tab.complaints.clear()
    tab.goto(server + address)
    found = faults(tab)
    assert found + [text for text in tab.complaints if "status of 40" not in text] == []


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


def test_a_cell_of_the_matrix_is_changed_in_its_own_place(server: str, browser: Any) -> None:
    context = browser.new_context(viewport={"width": 1280, "height": 900})
    tab = entered(context, server, "information_manager")
    tab.goto(f"{server}/verantwoordelijkheden/informationneed/results_overview")
    tab.locator("#rol").select_option("information_manager")
    tab.locator("#letters").select_option("A")
    tab.locator("main form button", has_text="Sla deze letter op").click()
    tab.goto(f"{server}/verantwoordelijkheden?soort=apart")
    assert tab.locator("table td a[tabindex='0']").count() == 1  # one stop for the Tab key
    tab.locator("table td a").first.focus()
    tab.keyboard.press("ArrowRight")
    tab.keyboard.press("ArrowLeft")
    tab.keyboard.press("Enter")
    tab.wait_for_selector(".pop select")
    assert violations(tab) == []
    tab.keyboard.press("Escape")
    assert tab.locator(".pop").count() == 0
    tab.keyboard.press("Enter")
    tab.wait_for_selector(".pop select")
    tab.locator(".pop select").select_option("C")
    tab.locator(".pop [type=submit]").click()
    tab.wait_for_selector(".pop", state="detached")
    assert tab.evaluate("document.activeElement.textContent") == "C"
    assert tab.complaints == []
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


def test_schakel_looks_along_while_only_the_question_is_written(server: str, browser: Any) -> None:
    context = browser.new_context(viewport={"width": 390, "height": 900})
    tab = entered(context, server, "mentor")
    tab.goto(f"{server}/vragen/nieuw")
    tab.locator("#vraag").press_sequentially("hoeveel leerlingen we volgend jaar verwachten")
    tab.locator("[name=uit-pakket]").first.click()
    tab.wait_for_load_state()
    assert tab.locator("#besluit").input_value()
    assert tab.locator("[name=pakket]").count() == 1
    context.close()


def test_looking_for_a_pupil_leaves_the_address_alone(server: str, browser: Any) -> None:
    context = browser.new_context(viewport={"width": 1280, "height": 900})
    tab = entered(context, server, "mentor")
    tab.goto(f"{server}/overzichten/absence_16h")
    tab.locator("#t-zoek").press_sequentially("zzzz")
    tab.get_by_text("Niets past bij deze keuze").wait_for()
    tab.locator("#t-kop-person").click()
    tab.locator("[aria-sort]").wait_for(state="attached")
    assert tab.locator("#t-zoek").input_value() == "zzzz"
    assert "zzzz" not in tab.url
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
    send = tab.locator("form[action$='spreadsheet/nakijken'] button")
    if script:  # while it takes long it says so, and cannot be sent twice; here it is held back for good
        hold = "document.addEventListener('submit', event => event.preventDefault(), {once: true})"
        tab.evaluate(hold)
        send.click()
        assert "wordt nagekeken" in tab.locator(".working").inner_text()
        assert send.is_disabled()
        assert faults(tab) == []
        tab.reload()
        tab.locator("#rekenblad").set_input_files(str(file))
    send.click()
    tab.wait_for_url("**/uitwisselen/voorstel")
    assert "Eén plek in het bestand past niet" in tab.locator("h1").inner_text()
    assert not script or faults(tab) == []
    tab.locator("form[action$='weggooien'] button").click()
    assert "Er is niets overgenomen" in tab.locator("[role=status]").inner_text()
    context.close()


PUPILS = (
    "ID,School DfE Number,First Name,Last Name,Password,Student Number,Birthdate\n"
    "13001,10001,Ora,Klein,geheim1,13001,4/2/2000\n"
    "13002,10001,Beulah,McMillan,geheim2,13002,5/23/1999\n"
)
REAL = Path(__file__).resolve().parents[3] / "shared" / "data" / "sds" / "uk-100-users" / "Student.csv"


def test_a_file_of_another_system_is_mapped_on_the_screen(server: str, browser: Any) -> None:
    """As the ICT manager, with a real export where it is at hand, and without any script."""
    context = browser.new_context(viewport={"width": 1280, "height": 900}, java_script_enabled=False)
    tab = entered(context, server, "ict_manager")
    tab.goto(f"{server}/vertalingen")
    content = REAL.read_bytes() if REAL.is_file() else PUPILS.encode()
    tab.set_input_files("#bestand", {"name": "Student.csv", "mimeType": "text/csv", "buffer": content})
    tab.get_by_role("button", name="Laat zien wat erin staat").click()
    assert tab.locator("h1").inner_text() == "Student.csv wordt gelezen als leerlingen"
    assert tab.locator("tr:has(th:has-text('Password'))").inner_text().endswith("Geweigerd")
    tab.locator("#doel").select_option(label="Geboortegegevens")
    tab.get_by_role("button", name="Lees het zo opnieuw").click()
    assert tab.locator("#datum").input_value() == "%-m/%-d/%Y"
    birth = tab.locator("tr:has(th:has-text('Birthdate'))")
    assert birth.locator("select").input_value() == "birthDate"
    tab.locator("#naam").fill("Geboortedata SDS")
    tab.locator("#applicatie").select_option(index=1)
    tab.get_by_role("button", name="Kijk wat ervan komt").click()
    kept = str(content.decode().strip().count("\n"))
    assert kept in tab.locator("#wat-ervan-komt").inner_text()
    tab.get_by_role("button", name="Bewaar deze vertaling").click()
    assert tab.url == f"{server}/bronnen/geboortedata-sds"
    assert "is bewaard als versie 1" in tab.content()
    context.close()


def test_the_mapping_screen_meets_wcag_and_fits(server: str, browser: Any) -> None:
    context = browser.new_context(viewport={"width": 1280, "height": 900}, reduced_motion="reduce")
    tab = entered(context, server, "ict_manager")
    tab.goto(f"{server}/vertalingen")
    absence = "Lln nr;Datum;Soort;Heel lange kolomkop die iemand ooit bedacht\n0012;03-04-2026;O;x\n"
    tab.set_input_files("#bestand", {"name": "lijst.csv", "mimeType": "text/csv", "buffer": absence.encode()})
    tab.get_by_role("button", name="Laat zien wat erin staat").click()
    tab.wait_for_url("**/vertalingen/voorstel")
    assert "Dag en maand kunnen in elke datum verwisseld zijn" in tab.content()
    assert faults(tab) == []
    tab.get_by_role("button", name="Gooi dit bestand weg").click()
    tab.wait_for_url("**/vertalingen")
    context.close()


SDS = {  # file of SDS 2.1 -> what is proposed, what a person says about values, and how many rows are kept and left out
    "orgs": ("schools", {"college": "school", "department": "~", "ministryOfEducation": "district"}, 3, 1),
    "academicSessions": ("sessions", {}, 2, 0),
    "courses": ("courses", {}, 3, 0),
    "classes": ("groups", {}, 2, 0),
    "users": ("people", {}, 8, 0),
    "roles": ("roles", {}, 7, 0),
    "enrollments": ("memberships", {}, 6, 0),
}


def test_each_sds_file_goes_in_through_a_mapping_made_on_the_screen(
    server: str, browser: Any, shared_data: Path
) -> None:
    """The pupils' dates of birth go in above; `relationships.csv` (parents) has no place in the school model."""
    context = browser.new_context(viewport={"width": 1280, "height": 900}, reduced_motion="reduce")
    tab = entered(context, server, "ict_manager")
    for name, (target, values, kept, left_out) in SDS.items():
        tab.goto(f"{server}/vertalingen")
        tab.set_input_files("#bestand", str(shared_data / "sds" / "v2.1" / f"{name}.csv"))
        tab.get_by_role("button", name="Laat zien wat erin staat").click()
        tab.wait_for_url("**/vertalingen/voorstel")
        assert tab.locator("#doel").input_value() == target
        for value, becomes in values.items():
            line = tab.locator(f"label:has-text(': {value}')").first
            tab.locator(f"#{line.get_attribute('for')}").select_option(becomes)
        tab.get_by_role("button", name="Kijk wat ervan komt").click()
        told = tab.locator("#wat-ervan-komt").inner_text()
        assert f"{kept}\nzou worden bewaard\n0\nzou worden geweigerd" in told, name
        assert (f"{left_out}\nweggelaten" in told) == bool(left_out), name
        tab.locator("#naam").fill(f"SDS {name}")
        tab.locator("#bestanden").fill(f"{name}*.csv")
        tab.locator("#applicatie").select_option(index=1)
        tab.get_by_role("button", name="Bewaar deze vertaling").click()
        tab.wait_for_url("**/bronnen/sds-*")
        assert "is bewaard als versie 1" in tab.content()
    context.close()
