"""Rows that were refused: counted for who keeps the links, masked for who repairs them, for nobody else, and logged."""

import re
import shutil
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import duckdb
import pytest

from schakel.access.audit import AuditLine
from schakel.access.register import end_assignment
from schakel.access.roles import RoleAssignment
from schakel.lib import clock
from schakel.lib.errors import Unknown
from schakel.portal.pages import quarantine as page_of
from schakel.portal.pages import source as one
from schakel.portal.pages import sources, standing, supply
from tests.desk import Desk
from tests.distribute.school import START
from tests.portal.conftest import Seen, browser, heading
from tests.portal.supplies import HOSTILE, landing, quarantine, reading, source

WAITING = "12 rijen staan in quarantaine"
ROWS = (
    (7, "type", "email", "De waarde is geen e-mailadres.", "jansen@school.example"),
    (9, "required", "email", "Leeg.", None),
)


@pytest.fixture
def held(room: Desk) -> Iterator[Desk]:
    """A source with twelve rows in quarantine, of which two are on disk, and someone who repairs them."""
    of = source(room)
    reading(room, of, "repaired", hours=2, rows_quarantined=12, folder=landing("las/abc"))
    quarantine("las/abc", rows=ROWS)
    room.assign("niemand", "school_admin", START)
    yield room
    shutil.rmtree(room.data / "quarantine")


def repairer(held: Desk, address: str = "/bronnen/las/quarantaine"):
    return browser(held.people["niemand"]).get(address)


# How many


def test_how_many_rows_wait(held: Desk) -> None:
    found = page_of.page({})
    assert found.head.title == WAITING
    assert found.table is not None
    assert standing.Counts().quarantined == 12


@pytest.mark.parametrize("state", ["failed", "stopped", "running"])
def test_a_later_reading_that_brought_nothing_in_changes_nothing(held: Desk, state: str) -> None:
    """The rows that wait are still there: the page may not say that all rows were taken over."""
    reading(held, source(held), state, message="Het bestand is geen zip.")
    assert page_of.page({}).head.title == WAITING
    assert standing.Counts().quarantined == 12
    assert "Beoordeel 12 rijen in quarantaine" in [todo.title for todo in supply._todo(sources.read())]


def test_a_later_landing_without_refusals_clears_it(held: Desk) -> None:
    reading(held, source(held), "good", folder=landing("las/def"))
    found = page_of.page({})
    assert found.head.title == "Er staat niets in quarantaine"
    assert found.empty is not None
    assert "Alle rijen zijn overgenomen." in found.empty.line
    assert standing.Counts().quarantined == 0


def test_one_row_is_one_row(room: Desk) -> None:
    reading(room, source(room), rows_quarantined=1, folder=landing())
    assert page_of.page({}).head.title == "1 rij staat in quarantaine"


def test_a_source_that_was_put_away_holds_nothing_in_the_counts(held: Desk) -> None:
    source(held, active=False)
    assert standing.Counts().quarantined == 0
    assert page_of.page({}).head.title == "Er staat niets in quarantaine"


def test_the_most_comes_first_and_says_who_repairs(held: Desk) -> None:
    reading(held, source(held, "toetsen"), rows_quarantined=40, folder=landing("toetsen/x"))
    shown = page_of.page({}).table
    assert shown is not None
    assert [[cell.text for _c, cell in row][:2] for row in shown.rows] == [["Bron toetsen", "40"], ["Bron las", "12"]]
    assert "niemand toegewezen" in shown.rows[0][3][1].text


# The rows


def test_values_are_masked_and_lines_are_told(held: Desk) -> None:
    answer = repairer(held)
    html = answer.content.decode()
    text = Seen(html).text
    assert heading(html) == "2 rijen uit ‘users.csv’ wachten op herstel"
    assert "jansen" not in html
    assert "j***** (21)" in text
    assert "De waarde is geen e-mailadres." in text
    assert answer.headers["Cache-Control"] == "no-store, private"


def test_looking_leaves_one_line_each_time(held: Desk) -> None:
    before = AuditLine.objects.filter(action="quarantine.read").count()
    repairer(held)
    repairer(held, "/bronnen/las/quarantaine?q-sorteer=-_row")
    lines = AuditLine.objects.filter(action="quarantine.read")
    assert lines.count() == before + 2
    line = lines.latest("number")
    assert (line.thing_key, line.facts["file"], line.facts["rows"]) == ("las", "users.csv", 2)
    assert "jansen" not in str(line.facts)


@pytest.mark.parametrize("who", ["ict_manager", "board_member", "information_manager", "privacy_officer", "leraar-A1"])
def test_whoever_does_not_repair_sees_no_row(held: Desk, who: str) -> None:
    before = AuditLine.objects.filter(action="quarantine.read").count()
    answer = browser(held.people[who]).get("/bronnen/las/quarantaine")
    assert answer.status_code == 403
    assert "U ziet de rijen in quarantaine niet" in answer.content.decode()
    assert "j*****" not in answer.content.decode()
    assert AuditLine.objects.filter(action="quarantine.read").count() == before


