"""Planted mistakes: every one of them lies where the key says, none hides another, and a board without any is whole."""

import json
from collections import Counter
from pathlib import Path

import pytest

from schakel.collect.checks import check
from schakel.collect.connectors import open_package
from schakel.kits.demo_board import Defect
from schakel.kits.demo_board.board import EXPORTS
from tests.kits.demo_boards import Opened, board

_REFERENCES = [
    ("orgs", "parentSourcedId", "orgs"),
    ("academicSessions", "parentSourcedId", "academicSessions"),
    ("courses", "orgSourcedId", "orgs"),
    ("classes", "courseSourcedId", "courses"),
    ("classes", "schoolSourcedId", "orgs"),
    ("users", "primaryOrgSourcedId", "orgs"),
    ("demographics", "sourcedId", "users"),
    ("roles", "userSourcedId", "users"),
    ("roles", "orgSourcedId", "orgs"),
    ("enrollments", "classSourcedId", "classes"),
    ("enrollments", "schoolSourcedId", "orgs"),
    ("enrollments", "userSourcedId", "users"),
    ("lineItems", "classSourcedId", "classes"),
    ("lineItems", "categorySourcedId", "categories"),
    ("lineItems", "academicSessionSourcedId", "academicSessions"),
    ("results", "lineItemSourcedId", "lineItems"),
    ("results", "studentSourcedId", "users"),
    ("results", "classSourcedId", "classes"),
]


def _dirty() -> Opened:
    return board(defects=0.01)


def _cell(opened: Opened, file: str, row: int, column: str) -> str:
    header, *_ = rows = opened.lines[file]
    return rows[row - 1][header.index(column)]


@pytest.mark.parametrize(("table", "column", "target"), _REFERENCES)
def test_without_mistakes_every_reference_finds_its_row(table: str, column: str, target: str) -> None:
    known = f"SELECT sourcedId FROM {target}"
    assert board().one(f"SELECT count(*) FROM {table} WHERE {column} IS NOT NULL AND {column} NOT IN ({known})") == 0


@pytest.mark.parametrize("table", sorted({table for table, *_ in _REFERENCES} | {"categories"}))
def test_without_mistakes_every_key_is_well_formed_and_occurs_once(table: str) -> None:
    assert board().one(f"SELECT count(*) - count(DISTINCT sourcedId) FROM {table}") == 0
    assert board().one(f"SELECT count(*) FROM {table} WHERE NOT regexp_full_match(sourcedId, '[0-9A-Za-z./@_-]+')") == 0


def test_without_mistakes_terms_of_classes_exist() -> None:
    lost = board().one(
        """SELECT count(*) FROM (SELECT unnest(string_split(termSourcedIds, ',')) AS term FROM classes)
        WHERE term NOT IN (SELECT sourcedId FROM academicSessions)"""
    )
    assert lost == 0


def test_without_mistakes_a_result_is_of_a_pupil_who_sat_in_the_class_that_day_and_within_bounds() -> None:
    strangers = board().one(
        """SELECT count(*) FROM scored r
        WHERE NOT EXISTS (FROM enrollments e WHERE e.classSourcedId = r.class AND e.userSourcedId = r.studentSourcedId
          AND e.role = 'student' AND r.scoreDate >= e.beginDate AND r.scoreDate < e.endDate)"""
    )
    outside = "SELECT count(*) FROM scored WHERE score::DOUBLE NOT BETWEEN low::DOUBLE AND high::DOUBLE"
    assert (strangers, board().one(outside)) == (0, 0)


def test_without_mistakes_the_other_files_know_only_people_and_schools_of_the_roster() -> None:
    for table in ("verzuim", "meldingen", "adviezen"):
        assert (
            board().one(f"SELECT count(*) FROM {table} WHERE Leerlingnummer NOT IN (SELECT identifier FROM users)") == 0
        )
    for table in ("verzuim", "rooster", "vakanties"):
        assert board().one(f"SELECT count(*) FROM {table} WHERE Vestiging NOT IN (SELECT identifier FROM orgs)") == 0
    assert board().one("SELECT count(*) FROM rooster WHERE Docent NOT IN (SELECT identifier FROM users)") == 0
    assert board().one("SELECT count(*) FROM financien WHERE Kostenplaats NOT IN (SELECT identifier FROM orgs)") == 0
    for sheet in ("Aanstellingen", "Verzuim"):
        lost = f"SELECT count(*) FROM personeel_{sheet} WHERE Personeelsnummer NOT IN (SELECT identifier FROM users)"
        assert board().one(lost) == 0


def test_every_lesson_finds_one_class_of_its_year() -> None:
    lost = board().one(
        """SELECT count(*) FROM rooster l JOIN orgs o ON o.identifier = l.Vestiging
        WHERE (SELECT count(*) FROM classes c WHERE c.classCode = l.Klas AND c.schoolSourcedId = o.sourcedId
          AND c.termSourcedIds LIKE 'sj2027%') <> 1"""
    )
    assert lost == 0


