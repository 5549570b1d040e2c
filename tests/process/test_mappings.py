"""The mappings: what they make of the tiny board, and that pruned they need and touch no more than they say."""

from collections import Counter
from datetime import date
from pathlib import Path
from typing import Any

import duckdb
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from schakel.engine import duck
from schakel.lib.errors import Unknown
from schakel.process import lineage, snapshots
from schakel.process.mappings import FOLDER, ORIGIN, columns_for, mappings_for, sources_of, tables_of, text_of
from schakel.process.model import school_model
from tests.process import boards
from tests.process.conftest import EVERYTHING

FILES = sorted(FOLDER.glob("*/*.sql"))


def rows(con: duckdb.DuckDBPyConnection, sql: str) -> list[tuple[Any, ...]]:
    return con.execute(sql).fetchall()


@pytest.mark.parametrize("path", FILES, ids=lambda path: f"{path.parent.name}-{path.stem}")
def test_a_mapping_gives_columns_of_its_table_and_says_where_rows_come_from(path: Path) -> None:
    provided = set(lineage.provided(text_of(path)))
    assert path.read_text(encoding="utf-8").startswith("-- ")
    assert ORIGIN in provided
    assert provided - {ORIGIN} <= set(school_model()[path.stem].columns)
    needed = {c.name for c in school_model()[path.stem].columns.values() if c.key}
    assert needed <= provided


def test_every_source_table_of_the_model_is_filled_by_some_layout() -> None:
    assert {path.stem for path in FILES} == {t.name for t in school_model().values() if t.origin == "source"}
    assert tables_of("personeel") == ("sick_leave", "staff_budget", "staff_contract")


def test_no_need_no_column() -> None:
    assert columns_for([]) == {}
    assert columns_for(["indicator_value.value"]) == {}
    with pytest.raises(Unknown):
        columns_for(["pupil.bsn"])


def test_one_element_brings_its_own_columns_and_what_finds_the_row() -> None:
    assert columns_for(["absence.kind"]) == {
        "edexml": {
            "pupil": {"id"},
            "school": {"brincode", "dependancecode", "instellingsnummer", "schoolkey"},
        },
        "oneroster": {
            "orgs": {"sourcedId", "identifier", "type"},
            "users": {"sourcedId", "identifier", "role", "orgSourcedIds"},
            "roles": {"sourcedId", "userSourcedId", "role", "orgSourcedId"},
        },
        "verzuim": {"absence": {"pupil_number", "site_identifier", "date", "until", "hour", "kind"}},
        "vakanties": {"holiday": {"site_identifier", "start_date", "end_date"}},
    }


def test_special_and_unneeded_columns_stay_outside() -> None:
    every = {
        (file, column)
        for files in columns_for(EVERYTHING).values()
        for file, names in files.items()
        for column in names
    }
    assert not every & {("absence", "remark"), ("users", "password"), ("staff_contract", "relation_number")}
    assert "birthDate" not in sources_of("pupil.first_name")["oneroster"].get("demographics", ())


def test_the_door_and_the_transformation_use_the_same_columns() -> None:
    door = columns_for(EVERYTHING)
    read = {
        (layout, file, column)
        for table in mappings_for(EVERYTHING).values()
        for mapping in table
        for (layout, file), columns in mapping.reads.items()
        for column in columns
    }
    assert read == {
        (layout, file, column) for layout, files in door.items() for file, names in files.items() for column in names
    }


def test_organisations_and_sites(con: duckdb.DuckDBPyConnection) -> None:
    assert rows(
        con, "SELECT organisation_id, parent_id, kind, board_number, brin, sector FROM organisation ORDER BY 1"
    ) == [
        ("b1", None, "board", "41288", None, None),
        ("s1", "b1", "school", None, "16AH", "po"),
        ("s2", "b1", "school", None, "20XY", "vo"),
    ]
    assert rows(con, "SELECT site_id, organisation_id, site_number, holiday_region FROM site ORDER BY 1") == [
        ("s1", "s1", "00", "noord"),
        ("s2", "s2", "01", "noord"),
    ]


def test_end_dates_become_inclusive(con: duckdb.DuckDBPyConnection) -> None:
    assert str(rows(con, "SELECT end_date FROM school_year")[0][0]) == "2027-07-31"
    assert str(rows(con, "SELECT end_date FROM period")[0][0]) == "2027-01-31"
    ends = dict(rows(con, "SELECT pupil_id, end_date::VARCHAR FROM membership"))
    assert ends == {"u1": "2027-07-31", "u2": "2026-11-30", "u4": "2027-01-31"}
    assert rows(con, "SELECT end_date::VARCHAR FROM enrolment WHERE pupil_id = 'u5'") == [("2026-12-31",)]


