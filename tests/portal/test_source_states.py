"""What every page about sources says in each state: never read, fresh, late, stopped, failed, busy, with quarantine."""

from datetime import timedelta

import pytest

from schakel.access.register import put
from schakel.chain.systems import Link, System
from schakel.lib import clock
from schakel.lib.text import spoken
from schakel.portal.pages import neighbours, sources, supply
from schakel.portal.pages.sources import Read
from tests.desk import Desk
from tests.distribute.school import DAY
from tests.portal.conftest import Seen, browser, heading
from tests.portal.supplies import HOSTILE, landing, reading, source

NOON = 12


@pytest.fixture
def noon(room: Desk) -> Desk:
    """The small board at noon, so that a few hours ago is still today."""
    with clock.held_at(clock.now() + timedelta(hours=NOON)):
        yield room  # type: ignore[misc]


def rows(shown) -> dict[str, dict[str, str]]:
    """The texts of a table, by its first column."""
    found = {}
    for cells in shown.rows:
        texts = {column.key: cell.text for column, cell in cells}
        found[cells[0][1].figure.text] = texts
    return found


def told(room: Desk) -> str:
    return sources.head(sources.read()).title


# One source in each state


def test_never_read(noon: Desk) -> None:
    source(noon)
    page = sources.page({})
    assert page.head.title == "Eén bron is nog niet gelezen: Bron las"
    row = rows(page.table)["Bron las"]
    assert (row["last"], row["fresh"]) == ("Nog niet gelezen", "onbekend")
    assert [row[key] for key in ("rows", "findings", "quarantine")] == ["onbekend"] * 3
    assert neighbours._supply()[0].text == "Bron las is nog nooit gelezen."
    (todo,) = supply._todo(sources.read())
    assert (todo.tone, todo.title) == ("now", "Sluit de bron Bron las aan")
    assert "las_*.zip" in todo.reason


def test_fresh_and_whole(noon: Desk) -> None:
    reading(noon, source(noon), rows_read=0)
    page = sources.page({})
    assert page.head.title == "Alle bronnen zijn vers"
    assert page.head.lede == "Alle 1 zijn gelezen zoals afgesproken, en elke rij kwam binnen."
    row = rows(page.table)["Bron las"]
    assert (row["last"], row["rows"], row["quarantine"]) == ("Goed", "0", "0"), (
        "a file without rows has none: that is known"
    )
    assert row["fresh"].endswith("vers")
    assert supply._todo(sources.read()) == []
    assert neighbours._supply()[0].text == "De bron is op tijd gelezen."


@pytest.mark.parametrize(
    ("hours", "expected", "title", "fresh", "near"),
    [
        (5, 4, "Eén bron staat stil: Bron las levert al 5 uur niet", "5 uur oud", "5 uur geleden"),
        (30, 26, "Eén bron staat stil: Bron las levert al 1 dag niet", "1 dag oud", "1 dag geleden"),
        (96, 26, "Eén bron staat stil: Bron las levert al 4 dagen niet", "4 dagen oud", "4 dagen geleden"),
    ],
)
def test_late(noon: Desk, hours: int, expected: int, title: str, fresh: str, near: str) -> None:
    reading(noon, source(noon, expected_hours=expected), hours=hours)
    page = sources.page({})
    assert page.head.title == title
    assert page.head.lede.startswith("0 van de 1 bronnen zijn vers.")
    assert fresh in rows(page.table)["Bron las"]["fresh"]
    assert near in neighbours._supply()[0].text
    (todo,) = supply._todo(sources.read())
    assert (todo.title, todo.reason, todo.when) == (
        "Herstel de bron Bron las", "Er kwam op tijd geen nieuw bestand.", fresh,
    )  # fmt: skip


@pytest.mark.parametrize(("hours", "late"), [(25.9, False), (26.1, True)])
def test_late_begins_after_the_hours_that_were_agreed(noon: Desk, hours: float, late: bool) -> None:
    reading(noon, source(noon, expected_hours=26), hours=hours)
    assert [item.late for item in sources.read()] == [late]
    assert bool(neighbours.late_sources()) is late


