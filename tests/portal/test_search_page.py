"""Looking for a word: in the register and never in people, as much as fits, and only what may be known."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from schakel.access.register import put
from schakel.chain import deciding
from schakel.chain.goals import Activity, Goal
from schakel.chain.needs import InformationNeed
from schakel.chain.systems import System
from schakel.lib.text import spoken
from schakel.portal.pages import search
from tests.desk import Desk
from tests.portal.conftest import Seen, browser, heading
from tests.portal.supplies import HOSTILE, source


def found(room: Desk, words: str, name: str = "outsider") -> dict[str, list[str]]:
    """What is found, by kind."""
    page = search.page(room.people[name], words)
    return {title: [door.title for door in doors.items] for title, doors in page.groups}


@pytest.fixture
def filled(room: Desk) -> Desk:
    put(room.manager, "goal.write", Goal, "G2", nl="Kwaliteit van de les", en="Quality of lessons")
    put(room.manager, "activity.write", Activity, "A2", nl="Kwaliteit bespreken", goal=Goal.objects.get(key="G2"))
    put(room.manager, "system.write", System, "s1", name="Kwaliteitsmeter")
    source(room, "meter", name="Kwaliteitsbestand", name_en="Quality file")
    deciding.revise(room.manager, InformationNeed.objects.get(key="late"), question="Hoe is de kwaliteit?")
    return room


def test_every_kind_of_thing_is_found(filled: Desk) -> None:
    assert found(filled, "kwaliteit", "ict_manager") == {
        "Doelen": ["Kwaliteit van de les"],
        "Activiteiten": ["Kwaliteit bespreken"],
        "Behoeften": ["Hoe is de kwaliteit?"],
        "Applicaties": ["Kwaliteitsmeter"],
        "Bronnen": ["Kwaliteitsbestand"],
    }


@pytest.mark.parametrize(
    ("name", "sees"), [("ict_manager", True), ("board_member", True), ("outsider", False), ("leraar-A1", False)]
)
def test_sources_are_found_by_who_may_see_sources(filled: Desk, name: str, sees: bool) -> None:
    assert ("Bronnen" in found(filled, "kwaliteit", name)) is sees
    page = Seen(browser(filled.people[name]).get("/zoek?q=kwaliteit").content.decode())
    assert ("/bronnen/meter" in {link.get("href") for link in page.all("a")}) is sees


@pytest.mark.parametrize("words", ["absence.kind", "ABSENCE", "bsence.k"])
def test_an_element_is_found_by_its_key(room: Desk, words: str) -> None:
    assert "absence.kind" in found(room, words)["Gegevens"]


@pytest.mark.parametrize(
    "words", ["KindpA11", "Jansen", "Olivier", "leraar-A1", "@oever.example", "Marijke Terpstra", "de Vries", "pA11"]
)
def test_no_person_is_ever_found(room: Desk, words: str) -> None:
    for name in ("outsider", "information_manager", "leraar-A1"):
        assert found(room, words, name) == {}


@pytest.mark.parametrize(
    "words", ["%", "%%", "a%b", "' OR '1'='1", "'; DROP TABLE chain_goal; --", "\\", "*", '"', "\x00"]
)
def test_signs_of_a_query_are_only_signs(filled: Desk, words: str) -> None:
    assert found(filled, words, "ict_manager") == {}
    assert Goal.objects.filter(key="G2").exists()


def test_signs_in_a_name_can_be_looked_for(room: Desk) -> None:
    put(room.manager, "goal.write", Goal, "G2", nl="100% aanwezig")
    put(room.manager, "goal.write", Goal, "G3", nl="1000 boeken")
    assert found(room, "100%") == {"Doelen": ["100% aanwezig"]}


@pytest.mark.parametrize("words", ["", " ", "\t\n"])
def test_nothing_asked_nothing_looked_for(room: Desk, words: str) -> None:
    with CaptureQueriesContext(connection) as asked:
        page = search.page(room.people["outsider"], words)
    assert page.head.title == "Waar zoekt u naar?"
    assert len(asked) == 0


def test_no_more_than_twelve_of_a_kind(room: Desk) -> None:
    for number in range(15):
        put(room.manager, "goal.write", Goal, f"K{number}", nl=f"Kwaliteit {number}")
    assert len(found(room, "kwaliteit")["Doelen"]) == search.MOST


def test_a_very_long_question_is_cut_and_answered(room: Desk) -> None:
    page = search.page(room.people["outsider"], "x" * 100_000)
    assert len(page.asked) == search.LONGEST
    assert browser(room.people["outsider"]).get("/zoek", {"q": "x" * 4000}).status_code == 200


@pytest.mark.parametrize(
    ("words", "title"), [("kwaliteit", "5 keer gevonden: ‘kwaliteit’"), ("zzz", "Niets gevonden voor ‘zzz’")]
)
def test_how_often_it_was_found(filled: Desk, words: str, title: str) -> None:
    assert search.page(filled.people["ict_manager"], words).head.title == title


@pytest.mark.parametrize("words", [HOSTILE, "<script>alert(1)</script>", "‘’", "%(words)s", "{count}"])
def test_what_was_asked_comes_back_as_words(room: Desk, words: str) -> None:
    put(room.manager, "goal.write", Goal, "G2", nl=words)
    for asked in (words, "zzz" + words):
        html = browser(room.people["outsider"]).get("/zoek", {"q": asked}).content.decode()
        assert "<script>" not in html
        assert "<b>&\"'" not in html
        assert asked.strip()[: search.LONGEST] in heading(html)


def test_english_finds_english_and_says_it(filled: Desk) -> None:
    with spoken("en"):
        assert found(filled, "quality", "ict_manager")["Goals"] == ["Quality of lessons"]
        assert found(filled, "quality", "ict_manager")["Sources"] == ["Quality file"]


def test_a_question_is_not_kept(room: Desk) -> None:
    from schakel.access.audit import AuditLine

    before = AuditLine.objects.count()
    browser(room.people["outsider"]).get("/zoek?q=Jansen")
    assert AuditLine.objects.count() == before
