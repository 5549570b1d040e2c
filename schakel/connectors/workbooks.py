"""Looking inside a workbook before it is opened: how far its cells reach, and what they are made of.

Opening one makes a table of as many cells as lie between the first and the last, so a file of a few kilobytes with a
cell in the last corner of a sheet would take all memory: the reader of cells then ends the whole process. So whatever
that reader could take otherwise than we do (a name of another vocabulary, a place that is none, two parts of one name)
is looked at by its bare name, or refused. Nothing here is kept; the XML is read in a stream.
"""

import io
import lzma
import re
import zipfile
import zlib
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import zip_longest
from typing import IO, Any

from lxml import etree

from schakel.lib.errors import Unreadable
from schakel.lib.text import gettext as _
from schakel.lib.text import number

_AT = re.compile(r"([A-Z]{1,3})(\d{1,7})")
_TAB = re.compile(rb"<text:tab(?:\s[^>]*)?/>")
_PIECE = 2**20
# What unpacking and reading raise for damaged bytes, whichever way a part was packed.
_DAMAGED = (
    zipfile.BadZipFile, zlib.error, lzma.LZMAError, EOFError, etree.XMLSyntaxError, OSError, KeyError, ValueError,
    IndexError, NotImplementedError, RuntimeError,
)  # fmt: skip
Corner = tuple[int, int]  # row and column, counted from 1


@dataclass(frozen=True)
class Limits:
    """How large a workbook may be: bytes as it lies there, bytes when unpacked, and how far a sheet reaches.

    `cells`: up to the last row and column with one, empty ones counted; a table of so many is made. None: what fits.
    `filled`: of one sheet, and `signs`: of the texts in all cells together, each as often as it stands there, for one
    text of a few kilobytes may stand in a hundred thousand cells. `marks`: formulas and joined cells of one sheet, of
    each of which the place is kept.
    """

    packed: int
    unpacked: int
    rows: int
    columns: int
    parts: int = 2000
    cells: int | None = None
    filled: int = 6_000_000
    signs: int = 2**27
    marks: int = 2_000_000


@dataclass
class Inside:
    """One sheet: the last row and column with a cell, how many are filled and with how much text, and which are more
    than a value."""

    name: str
    rows: int = 0
    columns: int = 0
    filled: int = 0
    signs: int = 0
    formulas: set[Corner] = field(default_factory=set)
    without_value: set[Corner] = field(default_factory=set)  # a formula that was never computed, or gives an error
    merged: list[tuple[Corner, Corner]] = field(default_factory=list)


