"""What earlier deliveries set apart stays until something is said of it, against a model: a dictionary of bad rows."""

import itertools
import json
import tempfile
from datetime import date
from pathlib import Path
from typing import Any

import duckdb
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from schakel.collect.connectors import open_package
from schakel.collect.landing import Landed, land
from schakel.collect.reports import quarantine_files, quarantined
from schakel.connectors import own_mappings
from schakel.lib import clock
from tests.collect.small_roster import Rows, delta, package, roster
from tests.collect.test_coverage import NEEDED as PERIOD_NEEDED
from tests.collect.test_coverage import TODAY, declared
from tests.collect.test_coverage import taken as told_of

NEEDED = {"enrollments": frozenset({"sourcedId", "role"})}
FEW = settings(max_examples=6, suppress_health_check=list(HealthCheck))
KEYS = [f"t{n}" for n in range(4)]
GONE = {"gone": "tobedeleted"}
_numbers = itertools.count()
HEAD = "nummer,vestiging,datum,lesuur,soort,opmerking"
WEEKS = (date(2026, 9, 7), date(2026, 9, 14))


def refused(landed: Landed, name: str, columns: str) -> list[Any]:
    found = duckdb.sql(f"SELECT {columns} FROM '{landed.quarantine}/{name}.parquet' ORDER BY ALL").fetchall()
    return [value for (value,) in found] if "," not in columns else found


def found(landed: Landed, name: str, columns: str) -> list[Any]:
    path = landed.quarantine / f"{name}.found"
    return duckdb.sql(f"SELECT {columns} FROM read_parquet('{path}') ORDER BY ALL").fetchall() if path.exists() else []


def row(key: str, how: str = "good") -> dict[str, str]:
    role = "professor" if how == "bad" else "student"
    return roster()["enrollments"][0] | {"sourcedId": key, "role": role}


def taken(data: Path, rows: Rows, mode: str, needed: dict[str, frozenset[str]] = NEEDED, **others: Rows) -> Landed:
    folder = data.parent / f"delivery-{next(_numbers)}"
    folder.mkdir()
    files = {"enrollments": rows} if rows else {}
    return land(open_package(package(folder, {**files, **others}, mode=mode)), "las", needed, data)


# A delta


@pytest.fixture
def data(tmp_path: Path) -> Path:
    """A data folder with a full delivery of three enrolments, of which two were refused."""
    taken(tmp_path / "data", [row("t0"), row("t1", "bad"), row("t2", "bad")], "bulk")
    return tmp_path / "data"


def test_a_delta_keeps_what_was_refused_of_rows_that_it_does_not_name(data):
    landed = taken(data, delta([row("t1")]), "delta")
    assert refused(landed, "enrollments", "sourcedId") == ["t2"]
    assert (landed.quarantined, landed.quarantined_stayed) == ({"enrollments": 0}, {"enrollments": 1})
    assert found(landed, "enrollments", "sourcedId, _row, _rule") == [("t2", 4, "vocabulary")]


def test_a_row_that_is_still_wrong_stands_there_once(data):
    landed = taken(data, delta([row("t1", "bad")]), "delta")
    assert refused(landed, "enrollments", "sourcedId, _row") == [("t1", 2), ("t2", 4)]
    assert (landed.quarantined, landed.quarantined_stayed) == ({"enrollments": 1}, {"enrollments": 1})
    assert [key for key, *_rest in found(landed, "enrollments", "sourcedId, _row")] == ["t1", "t2"]


def test_who_is_deleted_waits_no_longer(data):
    landed = taken(data, delta([row("t2", "gone")], "tobedeleted"), "delta")
    assert refused(landed, "enrollments", "sourcedId") == ["t1"]


def test_a_file_that_the_delta_does_not_bring_keeps_its_quarantine(tmp_path):
    data, needed = tmp_path / "data", NEEDED | {"orgs": frozenset({"sourcedId", "name"})}
    taken(data, [row("t1", "bad"), row("t2")], "bulk", needed, orgs=roster()["orgs"])
    landed = taken(data, [], "delta", needed, orgs=delta([roster()["orgs"][0]]))
    assert landed.quarantined_stayed == {"enrollments": 1}
    assert refused(landed, "enrollments", "sourcedId") == ["t1"]


def test_a_full_delivery_lets_go_of_all_that_was_refused_before(data):
    landed = taken(data, [row("t0")], "bulk")
    assert refused(landed, "enrollments", "sourcedId") == []
    assert (landed.quarantined, landed.quarantined_stayed) == ({"enrollments": 0}, {})
    assert found(landed, "enrollments", "sourcedId") == []


