"""Rows of mapped files find their pupil, member of staff and site in an EDEXML board as they do in a OneRoster one."""

from pathlib import Path

import duckdb
import pytest

from schakel.collect.landing import Landed, land
from schakel.collect.listings import listing
from schakel.connectors.mapped import recognised
from schakel.engine import duck
from schakel.process import matching, snapshots
from schakel.process.mappings import columns_for
from tests.connectors.edexml_files import GOOD, HASH
from tests.connectors.edexml_files import opened as opened_xml
from tests.process.conftest import EVERYTHING

KETEN = f"https://ketenid.nl/201703/{HASH}"
OTHER = GOOD.replace("99ZZ", "98YY").replace("00002", "00003")


def las(folder: Path, text: str, source: str = "las") -> Landed:
    place = folder / source
    place.mkdir()
    return land(opened_xml(place, text), source, columns_for(EVERYTHING)["edexml"], folder)


def mapped(folder: Path, name: str, *lines: str) -> Landed:
    path = folder / name
    path.write_bytes("\r\n".join([*lines, ""]).encode("cp1252"))
    package = recognised(listing(path))
    assert package is not None
    layout = package.layout.name
    return land(package, layout, columns_for(EVERYTHING)[layout], folder)


def model(folder: Path, *landed: Landed) -> duckdb.DuckDBPyConnection:
    return duck.reader(snapshots.build(folder, list(landed), EVERYTHING).model).__enter__()


ABSENCE = "Leerlingnummer;Vestiging;Datum;Lesuur;Soort"


def test_absence_finds_pupil_and_site_by_the_key_at_that_site(tmp_path: Path) -> None:
    lines = [ABSENCE, "00001;99ZZ00;01-09-2026;;O", "00001;98YY00;01-09-2026;;G", "00007;99ZZ00;01-09-2026;;O"]
    con = model(tmp_path, las(tmp_path, GOOD), las(tmp_path, OTHER, "las2"), mapped(tmp_path, "verzuim_1.csv", *lines))
    assert con.execute("SELECT pupil_id, site_id, kind FROM absence ORDER BY 1").fetchall() == [
        ("98YY00.00001", "98YY00", "authorised"),
        ("99ZZ00.00001", "99ZZ00", "unauthorised"),
    ]
    assert con.execute("SELECT count(*) FROM absence ANTI JOIN pupil USING (pupil_id)").fetchone() == (0,)


def test_one_number_at_two_schools_is_no_line_twice(tmp_path: Path) -> None:
    lines = [ABSENCE, *(f"00001;{site};01-09-2026;;O" for site in ("99ZZ00", "98YY00", "98YY00"))]
    absence = mapped(tmp_path, "verzuim_1.csv", *lines)
    assert absence.rows["absence"] == 2
    con = model(tmp_path, las(tmp_path, GOOD), las(tmp_path, OTHER, "las2"), absence)
    assert con.execute("SELECT pupil_id FROM absence ORDER BY 1").fetchall() == [("98YY00.00001",), ("99ZZ00.00001",)]


def test_who_is_gone_from_a_school_is_no_pupil_of_another_with_that_number(tmp_path: Path) -> None:
    """00003 is at 98YY00 alone, 00002 at 99ZZ00: elsewhere these are numbers of somebody who left, or never came in."""
    lines = [ABSENCE, "00003;99ZZ00;01-09-2026;;O", "00003;98YY00;01-09-2026;;G", "00002;98YY00;01-09-2026;;O"]
    made = "Rekenen M8;volgtoets;02-09-2026"
    head = "Leerlingnummer;Vestiging;Toets;Soort toets;Afgenomen op;Niveau"
    marks = [head, f"00003;99ZZ00;{made};II", f"00002;;{made};III"]
    landed = [
        las(tmp_path, GOOD),
        las(tmp_path, OTHER, "las2"),
        mapped(tmp_path, "verzuim_1.csv", *lines),
        mapped(tmp_path, "toetsen_1.csv", *marks),
    ]
    con = model(tmp_path, *landed)
    assert con.execute("SELECT pupil_id, site_id FROM absence").fetchall() == [("98YY00.00003", "98YY00")]
    assert con.execute("SELECT pupil_id, level FROM result").fetchall() == [("99ZZ00.00002", "III")], "it tells no site"
    with matching.matching(landed, EVERYTHING, "pupil", "verzuim", []) as found:
        assert (found.pairing().certain, found.pairing().conflicts) == (1, 0)
        assert found.renamed() == ()


def test_an_eck_id_finds_its_pupil_at_whatever_school(tmp_path: Path) -> None:
    keyless = GOOD.replace('key="00001" ', "")
    other = las(tmp_path, OTHER, "las2")
    absence = mapped(tmp_path, "verzuim_1.csv", ABSENCE, f"{KETEN};98YY00;01-09-2026;;O")
    con = model(tmp_path, las(tmp_path, keyless), other, absence)
    found = con.execute("SELECT p.eck_id, a.site_id FROM absence AS a JOIN pupil AS p USING (pupil_id)").fetchall()
    assert found == [(KETEN, "98YY00")]