def look_inside(content: bytes, name: str, limits: Limits) -> list[Inside]:
    """The sheets of an XLSX or ODS file. Raises Unreadable for what is damaged, locked or beyond the limits."""
    if len(content) > limits.packed:
        text = _("Dit werkboek is groter dan %(n)s MB.")
        raise Unreadable(text % {"n": limits.packed // 2**20}, code="size", where=name)
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as parts:
            _weigh(parts, name, limits)
            sheets = list(_ods(parts, name, limits) if _is_ods(parts) else _xlsx(parts, name, limits))
    except _DAMAGED as error:
        raise Unreadable(_("Dit werkboek is beschadigd of met een wachtwoord gesloten."), where=name) from error
    for sheet in sheets:
        if limits.cells is not None and sheet.rows * sheet.columns > limits.cells:
            text = _("Dit werkblad is te groot: tot de laatste cel mogen er %(n)s cellen liggen, lege meegeteld.")
            hint = _("Verwijder wat ver buiten de tabel staat, ook opmaak, of bewaar het blad als CSV.")
            where = f"{name}#{sheet.name}"
            raise Unreadable(text % {"n": number(limits.cells)}, code="size", where=where, hint=hint)
    refuse_heavy(sheets, name, limits)
    return sheets


def refuse_heavy(sheets: Iterable[Inside], name: str, limits: Limits) -> None:
    """Raise Unreadable for more filled cells, or more text in them, than can be held at once."""
    signs = 0
    for sheet in sheets:
        signs += sheet.signs
        if _is_heavy(sheet, limits) or signs > limits.signs:
            raise _heavy(sheet, name, limits)


def _is_heavy(sheet: Inside, limits: Limits) -> bool:
    marks = len(sheet.formulas) + len(sheet.merged)
    return sheet.filled > limits.filled or sheet.signs > limits.signs or marks > limits.marks


def _heavy(sheet: Inside, name: str, limits: Limits) -> Unreadable:
    text = _("Dit werkblad is te groot: het heeft meer dan %(n)s gevulde cellen, of te veel tekst daarin.")
    hint = _("Bewaar het blad als CSV, of neem er een deel van.")
    where = f"{name}#{sheet.name}"
    return Unreadable(text % {"n": number(limits.filled)}, code="size", where=where, hint=hint)


def with_tabs(content: bytes) -> bytes:
    """The file with each tab of an ODS as the sign itself: the reader of cells passes over the element for it.

    To be used after `look_inside`, which weighs the file.
    """
    with zipfile.ZipFile(io.BytesIO(content)) as parts:
        cells = parts.read("content.xml") if "content.xml" in parts.namelist() else b""
        if not _TAB.search(cells):
            return content
        stream = io.BytesIO()
        with zipfile.ZipFile(stream, "w") as copy:
            for part in parts.infolist():
                copy.writestr(part, _TAB.sub(b"&#9;", cells) if part.filename == "content.xml" else parts.read(part))
    return stream.getvalue()


def _weigh(parts: zipfile.ZipFile, name: str, limits: Limits) -> None:
    """Unpack every part and count: what a part says about its own size is not believed."""
    message = _("Dit werkboek zwelt bij het openen op tot een omvang die niet bij een rekenblad past.")
    bomb = Unreadable(message, code="bomb", where=name)
    if len(parts.infolist()) > limits.parts:
        raise bomb
    total = 0
    for part in parts.infolist():
        with parts.open(part) as stream:
            for piece in iter(lambda stream=stream: stream.read(_PIECE), b""):  # type: ignore[misc]
                total += len(piece)
                if total > limits.unpacked:
                    raise bomb


def _is_ods(parts: zipfile.ZipFile) -> bool:
    """Whether it is an ODS. Raises ValueError for a file that could be read in two ways."""
    names = [part.casefold() for part in parts.namelist()]
    ods, xlsx = "content.xml" in names, any(part.startswith("xl/") for part in names)
    if len(set(names)) < len(names) or (ods and xlsx) or "xl/workbook.bin" in names:
        raise ValueError("two parts of one name, or of two kinds of workbook")
    return ods


def _xlsx(parts: zipfile.ZipFile, name: str, limits: Limits) -> Iterator[Inside]:
    """Every sheet that is named, wherever its part lies; one that says it is a drawing, if it has cells after all."""
    links = [
        (link.get("Id", ""), link.get("Target", ""))
        for _event, link in _elements(parts.open("xl/_rels/workbook.xml.rels"), "{*}Relationship")
    ]
    files = dict(links)
    if len(files) < len(links):
        raise ValueError("two parts by one name")
    shared = _shared_texts(parts)
    for _event, sheet in _elements(parts.open("xl/workbook.xml"), "{*}sheet"):
        (named,) = _told(sheet, "id")  # ValueError for none, or for a second one in another vocabulary
        target = files[named]
        path = target.removeprefix("/") if target.startswith("/") else f"xl/{target}"
        inside = _xlsx_sheet(parts, path, sheet.get("name", ""), name, limits, shared)
        if "worksheets/" in path or inside.rows:
            yield inside


def _shared_texts(parts: zipfile.ZipFile) -> list[int]:
    """How many signs each text has that cells share, and at the end the most that any has.

    Of several lists, which no reader should see, the longest.
    """
    lists = [
        [sum(map(len, text.itertext())) for _event, text in _elements(parts.open(part), "{*}si")]
        for part in parts.namelist()
        if part.casefold().rpartition("/")[2] == "sharedstrings.xml"
    ]
    found = [max(lengths) for lengths in zip_longest(*lists, fillvalue=0)]
    return [*found, max(found, default=0)]


def _xlsx_sheet(
    parts: zipfile.ZipFile, path: str, title: str, name: str, limits: Limits, shared: Sequence[int]
) -> Inside:
    inside = Inside(title)
    row = column = 0
    for event, element in _elements(parts.open(path), "{*}row", "{*}c", "{*}mergeCell", events=("start", "end")):
        kind = _bare(element.tag)
        if kind == "row":
            if event == "start":
                row, column = int(element.get("r") or row + 1), 0
        elif event == "end" and kind == "mergeCell":
            first, _colon, last = element.get("ref", "").partition(":")
            inside.merged.append((_merged(first), _merged(last or first)))
            if len(inside.merged) > limits.marks:
                raise _heavy(inside, name, limits)
        elif event == "end":
            ref = element.get("r")
            row, column = (row, column + 1) if ref is None else _corner(ref)
            _reach(inside, row, column, name, limits)
            _of_cell(inside, element, (row, column))
            inside.filled += bool(len(element))
            inside.signs += _weight(element, shared)
    return inside


def _weight(cell: Any, shared: Sequence[int]) -> int:
    """How many signs the text of a cell has; a number has none.

    A reference that a reader may follow otherwise (+5, one in two parts) weighs as much as the longest text.
    """
    kind = cell.get("t")
    if kind == "s":
        places = cell.findall("{*}v")
        at = places[0].text or "" if len(places) == 1 and not len(places[0]) else ""
        return shared[int(at)] if at.isdecimal() and int(at) < len(shared) else shared[-1] if places else 0
    return sum(map(len, cell.itertext())) if kind in {"str", "inlineStr"} else 0


def _of_cell(inside: Inside, cell: Any, at: Corner) -> None:
    """A shared formula stands written out in its first cell only; the others carry an empty `f`."""
    failed = cell.get("t") == "e"
    if cell.find("{*}f") is not None:
        inside.formulas.add(at)
        value = cell.find("{*}v")
        failed = failed or value is None or (not value.text and cell.get("t") != "str")
    if failed:
        inside.without_value.add(at)


def _ods(parts: zipfile.ZipFile, name: str, limits: Limits) -> Iterator[Inside]:
    inside, row, column, empty_rows, before = Inside(""), 0, 0, 0, (0, 0)
    tags = ("table", "table-row", "table-cell", "covered-table-cell")
    wanted = tuple("{*}" + tag for tag in tags)
    for event, element in _elements(parts.open("content.xml"), *wanted, events=("start", "end")):
        kind = _bare(element.tag)
        if kind == "table":
            if event == "start":
                inside, row = Inside(next(iter(_told(element, "name")), "")), 0
            else:
                yield inside
        elif kind == "table-row":
            times = _times(element, "number-rows-repeated")
            if event == "start":
                row, column, empty_rows = row + 1, 0, times - 1
                before = inside.filled, inside.signs
            else:
                row += empty_rows
                inside.filled += (inside.filled - before[0]) * empty_rows
                inside.signs += (inside.signs - before[1]) * empty_rows
                if inside.rows == row - empty_rows and empty_rows:  # a filled row that is repeated
                    _reach(inside, row, max(inside.columns, 1), name, limits)
        elif event == "end":
            times = _times(element, "number-columns-repeated")
            _ods_cell(inside, element, (row, column + 1), times, name, limits)
            column += times


def _ods_cell(inside: Inside, cell: Any, at: Corner, times: int, name: str, limits: Limits) -> None:
    row, column = at
    tall, wide = (_times(cell, f"number-{way}-spanned") for way in ("rows", "columns"))
    if tall > 1 or wide > 1:
        inside.merged.append((at, (row + tall - 1, column + wide - 1)))
    formula = any(_told(cell, "formula"))
    if formula:
        inside.formulas.add(at)
        if "".join(cell.itertext()).strip().startswith(("#", "Err:")):
            inside.without_value.add(at)
    if len(cell) or formula:
        inside.filled += times
        inside.signs += sum(map(len, cell.itertext())) * times
        _reach(inside, row, column + times - 1, name, limits)


def _reach(inside: Inside, row: int, column: int, name: str, limits: Limits) -> None:
    inside.rows, inside.columns = max(inside.rows, row), max(inside.columns, column)
    if row > limits.rows or column > limits.columns:
        text = _("Dit blad is te groot: er passen %(rows)s rijen en %(columns)s kolommen.")
        words = {"rows": number(limits.rows), "columns": number(limits.columns)}
        raise Unreadable(text % words, code="size", where=f"{name}#{inside.name}")
    if _is_heavy(inside, limits):  # and nothing is gained by looking on
        raise _heavy(inside, name, limits)


def _corner(ref: str) -> Corner:
    """Row and column of a place like `C12`. Raises ValueError for one that is none: who reads it may go anywhere."""
    found = _AT.fullmatch(ref)
    if not found:
        raise ValueError("a place in a sheet that is none")
    across = 0
    for letter in found.group(1):
        across = across * 26 + ord(letter) - 64
    return int(found.group(2)), across


def _merged(ref: str) -> Corner:
    """A corner of cells made one; of one that is nowhere nothing is told, as no reader goes there."""
    return _corner(ref) if _AT.fullmatch(ref) else (1, 1)


def _told(element: Any, name: str) -> list[str]:
    """What an element says under this name, in whichever vocabulary."""
    return [value for key, value in element.items() if _bare(key) == name]


def _bare(name: str) -> str:
    return name.rpartition("}")[2]


def _times(element: Any, name: str) -> int:
    return max(map(int, _told(element, name)), default=1)


def _elements(stream: IO[bytes], *tags: str, events: tuple[str, ...] = ("end",)) -> Iterator[tuple[str, Any]]:
    """The elements with these tags, one by one; entities stay unresolved and nothing is fetched."""
    with stream:
        found = etree.iterparse(
            stream, events=events, tag=tags, resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False
        )
        for event, element in found:
            if event == "start" and element.getroottree().docinfo.doctype:
                raise ValueError("a document type in a workbook")
            yield event, element
            if event == "end":
                element.clear(keep_tail=True)
                while element.getprevious() is not None and element.getparent() is not None:
                    del element.getparent()[0]