def test_blank_dates_are_the_bounds_of_the_term_or_the_first_day_known(con: duckdb.DuckDBPyConnection) -> None:
    begins = dict(rows(con, "SELECT pupil_id, start_date::VARCHAR FROM membership"))
    assert begins == {"u1": "2026-08-01", "u2": "2026-09-01", "u4": "2026-08-01"}
    assert rows(con, "SELECT start_date::VARCHAR, end_date FROM enrolment WHERE pupil_id = 'u1'") == [
        ("2026-08-01", None)
    ]


def test_grade_codes_of_secondary_schools_become_years(con: duckdb.DuckDBPyConnection) -> None:
    found = dict(rows(con, "SELECT pupil_id, grade_year FROM enrolment"))
    assert found == {"u1": 8, "u2": 8, "u3": 3, "u4": 3, "u5": None}
    assert dict(rows(con, 'SELECT group_id, grade_year FROM "group"')) == {"c1": 8, "c2": 3, "c3": 3}


def test_an_enrolment_that_ended_has_the_grade_of_its_last_class_there(tmp_path: Path) -> None:
    files = boards.roster()
    files["roles"][0]["endDate"] = boards.date(2026, 10, 1)
    files["users"][0]["grades"] = "11"
    landed = boards.land(tmp_path, "las", "oneroster", files)
    with duck.reader(snapshots.build(tmp_path, [landed], frozenset(["enrolment.grade_year"])).model) as con:
        assert rows(con, "SELECT grade_year FROM enrolment WHERE pupil_id = 'u1'") == [(8,)]


def test_pupils_staff_and_parents_are_told_apart(con: duckdb.DuckDBPyConnection) -> None:
    assert {r[0] for r in rows(con, "SELECT pupil_id FROM pupil")} == {"u1", "u2", "u3", "u4", "u5"}
    assert {r[0] for r in rows(con, "SELECT staff_id FROM staff")} == {"t1", "t2", "t3"}
    assert rows(con, "SELECT sex, birth_date::VARCHAR FROM pupil WHERE pupil_id = 'u1'") == [("f", "2015-03-01")]
    assert rows(con, "SELECT birth_date::VARCHAR FROM staff WHERE staff_id = 't1'") == [("1980-02-03",)]


def test_roles_of_staff(con: duckdb.DuckDBPyConnection) -> None:
    assert set(rows(con, "SELECT staff_id, site_id, group_id, role FROM staff_role")) == {
        ("t1", "s1", None, "teacher"),
        ("t1", "s1", "c1", "teacher"),
        ("t2", "s2", None, "mentor"),
        ("t2", "s2", "c2", "mentor"),
        ("t3", None, None, "board_member"),
    }


def test_leading_zeros_count_when_a_pupil_is_looked_up(con: duckdb.DuckDBPyConnection) -> None:
    assert rows(con, "SELECT pupil_id, count(*) FROM absence GROUP BY 1 ORDER BY 1") == [("u1", 2), ("u4", 1)]


def test_two_absences_of_one_day_keep_two_keys(con: duckdb.DuckDBPyConnection) -> None:
    assert rows(con, "SELECT count(DISTINCT absence_id) FROM absence") == [(3,)]


def test_missing_hours_are_unknown_not_zero(con: duckdb.DuckDBPyConnection) -> None:
    assert rows(con, "SELECT clock_hours, lesson_hours FROM absence WHERE kind = 'late'") == [(None, None)]


def test_lessons_find_the_class_of_their_own_year(con: duckdb.DuckDBPyConnection) -> None:
    assert rows(con, "SELECT slot_id, group_id, staff_id, start_time::VARCHAR FROM slot ORDER BY 1") == [
        ("les1", "c3", "t2", "09:20:00"),
        ("les2", None, None, "09:20:00"),
    ]


def test_an_exempt_pupil_has_no_low_result(con: duckdb.DuckDBPyConnection) -> None:
    assert rows(con, "SELECT result_id, score::DOUBLE, level, mark::DOUBLE FROM result ORDER BY 1") == [
        ("x1", 212.0, "II", None),
        ("x2", None, None, None),
        ("x3", 6.4, None, 6.4),
    ]
    assert rows(con, "SELECT test_id, kind, subject_id FROM test ORDER BY 1") == [
        ("l1", "monitoring", None),
        ("l2", "school_exam", "wi"),
    ]


