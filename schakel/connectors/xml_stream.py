"""XML read as a stream and with distrust: no document type, no entities, nothing fetched, and everything bounded.

Read by expat and not by lxml: libxml2 counts lines in sixteen bits, so that beyond line 65,535 a finding would point at
the wrong one, and expat refuses a document type before it has read what is in it.
"""

import codecs
import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Protocol
from xml.parsers import expat

from schakel.collect.listings import Entry
from schakel.lib.errors import Unreadable
from schakel.lib.text import gettext as _

MAX_BYTES = 256 * 2**20
MAX_ELEMENTS = 5_000_000  # a school of 3,000 pupils has about 60,000
MAX_DEPTH = 64
MAX_TEXT = 2**16  # characters in one element or attribute
MAX_PIECE = 2**20  # bytes of one tag or comment
MAX_ATTRIBUTES = 50
_PIECE = 2**16
_DECLARED = re.compile(rb"""^<\?xml[^>]*?encoding\s*=\s*["']([A-Za-z0-9._-]+)["']""")
_SINGLE = {"iso-8859-1", "iso-8859-15", "latin-1", "latin1", "windows-1252", "cp1252", "us-ascii", "ascii"}
_MARKS = (codecs.BOM_UTF8, codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)


class Target(Protocol):
    """Who is told what the document says."""

    def start(self, name: str, attributes: Mapping[str, str], line: int) -> None:
        """An element begins; the name is `namespace name`, or the bare name without a namespace."""

    def end(self, name: str, text: str, line: int) -> None:
        """An element ends; its own text, with white space made plain, and the line on which it began."""


class Enough(Exception):
    """What a target raises when the rest of the document need not be read."""


@dataclass(frozen=True)
class Written:
    """In which encoding a document says to be, in which it is, and where that shows first (0: they agree)."""

    declared: str
    found: str
    line: int = 0


def looks_like_xml(entry: Entry) -> bool:
    """Whether a file begins as XML does, whatever its name."""
    start = entry.head(256)
    if start.startswith(_MARKS[1:]):
        return start.decode("utf-16", "ignore").lstrip().startswith("<")
    return start.removeprefix(codecs.BOM_UTF8).lstrip().startswith(b"<")


def read(entry: Entry, target: Target) -> Written:
    """Tell a target what an XML file says. Raises Unreadable, with line and column, where it is broken or dangerous."""
    if entry.size > MAX_BYTES:
        raise Unreadable(_("Dit XML-bestand is groter dan 256 MB."), code="too-big", where=entry.name)
    written = _written(entry)
    _Reading(entry, target, written).run()
    return written


