"""Findings as causes: one for a rule in a column, in words of the layout alone, and only where it can be judged."""

import json
from dataclasses import replace
from pathlib import Path

import duckdb
import pytest

from schakel.collect.causes import Judgement, Place, causes_of
from schakel.collect.connectors import open_package
from schakel.collect.findings import CheckReport, Finding, finding
from schakel.collect.found_rows import SUFFIX, FoundRows
from schakel.collect.landing import Landed, Stopped, land
from schakel.connectors.oneroster_layout import layout
from schakel.lib.text import spoken
from tests.collect.small_roster import Rows, delta, package, roster, texts, zipped

NEEDED = {
    "users": frozenset({"sourcedId", "givenName"}),
    "enrollments": frozenset({"sourcedId", "classSourcedId", "beginDate"}),
}
SHAPE = layout("1.2.1")
NAMES = {"users.csv": "users", "map/enrollments.csv": "enrollments"}


def landed(folder: Path, files: dict[str, Rows], mode: str = "bulk") -> Landed:
    return land(open_package(package(folder, files, mode=mode)), "las", NEEDED, folder / "data")


def judged(found: Landed) -> Judgement:
    assert found.judgement is not None
    return found.judgement


def spoiled(*rows: int) -> dict[str, Rows]:
    files = roster()
    for row in rows:
        files["enrollments"][row]["beginDate"] = "32-13"
    return files


def kept(found: Landed, file: str = "enrollments") -> list[dict[str, str]]:
    assert found.quarantine is not None
    con = duckdb.connect()
    answer = con.execute(f"SELECT * FROM read_parquet('{found.quarantine / (file + SUFFIX)}') ORDER BY _row")
    names = [each[0] for each in answer.description or ()]
    return [dict(zip(names, row, strict=True)) for row in answer.fetchall()]


# Grouping


def test_four_thousand_rows_are_one_cause() -> None:
    many = [finding("date", "users.csv", "dateLastModified", row=n + 2) for n in range(4000)]
    (cause,) = causes_of(many, SHAPE, NAMES)
    assert (cause.file, cause.column, cause.rule, cause.count) == ("users", "dateLastModified", "date", 4000)
    assert cause.field == "dateLastModified"


def test_another_column_rule_or_file_is_another_cause() -> None:
    several = [
        finding("date", "users.csv", "dateLastModified", row=2),
        finding("required", "users.csv", "givenName", row=2),
        finding("required", "users.csv", "familyName", row=2),
        finding("required", "map/enrollments.csv", "role", row=2),
    ]
    assert len(list(causes_of(several, SHAPE, NAMES))) == 4


@pytest.mark.parametrize(
    ("file", "column"), [("users.csv", "Jansen"), ("Jansen.csv", "Jansen"), ("users.csv", "givenName, Jansen")]
)
def test_words_of_who_delivered_are_no_part_of_a_cause(file: str, column: str) -> None:
    """A file without a header gives its first pupil as the names of its columns."""
    (cause,) = causes_of([finding("column-unknown", file, column, found="Jansen")], SHAPE, NAMES)
    assert "Jansen" not in str(cause)


def test_a_missing_file_is_named_by_the_layout() -> None:
    (cause,) = causes_of([finding("file-missing", "orgs.csv", expected="orgs.csv")], SHAPE, {})
    assert (cause.file, cause.column, cause.expected) == ("orgs", "", "orgs.csv")


def test_a_key_of_several_columns_keeps_them() -> None:
    (cause,) = causes_of([finding("duplicate-key", "users.csv", "sourcedId, username")], SHAPE, NAMES)
    assert (cause.column, cause.field) == ("sourcedId, username", "sourcedId")


@pytest.mark.parametrize("language", ["nl", "en"])
def test_what_was_expected_is_known_in_either_language(language: str) -> None:
    with spoken(language):
        told = [finding("vocabulary", "users.csv", "enabledUser", row=2, expected="true, false (of leeg)")]
    assert next(causes_of(told, SHAPE, NAMES)).expected == "true, false (of leeg)"


def test_the_form_that_was_expected_is_kept_as_it_is_declared() -> None:
    told = [finding("pattern", "classes.csv", "termSourcedIds", row=2, expected="[0-9]{4}")]
    known = SHAPE.files["classes"].field("termSourcedIds")
    shape = replace(SHAPE, files={**SHAPE.files, "classes": replace(
        SHAPE.files["classes"], fields=(replace(known, pattern="[0-9]{4}"),)
    )})  # fmt: skip
    (cause,) = causes_of(told, shape, {"classes.csv": "classes"})
    assert cause.expected == "[0-9]{4}"


def test_a_rule_that_is_no_more_is_still_a_cause() -> None:
    gone = Finding("users.csv", 2, "givenName", "of-before", "error", "accept", "Iets.")
    assert next(causes_of([gone], SHAPE, NAMES)).expected == ""


def test_the_gravest_answer_is_told_and_refused_rows_are_counted_once() -> None:
    several = [
        finding("required", "users.csv", "givenName", row=2, action="accept"),
        finding("required", "users.csv", "givenName", row=3, action="drop row"),
        finding("required", "users.csv", "givenName", row=3, action="drop row"),
    ]
    (cause,) = causes_of(several, SHAPE, NAMES)
    assert (cause.action, cause.count, cause.refused) == ("drop row", 3, 1)


