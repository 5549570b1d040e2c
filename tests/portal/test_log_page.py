"""The log: every line in words, whether the trail holds, who may read it, and nobody's data in it."""

import json
from datetime import date

import pytest
from django.db import connection

from schakel.access import audit
from schakel.access.audit import AuditLine
from schakel.distribute.deliveries import deliver
from schakel.distribute.entitlement import DeliveryRefused
from schakel.lib import clock
from schakel.portal.pages import log
from tests.desk import Desk
from tests.portal.conftest import browser, heading
from tests.portal.supplies import HOSTILE


def rows(query: dict[str, str] | None = None) -> list[dict[str, str]]:
    return [{column.key: cell.text for column, cell in cells} for cells in log.page(query or {}).table.rows]


def test_the_latest_line_comes_first(room: Desk) -> None:
    deliver(room.people["leraar-A1"], "late")
    with pytest.raises(DeliveryRefused):
        deliver(room.people["outsider"], "late")
    first, second = rows()[:2]
    assert (first["who"], first["what"]) == ("Olivier Smit", "kreeg een overzicht niet te zien")
    assert (second["who"], second["what"], second["thing"]) == ("leraar-A1", "ontving een overzicht", "product late")
    assert "rendering: page" in second["facts"]
    assert "as: teacher:own_groups" in second["facts"]


def test_the_scheduled_process_is_called_schakel(room: Desk) -> None:
    audit.record(None, "snapshot.publish", facts={"snapshot": "m2"})
    assert rows()[0]["who"] == "Schakel"


def test_what_nobody_translated_is_shown_as_it_is(room: Desk) -> None:
    audit.record(None, "iets.nieuws")
    assert rows()[0]["what"] == "iets.nieuws"


@pytest.mark.parametrize(
    ("facts", "shown"),
    [
        ({}, ""),
        ({"a": 1}, "a: 1"),
        ({"a": [1, 2]}, "a: 1, 2"),
        ({"a": {"x": [1, 2], "y": 3}}, "a: x, y"),
        ({"a": None}, "a: None"),
        ({"a": "x" * 61}, f"a: {'x' * 60}…"),
        ({"a": "x" * 60}, f"a: {'x' * 60}"),
        ({"a": 1, "b": ""}, "a: 1 · b: "),
        ({HOSTILE: HOSTILE}, f"{HOSTILE}: {HOSTILE}"),
    ],
)
def test_facts_are_short(facts: dict[str, object], shown: str) -> None:
    assert log._facts(facts) == shown


@pytest.mark.parametrize(("kind", "count"), [("refused", 1), ("product", 1), ("nergens", 2), ("", 2), ("'; --", 2)])
def test_a_choice_by_kind(room: Desk, kind: str, count: int) -> None:
    before = AuditLine.objects.count()
    deliver(room.people["leraar-A1"], "late")
    audit.record(room.people["outsider"].pk, "refused:audit.read")
    found = log.page({"t-soort": kind}).table.found
    assert found == (count if kind in ("refused", "product") else before + 2) + (kind == "product") * 2, (
        "two were written"
    )


def test_it_says_that_the_trail_holds_and_how_long_it_is(room: Desk) -> None:
    count = AuditLine.objects.count()
    assert log.page({}).head.title == f"Het logboek klopt: {count} regels, geen enkele gewijzigd"


def _break(number: int) -> None:
    """Someone with the database in their hands changes a line."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT name, sql FROM sqlite_master WHERE type = 'trigger' AND tbl_name = 'access_auditline'")
        triggers = cursor.fetchall()
        for name, _sql in triggers:
            cursor.execute(f"DROP TRIGGER {name}")
        cursor.execute("UPDATE access_auditline SET action = 'need.end' WHERE number = %s", [number])
        for _name, sql in triggers:
            cursor.execute(sql)


def test_a_line_that_was_changed_is_said_first(room: Desk) -> None:
    _break(7)
    html = browser(room.people["privacy_officer"]).get("/logboek").content.decode()
    assert heading(html) == "Het logboek klopt niet: regel 7 is beschadigd"
    assert "Waarschuw de functionaris gegevensbescherming." in html
    assert "inhoud is gewijzigd" in html


def test_a_very_long_trail_is_checked_by_the_command(room: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(audit, "QUICK", 3)
    page = log.page({})
    assert page.head.title.startswith("Het logboek telt ")
    assert "schakel audit verify" in page.head.facts[0].text
    assert "klopt" not in page.head.title, "what was not checked is not called right"


def test_only_the_last_thousand_lines_are_shown(room: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(log, "RECENT", 5)
    found = rows()
    assert len(found) == 5
    assert found[0]["number"] == str(AuditLine.objects.latest("number").number)


@pytest.mark.parametrize(
    ("name", "may"),
    [
        ("board_member", True),
        ("information_manager", True),
        ("privacy_officer", True),
        ("ict_manager", False),
        ("leraar-A1", False),
        ("outsider", False),
    ],
)
def test_who_may_read_it(room: Desk, name: str, may: bool) -> None:
    before = AuditLine.objects.count()
    assert browser(room.people[name]).get("/logboek").status_code == (200 if may else 403)
    assert AuditLine.objects.count() == before + (not may), "a refusal leaves a line, reading does not"


def test_no_address_and_no_value_of_a_person_stands_in_it(room: Desk) -> None:
    deliver(room.people["leraar-A1"], "late")
    deliver(room.people["bestuurder"], "kinds", rendering="csv")
    text = json.dumps(rows())
    for secret in ("@oever", "@oeverscholen", "KindpA1", "Jansen"):
        assert secret not in text
    kept = json.dumps(list(AuditLine.objects.values_list("facts", flat=True)))
    assert "@" not in kept


def test_hostile_facts_are_words(room: Desk) -> None:
    audit.record(room.manager.pk, HOSTILE, HOSTILE, HOSTILE, {HOSTILE: [HOSTILE]})
    html = browser(room.manager).get("/logboek").content.decode()
    assert "<b>&\"'" not in html
    assert html.count("&lt;b&gt;&amp;&quot;&#x27;") >= 3


def test_moments_are_in_dutch_time_and_sort_as_moments(room: Desk) -> None:
    with clock.held_at(date(2026, 11, 20)):
        audit.record(None, "norm.write")
    found = rows({"t-sorteer": "at"})
    assert found[0]["at"] == "20 nov, 00.00 uur"


def test_a_search_in_the_log_finds_who_and_what(room: Desk) -> None:
    deliver(room.people["leraar-A1"], "late")
    assert {row["who"] for row in rows({"t-zoek": "leraar-A1 "})} <= {"leraar-A1", "Youssef Haddou"}
    assert rows({"t-zoek": "ontving een overzicht"})[0]["who"] == "leraar-A1"
    assert rows({"t-zoek": "zzzz"}) == []
