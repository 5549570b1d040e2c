"""Real files that nobody here wrote: each finding was looked at by hand, and there are no others."""

from collections import Counter
from pathlib import Path

import duckdb
import pytest

from schakel.collect.checks import check
from schakel.collect.connectors import open_package
from schakel.collect.landing import land
from schakel.lib.errors import Unreadable


@pytest.mark.parametrize("language", ["en", "ja"])
def test_the_roster_hub_packages(shared_data: Path, language: str) -> None:
    report = check(open_package(shared_data / "oneroster" / f"roster-hub-{language}.zip"))
    assert [(f.file, f.row, f.column, f.rule) for f in report.findings] == [
        ("manifest.csv", 0, "file.demographics", "manifest-property-missing"),
        ("manifest.csv", 10, "fiel.demographics", "manifest-property-unknown"),
    ]
    assert report.rows == {
        "academicSessions.csv": 4,
        "orgs.csv": 1,
        "courses.csv": 2,
        "users.csv": 20,
        "classes.csv": 5,
        "enrollments.csv": 30,
    }
    assert (report.version, report.conformant, report.usable) == ("1.1", False, True)


def test_their_rows_arrive_with_japanese_names(shared_data: Path, tmp_path: Path) -> None:
    needed = {
        "users": frozenset({"sourcedId", "familyName", "password"}),
        "enrollments": frozenset({"sourcedId", "role"}),
    }
    landed = land(open_package(shared_data / "oneroster" / "roster-hub-ja.zip"), "las", needed, tmp_path)
    assert landed.rows == {"users": 20, "enrollments": 30}
    names = duckdb.sql(f"SELECT familyName FROM '{landed.folder}/users.parquet' ORDER BY sourcedId LIMIT 1").fetchall()
    assert names == [("姓01",)]


def test_the_near_oneroster_folder(shared_data: Path) -> None:
    report = check(open_package(shared_data / "sds" / "v2.1"))
    rows = [(f.file, f.row, f.column, f.rule) for f in report.findings if f.row > 1]
    assert rows == [
        ("academicSessions.csv", 2, "schoolYear", "school-year"),
        ("classes.csv", 2, "schoolSourcedId", "reference-type"),
        ("enrollments.csv", 3, "role", "vocabulary"),
        ("orgs.csv", 2, "type", "vocabulary"),
        ("orgs.csv", 5, "type", "vocabulary"),
        ("roles.csv", 5, "role", "vocabulary"),
    ]
    counted = Counter(f.rule for f in report.findings)
    assert counted["near-layout"] == 1
    assert counted["key-derived"] == 2
    assert not report.conformant
    assert report.usable


def test_an_older_format_is_named(shared_data: Path) -> None:
    with pytest.raises(Unreadable, match="SDS"):
        open_package(shared_data / "sds" / "uk-100-users")


@pytest.mark.parametrize("path", ["attendance/attendance.tsv"])
def test_other_files_are_unknown_and_say_so(shared_data: Path, path: str) -> None:
    with pytest.raises(Unreadable) as refused:
        open_package(shared_data / path)
    assert refused.value.code == "unknown-layout"
