"""To which school a row belongs: by declared columns alone, as the snapshot has it today, and never by a guess."""

import csv
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import duckdb
import pytest

from schakel.connectors.edexml_layout import Edition
from schakel.connectors.edexml_layout import layout as edexml
from schakel.connectors.mapped_layout import mappings
from schakel.connectors.oneroster_layout import VERSIONS, layout
from schakel.process import schools
from schakel.process.mappings import ORIGIN
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
    users = "('pA10', '001', 'student'), ('pA11', '002', 'student'), ('pB10', '002', 'student')"
    users += ", ('leraar-B1', '900', 'teacher')"
    return delivered(tmp_path_factory.mktemp("landing"), users=(users, "sourcedId, identifier, role"))


def delivered(folder: Path, **files: tuple[str, str]) -> Path:
    """A landing with these files: their rows and their columns, as SQL."""
    for name, (rows, columns) in files.items():
        text = f"COPY (SELECT * FROM (VALUES {rows}) AS v({columns})) TO '{folder / name}.parquet' (FORMAT parquet)"
        duckdb.execute(text)
    return folder


@dataclass(frozen=True)
class Roster:
    """A landing of a roster."""

    folder: Path
    layout: str = "oneroster"
    source: str = "las"


def found(model: duckdb.DuckDBPyConnection, place: tuple[str, str], people: Path | None = None, day=school.DAY, **row):
    return found_by(model, place, [Roster(people)] if people else [], day, **row)


def found_by(model, place, rosters, day=school.DAY, **row):
    (sites,) = sites_of(model.cursor(), roll_of(duckdb.connect(), rosters), place, [row], day)
    return set(sites)


def test_every_declared_column_is_one_of_its_layout() -> None:
    known = {each.layout.name: each.layout.files for each in mappings()} | {"edexml": edexml(Edition("2.1")).files}
    with Path(schools.__file__).with_name("schools.csv").open(encoding="utf-8", newline="") as lines:
        for row in csv.DictReader(lines):
            if row["layout"] == "oneroster":
                files = [layout(version).files.get(row["file"]) for version in VERSIONS]
            else:
                files = [known[row["layout"]][row["file"]]]
            assert row["column"] == ORIGIN or any(file and row["column"] in file.names for file in files), row
            assert row["element"] in {*schools._SITES, *schools._LOOK_UPS}, row


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
    assert found(model, REPORTED, tmp_path / "weg", pupil_number="001") == set()
    bare = delivered(tmp_path, users=("('pA10', 'student')", "sourcedId, role"))
    assert found(model, REPORTED, bare, pupil_number="001") == set()


@pytest.fixture
def two_schools(tmp_path: Path) -> list[Roster]:
    """Two schools that each deliver a file in EDEXML, with a pupil and a teacher of the same keys."""
    rosters = []
    for number, place in enumerate(("A", "B")):
        (tmp_path / place).mkdir()
        files = {
            "school": (f"('{place}', '{place}')", "schoolkey, brincode"),
            "pupil": (f"('1'), ('{place}2')", "id"),
            "teacher": (f"('L1'), ('{place}L2')", "id"),
        }
        rosters.append(Roster(delivered(tmp_path / place, **files), "edexml", f"school-{number}"))
    return rosters


@pytest.fixture
def small() -> duckdb.DuckDBPyConnection:
    """The same two schools in a snapshot."""
    con = school.empty()
    school.put(con, "site", "site_id organisation_id name", [(f"{p}00", f"{p}00", p) for p in "AB"])
    pupils = [(f"{p}00.{n}", f"{p}00.{n}", f"{p}00", school.START) for p in "AB" for n in ("1", f"{p}2")]
    school.put(con, "enrolment", "enrolment_id pupil_id site_id start_date", pupils)
    return con


@pytest.mark.parametrize("file", ["school", "location", "group", "pupil", "pupil_group", "teacher", "teacher_group"])
def test_a_file_that_is_about_one_school_leads_there(small, two_schools: list[Roster], file: str) -> None:
    assert leads("edexml", file)
    assert found_by(small, ("edexml", file), two_schools, id="1", _source="school-0") == {"A00"}
    assert found_by(small, ("edexml", file), two_schools, id="1", _source="school-1") == {"B00"}
    assert found_by(small, ("edexml", file), two_schools, id="1", _source="elders") == set()
    assert found_by(small, ("edexml", file), [], id="1", _source="school-0") == set()


def test_a_number_of_one_pupil_of_those_schools_leads_there_and_one_of_two_nowhere(small, two_schools) -> None:
    assert found_by(small, REPORTED, two_schools, pupil_number="A2") == {"A00"}
    assert found_by(small, REPORTED, two_schools, pupil_number="1") == set()


def test_a_snapshot_without_the_table_leads_nowhere() -> None:
    assert found(school.empty(without=("enrolment",)), ("oneroster", "demographics"), sourcedId="pA10") == set()


def test_many_rows_at_once_keep_their_place(model) -> None:
    rows = [{"schoolSourcedId": each} for each in ("A", "x", "B", None, "A")]
    answer = sites_of(model.cursor(), roll_of(duckdb.connect(), []), ENROLLED, rows, school.DAY)
    assert [sorted(sites) for sites in answer] == [["A"], [], ["B"], [], ["A"]]
