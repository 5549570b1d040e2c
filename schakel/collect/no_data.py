"""Rows that people write below a list of their own and that are no data: totals, averages and notes.

A total is known by the word that a cell begins with, where something lacks that every row must have, or where that word
stands for what a row is of. A note is a text in one cell alone with no row of the list behind it.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from schakel.collect.headers import Column
from schakel.collect.layouts import Field, File

TOTAL = r"(sub|eind|groeps|school|jaar)?(totaal|totalen|gemiddelde?)([ :].*)?"
WORDS = r".*\pL{2}.*[ :].*|.*[ :].*\pL{2}.*"  # more than one word, or one with a colon
_LEAST = 3  # columns without which one cell alone is no sign of a note


@dataclass(frozen=True)
class NoData:
    """The SQL of such rows over the cells of a file; empty where the file has none. A note is one only
    at the end (`at_the_end`).

    `suspect` finds those among the rows in which nothing is wrong.
    """

    total: str = ""
    note: str = ""
    suspect: str = ""

    def __bool__(self) -> bool:
        return bool(self.total)


def no_data(file: File, fields: Mapping[str, tuple[Field, str]], columns: Sequence[Column], beside: int) -> NoData:
    """Of a file with these fields; `beside` is how many cells of a row are not of the sheet itself."""
    required = [c for f, c in fields.values() if f.required]
    if not required:
        return NoData()
    lacks = " OR ".join(f"{c} IS NULL" for c in required)
    of_one = [
        (f, c) for f, c in fields.values() if f.required and len(file.key) == 1
    ]  # a test may well be called «Totaal»
    named = [_is_total(c) for f, c in of_one if f.type == "text" and not f.vocabulary]
    told = " OR ".join(_is_total(c.sql) for c in columns)
    total = (
        f"(coalesce(({lacks}) AND ({told}), false)" + "".join(f" OR coalesce({each}, false)" for each in named) + ")"
    )
    if len(columns) < _LEAST + beside:
        return NoData(total, "false", " OR ".join(named))
    cells = f"list_filter([{', '.join(c.sql for c in columns)}], lambda c: c IS NOT NULL)"
    note = f"(len({cells}) = {1 + beside} AND regexp_full_match({cells}[1], '{WORDS}'))"
    bare = [f"contains({c}, ' ')" for c in required if len(required) == 1]  # of several something lacks beside a note
    return NoData(total, note, " OR ".join([*named, *bare]))


def _is_total(cell: str) -> str:
    return f"regexp_full_match(lower({cell}), '{TOTAL}')"


def at_the_end(rows: Mapping[int, bool], count: int, of: Callable[[int], str]) -> Iterator[int]:
    """Of rows that may be no data (whether each is a total) those that are: all totals, and the notes at the end.

    `count` is of all rows; `of` names what each is of, such as a sheet, and each of those has an end.
    """
    ends = set[int]()
    for row in sorted(rows, reverse=True):
        if row + 1 == count or row + 1 in ends or of(row) != of(row + 1):
            ends.add(row)
        if row in ends or rows[row]:
            yield row
