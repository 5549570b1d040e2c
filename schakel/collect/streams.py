"""The bytes of a delivered text file, brought to clean UTF-8 in memory (never on disk) with what was odd about them."""

import codecs
import os
import tempfile
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

from schakel.collect.listings import CHUNK, Entry
from schakel.lib.errors import Unreadable
from schakel.lib.text import gettext as _

MAX_REPAIR = 2 * 2**30  # a file that must be rewritten as a whole is held in memory
HELD = 2**26  # a packed file beyond this is unpacked anew for each look, instead of being held in memory
MAX_LINE = 2**26  # beyond this it is no table: nothing is gained by reading on


@dataclass
class Facts:
    """What the bytes looked like. Rows are lines, the first being 1."""

    newlines: int = 0
    returns: int = 0
    open_end: bool = False
    encoding: str = "utf-8"
    first_odd: int = 0
    nul_rows: list[int] = field(default_factory=list)
    dressed: bool = False  # blanks before or after a value may occur, or ="" around it


class Buffer:
    """A nameless file in memory that DuckDB can read by a path; gone when it is closed."""

    at_once = 2**30  # bytes that are read in one go; what is larger is read in pieces, to bound the memory

    def __init__(self) -> None:
        if hasattr(os, "memfd_create"):
            self._number, self._file = os.memfd_create("delivery"), ""
            self._path = f"/proc/self/fd/{self._number}"
        else:  # no memory file on this system: a private temporary file, removed on close
            self._number, self._file = tempfile.mkstemp()
            self._path = self._file

    @property
    def path(self) -> str:
        """Where all of it can be read."""
        return self._path

    def write(self, piece: bytes) -> None:
        """Add to the end."""
        view = memoryview(piece)
        while view:
            view = view[os.write(self._number, view) :]

    def content(self) -> bytes:
        """All bytes."""
        return os.pread(self._number, os.fstat(self._number).st_size, 0) if self.size < MAX_REPAIR else self._too_big()

    def start(self, most: int) -> bytes:
        """The first bytes, so many at most."""
        return os.pread(self._number, most, 0)

    def piece(self, at: int, most: int) -> bytes:
        """Whole lines from a place on, so many bytes at most; less than a line where one is longer than that."""
        return _whole_lines(os.pread(self._number, most, at), last=at + most >= self.size)

    @property
    def size(self) -> int:
        """Bytes written."""
        return os.fstat(self._number).st_size

    def close(self) -> None:
        """Let go of the memory; more than once does no harm."""
        number, self._number = self._number, -1
        if number >= 0:
            os.close(number)
        if self._file:
            Path(self._file).unlink(missing_ok=True)

    def _too_big(self) -> bytes:
        raise Unreadable(_("Dit bestand is te groot om zijn schrijfwijze te herstellen."))


class OnDisk(Buffer):
    """A delivered file that is clean as it lies there: DuckDB reads it where it is."""

    def __init__(self, file: Path) -> None:
        try:
            self._number, self._file, self._path = os.open(file, os.O_RDONLY), "", str(file)
        except OSError as error:
            raise Unreadable(_("Dit bestand is niet te openen."), where=file.name) from error

    def write(self, piece: bytes) -> None:
        """Nothing to add: it is all there."""


