"""Files written as the source systems write them: zip of CSV, semicolon CSV in cp1252, spreadsheet."""

import codecs
import zipfile
from collections.abc import Iterator
from datetime import date, datetime
from pathlib import Path

import duckdb
import xlsxwriter

from schakel.engine.duck import literal

from .defects import patched
from .exports import Export

_CHUNK = 1 << 20
ALL_FILES = (
    "academicSessions", "categories", "classes", "classResources", "courses", "courseResources", "demographics",
    "enrollments", "lineItemLearningObjectiveIds", "lineItems", "lineItemScoreScales", "orgs", "resources",
    "resultLearningObjectiveIds", "results", "resultScoreScales", "roles", "scoreScales", "userProfiles",
    "userResources", "users",
)  # fmt: skip


def columns(con: duckdb.DuckDBPyConnection, export: Export) -> list[str]:
    """The headers of a file, in order; names that begin with _ are ours and stay behind."""
    described = con.execute(f"SELECT * FROM ({export.sql}) LIMIT 0").description or []
    return [name for name, *_ in described if not name.startswith("_")]


def _copy(con: duckdb.DuckDBPyConnection, export: Export, path: Path) -> int:
    query = patched(export, columns(con, export))
    options = rf"HEADER, DELIMITER {literal(export.delimiter)}, NEW_LINE '\r\n'"
    row = con.execute(f"COPY ({query}) TO {literal(path)} (FORMAT csv, {options})").fetchone()
    return int(row[0]) if row else 0


def _chunks(path: Path, encoding: str) -> Iterator[bytes]:
    """The bytes of a UTF-8 file in another encoding, a piece at a time."""
    decoder = codecs.getincrementaldecoder("utf-8")()
    encoder = codecs.getincrementalencoder(encoding)()
    with path.open("rb") as source:
        while piece := source.read(_CHUNK):
            yield encoder.encode(decoder.decode(piece)) if encoding != "utf-8" else piece


def csv_file(con: duckdb.DuckDBPyConnection, export: Export, path: Path, workshop: Path) -> int:
    """Write one CSV file, lines ending in CRLF; returns the number of rows under the header."""
    draft = workshop / "draft.csv"
    rows = _copy(con, export, draft)
    with path.open("wb") as target:
        target.writelines(_chunks(draft, export.encoding))
    draft.unlink()
    return rows


def _manifest(present: list[str]) -> str:
    pairs = [("manifest.version", "1.0"), ("oneroster.version", "1.2")]
    pairs += [(f"file.{name}", "bulk" if name in present else "absent") for name in ALL_FILES]
    pairs += [("source.systemName", "Oever LAS"), ("source.systemCode", "oever-las")]
    return "propertyName,value\r\n" + "".join(f"{name},{value}\r\n" for name, value in pairs)


def _entry(name: str, today: date) -> zipfile.ZipInfo:
    entry = zipfile.ZipInfo(name, (today.year, today.month, today.day, 6, 0, 0))
    entry.compress_type = zipfile.ZIP_DEFLATED
    entry.external_attr = 0o644 << 16
    return entry


def roster_zip(
    con: duckdb.DuckDBPyConnection, exports: list[Export], path: Path, workshop: Path, today: date
) -> dict[str, int]:
    """Write the OneRoster package; returns the rows per file. Files without rows stay out, as the standard asks."""
    counts: dict[str, int] = {}
    with zipfile.ZipFile(path, "w") as package:
        for export in exports:
            draft = workshop / export.file
            counts[export.name] = _copy(con, export, draft)
            if counts[export.name]:
                _add(package, draft, export.file, today)
            draft.unlink()
        manifest = _manifest([name for name, rows in counts.items() if rows])
        package.writestr(_entry("manifest.csv", today), manifest)
    return counts


def _add(package: zipfile.ZipFile, draft: Path, name: str, today: date) -> None:
    with package.open(_entry(name, today), "w", force_zip64=True) as member, draft.open("rb") as source:
        while piece := source.read(_CHUNK):
            member.write(piece)


def workbook(con: duckdb.DuckDBPyConnection, exports: list[Export], path: Path, today: date) -> dict[str, int]:
    """Write the sheets of one spreadsheet: dates as dates, numbers as numbers; returns the rows per sheet's query."""
    counts: dict[str, int] = {}
    with xlsxwriter.Workbook(path, {"default_date_format": "dd-mm-yyyy"}) as book:
        book.set_properties({"created": datetime(today.year, today.month, today.day)})
        heading = book.add_format({"bold": True})
        for export in exports:
            counts[export.name] = _sheet(con, export, book, heading)
    return counts


def _sheet(con: duckdb.DuckDBPyConnection, export: Export, book: xlsxwriter.Workbook, heading: object) -> int:
    sheet, names = book.add_worksheet(export.sheet), columns(con, export)
    chosen = ", ".join(f'"{name}"' for name in names)
    rows = con.execute(f"SELECT {chosen} FROM ({export.sql}) ORDER BY _row").fetchall()
    query = 'SELECT _row, "column", value FROM defect WHERE file = $1'
    wrong = {(row, column): value for row, column, value in con.execute(query, [export.name]).fetchall()}
    sheet.write_row(0, 0, names, heading)
    sheet.freeze_panes(1, 0)
    for line, row in enumerate(rows, start=1):
        for place, name in enumerate(names):
            _write(sheet, line, place, wrong.get((line + 1, name), row[place]), (line + 1, name) in wrong)
    sheet.autofit()
    return len(rows)


def _write(sheet: object, line: int, place: int, value: object, as_text: bool) -> None:
    if value is None:
        return
    if as_text or isinstance(value, str):
        sheet.write_string(line, place, str(value))  # type: ignore[attr-defined]
    elif isinstance(value, date):
        sheet.write_datetime(line, place, value)  # type: ignore[attr-defined]
    else:
        sheet.write_number(line, place, value)  # type: ignore[attr-defined]
