"""Demo boards for the tests: made once a session, their files opened as tables of text."""

import atexit
import csv
import io
import zipfile
from datetime import date, datetime
from functools import cache, cached_property
from pathlib import Path
from tempfile import TemporaryDirectory, mkdtemp

import duckdb
from python_calamine import CalamineWorkbook

from schakel.kits.demo_board import Generated, generate

TODAY = date(2026, 11, 23)
ENCODINGS = {
    "verzuim": "cp1252",
    "meldingen": "cp1252",
    "rooster": "utf-8-sig",
    "vakanties": "utf-8",
    "adviezen": "cp1252",
    "financien": "cp1252",
}

# What the tests ask for again and again: who sits in which class, who was away when, who scored what.
_VIEWS = """
CREATE VIEW sat AS
SELECT e.*, c.title AS class, c.classType AS kind, c.grades, c.termSourcedIds[:6] AS year, o.name AS school,
  o."metadata.sector" AS sector, split_part(u.email, '@', 1) AS person
FROM enrollments e JOIN classes c ON c.sourcedId = e.classSourcedId JOIN orgs o ON o.sourcedId = e.schoolSourcedId
JOIN users u ON u.sourcedId = e.userSourcedId;
CREATE VIEW held AS
SELECT r.*, o.name AS place, o."metadata.sector" AS sector, split_part(u.email, '@', 1) AS person
FROM roles r JOIN users u ON u.sourcedId = r.userSourcedId JOIN orgs o ON o.sourcedId = r.orgSourcedId;
CREATE VIEW away AS
SELECT v.*, try_strptime(Datum, '%d-%m-%Y')::DATE AS day, o.sourcedId AS org, o.name AS school,
  o."metadata.sector" AS sector, u.sourcedId AS pupil,
  coalesce(replace(Klokuren, ',', '.')::DOUBLE, Lesuren::DOUBLE) AS hours
FROM verzuim v JOIN orgs o ON o.identifier = v.Vestiging JOIN users u ON u.identifier = v.Leerlingnummer;
CREATE VIEW scored AS
SELECT r.*, i.title AS test, k.title AS category, o.name AS school, i.resultValueMin AS low, i.resultValueMax AS high,
  i.classSourcedId AS class
FROM results r JOIN lineItems i ON i.sourcedId = r.lineItemSourcedId JOIN orgs o ON o.sourcedId = i.schoolSourcedId
JOIN categories k ON k.sourcedId = i.categorySourcedId;
"""


class Opened:
    """The files of a generated board. `con` holds every file as a table of text, named as the file without its date
    (a sheet as `personeel_Verzuim`)."""

    def __init__(self, made: Generated) -> None:
        self.made = made

    @cached_property
    def members(self) -> dict[str, bytes]:
        with zipfile.ZipFile(self.made.files["las"]) as package:
            return {name: package.read(name) for name in package.namelist()}

    @cached_property
    def sheets(self) -> dict[str, list[list[object]]]:
        book = CalamineWorkbook.from_path(self.made.files["personeel"])
        return {name: book.get_sheet_by_name(name).to_python() for name in book.sheet_names}

    @cached_property
    def texts(self) -> dict[str, tuple[str, str]]:
        """Every CSV file as it reads, with its delimiter; called as findings call them."""
        found = {name: (content.decode("utf-8"), ",") for name, content in self.members.items()}
        paths = {self.made.files[kind]: encoding for kind, encoding in ENCODINGS.items()}
        return found | {path.name: (path.read_bytes().decode(encoding), ";") for path, encoding in paths.items()}

    @cached_property
    def lines(self) -> dict[str, list[list[str]]]:
        """Every file as rows of text, the header first."""
        return {name: _rows(text, delimiter) for name, (text, delimiter) in self.texts.items()} | self._sheet_lines

    @cached_property
    def _sheet_lines(self) -> dict[str, list[list[str]]]:
        book = self.made.files["personeel"].name
        return {
            f"{book}#{name}": [[_shown(cell) for cell in row] for row in rows] for name, rows in self.sheets.items()
        }

    @cached_property
    def con(self) -> duckdb.DuckDBPyConnection:
        con = duckdb.connect()
        for name, (text, delimiter) in self.texts.items():
            _fill(con, name, text, delimiter)
        for name, rows in self._sheet_lines.items():
            draft = io.StringIO(newline="")
            csv.writer(draft).writerows(rows)
            _fill(con, name, draft.getvalue(), ",")
        con.execute(_VIEWS)
        atexit.register(con.close)
        return con

    def all(self, sql: str) -> list[tuple[object, ...]]:
        return self.con.execute(sql).fetchall()

    def one(self, sql: str) -> object:
        return self.all(sql)[0][0]

    def count(self, sql: str) -> int:
        """A number that the query asks, rounded down."""
        return int(float(str(self.one(sql))))


def _rows(text: str, delimiter: str) -> list[list[str]]:
    return list(csv.reader(io.StringIO(text, newline=""), delimiter=delimiter))


def _shown(cell: object) -> str:
    if isinstance(cell, date | datetime):
        return cell.strftime("%d-%m-%Y")
    return str(int(cell)) if isinstance(cell, float) and cell.is_integer() else str(cell)


def _fill(con: duckdb.DuckDBPyConnection, name: str, text: str, delimiter: str) -> None:
    """A file as a table of text, whatever the values look like; nothing between two delimiters is NULL."""
    table = name.partition("_")[0].removesuffix(".csv") + ("_" + name.partition("#")[2]).rstrip("_")
    columns = dict.fromkeys(_rows(text[: text.index("\r\n")], delimiter)[0], "VARCHAR")
    read = (
        f"read_csv($path, header = true, auto_detect = false, delim = '{delimiter}', quote = '\"', columns = {columns})"
    )
    with TemporaryDirectory() as folder:
        draft = Path(folder) / "rows.csv"
        draft.write_text(text, encoding="utf-8", newline="")
        con.execute(f'CREATE TABLE "{table}" AS FROM {read}', {"path": str(draft)})


def board(
    pupils: int = 1000, facts: int | None = None, defects: float = 0.0, seed: int = 1, today: date = TODAY
) -> Opened:
    """A generated board, the same one for every test that asks for it."""
    return _board(pupils, facts, defects, seed, today)


@cache
def _board(pupils: int, facts: int | None, defects: float, seed: int, today: date) -> Opened:
    folder = Path(mkdtemp(prefix="board-"))
    return Opened(generate(folder, pupils=pupils, facts=facts, defects=defects, seed=seed, today=today))
