"""Making the demo board: draw its people, days and facts, plant mistakes, write the files."""

import tempfile
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import duckdb

from schakel.engine.duck import literal, worker
from schakel.lib import clock

from . import (
    absence,
    advice,
    defects,
    groups,
    money,
    personnel,
    pupils,
    results,
    rooster,
    roster,
    schooldays,
    schools,
    staff,
    teaching,
    timetable,
    writing,
)
from .chance import Chance
from .exports import LAS, Export
from .key import Key, column_facts
from .loading import run

LEAST_PUPILS = 200
MOST_DEFECTS = 0.2
_ABSENCE_SHARE = 0.6  # of the facts that are asked for; the rest are results
_MOST_ABSENCE = 130  # rows per pupil over three years: beyond it, results make up the number

_ENDINGS = {
    LAS: "zip", "verzuim": "csv", "meldingen": "csv", "rooster": "csv", "vakanties": "csv", "adviezen": "csv",
    "personeel": "xlsx", "financien": "csv",
}  # fmt: skip
EXPORTS: tuple[Export, ...] = (
    *roster.EXPORTS, *results.EXPORTS, *absence.EXPORTS, *rooster.EXPORTS, *advice.EXPORTS, *personnel.EXPORTS,
    *money.EXPORTS,
)  # fmt: skip


@dataclass(frozen=True)
class Order:
    """What is asked: so many pupils and facts, by this seed, as on this day."""

    pupils: int
    facts: int | None
    seed: int
    today: date


@dataclass(frozen=True)
class Generated:
    """What was written.

    `files` by kind: las, verzuim, meldingen, rooster, vakanties, adviezen, personeel, financien and sleutel (the key).
    `rows` by query name: academicSessions, users, results, verzuim, aanstellingen, …
    """

    folder: Path
    files: dict[str, Path]
    rows: dict[str, int]
    key: Key

    @property
    def facts(self) -> int:
        """Absence and result rows together."""
        return self.rows["verzuim"] + self.rows["results"]


def generate(
    folder: Path,
    *,
    pupils: int = 5000,
    facts: int | None = None,
    defects: float = 0.002,
    seed: int = 1,
    today: date | None = None,
) -> Generated:
    """Write a school board as its source systems export it.

    `facts` is about how many absence and result rows there are (None: as many as such a board has); `defects` is the
    part of the rows that carries a mistake (0: none). The same arguments give the same bytes.
    Raises ValueError under 200 pupils (thirteen schools need them) or when the rate is no part.
    """
    if pupils < LEAST_PUPILS:
        raise ValueError(f"a board of thirteen schools has at least {LEAST_PUPILS} pupils")
    if not 0 <= defects <= MOST_DEFECTS:
        raise ValueError(f"the part of rows with a mistake lies between 0 and {MOST_DEFECTS}")
    folder.mkdir(parents=True, exist_ok=True)
    order = Order(pupils, facts, seed, today or clock.today())
    with tempfile.TemporaryDirectory(prefix="demo-board-") as workshop:
        con = _connection(Path(workshop))
        try:
            _draw(con, order)
            return _write(con, order, defects, folder, Path(workshop))
        finally:
            con.close()


def _connection(workshop: Path) -> duckdb.DuckDBPyConnection:
    con = worker()
    con.execute("SET preserve_insertion_order = true")  # rows are numbered by their place
    con.execute(f"SET temp_directory = {literal(workshop / 'spill')}")
    return con


def _draw(con: duckdb.DuckDBPyConnection, order: Order) -> None:
    """Make all tables, from school days to results."""
    run(con, "chance", seed=order.seed, today=order.today)
    chance, years = Chance(order.seed), schooldays.school_years(order.today)
    schools.keep(con)
    schooldays.lay_out(con, years)
    pupils.enrol(con, order.pupils, years, order.today, chance)
    _employ(con, order, chance, years)
    roster.keep(con)
    rooster.draw(con)
    _happen(con, order)
    advice.draw(con)
    money.draw(con, order.pupils, order.today, chance)


def _employ(con: duckdb.DuckDBPyConnection, order: Order, chance: Chance, years: list[schooldays.SchoolYear]) -> None:
    every = groups.groups(groups.homes(con))
    posts = staff.staffing(staff.Office(chance, years, order.today), every, order.pupils)
    duties = teaching.duties(every, posts, years)
    groups.keep(con, every)
    staff.keep(con, posts, order.today)
    teaching.keep(con, duties, years)
    timetable.keep(con, duties)
    personnel.draw(con, posts, chance, years[0].start, order.today)


def _happen(con: duckdb.DuckDBPyConnection, order: Order) -> None:
    if order.facts is None:
        absence.draw(con, None)
        results.draw(con, None)
        return
    made = absence.draw(con, min(round(order.facts * _ABSENCE_SHARE), order.pupils * _MOST_ABSENCE))
    results.draw(con, max(0, order.facts - made))


def _called(export: Export, names: dict[str, str]) -> str:
    """The file as a finding names it: the member of the zip, or the file, with its sheet behind a #."""
    return export.file or (f"{names[export.package]}#{export.sheet}" if export.sheet else names[export.package])


def _write(con: duckdb.DuckDBPyConnection, order: Order, rate: float, folder: Path, workshop: Path) -> Generated:
    defects.prepare(con)
    for export in EXPORTS:
        defects.plant(con, export, rate)
    files = {kind: folder / f"{kind}_{order.today:%Y%m%d}.{ending}" for kind, ending in _ENDINGS.items()}
    rows = writing.roster_zip(con, [e for e in EXPORTS if e.package == LAS], files[LAS], workshop, order.today)
    for export in EXPORTS:
        if export.package != LAS and not export.sheet:
            rows[export.name] = writing.csv_file(con, export, files[export.package], workshop)
    rows |= writing.workbook(con, [e for e in EXPORTS if e.sheet], files["personeel"], order.today)
    names = {kind: path.name for kind, path in files.items()}
    planted = [found for export in EXPORTS for found in defects.planted(con, export, _called(export, names))]
    key = Key(order.seed, order.today, order.pupils, rows, column_facts(names), planted)
    files["sleutel"] = key.write(folder)
    return Generated(folder, files, rows, key)