class Packed(Buffer):
    """A large file in a zip, read a piece at a time; unpacked into memory only for a look that needs all of it."""

    at_once = 0

    def __init__(self, entry: Entry) -> None:
        self._entry, self._bytes = entry, 0
        self._held: Buffer | None = None
        self._chunks, self._rest, self._at = self._unpacked(), b"", 0

    def write(self, piece: bytes) -> None:
        """Only counted: it lies in the zip."""
        self._bytes += len(piece)

    @property
    def path(self) -> str:
        """Where all of it can be read."""
        if self._held is None:
            self._held = Buffer()
            for chunk in self._unpacked():
                self._held.write(chunk)
        return self._held.path

    def content(self) -> bytes:
        """All bytes."""
        return b"".join(self._unpacked()) if self.size < MAX_REPAIR else self._too_big()

    def start(self, most: int) -> bytes:
        """The first bytes, so many at most."""
        found = b""
        for chunk in self._unpacked():
            found += chunk
            if len(found) >= most:
                break
        return found[:most]

    def piece(self, at: int, most: int) -> bytes:
        """Whole lines, as of any buffer. Pieces that follow each other are unpacked once; any other begins anew."""
        if at != self._at:
            self._chunks, self._rest, self._at = self._unpacked(), b"", 0
            while passed := self._read(min(most, at - self._at)):
                self._pass_over(passed)
        found = _whole_lines(self._read(most), last=at + most >= self.size)
        self._pass_over(found)
        return found

    def _read(self, most: int) -> bytes:
        """What comes next, so many bytes at most; it stays what comes next."""
        parts, has = [self._rest], len(self._rest)
        while has < most and (chunk := next(self._chunks, b"")):
            parts.append(chunk)
            has += len(chunk)
        self._rest = b"".join(parts)
        return self._rest[:most]

    def _pass_over(self, found: bytes) -> None:
        self._rest, self._at = self._rest[len(found) :], self._at + len(found)

    def _unpacked(self) -> Iterator[bytes]:
        """The content in pieces, without a mark at its start."""
        return unmarked(self._entry.chunks())

    @property
    def size(self) -> int:
        """Bytes without a mark at the start."""
        return self._bytes

    def close(self) -> None:
        """Let go of the memory and of the zip."""
        self._chunks, self._rest = iter(()), b""
        if self._held:
            self._held.close()


def unmarked(pieces: Iterable[bytes]) -> Iterator[bytes]:
    """The pieces of a text without the mark that may stand at its start, in whatever pieces it comes; none is empty."""
    start: bytes | None = b""
    for piece in pieces:
        if start is None:
            yield from filter(None, [piece])
            continue
        start += piece
        if len(start) >= len(codecs.BOM_UTF8):
            yield from filter(None, [start.removeprefix(codecs.BOM_UTF8)])
            start = None
    if start:
        yield start


def _whole_lines(found: bytes, *, last: bool) -> bytes:
    return found if last else found[: found.rfind(b"\n") + 1] or found


def _buffer(entry: Entry) -> Buffer:
    if entry.packed and entry.size > HELD:
        return Packed(entry)
    return Buffer() if entry.packed or not entry.on_disk else OnDisk(entry.disk)


@dataclass
class Stream:
    """A clean text in a buffer and the facts about what it was."""

    buffer: Buffer
    facts: Facts

    def blank(self) -> bool:
        """Whether there is no text at all, not even a header."""
        return self.buffer.size < CHUNK and not self.buffer.content().removeprefix(codecs.BOM_UTF8).strip()


def read(
    entry: Entry, declared: str = "utf-8", delimiter: str = "", progress: Callable[[int], None] | None = None
) -> Stream:
    """Read a delivered text into memory as UTF-8 with one kind of line end.

    The declared encoding is where the layout starts from; bytes that say otherwise win. Raises Unreadable.
    """
    buffer, facts = _buffer(entry), Facts()
    try:
        valid = _copy(entry, buffer, facts, delimiter.encode(), progress)
        odd_ends = facts.returns not in {0, facts.newlines}
        single = declared in {"cp1252", "latin-1"}
        if not valid or facts.nul_rows or odd_ends:
            buffer, facts = _repaired(buffer, facts, entry.path)
        if facts.encoding == declared.removesuffix("-sig") or (single and facts.encoding == "cp1252"):
            facts.encoding, facts.first_odd = "", 0
        elif single and facts.encoding == "utf-8":
            facts.first_odd = _first_non_ascii(buffer)
            facts.encoding = "utf-8" if facts.first_odd else ""
    except BaseException:
        buffer.close()
        raise
    return Stream(buffer, facts)