def test_two_files_of_one_school_double_nothing(tmp_path: Path) -> None:
    absence = mapped(tmp_path, "verzuim_1.csv", ABSENCE, "00001;99ZZ00;01-09-2026;;O")
    con = model(tmp_path, las(tmp_path, GOOD), las(tmp_path, GOOD, "uwlr"), absence)
    assert con.execute("SELECT pupil_id FROM absence").fetchall() == [("99ZZ00.00001",)]


@pytest.mark.parametrize("number", ["00001", KETEN])
def test_where_the_source_has_no_keys_the_eck_id_finds_the_pupil(tmp_path: Path, number: str) -> None:
    keyless = GOOD.replace('key="00001" ', "")
    con = model(
        tmp_path, las(tmp_path, keyless), mapped(tmp_path, "verzuim_1.csv", ABSENCE, f"{number};99ZZ00;01-09-2026;;O")
    )
    found = con.execute("SELECT a.pupil_id = p.pupil_id FROM absence AS a JOIN pupil AS p ON p.eck_id = ?", [KETEN])
    assert found.fetchall() == ([(True,)] if number == KETEN else [])


def test_advice_and_reports_find_a_key_that_one_pupil_has_and_no_shared_one(tmp_path: Path) -> None:
    advice = ["Leerlingnummer;Schooljaar;Voorlopig advies", "00001;2026-2027;havo", "00002;2026-2027;vwo"]
    reports = ["Leerlingnummer;Meldingsoort;Datum melding;Einde verzuimperiode", "00003;16 uur;05-10-2026;02-10-2026"]
    con = model(
        tmp_path, las(tmp_path, GOOD), las(tmp_path, OTHER, "las2"),
        mapped(tmp_path, "adviezen_1.csv", *advice), mapped(tmp_path, "meldingen_1.csv", *reports),
    )  # fmt: skip
    assert con.execute("SELECT pupil_id, provisional FROM school_advice").fetchall() == [("99ZZ00.00002", "vwo")]
    assert con.execute("SELECT pupil_id, kind FROM absence_report").fetchall() == [("98YY00.00003", "first16")]


def test_holidays_and_figures_find_the_school(tmp_path: Path) -> None:
    days = ["Vestiging;Vakantieregio;Naam;Begin;Einde", "99ZZ00;noord;Herfst;10-10-2026;18-10-2026"]
    money = ["Kostenplaats;Boekjaar;Soort;Resultaat", "99ZZ00;2025;realisatie;-12,50"]
    con = model(
        tmp_path, las(tmp_path, GOOD), mapped(tmp_path, "vakanties_1.csv", *days),
        mapped(tmp_path, "financien_1.csv", *money),
    )  # fmt: skip
    assert con.execute("SELECT site_id FROM holiday").fetchall() == [("99ZZ00",)]
    assert con.execute("SELECT organisation_id, result FROM finance_year").fetchall()[0][0] == "99ZZ"
    assert con.execute("SELECT count(*) FROM finance_year JOIN organisation USING (organisation_id)").fetchone() == (1,)


def test_yearly_figures_and_published_results_find_the_site_and_leave_the_rest_of_the_country(tmp_path: Path) -> None:
    figures = ["Vestiging;Schooljaar;Schoolweging;Achterstandsscore;Signaalwaarde 1S/2F",
               "99ZZ00;2025-2026;28,4;;49,6", "01AA00;2025-2026;31;;45", "99ZZ01;2025-2026;33;;41"]  # fmt: skip
    results = ["Vestiging;Afdeling;Indicator;Periode;Waarde;Norm",
               "98YY00;havo;R2;2023-2026;95,1;93,2", "01AA00;havo;R2;2023-2026;90;93,2"]  # fmt: skip
    con = model(
        tmp_path, las(tmp_path, GOOD), las(tmp_path, OTHER, "las2"),
        mapped(tmp_path, "vestigingscijfers_1.csv", *figures), mapped(tmp_path, "inspectiewaarden_1.csv", *results),
    )  # fmt: skip
    found = con.execute("SELECT site_id, school_weighting::DOUBLE, signal_value_1s2f::DOUBLE FROM site_year").fetchall()
    assert found == [("99ZZ00", 28.4, 49.6)]
    assert con.execute("SELECT site_id, code, norm::DOUBLE FROM inspection_value").fetchall() == [
        ("98YY00", "R2", 93.2)
    ]
    assert con.execute("SELECT count(*) FROM site_year ANTI JOIN site USING (site_id)").fetchone() == (0,)


def test_a_reference_level_finds_its_pupil_and_never_one_of_two(tmp_path: Path) -> None:
    lines = ["Leerlingnummer;Schooljaar;Domein;Behaald niveau;Vrijgesteld",
             "00001;2025-2026;lezen;2F;nee", "00002;2025-2026;lezen;;nee",
             "00003;2025-2026;rekenen;<1F;nee"]  # fmt: skip
    con = model(
        tmp_path, las(tmp_path, GOOD), las(tmp_path, OTHER, "las2"), mapped(tmp_path, "referentieniveaus_1.csv", *lines)
    )
    assert con.execute("SELECT pupil_id, domain, level_reached, exempt FROM reference_level ORDER BY 1").fetchall() == [
        ("98YY00.00003", "arithmetic", "below_1f", False),
        ("99ZZ00.00002", "reading", None, False),
    ]
