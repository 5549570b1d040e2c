"""The file of DUO with exam candidates and who passed: its headers, five school years side by side.

The names are those that public readers of the file have; the values are made up, for a file itself was not at hand.
"""

from collections.abc import Iterable, Mapping
from pathlib import Path

from schakel.collect.listings import listing
from schakel.collect.packages import Package
from schakel.connectors.mapped import recognised

NAME = "examenkandidaten-en-geslaagden-2020-2025.csv"
HEAD = (
    "INSTELLINGSCODE", "VESTIGINGSCODE", "INSTELLINGSNAAM VESTIGING", "GEMEENTENAAM", "ONDERWIJSTYPE VO",
    "INSPECTIECODE", "OPLEIDINGSNAAM",
)  # fmt: skip
_WHO = ("MAN", "VROUW", "TOTAAL")
_WHAT = ("EXAMENKANDIDATEN", "GESLAAGDEN", "SLAAGPERC")


def headers(first: int = 2020) -> list[str]:
    """The headers of a file whose five school years begin with this one."""
    years = [f"{year}-{year + 1}" for year in range(first, first + 5)]
    return [*HEAD, *(f"{what} SCHOOLJAAR {year} - {who}" for year in years for who in _WHO for what in _WHAT)]


def line(site: str, programme: str, counts: Mapping[int, tuple[str, str]], first: int = 2020) -> str:
    """One programme of one site; per school year (by its first year) who took the exam and who passed."""
    cells = [site[:4], site, "De School", "Emmen", programme.split(maxsplit=1)[0], "H", programme]
    for year in range(first, first + 5):
        candidates, passed = counts.get(year, ("", ""))
        cells += ["", "", ""] * 2 + [candidates, passed, ""]
    return ";".join(cells)


def nationwide(folder: Path, rows: Iterable[str], *, first: int = 2020, name: str = NAME, quoted: bool = True) -> Path:
    """The file with these lines, in a folder; the names of its columns have quotation marks in them, or have not."""
    path = folder / name
    heads = ['"""' + head + '"""' for head in headers(first)] if quoted else headers(first)
    path.write_bytes("\r\n".join([";".join(heads), *rows, ""]).encode("cp1252"))
    return path


def opened(path: Path) -> Package:
    """The package as it is recognised by its name."""
    found = recognised(listing(path))
    assert found is not None
    return found


MARKS = "geslaagden-gezakten-en-cijfers-2024-2025.csv"
MARK_HEAD = (
    "INSTELLINGSCODE", "VESTIGINGSCODE", "INSTELLINGSNAAM VESTIGING", "GEMEENTENAAM VESTIGING", "PROVINCIE VESTIGING",
    "ONDERWIJSTYPE VO", "LEERWEG VMBO", "VMBO SECTOR", "AFDELING", "EXAMENKANDIDATEN", "GESLAAGDEN", "GEZAKTEN",
    "GEMIDDELD CIJFER SCHOOLEXAMEN", "GEMIDDELD CIJFER CENTRAAL EXAMEN", "GEMIDDELD CIJFER CIJFERLIJST",
)  # fmt: skip


def marked(site: str, programme: str, candidates: str, school_exam: str, central_exam: str) -> str:
    """One programme of one site (`HAVO N&T`, `VMBO-TL Techniek`) with its candidates and both averages."""
    education, _space, department = programme.partition(" ")
    kind, _dash, way = education.partition("-")
    passed = candidates if candidates in {"<5", "-1", "0"} else str(max(int(candidates or 0) - 1, 0))
    cells = [site[:4], site, "De School", "Emmen", "Drenthe", kind, way, department if way else "", department]
    return ";".join([*cells, candidates, passed, "<5", school_exam, central_exam, "6,4"])


def all_marks(folder: Path, rows: Iterable[str], name: str = MARKS) -> Path:
    """The file with these lines, in a folder."""
    path = folder / name
    path.write_bytes("\r\n".join([";".join(MARK_HEAD), *rows, ""]).encode("cp1252"))
    return path
