"""A figure of what happened is as of the day on which its sources last delivered: after it nothing is known."""

from collections.abc import Iterator
from datetime import date, timedelta
from itertools import groupby, islice
from pathlib import Path
from typing import Any

import pytest

from schakel.process import snapshots
from schakel.process.model import school_model
from schakel.steer.indicators import Computing, compute, definitions
from schakel.steer.until import Until, earliest, of_table, read
from schakel.steer.values import Value, values
from tests.process import boards
from tests.process.conftest import EVERYTHING
from tests.steer.starter import starter_norms
from tests.steer.test_cases import _OWN, DEFINITIONS, cases, school
from tests.steer.test_taken_over import ALL, TODAY, figures

OLD = Until(date(2026, 9, 1))
HR = {
    "site": "site_id | organisation_id\n a | a",
    "staff_contract": """
      contract_id | staff_id | site_id | fte | start_date
      c           | p        | a       | 1   | 2020-01-01
      d           | q        | a       | 1   | 2020-01-01
    """,
    "sick_leave": """
      spell_id | staff_id | kind | sick_fraction | start_date
      e        | p        | sick | 1             | 2025-12-31
      s        | q        | sick | 1             | 2026-11-01
    """,
}


def of_events() -> Iterator[Any]:
    """The first cases of each indicator of what happened."""
    for _key, found in groupby(cases(), lambda case: case.values[0]["indicator"]):
        yield from (case for case in islice(found, 2) if DEFINITIONS[case.values[0]["indicator"]].events)


def counted(tables: dict[str, str], key: str, today: date, delivered: dict[str, date] | None = None) -> list[Any]:
    """What was counted for whom, without the day on which that was done."""
    with school(tables) as con:
        known = {table: Until(day) for table, day in (delivered or {}).items()}
        told = compute(con, [DEFINITIONS[key]], today, delivered=known)[key]
        assert told["until"] == min([today, *(delivered or {}).values()]).isoformat()
        return [(v.site_id, v.period, v.numerator, v.denominator, v.people, v.people_hit) for v in values(con)]


@pytest.mark.parametrize(("file", "case"), list(of_events()))
def test_days_after_the_last_delivery_are_as_if_they_were_yet_to_come(file: dict[str, Any], case: Any) -> None:
    tables = {**file["altijd"], **{name: text for name, text in case.items() if name not in _OWN}}
    key, today = file["indicator"], file["vandaag"]
    earlier = today - timedelta(days=20)
    for table in DEFINITIONS[key].events:
        assert counted(tables, key, today, {table: earlier}) == counted(tables, key, earlier)


def test_who_is_ill_in_an_old_file_is_not_ill_for_ever() -> None:
    (now,) = counted(HR, "I_SICK_RATE", date(2026, 12, 31))
    (then,) = counted(HR, "I_SICK_RATE", date(2026, 12, 31), {"sick_leave": date(2026, 11, 10)})
    assert now[2:4] == (365 + 61, 730)
    assert then[2:4] == (314 + 10, 628)


def test_what_does_not_happen_is_as_of_today() -> None:
    with school(HR) as con:
        told = compute(con, list(DEFINITIONS.values()), TODAY, delivered={t: OLD for t in school_model()})
    until = {key: each["until"] for key, each in told.items()}
    assert {key for key, day in until.items() if day == TODAY.isoformat()} == {
        key for key, each in DEFINITIONS.items() if not each.events
    }


def test_events_are_tables_that_the_definition_reads() -> None:
    for definition in definitions():
        read = {name.partition(".")[0] for name in definition.elements}
        assert set(definition.events) <= read, definition.key
        assert not definition.events or "$today" in definition.sql, definition.key


def test_the_sources_of_a_table_tell_its_day_and_the_latest_of_them_counts(tmp_path: Path) -> None:
    landed = list(boards.everything(tmp_path))
    sources = {item.source for item in landed}
    built = snapshots.build(tmp_path, landed, EVERYTHING, [Computing(ALL, TODAY)])
    of_absence = built.manifest["tables"]["absence"]["sources"]
    assert set(of_absence) <= sources
    assert {each["until"] for each in built.manifest["indicators"].values()} == {TODAY.isoformat()}
    days = {source: TODAY - timedelta(days=7) for source in of_absence}
    later = snapshots.build(tmp_path, landed, EVERYTHING, [Computing(ALL, TODAY, delivered=days)])
    assert later.id != built.id
    told = {key: each["until"] for key, each in later.manifest["indicators"].items()}
    assert told["I_ABS_ALL"] == "2026-11-16"
    assert told["I_SOLVENCY2"] == TODAY.isoformat()


def test_of_two_days_each_figure_has_its_own_though_they_share_a_query() -> None:
    shared = [d for d in definitions(starter_norms()) if d.key in ("I_ABS_16H", "I_ABS_REPORT_TIME")]
    tables = next(case.values for case in cases() if case.values[0]["indicator"] == "I_ABS_REPORT_TIME")
    given = {**tables[0]["altijd"], **{name: text for name, text in tables[1].items() if name not in _OWN}}
    today, earlier = tables[0]["vandaag"], tables[0]["vandaag"] - timedelta(days=9)

    def found(keys: list[Any], day: date, delivered: dict[str, date]) -> list[Value]:
        with school(given) as con:
            compute(con, keys, day, delivered={table: Until(of) for table, of in delivered.items()})
            assert con.execute("SELECT count(*) FROM duckdb_tables() WHERE temporary").fetchone() == (0,)
            return values(con)

    both = found(shared, today, {"absence_report": earlier})
    alone = [value for each in shared for value in found([each], today, {"absence_report": earlier})]
    assert sorted(both, key=repr) == sorted(alone, key=repr)


