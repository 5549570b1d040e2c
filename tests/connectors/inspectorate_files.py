"""The yearly file of the Inspectorate with the results of all primary schools: its sheets, headers and commas.

The values are made up; no file of the Inspectorate was at hand.
"""

from collections.abc import Iterable
from pathlib import Path

from tests.connectors.test_workbooks import cell, ods, row, table

NAME = "20250926+gemiddelde_referentieniveaus_per_school_2223_2324_2425_Open_data.ods"
HEADS = (
    "ovt", "Gemiddelde %1F 2223", "Gemiddelde %1S/2F 2223", "Aantal leerlingen 2223", "Gemiddelde %1F 2324",
    "Gemiddelde %1S/2F 2324", "Aantal leerlingen 2324", "Gemiddelde %1F 2425", "Gemiddelde %1S/2F 2425",
    "Aantal leerlingen 2425", "Schoolweging", "Schoolwegingscategorie", "Signaleringswaarde 1F",
    "Signaleringswaarde 1S/2F", "Gewogen driejaarsgemiddelde %1F", "Gewogen driejaarsgemiddelde %1S/2F",
    "Totaal aantal leerlingen 3 jaar", "Uitkomst indicator 1F", "Uitkomst indicator 1S/2F",
)  # fmt: skip
School = tuple[str, str, str, str, str, str, str]  # ovt, weighting, category, signal value 1S/2F, 1F, 1S/2F, pupils


def nationwide(folder: Path, schools: Iterable[School], name: str = NAME, heads: Iterable[str] = HEADS) -> Path:
    """The file with these schools, between two sheets that explain it."""
    path = folder / name
    told = table(row(cell("Toelichting bij dit bestand")), name="Toelichting")
    data = table(row(*map(cell, heads)), *(row(*map(cell, _line(each))) for each in schools), name="Data")
    path.write_bytes(ods(told + data + table(row(cell("Begrippen")), name="Begrippen")))
    return path


def _line(school: School) -> tuple[str, ...]:
    ovt, weighting, category, signal, level_1f, level_1s2f, pupils = school
    years = ("", "", "") * 3
    return (ovt, *years, weighting, category, "85", signal, level_1f, level_1s2f, pupils, "Boven", "Boven")