@pytest.mark.parametrize(("state", "word"), [("stopped", "Gestopt"), ("failed", "Mislukt")])
def test_stopped_after_a_good_reading(noon: Desk, state: str, word: str) -> None:
    of = source(noon)
    reading(noon, of, hours=3, rows_read=100)
    reading(noon, of, state, message="De sleutelkolom ontbreekt.")
    page = sources.page({})
    assert page.head.title == "Eén bron is gestopt: Bron las"
    row = rows(page.table)["Bron las"]
    assert row["last"] == word
    assert [row[key] for key in ("rows", "findings")] == ["onbekend"] * 2, (
        "of a file that was not read nothing is known"
    )
    (todo,) = supply._todo(sources.read())
    assert (todo.tone, todo.reason, todo.when) == ("bad", "De sleutelkolom ontbreekt.", "3 uur oud")


def test_stopped_and_never_read_well(noon: Desk) -> None:
    reading(noon, source(noon), "failed", message="Het bestand is geen zip.")
    (todo,) = supply._todo(sources.read())
    assert (todo.reason, todo.when) == ("Het bestand is geen zip.", "nooit gelezen")
    assert told(noon) == "Eén bron is nog niet gelezen: Bron las"
    assert neighbours._supply()[0].text == "Bron las is nog nooit gelezen."


def test_busy_is_neither_stuck_nor_good(noon: Desk) -> None:
    of = source(noon)
    reading(noon, of, hours=2)
    reading(noon, of, "running")
    (item,) = sources.read()
    assert (item.stuck, item.late) == (False, False)
    assert rows(sources.page({}).table)["Bron las"]["last"] == "Bezig"
    assert supply._todo(sources.read()) == []


@pytest.mark.parametrize("state", ["good", "repaired", "unchanged"])
def test_good_enough_is_good(noon: Desk, state: str) -> None:
    reading(noon, source(noon), state)
    (item,) = sources.read()
    assert item.good is not None
    assert not item.stuck
    assert told(noon) == "Alle bronnen zijn vers"


def test_a_source_that_was_put_away_is_not_counted(noon: Desk) -> None:
    reading(noon, source(noon, active=False), "failed")
    assert sources.read() == []
    assert neighbours.late_sources() == []
    assert told(noon) == "Er is nog geen bron aangesloten"


# Several


def test_several_that_stand_still_are_counted(noon: Desk) -> None:
    for key, hours in (("a", 90.0), ("b", 200.0), ("c", 1.0)):
        reading(noon, source(noon, key), hours=hours)
    found = sources.read()
    assert sources.head(found).title == "Twee bronnen staan stil"
    assert sources.head(found).lede.startswith("1 van de 3 bronnen zijn vers.")
    assert [of.key for of, _run in neighbours.late_sources()] == ["b", "a"]
    assert [cells[0][1].figure.text for cells in sources.page({}).table.rows][:2] == ["Bron b", "Bron a"], (
        "oldest first"
    )


def test_what_asks_first_stands_first_and_has_the_one_filled_button(noon: Desk) -> None:
    source(noon, "nooit")
    held = source(noon, "dicht")
    reading(noon, held, "repaired", rows_quarantined=12, folder=landing("dicht/x"))
    reading(noon, source(noon, "stil"), hours=99)
    todo = supply._todo(sources.read())
    assert [item.tone for item in todo] == ["bad", "warn", "now"]
    assert [item.action.main for item in todo] == [True, False, False]
    assert todo[1].title == "Beoordeel 12 rijen in quarantaine"
    html = browser(noon.people["ict_manager"]).get("/ict").content.decode()
    assert html.count('class="btn go') == 1


def test_never_more_than_seven_things_to_do(noon: Desk) -> None:
    for number in range(9):
        source(noon, f"n{number}")
    assert len(supply._todo(sources.read())) == 7
    assert told(noon) == "Negen bronnen staan stil"


def test_how_many_needs_rest_on_what_stands_still(noon: Desk) -> None:
    item = Read(source(noon), None, None, 3)
    assert sources._hit([item]) == "3 behoeften rusten daarop."
    assert sources._hit([Read(item.source, None, None, 1)]) == "1 behoefte rust daarop."
    assert sources._hit([Read(item.source, None, None, 0)]) == ""


# A column that may never be kept