def test_staff_of_the_board_have_no_site_and_the_day_of_recovery_is_not_a_sick_day(
    con: duckdb.DuckDBPyConnection,
) -> None:
    assert rows(con, "SELECT contract_id, staff_id, site_id FROM staff_contract ORDER BY 1") == [
        ("d1", "t1", "s1"),
        ("d2", "t3", None),
    ]
    assert rows(con, "SELECT sick_fraction::DOUBLE, end_date::VARCHAR FROM sick_leave") == [(0.5, "2026-11-08")]


@pytest.mark.parametrize(
    ("told", "fractions"),
    [
        ([50, 100, 1], [0.5, 1, 0.01]),
        ([0.5, 1, 0], [0.5, 1, 0]),
        ([1], [1]),
        ([0], [0]),
        ([1, 2], [0.01, 0.02]),
        ([None, 0.8], [None, 0.8]),
    ],
)
def test_a_part_of_an_appointment_is_told_in_percents_or_in_parts(
    told: list[float | None], fractions: list[float | None], tmp_path: Path
) -> None:
    """A spreadsheet keeps 50% as 0.5; which of the two it is all values of a source decide."""
    landed = [
        boards.land(tmp_path, "las", "oneroster", boards.roster()),
        *(
            boards.land(
                tmp_path,
                source,
                "personeel",
                {"sick_leave": [spell(f"{source}{n}", part) for n, part in enumerate(parts)]},
            )
            for source, parts in {"hr": told, "ander": [25, 75]}.items()
        ),
    ]
    made = snapshots.build(tmp_path, landed, frozenset({"sick_leave.sick_fraction", "sick_leave.spell_id"}))
    with duck.reader(made.model) as con:
        found = con.execute("SELECT sick_fraction::DOUBLE FROM sick_leave WHERE spell_id LIKE 'hr%' ORDER BY spell_id")
        assert [each for (each,) in found.fetchall()] == fractions


def spell(key: str, part: float | None) -> dict[str, Any]:
    """A spell of sick leave as it lands."""
    first = date(2026, 11, 2)
    known = {"staff_number": "P1", "kind": "sick", "sick_percentage": part, "start_date": first, "end_date": None}
    return {"spell": key, **known}


def test_money_of_the_board_and_of_a_school(con: duckdb.DuckDBPyConnection) -> None:
    found = rows(
        con, "SELECT organisation_id, total_income::DOUBLE, balance_total::DOUBLE FROM finance_year ORDER BY 1"
    )
    assert found == [("b1", 1_000_000.5, 1_000_000.5), ("s1", 500_000.0, None)]


def test_yearly_figures_are_of_our_own_sites_only(
    con: duckdb.DuckDBPyConnection, published: snapshots.Snapshot
) -> None:
    figures = (
        "SELECT site_id, school_year, school_weighting::DOUBLE, signal_value_1s2f::DOUBLE FROM site_year ORDER BY 1"
    )
    assert rows(con, figures) == [("s1", "2026-2027", 28.4, 49.6), ("s2", "2026-2027", None, None)]
    results = "SELECT site_id, education_type, code, value::DOUBLE, norm::DOUBLE FROM inspection_value ORDER BY code"
    assert rows(con, results) == [("s2", "havo", "R1", -4.7, -14.9), ("s2", "havo", "R4", 6.4, None)]
    for table in ("site_year", "inspection_value"):
        (left,) = published.manifest["tables"][table]["unplaced"]
        assert (left["column"], left["reason"], left["rows"]) == ("site_id", "not_found", 1)


def test_an_empty_reference_level_stays_unknown_and_a_strange_pupil_is_counted(
    con: duckdb.DuckDBPyConnection, published: snapshots.Snapshot
) -> None:
    assert rows(con, "SELECT pupil_id, domain, level_reached, exempt FROM reference_level ORDER BY ALL") == [
        ("u1", "arithmetic", None, False),
        ("u1", "reading", "1s_2f", False),
        ("u2", "reading", None, True),
    ]
    (left,) = published.manifest["tables"]["reference_level"]["unplaced"]
    assert (left["source"], left["column"], left["rows"]) == ("referentieniveaus", "pupil_id", 1)


def test_a_need_for_one_figure_of_a_site_brings_no_other() -> None:
    finds = {"site_identifier", "school_year"}
    wanted = columns_for(["site_year.school_weighting"])
    assert wanted["vestigingscijfers"] == {"site_year": {*finds, "school_weighting"}}
    nationwide = wanted["inspectie_referentieniveaus"]
    assert nationwide == {"school": {"ovt", "year_begins", "school_weighting"}}, "no results of other schools"
    assert set(wanted) == {"vestigingscijfers", "inspectie_referentieniveaus", "oneroster", "edexml"}
    level = columns_for(["reference_level.level_reached"])["referentieniveaus"]["reference_level"]
    assert level == {"pupil_number", "site_identifier", "school_year", "domain", "level_reached"}, (
        "no exemption, which is sensitive"
    )


