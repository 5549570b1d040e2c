"""A delta against a model: after any row of deliveries the landing holds what a dictionary would hold."""

import itertools
import tempfile
from pathlib import Path
from typing import Any

import duckdb
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from schakel.collect.connectors import open_package
from schakel.collect.deltas import merged
from schakel.collect.landing import Landed, Stopped, land, latest
from schakel.collect.reports import landing_told
from tests.collect.small_roster import Rows, delta, package, roster

NEEDED = {"categories": frozenset({"sourcedId", "title"})}
FEW = settings(max_examples=6, suppress_health_check=list(HealthCheck))
KEYS = [f"t{n}" for n in range(5)]
_numbers = itertools.count()


def row(key: str, title: str) -> dict[str, str]:
    return {"sourcedId": key, "title": title, "weight": "1"}


def taken(data: Path, rows: Rows, mode: str, needed: dict[str, frozenset[str]] = NEEDED, **files: Rows) -> Landed:
    folder = data.parent / f"delivery-{next(_numbers)}"
    folder.mkdir()
    return land(open_package(package(folder, {"categories": rows, **files}, mode=mode)), "las", needed, data)


def kept(landed: Landed) -> dict[str, Any]:
    found = duckdb.sql(f"SELECT sourcedId, title FROM '{landed.folder}/categories.parquet'").fetchall()
    assert len({key for key, _title in found}) == len(found), "no key twice"
    return dict(found)


@pytest.fixture
def data(tmp_path: Path) -> Path:
    """A data folder with a full delivery of three categories."""
    taken(tmp_path / "data", [row(key, f"eerst {key}") for key in KEYS[:3]], "bulk")
    return tmp_path / "data"


steps = st.lists(
    st.dictionaries(st.sampled_from(KEYS), st.none() | st.sampled_from(["a", "b", "c"]), min_size=1),
    min_size=1,
    max_size=4,
)


@FEW
@given(st.dictionaries(st.sampled_from(KEYS), st.sampled_from(["x", "y"]), min_size=1), steps)
def test_any_row_of_deltas_gives_what_a_dictionary_gives(first, changes):
    with tempfile.TemporaryDirectory() as name:
        data, model = Path(name) / "data", dict(first)
        landed = taken(data, [row(key, title) for key, title in first.items()], "bulk")
        assert kept(landed) == model
        for change in changes:
            rows = [
                row(key, title or "weg") | {"status": "active" if title else "tobedeleted"}
                for key, title in change.items()
            ]
            landed = taken(data, delta(rows), "delta")
            model |= {key: title for key, title in change.items() if title}
            model = {key: title for key, title in model.items() if change.get(key, "kept")}
            assert kept(landed) == model
            assert landed.rows == {"categories": len(model)}
            assert latest(data, "las") == landed or latest(data, "las").digest == landed.digest
        assert len(list((data / "landing" / "las").iterdir())) == 2, "the landing in force, and the pointer"


@pytest.mark.parametrize("written", ["tobedeleted", "TOBEDELETED", "ToBeDeleted"])
def test_who_is_to_be_deleted_is_deleted_in_any_letter_case(data, written):
    """The finding says that the word was read as meant, so it must be obeyed as meant."""
    landed = taken(data, delta([row("t1", "weg")], written), "delta")
    assert set(kept(landed)) == {"t0", "t2"}
    assert {f.rule for f in landed.report.findings} == ({"vocabulary-case"} if written != "tobedeleted" else set())


@pytest.mark.parametrize("written", ["tobedeleted", "TOBEDELETED"])
def test_a_full_delivery_does_not_bring_in_what_it_marks_as_deleted(data, written):
    landed = taken(data, [row("t1", "weg") | {"status": written}, row("t2", "blijft")], "bulk")
    assert kept(landed) == {"t2": "blijft"}
    assert landed.quarantined == {"categories": 1}
    assert "bulk-deleted" in {f.rule for f in landed.report.findings}


def test_an_unknown_status_deletes_nothing_and_is_told(data):
    landed = taken(data, delta([row("t1", "nieuw")], "vervallen"), "delta")
    assert kept(landed)["t1"] == "nieuw"
    assert [(f.row, f.rule) for f in landed.report.findings] == [(2, "vocabulary")]


def test_a_changed_row_that_is_refused_leaves_the_one_that_was_there(tmp_path):
    needed = {"enrollments": frozenset({"sourcedId", "role"})}
    land(open_package(package(tmp_path)), "las", needed, tmp_path / "data")
    wrong = delta([roster()["enrollments"][0] | {"role": "professor"}])
    changed = package(tmp_path, {"enrollments": wrong}, mode="delta")
    landed = land(open_package(changed), "las", needed, tmp_path / "data")
    found = duckdb.sql(f"SELECT role FROM '{landed.folder}/enrollments.parquet' WHERE sourcedId = 'e1'").fetchall()
    assert found == [("student",)]
    assert (landed.rows, landed.quarantined) == ({"enrollments": 6}, {"enrollments": 1})


