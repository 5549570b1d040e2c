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
FEW: tuple[School, ...] = (
    ("98AB|C1", "28,41", "28 - 29", "49,6", "96,2", "58,2", "90"),
    ("98AC|C1", "31,00", "31 - 32", "45,0", "", "", ""),
)


def nationwide(folder: Path, schools: Iterable[School], name: str = NAME, heads: Iterable[str] = HEADS) -> Path:
    """The file with these schools, in a folder."""
    path = folder / name
    path.write_bytes(content(schools, heads))
    return path


def content(schools: Iterable[School], heads: Iterable[str] = HEADS) -> bytes:
    """The sheet with these schools, between two that explain it."""
    told = table(row(cell("Toelichting bij dit bestand")), name="Toelichting")
    data = table(row(*map(cell, heads)), *(row(*map(cell, _line(each))) for each in schools), name="Data")
    return ods(told + data + table(row(cell("Begrippen")), name="Begrippen"))  # type: ignore[no-any-return]


def _line(school: School) -> tuple[str, ...]:
    ovt, weighting, category, signal, level_1f, level_1s2f, pupils = school
    years = ("", "", "") * 3
    return (ovt, *years, weighting, category, "85", signal, level_1f, level_1s2f, pupils, "Boven", "Boven")
