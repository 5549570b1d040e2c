"""Files that a board exports itself, read through a mapping declared in YAML: own headers, semicolons, sheets."""

from __future__ import annotations

import codecs
import re
from dataclasses import replace
from typing import TYPE_CHECKING

from schakel.collect.findings import Finding, finding
from schakel.collect.layouts import Layout
from schakel.collect.listings import Entry, Listing
from schakel.collect.packages import Package, PackageFile
from schakel.lib.errors import Unreadable
from schakel.lib.text import gettext as _

if TYPE_CHECKING:
    from schakel.collect.providers import Provider
    from schakel.connectors.mapped_layout import Mapping

RANK = 20


def recognised(found: Listing) -> Package | None:
    """The package, when it is one file whose name and headers fit a mapping. Raises Unreadable for a known misfit."""
    from schakel.connectors.mapped_layout import mappings  # reading YAML costs start-up time
    from schakel.connectors.near import refuse_near

    if found.path.is_dir() and (tells := next((e for e in found.entries if e.path == "declared.json"), None)):
        from schakel.connectors.declared import package

        return package(found, tells)
    refuse_near(found)
    entries = [entry for entry in found.entries if not entry.bycatch]
    if len(entries) != 1:
        return None
    entry = entries[0]
    known = next((m for m in mappings() if m.fits(entry.name)), None)
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
    return _text(found, entry, known) if known.kind == "csv" else _workbook(found, entry, known)


def _text(found: Listing, entry: Entry, known: Mapping) -> Package:
    name = next(iter(known.layout.files))
    part = PackageFile(name, entry, entry.name, "bulk", known.format, derived=known.derived[name])
    if known.header_row > 1:
        return Package(found.path, known.layout, found, {name: part})
    head = _first_line(entry.head(2**14))
    known_headers = {f.source.casefold() for f in known.layout.files[name].fields}
    cells = {cell.strip().strip('"').casefold() for cell in head.split(known.format.delimiter)}
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
    from schakel.connectors.spreadsheets import sheet_text, workbook  # opening a workbook costs start-up time

    if entry.packed:
        raise Unreadable(_("Pak het werkboek eerst uit."), where=entry.path)
    book = workbook(entry)
    wanted = {sheet: name for name, sheet in known.sheets.items()}
    by_fold = {sheet.strip().casefold(): sheet for sheet in book.sheet_names}
    told: list[Finding] = [
        finding("sheet-unknown", f"{entry.name}#{s}", found=s)
        for s in book.sheet_names
        if s.strip().casefold() not in _folded(wanted)
    ]
    parts = {}
    for sheet, name in wanted.items():
        there = by_fold.get(sheet.casefold())
        if there is None:
            told.append(finding("sheet-missing", entry.name, expected=sheet))
            continue
        text = sheet_text(entry, book, there, known.date_format, known.decimal, known.header_row)
        comma = replace(known.format, delimiter=",", encoding="utf-8")
        parts[name] = PackageFile(name, text, text.path, "bulk", comma, derived=known.derived[name])
    if not parts:
        raise Unreadable(_("In dit werkboek staat geen enkel bekend werkblad."), where=entry.name)
    return Package(found.path, known.layout, found, parts, tuple(told))


def _folded(names: dict[str, str]) -> set[str]:
    return {name.casefold() for name in names}