@pytest.mark.parametrize("which", ["status", "dateLastModified"])
def test_a_delta_that_forgot_one_of_its_two_columns_does_not_empty_the_file(data, which):
    """Without any status it could be taken for a full delivery, and everything else would be gone."""
    rows = [each | {which: ""} for each in delta([row("t1", "nieuw")])]
    landed = taken(data, rows, "delta")
    assert set(kept(landed)) == set(KEYS[:3])
    expected = ("delta-status", "drop row") if which == "status" else ("delta-moment", "accept")
    assert [(f.rule, f.action) for f in landed.report.findings] == [expected]


def test_a_full_delivery_with_the_moments_that_many_programs_fill_in_is_full(data):
    rows = [row("t0", "x") | {"dateLastModified": "2026-11-01T08:00:00.000Z"}]
    assert kept(taken(data, rows, "bulk")) == {"t0": "x"}


def test_deleting_what_is_not_there_is_no_mistake(data):
    landed = taken(data, delta([row("t4", "x")], "tobedeleted"), "delta")
    assert set(kept(landed)) == set(KEYS[:3])
    assert landed.report.findings == []


def test_of_the_same_key_twice_the_first_counts_and_the_second_is_told(data):
    landed = taken(data, delta([row("t1", "een"), row("t1", "twee")]), "delta")
    assert kept(landed)["t1"] == "een"
    assert [(f.row, f.rule) for f in landed.report.findings] == [(3, "duplicate-key")]


def test_a_first_delta_without_anything_before_it_is_taken_as_it_is(tmp_path):
    landed = taken(tmp_path / "data", delta([row("t1", "een"), row("t2", "twee")]), "delta")
    assert set(kept(landed)) == {"t1", "t2"}
    assert landing_told(landed.folder)["mode"] == "delta"


def test_a_full_delivery_after_deltas_replaces_all_of_it(data):
    taken(data, delta([row("t4", "los")]), "delta")
    assert kept(taken(data, [row("t0", "opnieuw")], "bulk")) == {"t0": "opnieuw"}


def test_a_delta_whose_key_nobody_needs_stops_and_leaves_what_was(data):
    without = {"categories": frozenset({"title"})}
    with pytest.raises(Stopped) as stopped:
        taken(data, delta([row("t1", "x")]), "delta", without)
    assert stopped.value.report is not None
    assert "delta-keys" in {f.rule for f in stopped.value.report.findings}
    assert set(kept(latest(data, "las"))) == set(KEYS[:3])


def test_a_column_that_a_need_asks_for_since_is_unknown_in_the_rows_that_were_there(data):
    """It was not kept, so it is not known: it comes with the next full delivery, or with each changed row."""
    more = {"categories": frozenset({"sourcedId", "title", "weight"})}
    landed = taken(data, delta([row("t1", "nieuw")]), "delta", more)
    found = duckdb.sql(f"SELECT sourcedId, weight FROM '{landed.folder}/categories.parquet' ORDER BY 1").fetchall()
    assert found == [("t0", None), ("t1", 1), ("t2", None)]


def test_a_column_that_nobody_needs_any_more_goes_with_the_next_delta(data):
    less = {"categories": frozenset({"sourcedId"})}
    landed = taken(data, delta([row("t1", "Geheimzinnig")]), "delta", less)
    assert duckdb.sql(f"SELECT * FROM '{landed.folder}/categories.parquet'").columns == ["sourcedId"]
    assert not any(b"eerst" in path.read_bytes() for path in data.rglob("*") if path.is_file())


def test_a_file_that_the_delta_does_not_bring_stays_as_it_was(tmp_path):
    needed = NEEDED | {"orgs": frozenset({"sourcedId", "name"})}
    data = tmp_path / "data"
    first = taken(data, [row("t0", "a")], "bulk", needed, orgs=roster()["orgs"])
    landed = taken(data, delta([row("t1", "b")]), "delta", needed)
    assert landed.rows == {"categories": 2, "orgs": first.rows["orgs"]}


def test_a_need_that_names_no_file_of_the_delivery_lands_nothing(tmp_path):
    landed = taken(tmp_path / "data", [row("t0", "a")], "bulk", {})
    assert landed.rows == landed.quarantined == {}
    assert not list(landed.folder.glob("*.parquet"))
    assert landed.report.rows == {"categories.csv": 1}


names = st.text(st.characters(exclude_categories=("Cs", "Cc")), min_size=1, max_size=8)


@settings(max_examples=25)
@given(st.lists(names, min_size=1, max_size=3, unique_by=str.casefold))
def test_keys_of_any_name_and_any_number_are_held_against_each_other(key):
    """The SQL by itself: what a delta mentions goes, its own rows come, the rest stays."""
    columns = ", ".join('"{}"'.format(name.replace('"', '""')) for name in key)
    with duckdb.connect() as con:
        for table, numbers in (("before", (1, 2, 3)), ("fresh", (2, 4))):
            values = ", ".join(f"({', '.join([str(n)] * len(key))})" for n in numbers)
            con.execute(f"CREATE TABLE {table} AS SELECT * FROM (VALUES {values}) AS v({columns})")
        same = (", ".join([f"CAST({n} AS VARCHAR)"] * len(key)) for n in (2, 3))
        changed = " UNION ALL ".join(f"SELECT {keys}" for keys in same)
        found = con.execute(merged("SELECT * FROM fresh", changed, "SELECT * FROM before", tuple(key))).fetchall()
    assert sorted(found) == [(n,) * len(key) for n in (1, 2, 4)]