def test_taken_over_figures_keep_their_day(tmp_path: Path) -> None:
    landed, day = list(boards.everything(tmp_path)), TODAY - timedelta(days=3)
    of = {item.source: day for item in landed}
    first = snapshots.build(tmp_path, landed, EVERYTHING, [Computing(ALL, TODAY, delivered=of)])
    again = snapshots.build(tmp_path, landed, EVERYTHING, [Computing(ALL[:-1], TODAY, delivered=of)])
    assert again.id != first.id
    assert {k: e["until"] for k, e in again.manifest["indicators"].items()} == {
        k: e["until"] for k, e in first.manifest["indicators"].items() if k != ALL[-1].key
    }
    assert [v for v in figures(first) if v.indicator_key != ALL[-1].key] == figures(again)


SOME, LATER = date(2026, 11, 9), date(2026, 11, 20)


@pytest.mark.parametrize(("file", "case"), list(of_events()))
def test_each_school_is_known_up_to_its_own_day(file: dict[str, Any], case: Any) -> None:
    """As if each school had been alone with its day: not a row more or less, whichever is behind."""
    tables = {**file["altijd"], **{name: text for name, text in case.items() if name not in _OWN}}
    key, today = file["indicator"], file["vandaag"]
    earlier = today - timedelta(days=20)
    now, then = counted(tables, key, today), counted(tables, key, earlier)
    sites = {row[0] for row in [*now, *then]}
    for behind in sites - {None}:
        known = Until(today, {behind: earlier})
        with school(tables) as con:
            told = compute(con, [DEFINITIONS[key]], today, delivered=dict.fromkeys(DEFINITIONS[key].events, known))
            found = [(v.site_id, v.period, v.numerator, v.denominator, v.people, v.people_hit) for v in values(con)]
        expected = [row for row in then if row[0] == behind] + [row for row in now if row[0] != behind]
        assert sorted(found, key=repr) == sorted(expected, key=repr)
        assert told[key]["until_of"] == {behind: earlier.isoformat()}


def test_the_sources_that_tell_of_a_school_say_its_day() -> None:
    days = {"po": LATER, "vo": SOME, "oud": date(2026, 8, 1), "leeg": TODAY}
    found = of_table(["leeg", "oud", "po", "vo"], {"po": ["a", "b"], "vo": ["c"], "oud": ["b", "d"]}, days)
    assert (found.day, found.of) == (LATER, {"c": SOME, "d": date(2026, 8, 1)})
    assert [found.at(site) for site in ("a", "b", "c", None, "elsewhere")] == [LATER, LATER, SOME, LATER, LATER]
    assert of_table(["leeg", "vo"], {}, days) == Until(TODAY)


def test_of_several_tables_the_one_that_is_known_least_far_counts() -> None:
    both = earliest([Until(LATER, {"c": SOME}), Until(TODAY, {"a": SOME, "b": LATER})], TODAY)
    assert (both.day, both.of) == (LATER, {"a": SOME, "c": SOME})
    assert earliest([], TODAY) == Until(TODAY)
    assert earliest([Until(TODAY + timedelta(days=3))], TODAY).day == TODAY


def test_a_manifest_tells_it_and_one_of_before_too() -> None:
    known = Until(LATER, {"c": SOME})
    assert read(known.described(), "2026-11-23") == known
    assert read({}, "2026-11-23") == Until(TODAY)
    assert Until(LATER).described() == {"until": "2026-11-20"}


def test_a_package_for_each_sector_of_which_one_stays_behind(tmp_path: Path) -> None:
    """Secondary schools deliver on their own, and did so three weeks ago: only their figures are of then."""
    of_po, of_vo = (
        [row for row in boards.absence() if row["site_identifier"] == site] for site in ("16AH00", "20XY01")
    )
    rest = [item for item in boards.everything(tmp_path) if item.source != "verzuim"]
    landed = [
        *rest,
        boards.land(tmp_path, "verzuim-po", "verzuim", {"absence": of_po}),
        boards.land(tmp_path, "verzuim-vo", "verzuim", {"absence": of_vo}),
    ]
    behind = TODAY - timedelta(days=21)
    step = Computing(ALL, TODAY, delivered={"verzuim-vo": behind, "verzuim-po": TODAY})
    built = snapshots.build(tmp_path, landed, EVERYTHING, [step])
    assert built.manifest["told"]["absence"] == {"verzuim-po": ["s1"], "verzuim-vo": ["s2"]}
    told = built.manifest["indicators"]
    assert (told["I_LATE"]["until"], told["I_LATE"]["until_of"]) == (TODAY.isoformat(), {"s2": behind.isoformat()})
    assert "until_of" not in told["I_SICK_RATE"]
    other = tmp_path / "other"
    both = list(boards.everything(other))
    then = snapshots.build(other, both, EVERYTHING, [Computing(ALL, TODAY, delivered={"verzuim": behind})])
    now = snapshots.build(tmp_path / "now", both, EVERYTHING, [Computing(ALL, TODAY)])

    def of_absence(snapshot: snapshots.Snapshot, site: str) -> list[Value]:
        return [v for v in figures(snapshot) if v.indicator_key in ("I_ABS_ALL", "I_LATE") and v.site_id == site]

    assert of_absence(built, "s2") == of_absence(then, "s2") != of_absence(now, "s2")
    assert of_absence(built, "s1") == of_absence(now, "s1")
