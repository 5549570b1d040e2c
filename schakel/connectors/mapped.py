"""Files that a board exports itself, read through a mapping declared in YAML: own headers, semicolons, sheets."""

from __future__ import annotations

import codecs
import re
from dataclasses import replace
from typing import TYPE_CHECKING

from schakel.collect.findings import Finding, finding
from schakel.collect.layouts import Layout
from schakel.collect.listings import Entry, Listing
from schakel.collect.packages import Package
from schakel.connectors.made_rows import ALL, SHEET
from schakel.lib.cells import unwrapped
from schakel.lib.errors import Unreadable
from schakel.lib.text import gettext as _

if TYPE_CHECKING:
    from schakel.collect.providers import Provider
    from schakel.connectors.books import Book
    from schakel.connectors.mapped_layout import Mapping

MAX_WIDE = 32 * 2**20  # of a text whose columns become rows: it is held as a whole, and so is what is made of it
RANK = 20


def recognised(found: Listing) -> Package | None:
    """The package, when it is one file whose name and headers fit a mapping. Raises Unreadable for a known misfit."""
    from schakel.connectors.mapped_layout import known_as  # reading YAML costs start-up time
    from schakel.connectors.near import refuse_near

    if found.path.is_dir() and (tells := next((e for e in found.entries if e.path == "declared.json"), None)):
        from schakel.connectors.declared import package

        return package(found, tells)
    refuse_near(found)
    entries = [entry for entry in found.entries if not entry.bycatch]
    if len(entries) != 1:
        return None
    entry = entries[0]
    known = known_as(entry.name)
    if known is None:
        return None
    return read_as(found, entry, known)


def provider(kind: str) -> Provider | None:
    """Who fetches what a declaration or a mapping reads; None for another kind."""
    from schakel.connectors.ways_in import way_in  # checking a file does not need it

    return way_in(kind)


def known_layout(name: str, _version: str) -> Layout | None:
    """The layout of a mapping; None for another name."""
    from schakel.connectors.mapped_layout import mappings  # reading YAML costs start-up time

    return next((known.layout for known in mappings() if known.layout.name == name), None)


def read_as(found: Listing, entry: Entry, known: Mapping) -> Package:
    """One file as this mapping declares it. Raises Unreadable for a file that is something else."""
    known = known.of(entry.name)
    if entry.is_workbook and ALL in known.sheets.values():
        return _stacked(found, entry, known)
    if known.wide:
        return _wide(found, entry, known)
    return _workbook(found, entry, known) if entry.is_workbook else _text(found, entry, known)


def _text(found: Listing, entry: Entry, known: Mapping) -> Package:
    name = next(iter(known.layout.files))
    part = known.part(name, entry, entry.name, known.format)
    if known.header_row > 1:
        return Package(found.path, known.layout, found, {name: part})
    head = _first_line(entry.head(2**14))
    known_headers = {h.strip('"').casefold() for f in known.layout.files[name].fields for h in (f.source, *f.also)}
    cells = {unwrapped(cell).strip().strip('"').casefold() for cell in head.split(known.format.delimiter)}
    if not cells & known_headers:
        message = _("De naam past bij «%(title)s», maar geen enkele kolomkop is bekend.") % {
            "title": known.layout.title
        }
        raise Unreadable(
            message, where=entry.name, hint=_("Staat er het goede scheidingsteken in, en is het de goede uitvoer?")
        )
    return Package(found.path, known.layout, found, {name: part})


def _first_line(start: bytes) -> str:
    """The line with the headers; which letters these are matters little, where one ends and the next begins does."""
    if start.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        text = start.decode("utf-16", "ignore")
    else:
        text = start.removeprefix(codecs.BOM_UTF8).decode("cp1252", "replace")
    return re.split(r"[\r\n]", text.lstrip(), maxsplit=1)[0]


def _workbook(found: Listing, entry: Entry, known: Mapping) -> Package:
    from schakel.connectors.spreadsheets import Reading, sheet_findings, sheet_text

    book, sheets, told = _opened(entry, known)
    parts = {}
    for name, sheet in sheets.items():
        columns = {f.source.casefold() for f in known.layout.files[name].fields}
        reading = Reading.of(entry, book, sheet, known.header_row)
        text = sheet_text(reading, known.date_format, known.decimal)
        told += sheet_findings(reading, book, columns)
        comma = replace(known.format, delimiter=",", encoding="utf-8")
        parts[name] = known.part(name, text, text.path, comma)
    return Package(found.path, known.layout, found, parts, tuple(told))