def _copy(entry: Entry, buffer: Buffer, facts: Facts, delimiter: bytes, progress: Callable[[int], None] | None) -> bool:
    """Copy the bytes and count; whether they are UTF-8 without surprises."""
    decoder, valid, last, first = codecs.getincrementaldecoder("utf-8")(), True, b"", True
    ended, line = 0, 0
    for piece in unmarked(entry.chunks()):
        if first:
            valid, first = not piece.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)), False
        valid = valid and _decodes(decoder, piece)
        facts.newlines += piece.count(b"\n")
        facts.returns += piece.count(b"\r") if b"\r" in piece else 0
        line = line + len(piece) if facts.newlines + facts.returns == ended else 0
        ended = facts.newlines + facts.returns
        if line > MAX_LINE:
            raise _endless(entry)
        facts.dressed = facts.dressed or bool(delimiter and _dressed(last + piece, delimiter))
        if b"\0" in piece:
            facts.nul_rows = [0]
        buffer.write(piece)
        last = piece[-1:] or last
        if progress:
            progress(len(piece))
    facts.open_end = last not in {b"\n", b""}
    return valid and _decodes(decoder, b"", final=True)


def _endless(entry: Entry) -> Unreadable:
    text = _("Eén regel van dit bestand is langer dan 64 MB: dit is geen tabel.")
    hint = _("Kijk of de uitvoer regeleinden heeft, en maak haar zo nodig opnieuw.")
    return Unreadable(text, code="endless-line", where=entry.path, hint=hint)


def _dressed(piece: bytes, delimiter: bytes) -> bool:
    """Whether a value may have more around it than what parts two: cheap, and rather too often than too seldom."""
    if b'="' in piece or b"\t" in piece or b"\xc2\xa0" in piece or piece[:1] == b" ":
        return True
    return any(b" " + sign in piece or sign + b" " in piece for sign in (delimiter, b"\n", b"\r", b'"'))


def _decodes(decoder: codecs.IncrementalDecoder, piece: bytes, *, final: bool = False) -> bool:
    if piece.isascii() and not final and decoder.getstate()[0] == b"":
        return True
    try:
        decoder.decode(piece, final)
    except UnicodeDecodeError:
        return False
    return True


def _repaired(buffer: Buffer, facts: Facts, where: str) -> tuple[Buffer, Facts]:
    """The same text as clean UTF-8 with plain line ends, in a new buffer."""
    content = buffer.content()
    buffer.close()
    text, encoding, odd = _decoded(content, where)
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    nuls = [number for number, line in enumerate(_lines(text), 1) if "\0" in line] if "\0" in text else []
    text = text.replace("\0", "")
    fresh = Buffer()
    fresh.write(text.encode("utf-8", "replace"))
    # Blanks and the like were looked for in bytes that were not UTF-8 yet: they may be anywhere.
    return fresh, Facts(text.count("\n"), 0, not text.endswith("\n"), encoding, odd, nuls, dressed=True)


def _lines(text: str) -> Iterator[str]:
    return iter(text.split("\n"))


def _decoded(content: bytes, where: str) -> tuple[str, str, int]:
    """The text, the encoding it turned out to have, and the line of the first byte that is not UTF-8."""
    if content.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return content.decode("utf-16", "replace"), "utf-16", 1
    try:
        return content.decode("utf-8-sig"), "utf-8", 0
    except UnicodeDecodeError as error:
        start = content[: error.start]
        if content.count(b"\0") * 4 > len(content):
            raise Unreadable(_("Dit is geen tekstbestand."), where=where) from error
        return content.decode("cp1252", "replace"), "cp1252", start.count(b"\n") + 1


def _first_non_ascii(buffer: Buffer) -> int:
    content = buffer.content()
    if content.isascii():
        return 0
    return next(i for i, line in enumerate(content.split(b"\n"), 1) if not line.isascii())
