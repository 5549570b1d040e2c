"""Everyone's own front door: what asks for you, what opens, what does not and why, what became of your questions."""

from datetime import timedelta

import pytest
from django.db import connection

from schakel.chain import deciding
from schakel.chain.needs import InformationNeed
from schakel.distribute.delivery import Delivery
from schakel.distribute.products import write_product
from schakel.lib import clock
from schakel.portal.pages import mine
from tests.desk import Desk
from tests.distribute.school import START
from tests.portal.conftest import Seen, browser, heading
from tests.portal.supplies import HOSTILE, gives_absence

RULES = [
    {"key": "call", "column": "keren", "at_least": 3, "tone": "bad", "nl": "Bellen"},
    {"key": "look", "column": "keren", "at_least": 2, "tone": "warn", "nl": "Volgen"},
    {"key": "none", "otherwise": True, "tone": "no", "nl": "geen"},
]
LIST = "SELECT p.first_name, count(*) AS keren FROM pupil AS p JOIN absence AS a ON a.pupil_id = p.pupil_id GROUP BY 1"
COLUMNS = [{"key": "first_name", "nl": "Naam"}, {"key": "keren", "nl": "Keren", "format": "integer"}]


def worklist(room: Desk, key: str = "late", **fields: object) -> None:
    given = {
        "shape": "worklist", "columns": COLUMNS, "sort": ["-keren"], "signals": {"rules": RULES},
        "finding": [{"when": "call", "one_nl": "Bel {top.first_name}", "many_nl": "Bel {count} leerlingen"}], **fields,
    }  # fmt: skip
    write_product(room.manager, key, **given)


def door(room: Desk, name: str = "leraar-A1") -> mine.Mine:
    return mine.page(room.people[name])


# What asks for you


def test_what_asks_first_is_the_title_and_a_door(room: Desk) -> None:
    worklist(room)
    found = door(room)
    assert found.head.title == "Bel twee leerlingen"
    assert found.head.kicker == "Maandag 23 november"
    assert found.today is not None
    (first,) = found.today.items
    assert (first.title, first.href, first.state.word) == ("Bel twee leerlingen", "/overzichten/late", "Nu doen")
    assert found.overviews is not None
    assert not found.overviews.items, "what stands above does not stand below again"


def test_what_only_warns_says_today(room: Desk) -> None:
    worklist(room)
    with room.another_snapshot("DELETE FROM absence WHERE date > DATE '2026-09-02'"):
        found = door(room)
    assert found.today is not None
    assert found.today.items[0].state.word == "Vandaag"
    assert found.head.title == "late", "without a true sentence it is called by its name"


def test_a_quiet_list_is_a_door_like_the_others(room: Desk) -> None:
    worklist(room)
    with room.another_snapshot("DELETE FROM absence WHERE date > DATE '2026-09-01'"):
        found = door(room)
    assert found.head.title == "Niets vraagt vandaag om uw aandacht"
    assert found.today is None
    assert found.overviews is not None
    assert [d.href for d in found.overviews.items] == ["/overzichten/late"]


def test_without_the_last_data_a_quiet_list_is_no_reassurance(room: Desk) -> None:
    worklist(room)
    gives_absence(room, 26 * 9)
    asks = door(room).head
    assert asks.title == "Bel twee leerlingen", "who is known to need a call does"
    assert asks.lede.startswith("Er zijn gegevens niet op tijd binnengekomen"), "and there may be more"
    with room.another_snapshot("DELETE FROM absence WHERE date > DATE '2026-09-01'"):
        found = door(room)
    assert found.head.title == "Of vandaag iets om uw aandacht vraagt is niet bekend"
    assert found.head.lede.startswith(
        "Er zijn gegevens niet op tijd binnengekomen: Bron verzuim (voor het laatst 13 nov"
    )


def test_no_more_than_three_that_ask_and_seven_doors(room: Desk) -> None:
    need = InformationNeed.objects.get(key="late")
    for number in range(12):
        room.product(need, "SELECT first_name FROM pupil", key=f"extra{number}")
    for number in range(4):
        room.product(need, LIST, key=f"werk{number}")
        worklist(room, f"werk{number}")
    found = door(room)
    assert found.today is not None
    assert len(found.today.items) == mine.MOST_TODAY
    assert len(found.overviews.items) == mine.MOST_DOORS


def test_bad_comes_before_warn(room: Desk) -> None:
    worklist(room)
    need = InformationNeed.objects.get(key="late")
    room.product(need, LIST, key="aaa")
    worklist(room, "aaa", signals={"rules": [{**RULES[1], "tone": "warn"}]}, finding=[])
    found = door(room)
    assert found.today is not None
    assert [d.href for d in found.today.items] == ["/overzichten/late", "/overzichten/aaa"]


def test_looking_at_the_front_door_is_a_delivery_of_what_it_shows(room: Desk) -> None:
    worklist(room)
    before = Delivery.objects.count()
    door(room)
    assert Delivery.objects.count() == before + 1
    door(room, "outsider")
    door(room, "leider-A")
    assert Delivery.objects.count() == before + 1, "nothing is delivered to who may not see it"


