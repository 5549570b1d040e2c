"""What of a delivery would stand: the needed columns of the accepted rows, put with what stood before.

A full delivery (bulk) replaces, a delta is applied to what was there, and one that tells of a period replaces that.
"""

from collections.abc import Iterator, Mapping
from datetime import date
from pathlib import Path

from schakel.collect import door
from schakel.collect.coverage import Coverage
from schakel.collect.deltas import merged
from schakel.collect.examined import Examination, Examined, dropped_table, text_cell
from schakel.collect.layouts import File
from schakel.engine.duck import literal, quoted


class KeptRows:
    """The rows of each file as they would stand; `before` is the folder of the landing that they are put with."""

    def __init__(self, done: Examination, needed: Mapping[str, frozenset[str]], before: Path | None) -> None:
        self.done, self.con, self.needed, self.before = done, done.con, needed, before
        self.delta = any(each.mode == "delta" for each in done.files.values())

    def fresh(self, name: str) -> str:
        """A file as it becomes: the needed columns of the accepted rows; columns that were not delivered are null."""
        fresh, before, each = self._accepted(name), self._previous(name), self.done.files.get(name)
        if not before:
            return fresh
        stood = f"SELECT {self._carried(name, before)} FROM {before}"
        if each is None:
            return stood
        if each.mode == "delta":
            return merged(fresh, self._changed_keys(each), stood, each.file.key)
        return each.file.covers.joined(stood, fresh) if each.file.covers else fresh

    def accepted(self, name: str) -> int:
        """How many rows of a file came in with this delivery."""
        found = self.con.execute(f"SELECT count(*) FROM ({self._accepted(name)}) AS a").fetchone()
        return found[0] if found else 0

    def periods(self, *, refused: bool = False) -> dict[str, list[str]]:
        """The first days of the periods that each file tells of, where it tells of periods.

        With `refused` also those of which no row came in: they replace nothing, but something is wrong there.
        """
        found = {}
        for name, each in self.done.files.items():
            if each.file.covers and name in self.needed:
                rows = f"SELECT {self._columns(each)} FROM {quoted(name)}" if refused else self._accepted(name)
                first = f"SELECT DISTINCT {each.file.covers.first_day()} AS d FROM ({rows}) AS f"
                days = self.con.execute(f"SELECT d FROM ({first}) WHERE d IS NOT NULL ORDER BY d").fetchall()
                found[name] = [day.isoformat() for (day,) in days]
        return found

    def told_again(self) -> Iterator[tuple[str, Coverage, date, int, int]]:
        """Each period that stood and that a delivery tells of: its first day, the rows that it had and would have."""
        for name, each in self.done.files.items():
            before, covers = self._previous(name), each.file.covers
            if not covers or name not in self.needed or not before:
                continue
            then, now = (
                f"SELECT {covers.first_day()} AS day, count(*) AS n FROM ({rows}) AS r GROUP BY 1"
                for rows in (f"SELECT {self._carried(name, before)} FROM {before}", self._accepted(name))
            )
            sql = f"SELECT t.day, t.n, f.n FROM ({then}) AS t JOIN ({now}) AS f ON f.day = t.day ORDER BY 1"
            for day, had, has in self.con.execute(sql).fetchall():
                yield name, covers, day, had, has

    def _previous(self, name: str) -> str:
        """The file as it was, where what comes is put with it; empty for bulk and for a first delivery."""
        with_it = self.delta or self.done.package.layout.files[name].covers
        path = self.before / f"{name}.parquet" if self.before and with_it else None
        return parquet(path) if path and path.exists() else ""

    def _carried(self, name: str, before: str) -> str:
        there = {row[0] for row in self.con.execute(f"DESCRIBE SELECT * FROM {before}").fetchall()}
        types = self._types(name)
        return ", ".join(
            f"{quoted(c) if c in there else f'CAST(NULL AS {t})'} AS {quoted(c)}" for c, t in types.items()
        )

    def _types(self, name: str) -> dict[str, str]:
        known = {f.name: f.sql_type for f in self.done.package.layout.files[name].fields if not f.secret}
        return {c: known.get(c, "VARCHAR") for c in sorted(self.needed[name])}

    def placed(self, name: str) -> str:
        """The accepted rows of a file, each with its place."""
        return self._accepted(name, "rowid AS _at, ")

    def _accepted(self, name: str, place: str = "") -> str:
        each = self.done.files.get(name)
        if each is None:
            nothing = ", ".join(f"CAST(NULL AS {t}) AS {quoted(c)}" for c, t in self._types(name).items())
            return f"SELECT {'0 AS _at, ' if place else ''}{nothing} WHERE false"
        alive = f"rowid NOT IN (SELECT row FROM {dropped_table(name)})" if each.refused else "true"
        if each.mode == "delta":
            alive += " AND coalesce(_status, '') <> 'tobedeleted'"
        return f"SELECT {place}{self._columns(each)} FROM {quoted(name)} WHERE {alive}"

    def _columns(self, each: Examined) -> str:
        there, fixed = self.kept(each), constants(each.file)
        return ", ".join(
            f"CAST({text_cell(each.columns[c]) if c in there else fixed.get(c, 'NULL')} AS {t}) AS {quoted(c)}"
            for c, t in self._types(each.file.name).items()
        )

    def kept(self, each: Examined) -> set[str]:
        """The needed columns of a file that the door lets in."""
        barred = {d.header for d in each.decisions if d.decision == door.REFUSE}
        refused = {d.column for d in each.decisions if d.decision == door.REFUSE}
        refused |= {name for h in barred for name in each.part.made_of(h) | each.part.decided_by(h)}
        return set(self.needed[each.file.name]) & set(each.columns) - refused

    def _changed_keys(self, each: Examined) -> str:
        keys = ", ".join(f"CAST({text_cell(each.columns[k])} AS VARCHAR)" for k in each.file.key)
        dropped = dropped_table(each.file.name)
        gone = "coalesce(_status, '') = 'tobedeleted'"  # whatever else is wrong with the row, it says what to delete
        return f"SELECT {keys} FROM {quoted(each.file.name)} WHERE {gone} OR rowid NOT IN (SELECT row FROM {dropped})"


def constants(file: File) -> dict[str, str]:
    """The SQL of the values that are the same in every row, because no column brings them."""
    return {f.name: literal(f.constant) for f in file.fields if f.constant}


def parquet(path: Path) -> str:
    """SQL of the rows of a file that stands."""
    return f"read_parquet({literal(path)})"
