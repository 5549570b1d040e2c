"""Rows that tell of more days than one, in a file of which each row is read as one day: «Datum begin», «Datum eind»."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from schakel.connectors.column_kinds import SeenColumn
from schakel.connectors.dropped_files import Dropped
from schakel.connectors.proposals import Choices, plain
from schakel.connectors.targets import Target, synonyms
from schakel.connectors.written_values import day

LAST_DAY = "until"  # the field that makes each of the days count, where a target has it


@dataclass(frozen=True)
class SeveralDays:
    """How many rows last longer than the day that is read of them, and by which two columns that shows."""

    begin: str
    end: str
    rows: int


def several_days(target: Target, dropped: Dropped, seen: Sequence[SeenColumn], choices: Choices) -> SeveralDays | None:
    """The rows of which only the first day would be read; None where each is one day, as far as the columns tell."""
    place = choices.columns.get("date")
    if target.field("date") is None or place is None:
        return None
    begins = _days(dropped, place)
    for column in seen:
        if column.kind != "date" or plain(column.header) not in _ends() or column.place in choices.columns.values():
            continue
        pairs = zip(begins, _days(dropped, column.place), strict=True)
        rows = sum(first is not None and last is not None and last > first for first, last in pairs)
        if rows:
            return SeveralDays(seen[place].header, column.header, rows)
    return None


def _days(dropped: Dropped, place: int) -> list[date | None]:
    """The days of a column; the same text, which many rows share, is read once."""
    texts = dropped.column(place)
    known = {text: day(text, dropped.form.date) for text in set(texts)}
    return [known[text] for text in texts]


def _ends() -> frozenset[str]:
    return frozenset(plain(str(word)) for word in synonyms()["fields"][LAST_DAY])