def test_the_name_of_a_pupil_stands_only_on_the_door_of_who_may_see_it(room: Desk) -> None:
    worklist(room)
    with room.another_snapshot("DELETE FROM absence WHERE pupil_id <> 'pA13'"):
        assert "Bel KindpA13" in browser(room.people["leraar-A1"]).get("/mijn").content.decode()
        for name in ("leraar-B1", "leider-A", "outsider", "information_manager"):
            assert "KindpA13" not in browser(room.people[name]).get("/mijn").content.decode()


def test_a_list_that_cannot_be_made_is_left_out_and_the_rest_stands(room: Desk) -> None:
    worklist(room)
    with connection.cursor() as cursor:
        cursor.execute("UPDATE distribute_product SET sql = 'SELECT family_name FROM pupil' WHERE key = 'late'")
    assert browser(room.people["leraar-A1"]).get("/mijn").status_code == 200


# What opens and what does not


@pytest.mark.parametrize(
    ("name", "title", "shut"),
    [
        ("leraar-A1", "Eén overzicht staat voor u klaar", 1),
        ("outsider", "Er staat geen overzicht voor u klaar", 2),
        ("bestuurder", "Eén overzicht staat voor u klaar", 1),
    ],
)
def test_every_overview_stands_there_with_its_reason(room: Desk, name: str, title: str, shut: int) -> None:
    found = mine.overviews(room.people[name])
    assert found.head.title == title
    assert found.shut is not None
    assert len(found.shut.items) == shut
    assert all(d.line.endswith(".") and d.state.word == "Niet voor u" for d in found.shut.items)


def test_without_anything_the_reason_and_who_can_help(room: Desk) -> None:
    found = door(room, "outsider")
    assert found.head.title == "Voor u staat er vandaag niets klaar"
    assert found.empty is not None
    assert found.empty.line == (
        "U hebt vandaag geen rol: niet in het rooster en niet in het register. "
        "Klopt dat niet? Youssef Haddou kan uw rol nagaan."
    )
    assert found.roles == "geen rol"


def test_before_the_first_snapshot_everyone_reads_that(room: Desk) -> None:
    with room.no_snapshot():
        found = door(room)
        assert found.empty is not None
        assert found.empty.line.startswith("Er zijn nog geen gegevens verzameld.")


def test_a_role_of_the_register_and_of_the_roster_are_both_named(room: Desk) -> None:
    room.assign("leraar-A1", "controller", START)
    assert door(room).roles == "controller, teacher"


# Your questions


def asked(room: Desk, count: int = 1) -> None:
    for number in range(count):
        room.need(f"v{number}", ["absence.kind"], [("teacher", "own_groups")])


def test_what_became_of_a_question(room: Desk) -> None:
    asked(room)
    found = door(room, "outsider").questions
    assert found is not None
    by_title = {event.title: event for event in found.items}
    assert by_title["Wat is v0?"].state.word == "Beoordeeld"
    deciding.refuse(room.board_member, InformationNeed.objects.get(key="v0"), "Te ruim: vraag per school.")
    again = door(room, "outsider").questions
    assert again is not None
    event = next(e for e in again.items if e.title == "Wat is v0?")
    assert (event.state.word, event.line) == ("Afgewezen", "Te ruim: vraag per school.")


def test_the_newest_five_of_ones_own(room: Desk) -> None:
    asked(room, 7)
    found = door(room, "outsider").questions
    assert found is not None
    assert len(found.items) == 5
    assert door(room, "leraar-A1").questions is None


def test_a_question_of_after_midnight_stands_at_its_own_day(room: Desk) -> None:
    with clock.held_at(clock.now() + timedelta(days=1, minutes=30)):
        asked(room)
        found = door(room, "outsider").questions
    assert found is not None
    assert next(e for e in found.items if e.title == "Wat is v0?").when == "24 nov"


# Hostile words, English


def test_hostile_words_are_words(room: Desk) -> None:
    finding = [{"when": "call", "one_nl": HOSTILE, "many_nl": f"{HOSTILE} {{count}}"}]
    worklist(room, finding=finding, nl=HOSTILE, en=HOSTILE)
    deciding.revise(room.manager, InformationNeed.objects.get(key="kinds"), purpose=HOSTILE)
    for name in ("leraar-A1", "outsider", "bestuurder"):
        for address in ("/mijn", "/overzichten"):
            assert "<b>&\"'" not in browser(room.people[name]).get(address).content.decode()


def test_the_door_speaks_english(room: Desk) -> None:
    html = browser(room.people["outsider"], taal="en").get("/mijn").content.decode()
    assert heading(html) == "Nothing is ready for you today"
    text = Seen(html).text
    for dutch in ("Voor u staat", "Klopt dat niet", "U bent vandaag"):
        assert dutch not in text, dutch