def test_each_row_says_in_which_delivery_it_came(data):
    landed = taken(data, delta([row("t4", "bad")]), "delta")
    marks = refused(landed, "enrollments", "sourcedId, _mark, _package")
    told = json.loads((landed.folder / "landing.json").read_text())
    assert [(key, mark == told["mark"]) for key, mark, _package in marks] == [
        ("t1", False),
        ("t2", False),
        ("t4", True),
    ]
    assert {package for _key, _mark, package in marks} == {"roster.zip"}


def test_a_quarantine_from_before_the_marks_were_kept_is_carried_as_well(data):
    old = next((data / "quarantine" / "las").glob("*/enrollments.parquet"))
    duckdb.sql(f"COPY (SELECT * EXCLUDE (_mark, _package) FROM read_parquet('{old}')) TO '{old}.x' (FORMAT parquet)")
    Path(f"{old}.x").replace(old)
    landed = taken(data, delta([row("t4", "bad")]), "delta")
    assert refused(landed, "enrollments", "sourcedId") == ["t1", "t2", "t4"]
    assert landed.quarantined_stayed == {"enrollments": 2}
    assert quarantined(landed.quarantine, "enrollments").total == 3


def test_what_nobody_needs_any_more_is_not_carried(data):
    less = {"enrollments": frozenset({"sourcedId"})}
    landed = taken(data, delta([row("t4")]), "delta", less)
    assert "role" not in quarantined(landed.quarantine, "enrollments").columns
    assert refused(landed, "enrollments", "sourcedId") == ["t1", "t2"]


steps = st.lists(
    st.dictionaries(st.sampled_from(KEYS), st.sampled_from(["good", "bad", "gone"]), min_size=1), min_size=1, max_size=4
)


@FEW
@given(st.dictionaries(st.sampled_from(KEYS), st.sampled_from(["good", "bad"]), min_size=1), steps)
def test_any_row_of_deltas_leaves_apart_what_was_last_said_to_be_wrong(first, changes):
    with tempfile.TemporaryDirectory() as name:
        data, model = Path(name) / "data", dict(first)
        landed = taken(data, [row(key, how) for key, how in first.items()], "bulk")
        for change in changes:
            rows = [each for key, how in change.items() for each in delta([row(key, how)], GONE.get(how, "active"))]
            landed = taken(data, rows, "delta")
            model |= change
            wrong = sorted(key for key, how in model.items() if how == "bad")
            assert sorted(set(refused(landed, "enrollments", "sourcedId"))) == wrong
            assert sum((*landed.quarantined.values(), *landed.quarantined_stayed.values())) == len(wrong)


# A period


def week_of(data: Path, monday: date, kinds: str, name: str) -> Landed:
    """A delivery of one week, a pupil for each kind; `?` is no kind of absence."""
    path = data.parent / f"verzuim-db_{name}.csv"
    lines = [f"{at},98AB00,{monday},1,{kind},x" for at, kind in enumerate(kinds)]
    path.write_text("\n".join([HEAD, *lines, ""]), encoding="utf-8")
    with clock.held_at(TODAY):
        return land(own_mappings.package(path, declared("week")), "verzuim", PERIOD_NEEDED, data)


def test_a_week_keeps_what_was_refused_of_the_weeks_before(tmp_path):
    data = tmp_path / "data"
    week_of(data, WEEKS[0], "GG??", "week37")
    landed = week_of(data, WEEKS[1], "GG?", "week38")
    assert (landed.quarantined, landed.quarantined_stayed) == ({"absence": 1}, {"absence": 2})
    assert quarantine_files(landed.quarantine) == {"absence": 3}
    shown = refused(landed, "absence", "_package, _row")
    assert shown == [("verzuim-db_week37.csv", 4), ("verzuim-db_week37.csv", 5), ("verzuim-db_week38.csv", 4)]


def test_a_week_that_is_told_again_takes_its_refused_rows_along(tmp_path):
    data = tmp_path / "data"
    week_of(data, WEEKS[0], "GG??", "week37")
    week_of(data, WEEKS[1], "GG?", "week38")
    landed = week_of(data, WEEKS[0], "GGGG", "week37-hersteld")
    assert refused(landed, "absence", "_package, _row") == [("verzuim-db_week38.csv", 4)]
    assert (landed.quarantined, landed.quarantined_stayed) == ({"absence": 0}, {"absence": 1})


def test_without_periods_the_last_file_is_all_there_is(tmp_path):
    data, told = tmp_path / "data", declared("week")
    del told["relations"]["absence"]["covers"]
    told_of(data, [("001", WEEKS[0])], told, kind="?")
    landed = told_of(data, [("001", WEEKS[1])], told)
    assert (landed.quarantined, landed.quarantined_stayed) == ({"absence": 0}, {})
    assert quarantine_files(landed.quarantine) == {}
