"""What there is in a file once it is read, counted in one scan: most of what could be wrong need not be looked for."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import duckdb

from schakel.engine.duck import quoted

FEW = 100_000  # rows whose keys are told apart in the same scan; of more it is left open whether one comes twice


@dataclass(frozen=True)
class Tally:
    """Rows with something wrong, with a status, with a moment; whether a key may come twice; and per column a count.

    `filled` counts the rows that have each reference, `numbers` the values that could be a citizen service number.
    """

    wrong: int
    status: int
    moments: int
    twice: bool
    filled: Mapping[str, int]
    numbers: Sequence[int]


def tallied(
    con: duckdb.DuckDBPyConnection, name: str, rows: int, key: str, references: Sequence[str], numbers: Sequence[str]
) -> Tally:
    """The counts of the file of this name, which has so many rows; `key` and `numbers` are SQL."""
    twice = f"count({key}) > count(DISTINCT {key})" if rows <= FEW else "true"
    counts = ["count(_text)", "count(_status)", "count(*) FILTER (_moment)", twice]
    counts += [*(f"count({quoted(each)})" for each in references), *numbers]
    found = con.execute(f"SELECT {', '.join(counts)} FROM {quoted(name)}").fetchone() if rows else None
    wrong, status, moments, again, *rest = found or (0, 0, 0, False, *([0] * (len(counts) - 4)))
    filled = dict(zip(references, rest, strict=False))
    return Tally(wrong, status, moments, again, filled, rest[len(references) :])