def test_a_board_without_mistakes_has_an_empty_list_but_still_its_columns() -> None:
    key = board().made.key
    assert key.defects == []
    assert {(fact.column, fact.kind) for fact in key.columns} >= {
        ("BSN", "forbidden name"),
        ("Relatienummer", "forbidden values"),
        ("Opmerking", "nobody asked"),
    }
    for fact in key.columns:
        assert fact.column in board().lines[fact.file][0]


def test_every_planted_mistake_stands_where_the_key_says() -> None:
    opened = _dirty()
    for defect in opened.made.key.defects:
        assert _cell(opened, defect.file, defect.row, defect.column) == (defect.value or ""), defect


def test_a_mistake_changes_its_own_cell_and_nothing_else() -> None:
    clean, dirty = board(), _dirty()
    planted = {(defect.file, defect.row, defect.column) for defect in dirty.made.key.defects}
    changed = set()
    for file, rows in dirty.lines.items():
        header = rows[0]
        assert len(rows) == len(clean.lines[file]), file
        for line, (was, now) in enumerate(zip(clean.lines[file], rows, strict=True), start=1):
            changed |= {(file, line, column) for column, a, b in zip(header, was, now, strict=True) if a != b}
    assert changed == planted


def test_no_two_mistakes_lie_on_one_row() -> None:
    touched: Counter[tuple[str, int]] = Counter()
    for defect in _dirty().made.key.defects:
        touched[defect.file, defect.row] += 1
        if defect.other_row:
            touched[defect.file, defect.other_row] += 1
    assert max(touched.values()) == 1


@pytest.mark.parametrize("rate", [0.000001, 0.01])
def test_there_is_at_least_one_of_every_kind(rate: float) -> None:
    found = {(d.file.split("_")[0], d.sheet, d.column, d.kind) for d in board(defects=rate).made.key.defects}
    wished = {
        (export.file or export.package, export.sheet, flaw.column, flaw.kind)
        for export in EXPORTS
        for flaw in export.flaws
    }
    assert found == wished


def test_the_rate_is_about_the_part_of_the_rows_that_carries_a_mistake() -> None:
    made = _dirty().made
    for file in ("results.csv", "verzuim_20261123.csv"):
        planted = sum(defect.file == file for defect in made.key.defects)
        rows = made.rows[file.split("_")[0].removesuffix(".csv")]
        assert 0.008 * rows < planted < 0.012 * rows


def test_a_duplicate_key_is_that_of_the_row_above() -> None:
    opened = _dirty()
    doubles = [defect for defect in opened.made.key.defects if defect.kind == "duplicate key"]
    assert {defect.file for defect in doubles} >= {"enrollments.csv", "results.csv"}
    for defect in doubles:
        assert defect.other_row == defect.row - 1
        assert _cell(opened, defect.file, defect.other_row, defect.column) == defect.value


def test_stock_groups_keep_all_their_pupils() -> None:
    query = """SELECT count(*) FROM sat WHERE role = 'student' AND year = 'sj2027'
      AND (school, class) IN (('De Meerpaal', '6a'), ('Veldlyceum', 'H3a'))"""
    assert _dirty().count(query) == board().count(query) > 0


def test_the_key_file_says_what_the_result_says() -> None:
    made = _dirty().made
    written = json.loads(made.files["sleutel"].read_text(encoding="utf-8"))
    assert [Defect(**defect) for defect in written["defects"]] == made.key.defects
    assert written["today"] == "2026-11-23"
    assert written["rows"] == made.rows


_SEEN_BY_THE_DOOR = {"bsn-name", "bsn-values", "column-unknown"}  # of columns, not of rows


def _found(path: Path) -> Counter[tuple[str, int, str, str]]:
    findings = check(open_package(path)).findings
    return Counter((f.file, f.row, f.rule, f.action) for f in findings if f.rule not in _SEEN_BY_THE_DOOR)


@pytest.mark.parametrize(
    "kind", ["las", "verzuim", "meldingen", "rooster", "vakanties", "adviezen", "personeel", "financien"]
)
def test_the_check_finds_nothing_in_a_board_without_mistakes(kind: str) -> None:
    assert not _found(board().made.files[kind])


@pytest.mark.parametrize(
    "kind", ["las", "verzuim", "meldingen", "rooster", "vakanties", "adviezen", "personeel", "financien"]
)
def test_the_check_finds_every_planted_mistake_and_no_other(kind: str) -> None:
    opened = _dirty()
    path = opened.made.files[kind]
    own = set(opened.members) if kind == "las" else {path.name}
    planted = Counter(
        (d.file, d.row, d.rule, d.action)
        for d in opened.made.key.defects
        if d.file.split("#")[0] in own and d.found_in != "roster"
    )
    assert planted
    assert _found(path) == planted
