"""Making the demo board: draw its people, days and facts, plant mistakes, write the files."""

import shutil
import tempfile
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path

import duckdb

from schakel.engine.duck import literal, worker
from schakel.lib import clock

from . import (
    absence,
    advice,
    chance,
    defects,
    groups,
    money,
    personnel,
    pupils,
    results,
    rooster,
    roster,
    schooldays,
    staff,
    teaching,
    writing,
)
from .exports import LAS, Export
from .key import Key, column_facts
from .loading import load
from .schools import SCHOOLS
from .timetable import timetable

LEAST_PUPILS = 200
_ABSENCE_SHARE = 0.6  # of the facts that are asked for; the rest are results
_MOST_ABSENCE = 130  # rows per pupil over three years: beyond it, results make up the number


@dataclass(frozen=True)
class Generated:
    """What was written: `files` by kind (las, verzuim, meldingen, rooster, vakanties, adviezen, personeel, financien, sleutel)."""

    folder: Path
    files: dict[str, Path]
    rows: dict[str, int]
    key: Key

    @property
    def facts(self) -> int:
        """Absence and result rows together."""
        return self.rows["verzuim"] + self.rows["results.csv"]


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
    if not 0 <= defects <= 0.2:  # noqa: PLR2004
        raise ValueError("the part of rows with a mistake lies between 0 and 0.2")
    folder.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(prefix="demo-board-") as workshop:
        making = _Making(folder, Path(workshop), pupils, facts, seed, today or clock.today())
        try:
            making.draw()
            return making.write(defects)
        finally:
            making.con.close()


class _Making:
    def __init__(self, folder: Path, workshop: Path, size: int, facts: int | None, seed: int, today: date) -> None:
        self.folder, self.workshop, self.size, self.facts, self.seed, self.today = (
            folder,
            workshop,
            size,
            facts,
            seed,
            today,
        )
        self.chance = chance.Chance(seed)
        self.years = schooldays.school_years(today)
        self.con = _connection(workshop)

    def draw(self) -> None:
        """Make all tables, from school days to results."""
        chance.teach(self.con, self.seed)
        _keep_schools(self.con)
        schooldays.lay_out(self.con, self.years)
        pupils.enrol(self.con, self.size, self.years, self.today, self.chance)
        self._staff()
        roster.keep(self.con, self.seed)
        rooster.draw(self.con, self.today)
        self._facts()
        advice.draw(self.con, self.today)
        money.draw(self.con, self.size, self.today, self.chance)

    def _staff(self) -> None:
        every = groups.groups(groups.homes(self.con))
        groups.keep(self.con, every)
        posts = staff.staffing(staff.Office(self.chance, self.years, self.today), every, self.size)
        duties = teaching.duties(every, posts, self.years)
        _keep_staff(self.con, posts, self.today)
        _keep_duties(self.con, duties, self.years)
        personnel.draw(self.con, posts, self.chance, self.years[0].start, self.today)

    def _facts(self) -> None:
        share = None if self.facts is None else min(round(self.facts * _ABSENCE_SHARE), self.size * _MOST_ABSENCE)
        made = absence.draw(self.con, self.today, share)
        results.draw(self.con, self.today, None if self.facts is None else max(0, self.facts - made))

    def write(self, rate: float) -> Generated:
        """Plant the mistakes and write every file."""
        defects.prepare(self.con)
        files = {kind: self.folder / f"{kind}_{self.today:%Y%m%d}.{ending}" for kind, ending in _KINDS.items()}
        rows: dict[str, int] = {}
        for export in _EXPORTS:
            defects.plant(self.con, export, rate)
        rows |= writing.roster_zip(
            self.con, [e for e in _EXPORTS if e.package == LAS], files[LAS], self.workshop, self.today
        )
        for export in _EXPORTS:
            if export.package != LAS and not export.sheet:
                rows[export.name] = writing.csv_file(self.con, export, files[export.package], self.workshop)
        rows |= _sheets(writing.workbook(self.con, [e for e in _EXPORTS if e.sheet], files["personeel"], self.today))
        return self._finish(files, rows)

    def _finish(self, files: dict[str, Path], rows: dict[str, int]) -> Generated:
        names = {kind: path.name for kind, path in files.items()}
        found = []
        for export in _EXPORTS:
            found += defects.planted(self.con, export, export.name if export.package == LAS else names[export.package])
        key = Key(self.seed, self.today, self.size, rows, column_facts(names), found)
        files["sleutel"] = self.folder / "sleutel.json"
        key.write(files["sleutel"])
        return Generated(self.folder, files, rows, key)


_KINDS = {
    LAS: "zip", "verzuim": "csv", "meldingen": "csv", "rooster": "csv", "vakanties": "csv", "adviezen": "csv", "personeel": "xlsx", "financien": "csv",
}  # fmt: skip
_EXPORTS: tuple[Export, ...] = (
    *roster.EXPORTS, *results.EXPORTS, *absence.EXPORTS, *rooster.EXPORTS, *advice.EXPORTS, *personnel.EXPORTS, *money.EXPORTS,
)  # fmt: skip


def _sheets(rows: dict[str, int]) -> dict[str, int]:
    return {f"personeel.{sheet}": count for sheet, count in rows.items()}


def _connection(workshop: Path) -> duckdb.DuckDBPyConnection:
    con = worker()
    con.execute("SET preserve_insertion_order = true")
    con.execute(f"SET temp_directory = {literal(workshop / 'spill')}")
    return con


def _keep_schools(con: duckdb.DuckDBPyConnection) -> None:
    columns = "s INTEGER; name VARCHAR; sector VARCHAR; brin6 VARCHAR; region VARCHAR; absence DOUBLE; results DOUBLE"
    load(
        con,
        "school",
        columns,
        [(n, s.name, s.sector, s.brin6, s.region, s.absence, s.results) for n, s in enumerate(SCHOOLS)],
    )


def _keep_staff(con: duckdb.DuckDBPyConnection, posts: list[staff.Post], today: date) -> None:
    rows = []
    for post in posts:
        for held in post.holdings:
            person, open_now = held.person, held.begin <= today and (held.stop is None or today < held.stop)
            rows.append((person.number, post.school, post.job, post.extra, held.begin, held.stop, person.first, person.prefix, person.family,
                         person.sex, person.born, person.email, person.staff_number, open_now))  # fmt: skip
    load(con, "staff", "t INTEGER; s INTEGER; job VARCHAR; extra VARCHAR; begin DATE; stop DATE; first VARCHAR; prefix VARCHAR; family VARCHAR; "
         "sex VARCHAR; born DATE; email VARCHAR; number VARCHAR; enabled BOOLEAN", rows)  # fmt: skip


def _keep_duties(
    con: duckdb.DuckDBPyConnection, duties: list[teaching.Duty], years: list[schooldays.SchoolYear]
) -> None:
    rows = []
    for duty in duties:
        for held in duty.terms(years[duty.group.home.year]):
            rows.append((duty.group.number, held.person.number, duty.role, duty.primary, held.begin, held.stop))
    load(con, "duty", "k INTEGER; t INTEGER; role VARCHAR; is_primary BOOLEAN; begin DATE; stop DATE", rows)
    load(
        con,
        "lesson",
        "k INTEGER; home INTEGER; day INTEGER; hour INTEGER",
        [(x.group, x.home, x.day, x.hour) for x in timetable(duties)],
    )
    load(con, "term", "y INTEGER; n INTEGER; start DATE; stop DATE",
         [(y.number, n, start, stop) for y in years for n, (start, stop) in enumerate(y.terms, start=1)])  # fmt: skip
