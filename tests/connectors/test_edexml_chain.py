"""A board without OneRoster: from an EDEXML file through the door and the mappings to the school model."""

from datetime import date
from pathlib import Path

import duckdb
import pytest

from schakel.collect.checks import check
from schakel.collect.landing import Landed, Stopped, land, latest
from schakel.engine import duck
from schakel.lib.identifiers import is_bsn
from schakel.process import snapshots
from schakel.process.mappings import columns_for, tables_of
from tests.connectors.edexml_files import GOOD, HASH, UWLR_22, UWLR_23, opened
from tests.process.conftest import EVERYTHING

SPECIAL = "<bsn>123456782</bsn><land>MA</land><postcodenl>1234AB</postcodenl>"
SPECIAL += "<gewicht>0.25</gewicht><etniciteit>1</etniciteit>"


def landed(folder: Path, text: str, source: str = "las", elements: frozenset[str] = EVERYTHING) -> Landed:
    place = folder / source
    place.mkdir()
    return land(opened(place, text), source, columns_for(elements)["edexml"], folder)


def model(folder: Path, *deliveries: Landed, elements: frozenset[str] = EVERYTHING) -> duckdb.DuckDBPyConnection:
    return duck.reader(snapshots.build(folder, list(deliveries), elements).model).__enter__()


def test_the_whole_school_comes_out(tmp_path: Path) -> None:
    con = model(tmp_path, landed(tmp_path, GOOD))
    assert con.execute("SELECT organisation_id, parent_id, kind, brin, sector FROM organisation").fetchall() == [
        ("99ZZ", None, "school", "99ZZ", None)
    ]
    assert con.execute("SELECT site_id, organisation_id, site_number FROM site").fetchall() == [
        ("99ZZ00", "99ZZ", "00")
    ]
    assert con.execute("SELECT * FROM school_year").fetchall() == [("2026-2027", date(2026, 8, 1), date(2027, 7, 31))]
    assert con.execute('SELECT group_id, kind, name, grade_year FROM "group" ORDER BY 1').fetchall() == [
        ("99ZZ00.G1", "home", "Muizen", 1),
        ("99ZZ00.G2", "home", "Uilen", None),
        ("99ZZ00.S1", "combined", "Plusklas", None),
    ]
    assert con.execute(
        "SELECT pupil_id, first_name, name_prefix, birth_date, sex, eck_id FROM pupil ORDER BY 1"
    ).fetchall() == [
        ("99ZZ00.00001", "Zoë", None, date(2019, 6, 21), "f", f"https://ketenid.nl/201703/{HASH}"),
        ("99ZZ00.00002", 'Bo, "B"', "van den", None, "unknown", None),
    ]
    assert con.execute("SELECT pupil_id, start_date, grade_year FROM enrolment ORDER BY 1").fetchall() == [
        ("99ZZ00.00001", date(2023, 8, 25), 1),
        ("99ZZ00.00002", date(2026, 8, 1), 4),
    ]
    assert con.execute("SELECT pupil_id, group_id FROM membership ORDER BY ALL").fetchall() == [
        ("99ZZ00.00001", "99ZZ00.G1"),
        ("99ZZ00.00001", "99ZZ00.S1"),
        ("99ZZ00.00002", "99ZZ00.G2"),
    ]
    assert con.execute("SELECT staff_id, role, group_id FROM staff_role ORDER BY ALL").fetchall() == [
        ("99ZZ00.L1", "care_coordinator", None),
        ("99ZZ00.L1", "teacher", "99ZZ00.G1"),
        ("99ZZ00.L1", "teacher", "99ZZ00.S1"),
        ("99ZZ00.L1", "teacher", None),
        ("99ZZ00.L2", "school_leader", None),
    ]


def test_two_schools_with_the_same_keys_stay_apart(tmp_path: Path) -> None:
    other = GOOD.replace("99ZZ", "98YY")
    con = model(tmp_path, landed(tmp_path, GOOD), landed(tmp_path, other, "las2"))
    assert con.execute("SELECT count(*), count(DISTINCT pupil_id) FROM pupil").fetchone() == (4, 4)
    assert con.execute("SELECT DISTINCT left(group_id, 4) = left(pupil_id, 4) FROM membership").fetchall() == [(True,)]


@pytest.mark.parametrize(
    ("code", "year"),
    [("1", 1), ("8", 8), ("11", 1), ("16", 6), ("0", None), ("B", None), ("S", None), ("V", None), ("N", None)],
)
def test_year_codes_become_grade_years(tmp_path: Path, code: str, year: int | None) -> None:
    con = model(tmp_path, landed(tmp_path, GOOD.replace("<jaargroep>4<", f"<jaargroep>{code}<")))
    assert con.execute("SELECT grade_year FROM enrolment WHERE pupil_id LIKE '%2'").fetchone() == (year,)


def test_who_is_historical_is_in_no_group_and_not_enrolled(tmp_path: Path) -> None:
    con = model(tmp_path, landed(tmp_path, GOOD.replace("<jaargroep>4<", "<jaargroep>H<")))
    assert con.execute("SELECT count(*) FROM membership WHERE pupil_id LIKE '%2'").fetchone() == (0,)
    assert con.execute("SELECT count(*) FROM enrolment WHERE pupil_id LIKE '%2'").fetchone() == (0,)


