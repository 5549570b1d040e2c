"""Pupils and their way through school: who was where in which of the three years, and in which home group."""

from collections.abc import Iterator
from datetime import date

import duckdb

from .chance import Chance
from .loading import load, run
from .names import backgrounds
from .schooldays import SchoolYear
from .schools import SCHOOLS, TRACK_YEARS, School, shared_out, sizes

_SETTLED_DAYS = 7  # a leaver of this year needs a year that has begun

# A cohort: so many pupils of a school and track that are (or by now would have been) in a grade.
Cohort = tuple[int, str, int, int, int | None]


def _cells(school: School) -> list[tuple[str, int, float]]:
    return [(track, grade, weight) for track, weight in school.tracks for grade in range(1, TRACK_YEARS[track] + 1)]


def _shares(school: School, pupils: int, chance: Chance) -> list[int]:
    cells = _cells(school)
    if pupils < len(cells):
        return shared_out(pupils, [1.0] * len(cells))
    weights = [weight * (0.85 + 0.3 * chance.u("cohort", school.name, *cell)) for *cell, weight in cells]
    return [1 + extra for extra in shared_out(pupils - len(cells), weights)]


def _left(number: int, cell: tuple[str, int, float], count: int, years: int) -> Iterator[Cohort]:
    """Pupils who left before the end: about two in a hundred a year."""
    track, grade, _ = cell
    for year in range(years):
        leavers = (count + 7 * grade + 13 * year) // 50
        if leavers:
            yield number, track, grade + 2 - year, leavers, year


def _graduated(number: int, track: str, count: int) -> Iterator[Cohort]:
    """Pupils who finished in the two years before; half of a primary school's go to our own secondary schools."""
    last = TRACK_YEARS[track]
    leavers = (count + 1) // 2 if track == "po" else count
    for since in (1, 2):
        yield number, track, last + since, leavers, None


def cohorts(pupils: int, years: list[SchoolYear], today: date, chance: Chance) -> list[Cohort]:
    """School, track, grade (now), count and, for leavers, the number of the year they left in."""
    leaving_years = 3 if (today - years[-1].start).days > _SETTLED_DAYS else 2
    found: list[Cohort] = []
    for number, (school, size) in enumerate(zip(SCHOOLS, sizes(pupils), strict=True)):
        for cell, count in zip(_cells(school), _shares(school, size, chance), strict=True):
            track, grade, _ = cell
            found.append((number, track, grade, count, None))
            found += _left(number, cell, count, leaving_years)
            if grade == TRACK_YEARS[track]:
                found += _graduated(number, track, count)
    return found


def _name_groups() -> list[tuple[object, ...]]:
    rows: list[tuple[object, ...]] = []
    low = 0.0
    for number, group in enumerate(backgrounds("pupils")):
        families = [{"prefix": prefix, "family": family} for prefix, family in group.families]
        high = low + group.share
        rows.append((number, low, high, list(group.girls), list(group.boys), families))
        low = high
    return rows


def enrol(con: duckdb.DuckDBPyConnection, pupils: int, years: list[SchoolYear], today: date, chance: Chance) -> None:
    """Make the tables pupil, pupil_person, stay (a pupil's year at a school, in a home group) and home (the groups)."""
    load(
        con,
        "cohort",
        "s INTEGER; track VARCHAR; grade INTEGER; n INTEGER; left_y INTEGER",
        cohorts(pupils, years, today, chance),
    )
    load(con, "track", "track VARCHAR; years INTEGER", list(TRACK_YEARS.items()))
    load(con, "name_group", "background INTEGER; low DOUBLE; high DOUBLE; girls VARCHAR[]; boys VARCHAR[]; "
         "families STRUCT(prefix VARCHAR, family VARCHAR)[]", _name_groups())  # fmt: skip
    run(con, "pupils", "stays")
