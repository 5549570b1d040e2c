"""Rows that people write in and below a list of their own and that are no data: totals, headings and notes.

A total is known by the word that a cell begins with, where something lacks that every row must have, or where that word
stands for what a row is of. A heading is one cell alone that names a group or a page, or the headers once more. A note
is more than one word in one cell alone, with no row of the list behind it.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from schakel.collect.headers import Column
from schakel.collect.layouts import Field, File
from schakel.engine.duck import literal

TOTAL = r"(sub|eind|groeps|school|jaar)?(totaal|totalen|gemiddelde?)([ :].*)?"
HEADING = r"((stam|les|basis)?groep|klas|pagina|page|blad|aantal|school|locatie|vestiging|periode|week|maand)[ :].*"
WORDS = r".*\pL{2}.*[ :].*|.*[ :].*\pL{2}.*"  # more than one word, or one with a colon
_LEAST = 3  # columns without which one cell alone is no sign of a note


@dataclass(frozen=True)
class NoData:
    """The SQL of such rows over the cells of a file; empty where the file has none.

    `anywhere` are those that are never data, `note` is only at the end of a list (`at_the_end`). `suspect` finds those
    among the rows in which nothing is wrong.
    """

    anywhere: str = ""
    note: str = ""
    suspect: str = ""

    def __bool__(self) -> bool:
        return bool(self.anywhere)


def no_data(file: File, fields: Mapping[str, tuple[Field, str]], columns: Sequence[Column], beside: int) -> NoData:
    """Of a file with these fields; `beside` is how many cells of a row are not of the sheet itself."""
    required = [c for f, c in fields.values() if f.required]
    if not required:
        return NoData()
    lacks = " OR ".join(f"{c} IS NULL" for c in required)
    texts = [(f, c) for f, c in fields.values() if f.required and f.type == "text" and not f.vocabulary]
    strange = [_like(c, TOTAL) for f, c in texts if f.pattern]  # so it is found among what is wrong already
    named = [_like(c, TOTAL) for f, c in texts if not f.pattern and len(file.key) == 1]  # a test may be called «Totaal»
    told = " OR ".join(_like(column.sql, TOTAL) for column in columns)
    again = [f"lower({c.sql}) = {literal(c.header.lower())}" for c in columns if c.header]
    anywhere = [f"({lacks}) AND ({told})", *strange, *named, _all(again)]
    suspect = [*named, *again[:1]]
    if len(columns) < _LEAST + beside:
        return NoData(_either(anywhere), "false", _either(suspect))
    cells = f"list_filter([{', '.join(c.sql for c in columns)}], lambda c: c IS NOT NULL)"
    alone = f"len({cells}) = {1 + beside} AND"
    note = f"{alone} {_like(f'{cells}[1]', WORDS)}"
    anywhere.append(f"{alone} {_like(f'{cells}[1]', HEADING)}")
    if len(required) == 1:  # then a row with one cell lacks nothing, but what it would be of has one word
        anywhere.append(note)
        suspect.append(f"contains({required[0]}, ' ')")
    return NoData(_either(anywhere), _either([note]), _either(suspect))


def _like(cell: str, pattern: str) -> str:
    return f"regexp_full_match(lower({cell}), '{pattern}')"


def _all(conditions: Sequence[str]) -> str:
    """True where every cell that is filled meets its own, and two of them are."""
    filled = " + ".join(f"CAST(coalesce({each}, false) AS INTEGER)" for each in conditions)
    return f"coalesce({' AND '.join(f'coalesce({each}, true)' for each in conditions)}, true) AND {filled} > 1"


def _either(conditions: Sequence[str]) -> str:
    return f"({' OR '.join(f'coalesce({each}, false)' for each in conditions)})"


def at_the_end(rows: Mapping[int, bool], count: int, of: Callable[[int], str]) -> Iterator[int]:
    """Of rows that may be no data (whether each surely is none) those that are, with the notes at the end.

    `count` is of all rows; `of` names what each is of, such as a sheet, and each of those has an end.
    """
    ends = set[int]()
    for row in sorted(rows, reverse=True):
        if row + 1 == count or row + 1 in ends or of(row) != of(row + 1):
            ends.add(row)
        if row in ends or rows[row]:
            yield row