def test_only_what_a_need_names_is_stored(tmp_path: Path) -> None:
    here = landed(tmp_path, GOOD, elements=frozenset(["pupil.first_name"]))
    stored = {
        path.stem: {row[0] for row in duckdb.sql(f"DESCRIBE SELECT * FROM '{path}'").fetchall()}
        for path in here.folder.glob("*.parquet")
    }
    assert stored == {
        "pupil": {"id", "roepnaam", "voornamen"},
        "school": {"brincode", "dependancecode", "schoolkey", "instellingsnummer"},
    }
    assert ("pupil", "achternaam") in {(file, column) for file, column, _reason in here.columns_dropped}


def test_what_may_never_come_in_is_stored_nowhere_and_reported(tmp_path: Path) -> None:
    here = landed(tmp_path, GOOD.replace("<geslacht>9</geslacht>", f"<geslacht>9</geslacht>{SPECIAL}"))
    refused = {column for _file, column, _reason in here.columns_refused}
    assert refused == {"bsn", "land", "postcodenl", "gewicht", "etniciteit"}
    for path in tmp_path.rglob("*"):
        if path.is_file() and path.suffix != ".XML":
            assert b"123456782" not in path.read_bytes()
            assert b"1234AB" not in path.read_bytes()
    assert {f.row for f in here.report.findings} == {34}


def test_keys_that_are_citizen_service_numbers_stop_the_delivery(tmp_path: Path) -> None:
    numbers = [str(n) for n in range(100_000_000, 100_000_400) if is_bsn(str(n))]
    pupils = "".join(f'<leerling key="{n}"><roepnaam>A</roepnaam></leerling>\n' for n in numbers)
    start, end = GOOD.index("<leerling "), GOOD.index("</leerlingen>")
    with pytest.raises(Stopped) as stopped:
        landed(tmp_path, GOOD[:start] + pupils + GOOD[end:])
    assert stopped.value.report is not None
    assert "bsn-key" in {f.rule for f in stopped.value.report.findings}
    assert not list((tmp_path / "landing").rglob("*.parquet"))


@pytest.mark.parametrize("old", [GOOD[GOOD.index("<leerlingen>") : GOOD.index("<leerkrachten>")], "2026-2027"])
def test_half_a_delivery_replaces_nothing(tmp_path: Path, old: str) -> None:
    first = landed(tmp_path, GOOD)
    half = opened(tmp_path, GOOD.replace(old, ""))
    with pytest.raises(Stopped):
        land(half, "las", columns_for(EVERYTHING)["edexml"], tmp_path)
    now = latest(tmp_path, "las")
    assert now is not None
    assert (now.digest, now.rows["pupil"]) == (first.digest, 2)


def test_uwlr_2_3_knows_a_pupil_by_a_fingerprint_and_keeps_no_eck_id_that_nobody_asked_for(tmp_path: Path) -> None:
    here = landed(tmp_path, UWLR_23, elements=frozenset(["pupil.family_name", "membership.pupil_id"]))
    rows = duckdb.sql(f"SELECT id, achternaam FROM '{here.folder}/pupil.parquet' ORDER BY 2 DESC").fetchall()
    assert rows[0][0].startswith("eck-")
    assert HASH not in rows[0][0]
    assert rows[1] == ("77", "Bakker")
    assert all(HASH.encode() not in path.read_bytes() for path in here.folder.iterdir())
    assert here.version == "UWLR 2.3"


def test_uwlr_2_3_stays_the_same_person_when_the_key_changes(tmp_path: Path) -> None:
    keyed = UWLR_23.replace("<le:leerling eckid", '<le:leerling key="changed" eckid')
    ids = []
    for name, text in (("a", UWLR_23), ("b", keyed)):
        here = landed(tmp_path, text, name)
        ids.append(duckdb.sql(f"SELECT id FROM '{here.folder}/pupil.parquet' WHERE id LIKE 'eck%'").fetchall())
    assert ids[0] == ids[1]


def test_uwlr_says_its_version_and_profile(tmp_path: Path) -> None:
    assert opened(tmp_path, UWLR_22).layout.title == "UWLR 2.2 (smalle set)"
    lvs = UWLR_22.replace("<le:jaargroep>1</le:jaargroep>\n<le:groep", "<le:geslacht>1</le:geslacht>\n<le:groep")
    assert opened(tmp_path, lvs).layout.title == "UWLR 2.2 (LVS-set)"
    nameless = UWLR_23.replace("<le:xsdversie>2.3</le:xsdversie>", "")
    assert opened(tmp_path, nameless).layout.title == "UWLR 2.3 (smalle set)"


def test_the_key_of_the_customer_is_passed_over(tmp_path: Path) -> None:
    package = opened(tmp_path, UWLR_22)
    assert all(b"geheim" not in b"".join(part.entry.chunks()) for part in package.files.values())
    assert check(package).conformant


def test_the_layout_fills_what_a_roster_fills() -> None:
    assert set(tables_of("edexml")) == {
        "organisation", "site", "school_year", "group", "pupil", "enrolment", "membership", "staff", "staff_role"
    }  # fmt: skip
