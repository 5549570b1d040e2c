"""DUO open data: every letter and every leading zero as delivered, `<5` as itself, and boards for an EDEXML school."""

import csv
import io
from pathlib import Path

import duckdb
import pytest

from schakel.collect.checks import check
from schakel.collect.landing import Landed, land
from schakel.collect.listings import listing
from schakel.collect.packages import Package
from schakel.connectors.mapped import recognised
from schakel.connectors.mapped_layout import FOLDER, mappings
from schakel.engine import duck
from schakel.lib.plain_yaml import from_yaml
from schakel.process import snapshots
from schakel.process.mappings import columns_for
from tests.connectors.edexml_files import GOOD
from tests.connectors.edexml_files import opened as opened_xml
from tests.process.conftest import EVERYTHING

ADVICE = (
    "INSTELLINGSCODE;VESTIGINGSCODE;INSTELLINGSNAAM_VESTIGING;GEMEENTENAAM;POSTCODE_VESTIGING;SOORT_PO;VSO;PRO;VMBO_B;"
    "VMBO_B_K;VMBO_K;VMBO_K_GT;VMBO_GT;VMBO_GT_HAVO;HAVO;HAVO_VWO;VWO;ADVIES_NIET_MOGELIJK"
)
HEADERS = {m.layout.name: [f.source for f in next(iter(m.layout.files.values())).fields] for m in mappings()}


def opened(path: Path) -> Package:
    package = recognised(listing(path))
    assert package is not None
    return package


def written(folder: Path, name: str, *lines: str) -> Package:
    path = folder / name
    path.write_bytes("\r\n".join([*lines, ""]).encode("cp1252"))
    return opened(path)


def sites(folder: Path, *changes: dict[str, str]) -> Package:
    """A site list of this many rows; what a change does not say is filled with blanks."""
    names = HEADERS["duo_vestigingen_po"]
    rows = [";".join(change.get(name, "   ") for name in names) for change in changes]
    return written(folder, "vestigingen-po.csv", ";".join(names).replace("VESTIGINGSNAAM", "VESTIGINGSNAAM "), *rows)


def every(package: Package) -> dict[str, frozenset[str]]:
    return {name: frozenset(file.names) for name, file in package.layout.files.items()}


def test_the_site_list_of_2013_is_whole_to_the_letter(shared_data: Path, tmp_path: Path) -> None:
    path = shared_data / "duo" / "vestigingen-po-2013.csv"
    package = opened(path)
    here = land(package, "duo", every(package), tmp_path)
    assert here.rows == {"site": 6804}
    names = [f.name for f in package.layout.files["site"].fields]
    columns = ", ".join(f"coalesce(\"{name}\", '')" for name in names)
    stored = duckdb.sql(f"SELECT {columns} FROM '{here.folder}/site.parquet'").fetchall()
    lines = csv.reader(io.StringIO(path.read_bytes().decode("cp1252"), newline=""), delimiter=";")
    plain = [tuple(cell.strip() for cell in line) for line in list(lines)[1:]]
    assert sorted(stored) == sorted(plain)
    assert len({row[names.index("board_number")] for row in stored}) == 1010
    assert any(row[names.index("municipality_code")].startswith("0") for row in stored)


def test_a_header_with_a_trailing_blank_and_cells_of_blanks_are_no_finding(tmp_path: Path) -> None:
    row = {
        "BEVOEGD GEZAG NUMMER": "10249",
        "BRIN NUMMER": "16AH",
        "VESTIGINGSNUMMER": "16AH00",
        "VESTIGINGSNAAM": "'t Eén",
    }
    package = sites(tmp_path, row)
    assert check(package).findings == []
    here = land(package, "duo", every(package), tmp_path)
    assert duckdb.sql(f"SELECT name, street FROM '{here.folder}/site.parquet'").fetchall() == [("'t Eén", None)]


BELOW = [
    ("<5", "<5", []),
    ("0", "0", []),
    ("", None, []),
    ("12", "12", []),
    ("<9", None, ["pattern"]),
    ("-1", None, ["pattern"]),
]


@pytest.mark.parametrize(("cell", "stored", "finds"), BELOW)
def test_below_five_is_a_value_of_its_own(tmp_path: Path, cell: str, stored: str | None, finds: list[str]) -> None:
    line = f"16AH;16AH00;De Kiem;Emmen;7822HG;Bo;{cell};<5;1;2;3;4;5;6;7;8;9;0"
    package = written(tmp_path, "04-leerlingen-bo-sbo-schooladviezen-2023-2024.csv", ADVICE, line)
    assert [f.rule for f in check(package).findings] == finds
    here = land(package, "duo", every(package), tmp_path)
    assert duckdb.sql(f"SELECT vso, pro FROM '{here.folder}/advice.parquet'").fetchall() == [(stored, "<5")]


def test_a_commerce_number_that_lost_its_zero_is_kept_as_text(tmp_path: Path) -> None:
    heads = ";".join(HEADERS["duo_besturen"])
    package = written(
        tmp_path, "bevoegde-gezagen-bo.csv", heads, "10249;Stichting Één;EMMEN;1234567", "00123;B;X;12345678"
    )
    assert check(package).findings == []
    here = land(package, "duo", every(package), tmp_path)
    stored = duckdb.sql(
        f"SELECT board_number, commerce_number FROM '{here.folder}/board.parquet' ORDER BY 1"
    ).fetchall()
    assert stored == [("00123", "12345678"), ("10249", "1234567")]