def test_a_refused_column_is_something_to_do(noon: Desk) -> None:
    of = source(noon, repairs_role=None)
    folder = landing(
        columns_refused=[["users.csv", "bsn", "x"]], columns_dropped=[["users.csv", "bsn", "Een BSN mag nooit."]]
    )
    reading(noon, of, folder=folder)
    (todo,) = supply._todo(sources.read())
    assert todo.title == "Een kolom is aan de deur geweigerd"
    assert todo.reason == "Bron las, kolom bsn. Een BSN mag nooit. Laat de kolom uit de export halen."


def test_a_landing_that_is_gone_is_no_reason_to_fail(noon: Desk) -> None:
    reading(noon, source(noon), folder="landing/las/weg")
    assert supply._todo(sources.read()) == []
    assert browser(noon.people["ict_manager"]).get("/ict").status_code == 200
    assert browser(noon.people["ict_manager"]).get("/bronnen/las").status_code == 200


# What runs out


@pytest.mark.parametrize(
    ("days", "word", "tone"),
    [(-1, "verlopen", "bad"), (0, "nog 0 dagen", "bad"), (1, "nog 1 dag", "bad"), (14, "nog 14 dagen", "bad"),
     (15, "nog 15 dagen", "warn"), (60, "nog 60 dagen", "warn")],
)  # fmt: skip
def test_what_runs_out_within_two_months(room: Desk, days: int, word: str, tone: str) -> None:
    put(room.manager, "system.write", System, "s1", name=HOSTILE, agreement_until=DAY + timedelta(days=days))
    ending = supply._ending()
    assert ending is not None
    (event,) = ending.items
    assert event.title == f"Overeenkomst {HOSTILE}"
    assert (event.state.word, event.state.tone) == (word, tone)


def test_what_runs_out_later_or_never_is_not_named(room: Desk) -> None:
    one, _ = put(room.manager, "system.write", System, "s1", name="A", agreement_until=DAY + timedelta(days=61))
    other, _ = put(room.manager, "system.write", System, "s2", name="B")
    assert supply._ending() is None
    fields = {"from_system": one, "to_system": other, "secret_expires_on": DAY + timedelta(days=3)}
    put(room.manager, "link.write", Link, "a-b", **fields)
    ending = supply._ending()
    assert ending is not None
    assert [event.title for event in ending.items] == ["Sleutel van koppeling a-b"]


def test_the_soonest_comes_first(room: Desk) -> None:
    for key, days in (("laat", 40), ("vroeg", 2), ("voorbij", -5)):
        put(room.manager, "system.write", System, key, name=key, agreement_until=DAY + timedelta(days=days))
    ending = supply._ending()
    assert ending is not None
    assert [event.title for event in ending.items] == [f"Overeenkomst {key}" for key in ("voorbij", "vroeg", "laat")]


# The page


def test_who_may_not_collect_has_no_button(noon: Desk) -> None:
    reading(noon, source(noon))
    for who, may in (
        ("ict_manager", True),
        ("information_manager", True),
        ("board_member", False),
        ("privacy_officer", False),
    ):
        html = browser(noon.people[who]).get("/ict").content.decode()
        assert ("Lees alle bronnen nu" in html) is may, who
        one = browser(noon.people[who]).get("/bronnen/las").content.decode()
        assert ("Lees nu" in one) is may, who


def test_hostile_names_are_words(noon: Desk) -> None:
    of = source(noon, name=HOSTILE, rhythm=HOSTILE, pattern=HOSTILE, system_name=HOSTILE)
    reading(noon, of, "failed", message=HOSTILE, hours=50)
    for address in ("/ict", "/bronnen", "/bronnen/las", "/mijn", "/bestuur"):
        html = browser(noon.people["information_manager"]).get(address).content.decode()
        assert "<b>&\"'" not in html, address
        assert "{{ x }}" not in html or "&lt;b&gt;" in html, address


def test_a_source_speaks_english_when_it_can(noon: Desk) -> None:
    reading(noon, source(noon, name="Leerlingen", name_en="Pupils"), hours=99)
    with spoken("en"):
        assert told(noon) == "One source has stalled: Pupils has delivered nothing for 4 days"
    html = browser(noon.people["ict_manager"], taal="en").get("/bronnen").content.decode()
    assert "Pupils" in heading(html)
    assert "Leerlingen" not in Seen(html).text
