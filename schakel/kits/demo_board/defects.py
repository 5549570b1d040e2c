"""Mistakes planted on purpose, no two on one row, each written down so that findings can be held against truth."""

from dataclasses import dataclass

import duckdb

from schakel.engine.duck import literal, quoted

from .exports import DUPLICATE, Export, Flaw

_PREPARE = """
CREATE TABLE defect(file VARCHAR, flaw INTEGER, _row BIGINT, "column" VARCHAR, value VARCHAR, other_row BIGINT);
CREATE TABLE touched(file VARCHAR, _row BIGINT);
"""
_TOUCH = "INSERT INTO touched SELECT file, unnest([_row, other_row]) FROM defect WHERE file = $1 AND flaw = $2"
_PLANTED = "SELECT flaw, _row, value, other_row FROM defect WHERE file = $1 ORDER BY _row"


@dataclass(frozen=True)
class Defect:
    """One planted mistake: `row` is the line in the file (header is 1), `value` what stands there now.

    `rule` and `action` are what a check reports; `found_in` says what it must hold beside the file to see it.
    """

    file: str
    sheet: str
    row: int
    column: str
    kind: str
    rule: str
    action: str
    found_in: str
    value: str | None
    other_row: int | None = None


def prepare(con: duckdb.DuckDBPyConnection) -> None:
    """Make the empty tables of mistakes."""
    con.execute(_PREPARE)


def plant(con: duckdb.DuckDBPyConnection, export: Export, rate: float) -> None:
    """Choose rows and wrong values for one file: `rate` of its rows over all kinds, at least one of each kind."""
    if rate <= 0 or not export.flaws:
        return
    each = max(1, round(rate * _rows(con, export) / len(export.flaws)))
    for number, flaw in sorted(enumerate(export.flaws), key=lambda pair: pair[1].kind != DUPLICATE):
        chosen = _duplicates(export, flaw) if flaw.kind == DUPLICATE else _changes(export, flaw)
        con.execute(f"INSERT INTO defect {chosen} LIMIT {each}", [export.name, number])
        con.execute(_TOUCH, [export.name, number])


def _rows(con: duckdb.DuckDBPyConnection, export: Export) -> int:
    row = con.execute(f"SELECT count(*) FROM ({export.sql})").fetchone()
    return int(row[0]) if row else 0


def _shuffled(export: Export, flaw: Flaw, row: str) -> str:
    return f"ORDER BY u({row}, {literal(f'{export.name} {flaw.column} {flaw.kind}')}), {row}"


def _changes(export: Export, flaw: Flaw) -> str:
    """Rows that this mistake can be made in and that carry no other, in the order of chance."""
    return f"""
      SELECT $1::VARCHAR, $2::INTEGER, _row, {literal(flaw.column)}, {flaw.value}, NULL FROM ({export.sql})
      WHERE ({flaw.where}) AND _row NOT IN (SELECT _row FROM touched WHERE file = $1 AND _row IS NOT NULL)
      {f"QUALIFY row_number() OVER (PARTITION BY {flaw.apart} ORDER BY _row) = 1" if flaw.apart else ""}
      {_shuffled(export, flaw, "_row")}"""


def _duplicates(export: Export, flaw: Flaw) -> str:
    """The key of the row above, which stays right. Pairs begin on even rows; neither row gets another mistake."""
    return f"""
      WITH line AS (SELECT _row, {quoted(flaw.column)} AS key, {flaw.where} AS fits FROM ({export.sql}))
      SELECT $1::VARCHAR, $2::INTEGER, b._row, {literal(flaw.column)}, a.key, a._row
      FROM line a JOIN line b ON b._row = a._row + 1 WHERE a._row % 2 = 0 AND b.fits
      {_shuffled(export, flaw, "b._row")}"""


def planted(con: duckdb.DuckDBPyConnection, export: Export, file: str) -> list[Defect]:
    """The mistakes in one file, by row."""
    found = []
    for number, row, value, other in con.execute(_PLANTED, [export.name]).fetchall():
        flaw = export.flaws[number]
        what = (flaw.column, flaw.kind, flaw.rule, flaw.action, flaw.found_in)
        found.append(Defect(file, export.sheet, row, *what, value, other))
    return found


def patched(export: Export, columns: list[str]) -> str:
    """The query of the file with the mistakes in their place; a column in which mistakes lie becomes text."""
    flawed = {flaw.column for flaw in export.flaws}
    shown = ", ".join(_cell(column) if column in flawed else f"e.{quoted(column)}" for column in columns)
    return f"""SELECT {shown} FROM ({export.sql}) e
      LEFT JOIN (SELECT * FROM defect WHERE file = {literal(export.name)}) d ON d._row = e._row ORDER BY e._row"""


def _cell(column: str) -> str:
    name = quoted(column)
    return f'CASE WHEN d."column" = {literal(column)} THEN d.value ELSE e.{name}::VARCHAR END AS {name}'