def test_oneroster_1_1_has_its_roles_in_users(tmp_path: Path) -> None:
    files = boards.roster()
    kinds = {"u1": "student", "t1": "teacher", "ouder": "parent"}
    users = [
        {**user, "role": kinds[user["sourcedId"]], "orgSourcedIds": "s1,s2"}
        for user in files["users"]
        if user["sourcedId"] in kinds
    ]
    del files["roles"]
    landed = boards.land(tmp_path, "las", "oneroster", {**files, "users": users})
    elements = ["pupil.pupil_id", "enrolment.site_id", "staff.staff_id", "staff_role.role"]
    with duck.reader(snapshots.build(tmp_path, [landed], frozenset(elements)).model) as con:
        assert rows(con, "SELECT pupil_id FROM pupil") == [("u1",)]
        assert rows(con, "SELECT pupil_id, site_id FROM enrolment ORDER BY 2") == [("u1", "s1"), ("u1", "s2")]
        assert rows(con, "SELECT staff_id FROM staff") == [("t1",)]
        assert ("t1", "s2", None) in rows(
            con, "SELECT staff_id, site_id, group_id FROM staff_role WHERE role = 'teacher'"
        )


def test_a_pupil_number_that_two_pupils_share_finds_nobody(tmp_path: Path) -> None:
    files = boards.roster()
    files["users"][1]["identifier"] = "001"
    landed = [
        boards.land(tmp_path, "las", "oneroster", files),
        boards.land(tmp_path, "verzuim", "verzuim", {"absence": boards.absence()}),
    ]
    snapshot = snapshots.build(tmp_path, landed, frozenset(["absence.kind"]))
    assert snapshot.manifest["tables"]["absence"]["rows"] == 1
    assert snapshot.manifest["tables"]["absence"]["unplaced"][0]["rows"] == 3


def test_several_sources_of_one_layout_are_read_together(tmp_path: Path) -> None:
    landed = [
        boards.land(tmp_path, "las", "oneroster", boards.roster()),
        *(boards.land(tmp_path, f"verzuim-{n}", "verzuim", {"absence": [boards.absence()[n]]}) for n in (0, 2)),
    ]
    snapshot = snapshots.build(tmp_path, landed, frozenset(["absence.kind"]))
    assert snapshot.manifest["tables"]["absence"]["rows"] == 2
    assert snapshot.manifest["tables"]["absence"]["sources"] == ["verzuim-0", "verzuim-2"]


@pytest.fixture(scope="module")
def reference(con: duckdb.DuckDBPyConnection) -> dict[str, list[dict[str, Any]]]:
    """Every table of the full build, as rows by column name."""
    found = {}
    for table in school_model().values():
        if table.origin == "source":
            cursor = con.execute(f"SELECT * FROM {duck.quoted(table.name)}")
            names = [item[0] for item in cursor.description]
            found[table.name] = [dict(zip(names, row, strict=True)) for row in cursor.fetchall()]
    return found


def only_needed(data: Path, elements: frozenset[str]) -> list[boards.LandedHere]:
    """The full landing, cut down to what the door may store for these elements."""
    kept = []
    needed = columns_for(elements)
    for landed in boards.everything(data):
        files = needed.get(landed.layout, {})
        for path in landed.folder.glob("*.parquet"):
            columns = files.get(path.stem)
            present = duckdb.sql(f"SELECT * FROM '{path}'").columns
            cut = ", ".join(duck.quoted(c) for c in present if columns and c in columns)
            if cut:
                duckdb.sql(f"COPY (SELECT {cut} FROM '{path}') TO '{path}.cut' (FORMAT parquet)")
                Path(f"{path}.cut").replace(path)
            else:
                path.unlink()
        kept.append(landed)
    return kept


@settings(max_examples=12, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(elements=st.frozensets(st.sampled_from(sorted(EVERYTHING)), max_size=12))
def test_with_only_the_needed_columns_every_kept_cell_is_the_same(
    elements: frozenset[str], reference: dict[str, list[dict[str, Any]]], tmp_path_factory: pytest.TempPathFactory
) -> None:
    data = tmp_path_factory.mktemp("cut")
    snapshot = snapshots.build(data, only_needed(data, elements), elements)
    with duck.reader(snapshot.model) as con:
        for table, item in snapshot.manifest["tables"].items():
            columns = item["columns"]
            got = rows(con, f"SELECT {', '.join(map(duck.quoted, columns))} FROM {duck.quoted(table)}")
            assert Counter(map(repr, got)) == Counter(repr(tuple(r[c] for c in columns)) for r in reference[table])
