"""Two lists held against each other in memory, for the tests of matching."""

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from typing import Any

import duckdb

from schakel.engine import duck
from schakel.process import likeness
from schakel.process.matching import Matching


@dataclass(frozen=True)
class Someone:
    """A person as a list tells of them; the roster has a key of its own beside the number.

    `site`: where the number is of one site; in the other source what stands beside it.
    """

    number: str | None
    name: str | None = None
    birth_date: date | None = None
    key: str = ""
    site: str | None = None

    @property
    def finds(self) -> str:
        """What a number is read as, to be exactly this one."""
        return f"\0{self.key}"


Judged = Iterable[tuple[str, str, bool]]


@contextmanager
def against(theirs: Iterable[Someone], ours: Iterable[Someone], judged: Judged = ()) -> Iterator[Matching]:
    """What matching makes of two lists and of what was decided: (number of theirs, key of ours, the same)."""
    with duck.worker() as con:
        con.execute("CREATE TABLE t (number VARCHAR, place VARCHAR, name VARCHAR, birth_date DATE)")
        con.execute(
            "CREATE TABLE o (key VARCHAR, number VARCHAR, site VARCHAR, finds VARCHAR, name_prefix VARCHAR, "
            "family_name VARCHAR, birth_date DATE, source VARCHAR)"
        )
        con.execute("CREATE TABLE judged (their_key VARCHAR, our_key VARCHAR, same BOOLEAN)")
        _insert(con, "t", [[each.number, each.site, each.name, each.birth_date] for each in theirs])
        rows = [[e.key, e.number, e.site, e.finds, None, e.name, e.birth_date, "las"] for e in ours]
        _insert(con, "o", rows)
        _insert(con, "judged", [list(row) for row in judged])
        con.execute(likeness.ours("SELECT * FROM o"))
        con.execute(likeness.theirs("SELECT * FROM t"))
        for step in likeness.STEPS:
            con.execute(step)
        yield Matching(con, "staff", "personeel", ())


def _insert(con: duckdb.DuckDBPyConnection, table: str, rows: list[list[Any]]) -> None:
    if rows:
        marks = ", ".join(f"({', '.join('?' * len(row))})" for row in rows)
        con.execute(f"INSERT INTO {table} VALUES {marks}", [value for row in rows for value in row])
