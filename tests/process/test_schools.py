"""To which school a row belongs: by declared columns alone, as the snapshot has it today, and never by a guess."""

import csv
from datetime import date
from pathlib import Path

import duckdb
import pytest

from schakel.connectors.mapped_layout import mappings
from schakel.connectors.oneroster_layout import VERSIONS, layout
from schakel.process import schools
from schakel.process.schools import leads, roll_of, sites_of
from tests.distribute import school

ENROLLED = ("oneroster", "enrollments")
REPORTED = ("meldingen", "absence_report")


@pytest.fixture(scope="module")
def model() -> duckdb.DuckDBPyConnection:
    con = school.board()
    con.execute("UPDATE organisation SET brin = '98AB' WHERE organisation_id = 'school-A'")
    con.execute("UPDATE site SET site_number = '00' WHERE site_id = 'A'")
    return con


@pytest.fixture(scope="module")
def people(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The people as a roster delivered them: p-A10 with a number of its own, two who share one."""
    path = tmp_path_factory.mktemp("landing") / "users.parquet"
    rows = "('pA10', '001'), ('pA11', '002'), ('pB10', '002'), ('leraar-B1', '900')"
    duckdb.execute(f"COPY (SELECT * FROM (VALUES {rows}) AS v(sourcedId, identifier)) TO '{path}' (FORMAT parquet)")
    return path


def found(model: duckdb.DuckDBPyConnection, place: tuple[str, str], people: Path | None = None, day=school.DAY, **row):
    (sites,) = sites_of(model.cursor(), roll_of(duckdb.connect(), people), place, [row], day)
    return set(sites)


def test_every_declared_column_is_one_of_its_layout() -> None:
    known = {each.layout.name: each.layout.files for each in mappings()}
    with Path(schools.__file__).with_name("schools.csv").open(encoding="utf-8", newline="") as lines:
        for row in csv.DictReader(lines):
            if row["layout"] == "oneroster":
                files = [layout(version).files.get(row["file"]) for version in VERSIONS]
            else:
                files = [known[row["layout"]][row["file"]]]
            assert any(file and row["column"] in file.names for file in files), row
            assert row["element"] in {*schools._SITES, *schools._NUMBERS}, row


def test_the_school_that_the_row_names(model) -> None:
    assert found(model, ENROLLED, schoolSourcedId="A", classSourcedId="B1") == {"A"}


def test_else_the_school_of_the_class(model) -> None:
    assert found(model, ENROLLED, schoolSourcedId="nergens", classSourcedId="B1") == {"B"}
    assert found(model, ENROLLED, schoolSourcedId=None, classSourcedId="B1") == {"B"}


def test_neither_known_is_no_school(model) -> None:
    assert found(model, ENROLLED, schoolSourcedId="nergens", classSourcedId="nergens") == set()
    assert found(model, ENROLLED) == set()
    assert found(model, ("oneroster", "categories"), sourcedId="A") == set()
    assert leads("iets", "anders") == ()


def test_a_list_of_schools_leads_to_each(model) -> None:
    assert found(model, ("oneroster", "users"), orgSourcedIds="A, B,nergens") == {"A", "B"}


def test_a_pupil_leads_to_where_it_is_enrolled_today(model) -> None:
    place = ("oneroster", "demographics")
    assert found(model, place, sourcedId="pA10") == {"A"}
    assert found(model, place, day=date(2026, 7, 31), sourcedId="pA10") == set()


def test_someone_of_the_staff_leads_to_where_they_work_today(model) -> None:
    place = ("oneroster", "users")
    assert found(model, place, sourcedId="leraar-B1") == {"B"}
    assert found(model, place, sourcedId="oud") == set(), "that role ended yesterday"


def test_the_code_of_a_site(model) -> None:
    assert found(model, ("verzuim", "absence"), site_identifier="98AB00") == {"A"}
    assert found(model, ("verzuim", "absence"), site_identifier="98AB01") == set()


def test_a_number_leads_to_one_person_or_to_nobody(model, people: Path) -> None:
    assert found(model, REPORTED, people, pupil_number="001") == {"A"}
    assert found(model, REPORTED, people, pupil_number="002") == set(), "two people share it"
    assert found(model, REPORTED, people, pupil_number="x' OR 1=1 --") == set()
    assert found(model, ("rooster", "slot"), people, staff_number="900") == {"B"}


def test_without_a_roster_or_the_number_in_it_a_number_leads_nowhere(model, tmp_path: Path) -> None:
    assert found(model, REPORTED, None, pupil_number="001") == set()
    assert found(model, REPORTED, tmp_path / "weg.parquet", pupil_number="001") == set()
    bare = tmp_path / "users.parquet"
    duckdb.execute(f"COPY (SELECT 'pA10' AS sourcedId) TO '{bare}' (FORMAT parquet)")
    assert found(model, REPORTED, bare, pupil_number="001") == set()


def test_a_snapshot_without_the_table_leads_nowhere() -> None:
    assert found(school.empty(without=("enrolment",)), ("oneroster", "demographics"), sourcedId="pA10") == set()


def test_many_rows_at_once_keep_their_place(model) -> None:
    rows = [{"schoolSourcedId": each} for each in ("A", "x", "B", None, "A")]
    answer = sites_of(model.cursor(), roll_of(duckdb.connect(), None), ENROLLED, rows, school.DAY)
    assert [sorted(sites) for sites in answer] == [["A"], [], ["B"], [], ["A"]]