def test_the_board_of_an_edexml_school_comes_from_the_site_list(tmp_path: Path) -> None:
    needed = columns_for(EVERYTHING)
    row = {
        "BEVOEGD GEZAG NUMMER": "10249",
        "BRIN NUMMER": "99ZZ",
        "VESTIGINGSNUMMER": "99ZZ00",
        "VESTIGINGSNAAM": "De Kiem",
    }
    other = row | {"BEVOEGD GEZAG NUMMER": "55555", "BRIN NUMMER": "11AA", "VESTIGINGSNUMMER": "11AA00"}
    heads = ";".join(HEADERS["duo_besturen"])
    boards = written(tmp_path, "bevoegde-gezagen-bo.csv", heads, "10249;Stichting Eén;EMMEN;1234567")
    deliveries: list[Landed] = [
        land(opened_xml(tmp_path, GOOD), "las", needed["edexml"], tmp_path),
        land(sites(tmp_path, row, other), "duo", needed["duo_vestigingen_po"], tmp_path),
        land(boards, "gezagen", needed["duo_besturen"], tmp_path),
    ]
    built = snapshots.build(tmp_path, deliveries, EVERYTHING)
    with duck.reader(built.model) as con:
        assert con.execute(
            "SELECT organisation_id, parent_id, kind, name, sector FROM organisation ORDER BY kind"
        ).fetchall() == [("10249", None, "board", "Stichting Eén", None), ("99ZZ", "10249", "school", "De Kiem", "po")]
        assert con.execute("SELECT site_id, name FROM site").fetchall() == [("99ZZ00", "De Kiem")]


def test_what_no_need_names_of_the_site_list_is_dropped(tmp_path: Path) -> None:
    kept = columns_for(["organisation.name"])["duo_vestigingen_po"]["site"]
    assert kept == {
        "brin",
        "site_code",
        "name",
        "board_number",
    }


NEWER = {"BRIN NUMMER": "INSTELLINGSCODE", "VESTIGINGSNUMMER": "VESTIGINGSCODE"}


def test_the_newer_names_of_the_same_columns_are_read_without_a_finding(tmp_path: Path) -> None:
    names = [NEWER.get(name, name) for name in HEADERS["duo_vestigingen_po"]]
    row = {
        "BEVOEGD GEZAG NUMMER": "00249",
        "INSTELLINGSCODE": "16AH",
        "VESTIGINGSCODE": "16AH00",
        "VESTIGINGSNAAM": "Één",
    }
    package = written(tmp_path, "02.-alle-schoolvestigingen-basisonderwijs.csv", ";".join(names),
                      ";".join(row.get(name, "") for name in names))  # fmt: skip
    assert check(package).findings == []
    here = land(package, "duo", every(package), tmp_path)
    stored = duckdb.sql(f"SELECT board_number, brin, site_code, name FROM '{here.folder}/site.parquet'").fetchall()
    assert stored == [("00249", "16AH", "16AH00", "Één")]


@pytest.mark.parametrize("older", [False, True])
def test_sites_of_secondary_schools(tmp_path: Path, older: bool) -> None:
    row = {"BEVOEGD GEZAG NUMMER": "77494", "INSTELLINGSCODE": "16SW", "VESTIGINGSCODE": "16SW03",
           "VESTIGINGSNAAM": "Één ", "ONDERWIJSSTRUCTUUR": "HAVO/VWO", "GEMEENTENUMMER": "0756"}  # fmt: skip
    back = {new: old for old, new in NEWER.items()} if older else {}
    names = HEADERS["duo_vestigingen_vo"]
    head = ";".join(back.get(name, name) for name in names)
    package = written(tmp_path, "02.-alle-vestigingen-vo.csv", head, ";".join(row.get(name, "  ") for name in names))
    assert (package.layout.name, check(package).findings) == ("duo_vestigingen_vo", [])
    here = land(package, "duo", every(package), tmp_path)
    sql = f"SELECT brin, site_code, name, structure, municipality_code FROM '{here.folder}/site.parquet'"
    assert duckdb.sql(sql).fetchall() == [("16SW", "16SW03", "Één", "HAVO/VWO", "0756")]


@pytest.mark.parametrize(("cell", "stored", "finds"), BELOW)
def test_below_five_pupils_at_a_reference_level_stays_below_five(
    tmp_path: Path, cell: str, stored: str | None, finds: list[str]
) -> None:
    names = HEADERS["duo_referentieniveaus"]
    row = {"INSTELLINGSCODE": "16AH", "VESTIGINGSCODE": "00", "REKENEN_LAGER1F": cell, "LV_2F": "<5", "TV_1F": "7"}
    package = written(tmp_path, "10.-leerlingen-bo-referentieniveaus-2024-2025.csv", ";".join(names),
                      ";".join(row.get(name, "") for name in names))  # fmt: skip
    assert [f.rule for f in check(package).findings] == finds
    here = land(package, "duo", every(package), tmp_path)
    sql = f"SELECT arithmetic_below_1f, reading_2f, language_1f FROM '{here.folder}/reference_level.parquet'"
    assert duckdb.sql(sql).fetchall() == [(stored, "<5", "7")]


def test_every_shipped_mapping_says_what_is_known_of_its_files() -> None:
    for path in FOLDER.glob("*.yaml"):
        told = from_yaml(path.read_text(encoding="utf-8"))
        assert told["evidence"] in {"seen", "names", "own"} and told["evidence_note"].endswith("."), path.name