# What a delivery says


def test_a_landing_tells_its_causes(tmp_path: Path) -> None:
    found = judged(landed(tmp_path, spoiled(0, 2)))
    (cause,) = found.causes
    assert (cause.place, cause.count, cause.of_rows) == (Place("enrollments", "beginDate", "date"), 2, True)
    assert found.read["enrollments"] == 6
    assert Judgement.from_json(json.loads(json.dumps(found.as_json()))) == found


def test_a_good_landing_has_none_and_judges_every_file(tmp_path: Path) -> None:
    found = judged(landed(tmp_path, roster()))
    assert found.causes == ()
    assert found.judges(Place("enrollments", "beginDate", "date"))
    assert found.judges(Place("", "", "file-unknown"))


def test_a_file_that_did_not_come_is_not_judged(tmp_path: Path) -> None:
    files = roster()
    del files["demographics"]
    assert not judged(landed(tmp_path, files)).judges(Place("demographics", "birthDate", "date"))


def test_a_file_without_rows_is_not_judged(tmp_path: Path) -> None:
    files = roster()
    files["results"] = []
    assert not judged(landed(tmp_path, files)).judges(Place("results", "score", "number"))


def test_a_delta_does_not_say_what_is_gone(tmp_path: Path) -> None:
    landed(tmp_path, roster())
    changed = {name: delta(rows) for name, rows in roster().items()}
    assert not judged(landed(tmp_path, changed, mode="delta")).judges(Place("enrollments", "beginDate", "date"))


def test_a_column_that_is_missing_is_not_judged_but_for_being_missing(tmp_path: Path) -> None:
    content = texts(roster())
    content["demographics.csv"] = content["demographics.csv"].replace("birthDate", "geboren", 1)
    path = zipped(tmp_path / "roster.zip", dict(content))
    found = judged(land(open_package(path), "las", NEEDED, tmp_path / "data"))
    assert not found.judges(Place("demographics", "birthDate", "date"))
    assert found.judges(Place("demographics", "birthDate", "header-missing"))
    assert found.judges(Place("demographics", "sex", "vocabulary"))


def test_a_delivery_that_stops_tells_its_causes_too(tmp_path: Path) -> None:
    content = texts(roster())
    content["users.csv"] = content["users.csv"].replace("sourcedId", "nummer", 1)
    path = zipped(tmp_path / "roster.zip", dict(content))
    with pytest.raises(Stopped) as stopped:
        land(open_package(path), "las", NEEDED, tmp_path / "data")
    assert stopped.value.judgement is not None
    assert "stop" in {cause.action for cause in stopped.value.judgement.causes}


def test_a_landing_from_before_causes_were_kept_has_none(tmp_path: Path) -> None:
    found = landed(tmp_path, spoiled(0))
    path = found.folder / "landing.json"
    told = json.loads(path.read_text())
    del told["judgement"]
    path.write_text(json.dumps(told))
    assert landed(tmp_path, spoiled(0)).judgement is None


# The rows


def test_the_row_of_a_finding_is_kept_as_it_was_written(tmp_path: Path) -> None:
    (row,) = kept(landed(tmp_path, spoiled(2)))
    assert (row["_row"], row["_column"], row["_rule"], row["_action"]) == (4, "beginDate", "date", "drop value")
    assert row["sourcedId"] == "e3"
    assert row["beginDate"] == "32-13"
    assert row["_value"] == "3**** (5)"


def test_nothing_is_kept_of_a_row_but_what_a_need_names(tmp_path: Path) -> None:
    (row,) = kept(landed(tmp_path, spoiled(2)))
    assert {name for name in row if not name.startswith("_")} == NEEDED["enrollments"]


def test_a_file_that_nobody_needs_keeps_lines_alone(tmp_path: Path) -> None:
    files = roster()
    files["demographics"][1]["birthDate"] = "gisteren"
    (row,) = kept(landed(tmp_path, files), "demographics")
    assert set(row) == {"_row", "_column", "_rule", "_action", "_value", "_mark", "_package"}


def test_a_refused_row_stands_there_too(tmp_path: Path) -> None:
    files = roster()
    files["enrollments"][1]["classSourcedId"] = "nergens"
    (row,) = kept(landed(tmp_path, files))
    assert (row["sourcedId"], row["_action"], row["_row"]) == ("e2", "drop row", 3)


def test_nothing_is_written_where_nothing_is_wrong(tmp_path: Path) -> None:
    found = landed(tmp_path, roster())
    assert found.quarantine is not None
    assert not list(found.quarantine.glob(f"*{SUFFIX}"))


def test_more_rows_than_anyone_repairs_by_hand_are_not_all_kept(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("schakel.collect.found_rows.MOST", 2)
    found = landed(tmp_path, spoiled(0, 1, 2, 3))
    assert len(kept(found)) == 2
    assert judged(found).causes[0].count == 4
    assert FoundRows.__doc__


def test_the_place_in_memory_is_written_nowhere(tmp_path: Path) -> None:
    found = landed(tmp_path, spoiled(0))
    assert found.report.findings[0].at >= 0
    assert "at" not in found.report.as_json()["findings"][0]
    assert '"at"' not in (found.folder / "report.json").read_text()
    assert CheckReport.from_json(found.report.as_json()).findings[0] == found.report.findings[0]
