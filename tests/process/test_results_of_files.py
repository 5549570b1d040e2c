"""Results of tests from a file: the test that each is of, the pupil who made it, and what stays empty."""

from collections.abc import Collection
from datetime import date
from itertools import product
from pathlib import Path
from typing import Any

import duckdb
import pytest

from schakel.engine import duck
from schakel.process import filling, mappings, matching, snapshots
from schakel.process.landings import Renames, deliveries
from schakel.process.mappings import columns_for
from tests.process import boards
from tests.process.conftest import EVERYTHING
from tests.process.edexml_board import school
from tests.process.landed import LandedHere, land

HERE, THERE = "99ZZ00", "98YY00"
DAY = date(2027, 1, 21)
LEVEL = frozenset({"result.level"})
PUPILS = "SELECT pupil_id, level FROM result ORDER BY ALL"


def line(number: str = "001", name: str = "Rekenen M5", kind: str | None = "monitoring", **more: Any) -> dict[str, Any]:
    """A row of a file of results, as the door leaves it."""
    empty = dict.fromkeys(("site_identifier", "test_code", "subject", "score", "level", "mark"))
    return {"pupil_number": number, "test_name": name, "test_kind": kind, "taken_on": DAY, **empty, **more}


def results(data: Path, *lines: dict[str, Any], source: str = "toetsen") -> LandedHere:
    return land(data, source, "toetsen", {"result": list(lines)})


def schools(data: Path) -> list[LandedHere]:
    """Two schools on EDEXML: both have a pupil 001; 002 is here, 003 there."""
    return [
        school(data, site, [{"id": n} for n in ids]) for site, ids in ((HERE, ("001", "002")), (THERE, ("001", "003")))
    ]


def built(data: Path, *landed: LandedHere) -> snapshots.Snapshot:
    return snapshots.build(data, list(landed), EVERYTHING)


def asked(snapshot: snapshots.Snapshot, sql: str) -> list[tuple[Any, ...]]:
    with duck.reader(snapshot.model) as con:
        return con.execute(sql).fetchall()


def test_two_schools_with_one_number_are_told_apart_by_the_site_of_the_line(tmp_path: Path) -> None:
    file = results(
        tmp_path, line(site_identifier=HERE, level="I"), line(site_identifier=THERE, level="V"), line(level="II")
    )
    made = built(tmp_path, *schools(tmp_path), file)
    assert asked(made, PUPILS) == [(f"{THERE}.001", "V"), (f"{HERE}.001", "I")]
    (left,) = made.manifest["tables"]["result"]["unplaced"]  # the line without a site is of one of two
    assert (left["source"], left["column"], left["reason"], left["rows"]) == ("toetsen", "pupil_id", "not_found", 1)


def test_without_a_site_a_number_finds_the_one_pupil_who_has_it(tmp_path: Path) -> None:
    file = results(tmp_path, line("002", level="I"), line("003", level="V"), line("2", level="II"))
    assert asked(built(tmp_path, *schools(tmp_path), file), PUPILS) == [(f"{THERE}.003", "V"), (f"{HERE}.002", "I")]


def test_a_site_that_is_known_by_oneroster_does_not_stand_in_the_way(tmp_path: Path) -> None:
    roster = land(tmp_path, "las", "oneroster", boards.roster())
    file = results(tmp_path, line(site_identifier="16AH00", level="II"), line("999", site_identifier="16AH00"))
    assert asked(built(tmp_path, roster, file), PUPILS) == [("u1", "II")]


def test_what_somebody_decided_of_a_number_at_a_site_holds_there_only(tmp_path: Path) -> None:
    landed = [*schools(tmp_path), results(tmp_path, line("2", site_identifier=HERE, level="I"), line("2", level="V"))]
    assert found(landed) == [None, None]
    same = matching.Verdict("pupil", "toetsen", f"2 @ {HERE}", f"{HERE}.002", True)
    assert found(landed, matching.renames(landed, LEVEL, [same])) == [f"{HERE}.002", None]


def found(landed: Collection[LandedHere], renames: Renames | None = None) -> list[str | None]:
    """Whom each line finds, in the order of their levels."""
    (mapping,) = [m for m in mappings.mappings_for(LEVEL)["result"] if m.layout == "toetsen"]
    with duck.worker() as con:
        filling.create_relations(con, deliveries(landed, renames), columns_for(LEVEL))
        return [row[0] for row in con.execute(f"SELECT pupil_id FROM ({mapping.sql}) ORDER BY level").fetchall()]


# Which test it is

LINES = [
    line("001", "Rekenen M5", site_identifier=HERE),
    line("002", "Rekenen M5"),
    line("002", "Rekenen M5", taken_on=date(2027, 1, 28)),
    line("002", "Rekenen M5", "method"),
    line("002", "Spelling M5", test_code="S5"),
    line("003", "Spelling M5 (nieuw)", test_code="S5"),
    line("002", "M5", subject="Lezen"),
    line("002", "M5", subject="Taal"),
    line("002", "Lezen E5", subject="lezen"),
]
TESTS = [
    ("Lezen E5", "monitoring"),  # the subject is in the name
    ("Lezen M5", "monitoring"),
    ("Rekenen M5", "method"),
    ("Rekenen M5", "monitoring"),
    ("Spelling M5 (nieuw)", "monitoring"),  # one code, one test, whatever it is called
    ("Taal M5", "monitoring"),
]


