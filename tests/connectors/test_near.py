"""Layouts that look like OneRoster and are not: said so, read where the meaning is plain, nothing by guess."""

from pathlib import Path

import duckdb
import pytest

from schakel.collect.checks import check
from schakel.collect.connectors import open_package
from schakel.collect.landing import land
from schakel.connectors.near import near_layouts
from schakel.connectors.oneroster_layout import layout
from schakel.lib.errors import Unreadable

SDS = {
    "orgs.csv": "sourcedId,name,type,parentSourcedId\ns1,De Kiem,school,\n",
    "academicSessions.csv": "sourcedId,title,type,schoolYear,startDate,endDate\n"
    "sj,2026-2027,schoolYear,2027,2026-08-01,2027-07-31\n",
    "courses.csv": "sourcedId,orgSourcedId,title,code,schoolYearSourcedId,subject,grade\nc1,s1,Wiskunde,wi,sj,1,2\n",
    "classes.csv": "sourcedId,orgSourcedId,title,sessionSourcedIds,courseSourcedId\nk1,s1,3a,sj,c1\n",
    "users.csv": "sourcedId,username,givenName,familyName,password,activeDirectoryMatchId,email,phone,sms\n"
    "u1,noor,Noor,Bos,geheim,noor@x.example,,,\nu2,sam,Sam,Vos,geheim,,,,\n",
    "roles.csv": "userSourcedId,orgSourcedId,role,sessionSourcedId,grade,isPrimary,roleStartDate,roleEndDate\n"
    "u1,s1,student,sj,3,TRUE,2026-08-01,2027-07-31\nu2,s1,teacher,sj,,FALSE,2026-08-01,\n",
    "enrollments.csv": "classSourcedId,userSourcedId,role\nk1,u1,student\nk1,u2,teacher\nk1,u2,professor\n",
    "demographics.csv": "userSourcedId,sex,birthDate,birthCity,birthState,birthCountry,ethnicityCodes,raceCodes\n"
    "u1,female,2014-03-01,,,,,\n",
    "relationships.csv": "userSourcedId,relationshipUserSourcedId,relationshipRole\nu1,u2,guardian\n",
}


def folder(path: Path) -> Path:
    for name, text in SDS.items():
        (path / name).write_text(text)
    return path


def test_it_says_what_it_is_and_is_not(tmp_path: Path) -> None:
    report = check(open_package(folder(tmp_path)))
    assert "SDS" in next(f.message for f in report.findings if f.rule == "near-layout")
    assert (report.layout, report.conformant, report.usable) == ("oneroster", False, True)
    assert report.version.startswith("sds-2.1")
    assert ("relationships.csv", "file-unknown") in {(f.file, f.rule) for f in report.findings}


def test_each_renamed_and_each_missing_column_is_named(tmp_path: Path) -> None:
    found = {(f.file, f.column, f.rule) for f in check(open_package(folder(tmp_path))).findings}
    assert ("classes.csv", "schoolSourcedId", "column-renamed") in found
    assert ("demographics.csv", "sourcedId", "column-renamed") in found
    assert ("classes.csv", "classType", "header-missing") in found
    assert ("enrollments.csv", "sourcedId", "key-derived") in found
    assert ("users.csv", "activeDirectoryMatchId", "header-unknown") in found
    assert ("users.csv", "password", "password") in found


def test_what_plainly_means_the_same_arrives(tmp_path: Path) -> None:
    needed = {
        "enrollments": frozenset({"sourcedId", "classSourcedId", "userSourcedId", "role", "beginDate"}),
        "classes": frozenset({"sourcedId", "schoolSourcedId", "termSourcedIds", "classType"}),
        "roles": frozenset({"userSourcedId", "roleType", "endDate"}),
        "users": frozenset({"sourcedId", "password", "givenName"}),
    }
    (tmp_path / "sds").mkdir()
    landed = land(open_package(folder(tmp_path / "sds")), "las", needed, tmp_path / "data")

    def rows(name: str) -> list[tuple[object, ...]]:
        return duckdb.sql(f"SELECT * FROM '{landed.folder}/{name}.parquet' ORDER BY ALL").fetchall()

    assert rows("enrollments") == [
        (None, "k1", "student", "k1.u1.student", "u1"),
        (None, "k1", "teacher", "k1.u2.teacher", "u2"),
    ]
    assert rows("classes") == [(None, "s1", "k1", "sj")]
    assert [row[1] for row in rows("roles")] == ["primary", "secondary"]
    assert landed.quarantined["enrollments"] == 1
    assert ("users", "password") not in landed.columns_kept
    assert b"geheim" not in (landed.folder / "users.parquet").read_bytes()


def test_an_older_format_is_refused_by_its_name(tmp_path: Path) -> None:
    (tmp_path / "School.csv").write_text("ID,Name\n1,De Kiem\n")
    (tmp_path / "Section.csv").write_text("ID,Section Name\n1,3a\n")
    (tmp_path / "Student.csv").write_text("ID,First Name\n1,Noor\n")
    with pytest.raises(Unreadable, match="SDS") as refused:
        open_package(tmp_path)
    assert refused.value.hint


def test_every_declared_name_exists_in_the_standard() -> None:
    for near in near_layouts():
        for name, told in near.get("files", {}).items():
            known = set(layout(near["base"]).files[name].names)
            assert set(told.get("columns", {}).values()) <= known
            assert set(told.get("key", {})) <= known
            assert set(told.get("values", {})) <= known
        for note in near.get("notes", []):
            assert note["nl"] and note["en"]
