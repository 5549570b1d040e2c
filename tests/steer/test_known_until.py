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
from schakel.steer.values import Value, values
from tests.process import boards
from tests.process.conftest import EVERYTHING
from tests.steer.starter import starter_norms
from tests.steer.test_cases import _OWN, DEFINITIONS, cases, school
from tests.steer.test_taken_over import ALL, TODAY, figures

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
        told = compute(con, [DEFINITIONS[key]], today, delivered=delivered)[key]
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
        told = compute(con, list(DEFINITIONS.values()), TODAY, delivered={t: date(2026, 9, 1) for t in school_model()})
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
            compute(con, keys, day, delivered=delivered)
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