@pytest.fixture(scope="module")
def con(tmp_path_factory: pytest.TempPathFactory) -> Any:
    """The lines above beside the gradebook of OneRoster."""
    data = tmp_path_factory.mktemp("results")
    roster = land(data, "las", "oneroster", {**boards.roster(), **boards.gradebook()})
    with duck.reader(built(data, roster, results(data, *LINES)).model) as reader:
        yield reader


def test_a_test_is_its_kind_subject_and_code_or_name_and_stands_once(con: duckdb.DuckDBPyConnection) -> None:
    ours = "SELECT name, kind FROM test WHERE test_id NOT IN ('l1', 'l2') ORDER BY ALL"
    assert con.execute(ours).fetchall() == TESTS
    assert con.execute("SELECT count(*), count(DISTINCT test_id) FROM test").fetchone() == (8, 8)


def test_every_result_is_of_a_test_and_has_a_key_of_its_own(con: duckdb.DuckDBPyConnection) -> None:
    assert con.execute("SELECT count(*) FROM result ANTI JOIN test USING (test_id)").fetchone() == (0,)
    assert con.execute("SELECT count(*), count(DISTINCT result_id) FROM result").fetchone() == (3 + len(LINES), 12)


def test_what_the_gradebook_brings_stays_as_it_is(con: duckdb.DuckDBPyConnection) -> None:
    theirs = "SELECT result_id, test_id FROM result WHERE test_id IN ('l1', 'l2') ORDER BY 1"
    assert con.execute(theirs).fetchall() == [("x1", "l1"), ("x2", "l1"), ("x3", "l2")]
    assert con.execute("SELECT name, subject_id FROM test WHERE test_id IN ('l1', 'l2') ORDER BY 1").fetchall() == [
        ("Rekenen M8", None), ("SE wiskunde", "wi"),
    ]  # fmt: skip


def test_the_same_test_at_two_schools_is_one(tmp_path: Path) -> None:
    files = [results(tmp_path, line(site_identifier=site, level="I"), source=f"t-{site}") for site in (HERE, THERE)]
    made = built(tmp_path, *schools(tmp_path), *files)
    assert asked(made, "SELECT count(*) FROM test") == [(1,)]
    assert asked(made, "SELECT count(*), count(DISTINCT test_id) FROM result") == [(2, 1)]


# What it says


def test_empty_stays_empty_and_a_mark_is_a_mark_of_any_kind(tmp_path: Path) -> None:
    file = results(
        tmp_path, line("002", score=231.5, level="II"), line("002", "SE1", "school_exam", mark=6.4),
        line("003", "Hoofdstuk 1", "method", mark=8.0), line("003"),
    )  # fmt: skip
    made = built(tmp_path, *schools(tmp_path), file)
    told = "SELECT pupil_id[8:], taken_on, score::DOUBLE, level, mark::DOUBLE FROM result ORDER BY 1, score, mark"
    assert asked(made, told) == [
        ("002", DAY, 231.5, "II", None), ("002", DAY, None, None, 6.4),
        ("003", DAY, None, None, 8.0), ("003", DAY, None, None, None),
    ]  # fmt: skip
    assert asked(made, "SELECT DISTINCT subject_id FROM test") == [(None,)]


def test_the_same_result_twice_keeps_two_keys(tmp_path: Path) -> None:
    files = [results(tmp_path, line("002", level=level), source=f"t{level}") for level in ("I", "II")]
    made = built(tmp_path, *schools(tmp_path), *files)
    assert asked(made, "SELECT result_id FROM result ORDER BY 1") == [
        (f"{HERE}.002.20270121.monitoring.Rekenen M5.{n}",) for n in (1, 2)
    ]


def test_a_line_without_a_kind_or_a_day_has_no_place_and_is_counted(tmp_path: Path) -> None:
    made = built(tmp_path, *schools(tmp_path), results(tmp_path, line("002", kind=None), line("002", taken_on=None)))
    left = {(each["column"], each["rows"]) for each in made.manifest["tables"]["result"]["unplaced"]}
    assert left == {("test_id", 1), ("taken_on", 1)}
    assert asked(made, PUPILS) == []


def test_results_and_tests_fit_whichever_of_subject_and_code_a_line_has(tmp_path: Path) -> None:
    words = ("wi", "M5", None)
    named = list(product(words, words, ("wi", "M5")))
    lines = [line("002", name, subject=subject, test_code=code) for subject, code, name in named]
    made = built(tmp_path, *schools(tmp_path), results(tmp_path, *lines))
    ids = [row[0] for row in asked(made, "SELECT test_id FROM test")]
    assert len(ids) == len(set(ids)) == len({(subject, code or name) for subject, code, name in named})
    assert set(asked(made, "SELECT DISTINCT test_id FROM result")) == {(each,) for each in ids}
    assert made.manifest["tables"]["test"]["doubled"] == 0


# What a need brings


@pytest.mark.parametrize(
    ("wanted", "more"),
    [("result.level", {"level"}), ("result.score", {"score"}), ("result.mark", {"mark"}), ("result.taken_on", set())],
)
def test_a_need_for_one_value_of_a_result_brings_no_other(wanted: str, more: set[str]) -> None:
    which = {"test_kind", "subject", "test_code", "test_name"}
    finds = {"pupil_number", "site_identifier", "taken_on"}
    assert columns_for([wanted])["toetsen"] == {"result": which | finds | more}


def test_a_need_for_tests_brings_nobody() -> None:
    named = {"test_kind", "subject", "test_code", "test_name"}
    assert columns_for(["test.name", "test.kind"])["toetsen"] == {"result": named}