@pytest.mark.parametrize(
    ("packages", "told"), [(("week37.csv", "week38.csv"), True), (("week38.csv", "week38.csv"), False), ((), False)]
)
def test_of_several_deliveries_each_row_says_which(held: Desk, packages: tuple[str, ...], told: bool) -> None:
    quarantine("las/abc", rows=ROWS, packages=packages)
    text = Seen(repairer(held).content.decode()).text
    assert ("Levering" in text) is told
    assert ("week37.csv" in text) is told


def test_columns_are_named_as_in_the_export_and_empty_ones_are_left_out(held: Desk) -> None:
    mapped = source(held, "verzuim", layout="verzuim")
    reading(held, mapped, "repaired", rows_quarantined=1, folder=landing("verzuim/abc"))
    folder = quarantine("verzuim/abc", "absence", ((4, "date", "date", "Geen datum.", None),))
    with duckdb.connect() as con:
        path = folder / "absence.parquet"
        rows = f"SELECT * RENAME (email AS remark), '31-02-2026' AS date, NULL AS clock_hours FROM '{path}'"
        con.execute(f"COPY ({rows}) TO '{path}.x' (FORMAT parquet)")
    Path(f"{path}.x").replace(path)
    html = repairer(held, "/bronnen/verzuim/quarantaine").content.decode()
    assert heading(html) == "1 rij wacht op herstel", "there is but one file"
    headers = [cell.strip() for cell in re.findall(r"<th[^>]*>(.*?)</th>", html.partition("</thead>")[0], re.S)]
    assert [re.sub(r"<[^>]+>|\s+", "", cell) for cell in headers] == ["Regel", "Kolom", "Waarom", "Datum"]
    assert "Bestand" not in Seen(html).text


def test_of_more_rows_than_fit_a_page_the_page_says_so(held: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(page_of, "MOST", 1)
    html = repairer(held).content.decode()
    assert heading(html) == "2 rijen uit ‘users.csv’ wachten op herstel"
    assert "Hier staan de eerste 1." in Seen(html).text


def test_what_waits_of_earlier_deliveries_is_counted_after_a_reading_that_refused_nothing(held: Desk) -> None:
    reading(held, source(held), "good", folder=landing("las/abc"), rows_held=12)
    assert page_of.page({}).head.title == WAITING
    assert standing.Counts().quarantined == 12


@pytest.mark.parametrize(
    "file",
    ["../../../secret.key", "/etc/passwd", "users.csv.parquet", "..", "users.csv' OR 1=1", "\x00", "*", "a" * 4000],
)
def test_a_file_that_was_made_up_is_not_opened(held: Desk, file: str) -> None:
    answer = browser(held.people["niemand"]).get("/bronnen/las/quarantaine", {"q-bestand": file})
    assert answer.status_code == 200
    assert "users.csv" in heading(answer.content.decode())
    assert AuditLine.objects.filter(action="quarantine.read").latest("number").facts["file"] == "users.csv"


def test_the_file_with_the_most_rows_comes_first_and_the_other_can_be_chosen(held: Desk) -> None:
    quarantine("las/abc", "orgs.csv", ((3, "type", "name", "x", "y"),))
    assert "users.csv" in heading(repairer(held).content.decode())
    chosen = repairer(held, "/bronnen/las/quarantaine?q-bestand=orgs.csv").content.decode()
    assert heading(chosen) == "1 rij uit ‘orgs.csv’ wacht op herstel"


def test_hostile_rows_are_words(held: Desk) -> None:
    quarantine("las/abc", rows=((1, HOSTILE, HOSTILE, HOSTILE, "<script>alert(1)</script>"),))
    html = repairer(held).content.decode()
    assert "<b>&\"'" not in html
    assert "<script>alert" not in html
    assert "&lt;b&gt;" in html


def test_a_quarantine_that_is_gone_from_disk_says_so(room: Desk) -> None:
    reading(room, source(room), rows_quarantined=12, folder=landing("las/weg"))
    room.assign("niemand", "school_admin", START)
    answer = repairer(room)
    assert answer.status_code == 200
    assert heading(answer.content.decode()) == "Er staat niets in quarantaine"
    assert not AuditLine.objects.filter(action="quarantine.read").exists()


@pytest.mark.parametrize("key", ["bestaat-niet", "las2", "LAS"])
def test_a_source_that_does_not_exist_is_not_found(held: Desk, key: str) -> None:
    with pytest.raises(Unknown):
        one.find(key)
    assert repairer(held, f"/bronnen/{key}/quarantaine").status_code == 404


def test_a_role_of_repairing_that_ended_opens_no_row(held: Desk) -> None:
    assignment = RoleAssignment.objects.get(person=held.people["niemand"], role__key="school_admin")
    end_assignment(held.manager, assignment, clock.today())
    assert repairer(held).status_code == 200
    with clock.held_at(clock.now() + timedelta(days=1)):
        assert repairer(held).status_code == 403