class _Reading:
    """One walk through a document."""

    def __init__(self, entry: Entry, target: Target, written: Written) -> None:
        self.entry, self.target = entry, target
        override = written.found if written.line or written.found == "windows-1252" else None
        self.parser = expat.ParserCreate(override, namespace_separator=" ")
        self.parser.buffer_text = True
        self.parser.StartDoctypeDeclHandler = self._doctype
        self.parser.StartElementHandler = self._start
        self.parser.EndElementHandler = self._end
        self.parser.CharacterDataHandler = self._characters
        self.elements, self.fed, self.open = 0, 0, list[tuple[int, list[str]]]()
        self.length = 0  # of the text that is being gathered

    def run(self) -> None:
        try:
            for chunk in self.entry.chunks():
                for at in range(0, len(chunk), _PIECE):
                    self._feed(chunk[at : at + _PIECE])
            self.parser.Parse(b"", True)
        except expat.ExpatError as error:
            raise self._broken(error) from error
        except (LookupError, ValueError) as error:  # an encoding that nobody knows
            raise self._refusal(_("De tekenset die dit XML-bestand noemt, bestaat niet."), "encoding") from error

    def _feed(self, piece: bytes) -> None:
        self.parser.Parse(piece, False)
        self.fed += len(piece)
        if self.fed - max(self.parser.CurrentByteIndex, 0) > MAX_PIECE:
            raise self._refusal(_("Eén stuk van dit XML-bestand is groter dan 1 MB."), "too-big")

    def _doctype(self, *_what: object) -> None:
        message = _("Dit XML-bestand heeft een documenttype (DTD). Daarmee kan een bestand schade doen.")
        raise self._refusal(message, "dtd", _("Vraag om een uitvoer zonder DOCTYPE."))

    def _start(self, name: str, attributes: dict[str, str]) -> None:
        self.elements += 1
        if self.elements > MAX_ELEMENTS:
            raise self._refusal(_("Dit XML-bestand heeft meer dan vijf miljoen elementen."), "too-big")
        if len(self.open) >= MAX_DEPTH:
            raise self._refusal(_("Dit XML-bestand is dieper genest dan 64 elementen."), "too-deep")
        if len(attributes) > MAX_ATTRIBUTES or any(len(value) > MAX_TEXT for value in attributes.values()):
            raise self._refusal(_("Een element in dit XML-bestand heeft te veel of te lange kenmerken."), "too-big")
        line = self.parser.CurrentLineNumber
        self.open.append((line, []))
        self.length = 0
        self.target.start(name, attributes, line)

    def _end(self, name: str) -> None:
        line, texts = self.open.pop()
        self.length = 0
        self.target.end(name, " ".join("".join(texts).split()), line)

    def _characters(self, text: str) -> None:
        if not self.open[-1][1] and text.isspace():  # between two elements
            return
        self.length += len(text)
        if self.length > MAX_TEXT:
            raise self._refusal(_("Een waarde in dit XML-bestand is langer dan 65.536 tekens."), "too-big")
        self.open[-1][1].append(text)

    def _broken(self, error: expat.ExpatError) -> Unreadable:
        kinds = expat.errors.codes
        cut_off = error.code in {
            kinds[expat.errors.XML_ERROR_NO_ELEMENTS],
            kinds[expat.errors.XML_ERROR_UNCLOSED_TOKEN],
        }
        if cut_off or (self.open and error.code == kinds[expat.errors.XML_ERROR_UNCLOSED_CDATA_SECTION]):
            message, hint = _("Dit XML-bestand houdt midden in de tekst op."), _("Maak de uitvoer opnieuw.")
        else:
            message, hint = (
                _("Dit XML-bestand is hier niet goed geschreven."),
                _("Maak de uitvoer opnieuw of vraag de leverancier."),
            )
        return Unreadable(message, where=self._place(error.lineno, error.offset), hint=hint)

    def _refusal(self, message: str, code: str, hint: str = "") -> Unreadable:
        place = self._place(self.parser.CurrentLineNumber, self.parser.CurrentColumnNumber)
        return Unreadable(message, code=code, where=place, hint=hint)

    def _place(self, line: int, column: int) -> str:
        place = _("regel %(line)s, kolom %(column)s") % {"line": max(line, 1), "column": max(column, 0) + 1}
        return f"{self.entry.name}, {place}"


def _written(entry: Entry) -> Written:
    """The encoding to read in: bytes that say otherwise than the declaration win."""
    start = entry.head(1024)
    if start.startswith(_MARKS[1:]):
        return Written("utf-16", "utf-16")
    said = _DECLARED.match(start.removeprefix(codecs.BOM_UTF8).lstrip())
    declared = said.group(1).decode().lower() if said else "utf-8"
    plain, line = _utf8(entry)
    if declared in {"utf-8", "utf8"}:
        return Written("utf-8", "utf-8") if plain else Written("utf-8", "windows-1252", line)
    if declared in _SINGLE:
        return Written(declared, "utf-8", line) if plain and line else Written(declared, "windows-1252")
    if declared.startswith("utf-16") and plain:  # no mark at the start and yet plain bytes
        return Written(declared, "utf-8", 1)
    return Written(declared, declared)


def _utf8(entry: Entry) -> tuple[bool, int]:
    """Whether the bytes are UTF-8, and the line of the first byte that is not (else the first that is not ASCII)."""
    decoder, lines, odd = codecs.getincrementaldecoder("utf-8")(), 1, 0
    for chunk in entry.chunks():
        if not chunk.isascii() or decoder.getstate()[0]:
            try:
                decoder.decode(chunk)
            except UnicodeDecodeError as error:
                return False, lines + chunk[: error.start].count(b"\n")
            odd = odd or lines + chunk[: _first_odd(chunk)].count(b"\n")
        lines += chunk.count(b"\n")
    return not decoder.getstate()[0], odd or (lines if decoder.getstate()[0] else 0)


def _first_odd(chunk: bytes) -> int:
    found = re.search(rb"[^\x00-\x7f]", chunk)
    return found.start() if found else len(chunk)
