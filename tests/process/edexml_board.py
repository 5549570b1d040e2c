"""Schools on EDEXML as they lie in the landing, alone or beside a roster, and whom the lines of a file find."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from itertools import count
from pathlib import Path

from schakel.engine import duck
from schakel.process import filling, mappings
from schakel.process.landings import Renames, deliveries
from tests.process.landed import LandedHere, land
from tests.process.parquet_rows import Rows

ABSENCE, ADVICE = frozenset({"absence.kind"}), frozenset({"school_advice.final"})

_ORDER = {  # by table whom a row is about, and what puts the rows in order
    "absence": ("pupil_id", "date"),
    "school_advice": ("pupil_id", "pupil_id"),
    "staff_contract": ("staff_id", "contract_id"),
}


@dataclass(frozen=True)
class Line:
    """A line of a file of absence: the number of a pupil, and the site beside it."""

    number: str
    site: str | None = None


def school(data: Path, site: str, pupils: Rows, teachers: Rows | None = None, source: str = "") -> LandedHere:
    """The EDEXML file of one school."""
    place = {"brincode": site[:4], "dependancecode": site[4:], "schooljaar": "2026-2027"}
    files: dict[str, Rows] = {"school": [place], "pupil": pupils, "teacher": teachers or []}
    return land(data, source or f"las-{site}", "edexml", {name: rows for name, rows in files.items() if rows})


def roster(data: Path, numbers: Mapping[str, str]) -> LandedHere:
    """OneRoster with these pupils: their number by their key."""
    users = [{"sourcedId": key, "identifier": number, "role": "student"} for key, number in numbers.items()]
    return land(data, "oneroster", "oneroster", {"users": users} if users else {})


def absence(data: Path, lines: Iterable[Line]) -> LandedHere:
    """A file of absence with these lines, each on a day of its own."""
    days = (date.fromordinal(740000 + place) for place in count())
    rows = [
        {"pupil_number": line.number, "site_identifier": line.site, "date": day, "kind": "late"}
        for line, day in zip(lines, days, strict=False)
    ]
    return land(data, "verzuim", "verzuim", {"absence": rows})


def advice(data: Path, numbers: Iterable[str]) -> LandedHere:
    """A file of advice that names these pupils."""
    rows = [{"pupil_number": number, "school_year": "2026-2027", "final": "havo"} for number in numbers]
    return land(data, "adviezen", "adviezen", {"school_advice": rows})


def found(
    landed: Collection[LandedHere], elements: frozenset[str], renames: Renames | None = None
) -> list[tuple[str | None, ...]]:
    """Whom each line of the file finds by its mapping."""
    (table,) = {element.partition(".")[0] for element in elements}
    (mapping,) = mappings.mappings_for(elements)[table]
    key, order = _ORDER[table]
    with duck.worker() as con:
        filling.create_relations(con, deliveries(landed, renames), mappings.columns_for(elements))
        return con.execute(f"SELECT {key} FROM ({mapping.sql}) ORDER BY {order}").fetchall()
