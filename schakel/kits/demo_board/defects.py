"""Mistakes planted on purpose, no two on one row, each written down so that findings can be held against truth."""

from dataclasses import dataclass

import duckdb

from schakel.engine.duck import literal, quoted

from .exports import Export, Flaw


@dataclass(frozen=True)
class Defect:
    """One planted mistake: `row` is the line in the file (header is 1), `value` what stands there now."""

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


_TABLES = """
CREATE OR REPLACE TABLE defect(relation VARCHAR, _row BIGINT, "column" VARCHAR, kind VARCHAR, value VARCHAR, other_row BIGINT);
CREATE OR REPLACE TABLE touched(relation VARCHAR, _row BIGINT);
"""


def prepare(con: duckdb.DuckDBPyConnection) -> None:
    """Make the empty tables of mistakes."""
    con.execute(_TABLES)


def plant(con: duckdb.DuckDBPyConnection, export: Export, rate: float) -> None:
    """Choose rows and wrong values for one file: `rate` of its rows over all kinds, at least one of each kind."""
    if rate <= 0 or not export.flaws:
        return
    rows = _count(con, export)
    each = max(1, round(rate * rows / len(export.flaws)))
    for flaw in sorted(export.flaws, key=lambda f: f.kind != "duplicate key"):
        con.execute(_duplicates(export, flaw, each) if flaw.kind == "duplicate key" else _changed(export, flaw, each))
        con.execute(
            "INSERT INTO touched SELECT relation, unnest([_row, other_row]) FROM defect WHERE relation = $1 AND kind = $2",
            [export.relation, flaw.kind],
        )


def _count(con: duckdb.DuckDBPyConnection, export: Export) -> int:
    row = con.execute(f"SELECT count(*) FROM ({export.sql})").fetchone()
    return int(row[0]) if row else 0


def _free(export: Export) -> str:
    return f"_row NOT IN (SELECT _row FROM touched WHERE relation = {literal(export.relation)} AND _row IS NOT NULL)"


def _order(export: Export, flaw: Flaw) -> str:
    return f"ORDER BY u(_row, {literal(f'{export.relation} {flaw.column} {flaw.kind} {flaw.value}')}), _row"


def _changed(export: Export, flaw: Flaw, count: int) -> str:
    return f"""INSERT INTO defect SELECT {literal(export.relation)}, _row, {literal(flaw.column)}, {literal(flaw.kind)}, {flaw.value}, NULL
      FROM (SELECT * FROM ({export.sql}) WHERE ({flaw.where}) AND {_free(export)} {_order(export, flaw)} LIMIT {count})"""


def _duplicates(export: Export, flaw: Flaw, count: int) -> str:
    """The key of the row above; both rows are free of other mistakes, so pairs begin on even rows."""
    key = quoted(flaw.column)
    return f"""INSERT INTO defect
      WITH fit AS (SELECT _row, {key} AS key FROM ({export.sql}) WHERE {flaw.where})
      SELECT {literal(export.relation)}, b._row, {literal(flaw.column)}, {literal(flaw.kind)}, a.key, a._row
      FROM fit a JOIN fit b ON b._row = a._row + 1 WHERE a._row % 2 = 0 {_order(export, flaw).replace("_row", "b._row")} LIMIT {count}"""


def planted(con: duckdb.DuckDBPyConnection, export: Export, file: str) -> list[Defect]:
    """The mistakes in one file, by row."""
    rows = con.execute(
        'SELECT _row, "column", kind, value, other_row FROM defect WHERE relation = $1 ORDER BY _row', [export.relation]
    ).fetchall()
    flaws = {(flaw.column, flaw.kind): flaw for flaw in export.flaws}
    found = []
    for row, column, kind, value, other in rows:
        flaw = flaws[column, kind]
        found.append(Defect(file, export.sheet, row, column, kind, flaw.rule, flaw.action, flaw.found_in, value, other))
    return found


def patched(export: Export, columns: list[str]) -> str:
    """The query of the file with the mistakes in their place; all columns as text where a mistake lies."""
    flawed = {flaw.column for flaw in export.flaws}
    shown = [_cell(column, column in flawed) for column in columns]
    return f"""SELECT {", ".join(shown)} FROM ({export.sql}) e
      LEFT JOIN (SELECT * FROM defect WHERE relation = {literal(export.relation)}) d ON d._row = e._row ORDER BY e._row"""


def _cell(column: str, flawed: bool) -> str:
    name = quoted(column)
    if not flawed:
        return f"e.{name}"
    return f'CASE WHEN d."column" = {literal(column)} THEN d.value ELSE e.{name}::VARCHAR END AS {name}'
