"""The rows of a file while a delivery is judged: in a nameless file in memory, in the parquet format.

Whoever asks for them reads a view with the name of the file. It has what was kept of each row, and as `rowid` the place
of the row among those that could be read, counted from 0: they come in that order only when asked to, for a join gives
them in any. Cells that are emptied afterwards are kept beside it.
"""

from collections.abc import Iterable, Mapping

import duckdb

from schakel.collect.streams import Buffer
from schakel.engine.duck import OutOfMemory, literal, quoted

MOST = 3 * 2**30  # bytes of one file, compressed: more does not fit beside the rest
# Without the filters that tell whether a value is in it at all: nobody asks, and making them takes a tenth of the time.
QUICK_FORM = "FORMAT parquet, COMPRESSION snappy, WRITE_BLOOM_FILTER false"
_FORM = f"{QUICK_FORM}, USE_TMP_FILE false"


class HeldRows:
    """The rows of one file; `made` has columns (quoted) that are worked out when asked for, with their SQL.

    Close it after use: its memory is of the process, and not of the engine.
    """

    def __init__(self, name: str, made: Mapping[str, str]) -> None:
        self.name, self.view, self.made = name, quoted(name), made
        self._parts = list[tuple[Buffer, int]]()
        self._changed = dict[str, str]()  # cell (quoted) -> the table of its changes: row, value

    def add(self, con: duckdb.DuckDBPyConnection, rows: str) -> int:
        """Keep what this SQL yields, in its order, after what was kept before; how many rows that are."""
        buffer = Buffer()
        try:
            found = con.execute(f"COPY ({rows}) TO {literal(buffer.path)} ({_FORM})").fetchone()
        except BaseException:
            buffer.close()
            raise
        count = int(found[0]) if found else 0
        self._parts.append((buffer, count))
        if sum(part.size for part, _count in self._parts) > MOST:
            raise OutOfMemory
        return count

    def show(self, con: duckdb.DuckDBPyConnection) -> None:
        """Make the view, of all rows as they are by now."""
        before, starts = 0, list[int]()
        for _buffer, count in self._parts:
            starts.append(before)
            before += count
        paths = ", ".join(literal(buffer.path) for buffer, _count in self._parts)
        place = f"file_row_number + {starts}[CAST(file_index AS BIGINT) + 1]" if len(starts) > 1 else "file_row_number"
        made = "".join(f", {sql} AS {column}" for column, sql in self.made.items())
        rows = f"SELECT {place} AS rowid, *{made} FROM read_parquet([{paths}])"
        con.execute(f"CREATE OR REPLACE VIEW {self.view} AS {self._as_changed(rows) if self._changed else rows}")

    def _as_changed(self, rows: str) -> str:
        cells, joins = list[str](), list[str]()
        for at, (cell, table) in enumerate(self._changed.items()):
            cells.append(f"CASE WHEN c{at}.row IS NULL THEN b.{cell} ELSE c{at}.value END AS {cell}")
            joins.append(f"LEFT JOIN {table} AS c{at} ON c{at}.row = b.rowid")
        return f"SELECT b.* REPLACE ({', '.join(cells)}) FROM ({rows}) AS b {' '.join(joins)}"

    def empty(self, con: duckdb.DuckDBPyConnection, cells: Iterable[str], rows: str) -> None:
        """Leave these cells (quoted) empty in the rows that this SQL names (row)."""
        con.execute(f"CREATE OR REPLACE TEMP TABLE emptied AS SELECT DISTINCT row FROM ({rows})")
        for cell in cells:
            self.put(con, cell, "SELECT row, NULL AS value FROM emptied")

    def put(self, con: duckdb.DuckDBPyConnection, cell: str, rows: str) -> None:
        """Put another value in this cell (quoted) in the rows that this SQL names once each (row, value)."""
        con.execute(f"CREATE OR REPLACE TEMP TABLE fresh AS {rows}")
        table = self._changed.get(cell)
        if table is None:
            table = self._changed[cell] = quoted(f"changed {self.name} {len(self._changed)}")
            kept = f"SELECT CAST(0 AS BIGINT) AS row, {cell} AS value FROM {self.view} WHERE false"
            con.execute(f"CREATE TEMP TABLE {table} AS {kept}")
        con.execute(f"DELETE FROM {table} WHERE row IN (SELECT row FROM fresh)")
        con.execute(f"INSERT INTO {table} SELECT row, value FROM fresh")
        self.show(con)

    def close(self) -> None:
        """Forget the rows and let go of their memory; others may be added after it."""
        for buffer, _count in self._parts:
            buffer.close()
        self._parts.clear()