def _stacked(found: Listing, entry: Entry, known: Mapping) -> Package:
    """A workbook whose sheets have one table together, of which each finding names its sheet."""
    from schakel.connectors.spreadsheets import SheetText
    from schakel.connectors.stacked import Written, stacked

    name = next(iter(known.layout.files))
    wanted, wished = known.headers_of(name)
    form = Written(known.header_row, known.date_format, known.decimal, known.wide)
    sheets = stacked(entry, _book(entry), form, wanted - {SHEET}, sorted(wished - {SHEET}), known.other_sheets)
    if SHEET not in wanted | wished:
        sheets.made.without(SHEET)
    content = sheets.made.text()
    text = SheetText(entry.name, len(content), entry.disk, content=content)
    comma = replace(known.format, delimiter=",", encoding="utf-8", above=0)
    part = known.part(name, text, entry.name, comma, sheets.made.origin(known.header_row))
    return Package(found.path, known.layout, found, {name: part}, tuple(sheets.told))


def _book(entry: Entry) -> Book:
    from schakel.connectors.spreadsheets import workbook  # opening a workbook costs start-up time

    if entry.packed:
        raise Unreadable(_("Pak het werkboek eerst uit."), where=entry.path)
    return workbook(entry)


def _opened(entry: Entry, known: Mapping) -> tuple[Book, dict[str, str], list[Finding]]:
    """A workbook, which sheet is which relation, and what is odd about the sheets that there are."""
    book = _book(entry)
    wanted = {name: sheet or next(iter(book.visible or book.sheets), "") for name, sheet in known.sheets.items()}
    by_fold = {sheet.strip().casefold(): sheet for sheet in book.sheets}
    folded = {sheet.casefold() for sheet in wanted.values()}
    told: list[Finding] = [
        finding("sheet-unknown", f"{entry.name}#{s}", found=s)
        for s in book.sheets
        if s.strip().casefold() not in folded
    ]
    there = {name: by_fold[sheet.casefold()] for name, sheet in wanted.items() if sheet.casefold() in by_fold}
    told += [finding("sheet-missing", entry.name, expected=s) for n, s in wanted.items() if n not in there]
    if not there:
        raise Unreadable(_("In dit werkboek staat geen enkel bekend werkblad."), where=entry.name)
    return book, there, told


def _wide(found: Listing, entry: Entry, known: Mapping) -> Package:
    """A wide overview as a text with a row per filled cell or school year; each finding points at the cell itself."""
    from schakel.connectors.dropped_files import text_cells
    from schakel.connectors.spreadsheets import (
        Reading,
        SheetText,
        cell_texts,
        refuse_more_than_held,
        sheet_findings,
    )
    from schakel.connectors.unfolding import unfolded

    assert known.wide is not None  # noqa: S101 it is why we are here
    name, label, told = next(iter(known.layout.files)), entry.name, list[Finding]()
    form = known.date_format.partition("|")[0].replace("%-", "%")
    if entry.is_workbook:
        book, sheets, told = _opened(entry, known)
        refuse_more_than_held(book, [sheets[name]])
        reading = Reading.of(entry, book, sheets[name], known.header_row)
        label, cells = reading.label, cell_texts(reading.table, form, known.decimal)
        told += sheet_findings(reading, book)
        lines = list(range(1, len(cells) + 1))
    elif entry.size > MAX_WIDE:
        message = _("Een overzicht met een kolom per dag, les of toets mag %(n)s MB zijn; dit bestand is groter.")
        raise Unreadable(message % {"n": MAX_WIDE >> 20}, code="size", where=entry.name)
    else:
        cells, lines = text_cells(b"".join(entry.chunks()), known.format.encoding, known.format.delimiter, entry.name)
    at = next((at for at, line in enumerate(lines) if line >= known.header_row), None)
    if at is None:
        raise Unreadable(_("Die koprij is er niet: het bestand heeft minder regels."), where=entry.name)
    made = unfolded(cells, lines, at, known.wide, entry.name, form)
    told += [finding("ragged-row", label, row=line, expected=str(len(cells[at]))) for line in made.ragged]
    content = made.text()
    text = SheetText(label, len(content), entry.disk, content=content)
    comma = replace(known.format, delimiter=",", encoding="utf-8", above=0)
    part = known.part(name, text, label, comma, made.origin(known.header_row))
    return Package(found.path, known.layout, found, {name: part}, tuple(told))
