"""The workbooks of before 2007 (.xls): looked at record by record, and put in a clean box before anything reads them.

Such a file is a small file system (MS-CFB) with one stream of records (MS-XLS, BIFF5 and BIFF8). A reader that believes
what they say about themselves takes all memory: a chain that bites its own tail, a sheet that calls itself endless, a
list of billions of texts. So the stream is taken out by our own count, and given on as the only thing in a new box.
"""

import struct
from collections.abc import Iterator, Sequence

from schakel.connectors.workbooks import Corner, Inside, Limits, refuse_heavy
from schakel.lib.errors import Unreadable
from schakel.lib.text import gettext as _
from schakel.lib.text import number

MARK = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
MAX_RECORDS = 12_000_000
MAX_CELLS = 8_000_000  # over all sheets: the reader makes a table of each as soon as it opens the file
_END, _FREE, _FAT = 0xFFFFFFFE, 0xFFFFFFFF, 0xFFFFFFFD
_ENTRY = 128
_BOX = 4096
_SMALL = 4096  # streams below this size lie in a stream of their own
_BOF, _EOF, _SHEET, _LOCKED = 0x0809, 0x000A, 0x0085, 0x002F
_EXTENT, _TEXTS, _MERGED, _GOES_ON, _SHARED = 0x0200, 0x00FC, 0x00E5, 0x003C, 0x00FD
_LONGEST = 32_767  # signs of a text of which nothing is known
_FORMULA, _BOOL_OR_ERROR, _SEVERAL = 0x0006, 0x0205, (0x00BD, 0x00BE)
_CELLS = {0x0203, 0x0204, 0x0205, 0x0006, 0x027E, 0x00FD, 0x00D6, 0x00BD}
_BIFF8 = 0x0600


class Damaged(Exception):
    """The bytes contradict themselves."""


def opened(content: bytes, name: str, limits: Limits) -> tuple[bytes, list[Inside]]:
    """The same workbook in a clean box, and its sheets. Raises Unreadable for what is damaged, locked or too large."""
    if len(content) > limits.packed:
        text = _("Dit werkboek is groter dan %(n)s MB.")
        raise Unreadable(text % {"n": limits.packed // 2**20}, code="size", where=name)
    try:
        streams = _streams(content)
        stream = streams.get("workbook") or streams.get("book")
        if stream is None:
            raise _locked(name) if "encryptedpackage" in streams else Damaged
        sheets = _Records(bytearray(stream), name, limits)
        return _boxed(bytes(sheets.stream)), sheets.found
    except (Damaged, struct.error, IndexError, UnicodeDecodeError) as error:
        hint = _("Open het in een rekenprogramma en bewaar het als .xlsx of .ods.")
        text = _("Dit is een oud of versleuteld werkboek dat niet te openen is.")
        raise Unreadable(text, where=name, hint=hint) from error


def _locked(name: str) -> Unreadable:
    hint = _("Bewaar het als .xlsx zonder wachtwoord.")
    return Unreadable(_("Dit werkboek is met een wachtwoord gesloten."), code="locked", where=name, hint=hint)


class _Box:
    """The file system inside: sectors of one size, and for each the number of the next one."""

    def __init__(self, content: bytes) -> None:
        shift, small = struct.unpack_from("<HH", content, 30)
        if not content.startswith(MARK) or shift not in {9, 12} or small != 6:  # noqa: PLR2004 as MS-CFB 2.2 says
            raise Damaged
        self.content, self.size = content, 1 << shift
        self.root, self.small_start = (struct.unpack_from("<I", content, at)[0] for at in (48, 60))
        self.next = self._table()

    def _table(self) -> list[int]:
        more, count = struct.unpack_from("<II", self.content, 68)
        places = list(struct.unpack_from("<109I", self.content, 76))
        for _turn in range(min(count, len(self.content) // self.size)):
            listed = self._numbers(self.sector(more))
            places += listed[:-1]
            more = listed[-1]
        return [each for place in places if place < _FAT for each in self._numbers(self.sector(place))]

    def _numbers(self, sector: bytes) -> list[int]:
        return list(struct.unpack(f"<{len(sector) // 4}I", sector))

    def sector(self, at: int) -> bytes:
        """One sector; the last one of a file may be cut short."""
        start = (at + 1) * self.size
        if start >= len(self.content):
            raise Damaged
        return self.content[start : start + self.size].ljust(self.size, b"\0")

    def stream(self, start: int, size: int | None = None) -> bytes:
        """A stream by its first sector. Each sector is used once: a chain that turns back is damage."""
        if size is not None and size > len(self.content):
            raise Damaged
        found = b"".join(self.sector(at) for at in chain(start, self.next))
        return found if size is None else found[:size]


def chain(start: int, following: list[int]) -> Iterator[int]:
    """The numbers of a chain. Raises Damaged where it leads nowhere or round."""
    at = start
    for _turn in range(len(following) + 1):
        if at == _END:
            return
        if at >= len(following):
            raise Damaged
        yield at
        at = following[at]
    raise Damaged


def _streams(content: bytes) -> dict[str, bytes]:
    """The streams that make a workbook, by name."""
    box = _Box(content)
    entries = box.stream(box.root)
    listed = [entries[at : at + _ENTRY] for at in range(0, len(entries), _ENTRY)]
    names = [
        each[: max(struct.unpack_from("<H", each, 64)[0] - 2, 0)].decode("utf-16-le").casefold() for each in listed
    ]
    small: bytes | None = None
    found: dict[str, bytes] = {}
    for name, each in zip(names, listed, strict=True):
        start, size = struct.unpack_from("<II", each, 116)
        if name not in {"workbook", "book", "encryptedpackage"} or name in found:
            continue
        if size >= _SMALL:
            found[name] = box.stream(start, size)
            continue
        small = box.stream(*struct.unpack_from("<II", listed[0], 116)) if small is None else small
        following = [n for sector in chain(box.small_start, box.next) for n in box._numbers(box.sector(sector))]
        found[name] = b"".join(small[at * 64 : at * 64 + 64] for at in chain(start, following))[:size]
    return found


class _Records:
    """The records of a workbook: what its sheets hold, with what a reader must not believe taken out."""

    def __init__(self, stream: bytearray, name: str, limits: Limits) -> None:
        self.stream, self.name, self.limits = stream, name, limits
        self.seen = 0
        self.found: list[Inside] = []
        self.new = struct.unpack_from("<H", stream, 4)[0] == _BIFF8
        self.texts: list[bytes] = []
        starts = list(self._globals())
        if not starts:
            raise Damaged
        self.shared = shared_texts(self.texts)
        for start, title in starts:
            self.found.append(self._sheet(start, title))
        if sum(sheet.rows * sheet.columns for sheet in self.found) > MAX_CELLS:
            text = _("De werkbladen zijn samen te groot: een oud werkboek mag %(n)s cellen beslaan.")
            raise Unreadable(text % {"n": number(MAX_CELLS)}, code="size", where=name)
        refuse_heavy(self.found, name, limits)

    def _walk(self, at: int) -> Iterator[tuple[int, int, int]]:
        """The records from here up to the end of the part: kind, place and size of the content."""
        if struct.unpack_from("<H", self.stream, at)[0] != _BOF:
            raise Damaged
        while True:
            kind, size = struct.unpack_from("<HH", self.stream, at)
            if at + 4 + size > len(self.stream):
                raise Damaged
            self.seen += 1
            if self.seen > MAX_RECORDS:
                text = _("Dit werkboek heeft meer cellen dan bij een levering past.")
                raise Unreadable(text, code="bomb", where=self.name)
            yield kind, at + 4, size
            if kind == _EOF:
                return
            at += 4 + size

    def _globals(self) -> Iterator[tuple[int, str]]:
        before = 0
        for kind, at, size in self._walk(0):
            if kind == _TEXTS or (kind == _GOES_ON and before == _TEXTS):
                self.texts.append(bytes(self.stream[at : at + size]))
            before = before if kind == _GOES_ON else kind
            if kind == _LOCKED:
                raise _locked(self.name)
            if kind == _TEXTS and struct.unpack_from("<i", self.stream, at + 4)[0] not in range(len(self.stream)):
                raise Damaged
            if kind == _SHEET:
                start, _state, _type, letters = struct.unpack_from("<IBBB", self.stream, at)
                yield start, self._title(bytes(self.stream[at + 7 : at + size]), letters)

    def _title(self, text: bytes, letters: int) -> str:
        if not self.new:
            return text[:letters].decode("cp1252", "replace")
        return text[1:].decode("utf-16-le" if text[0] & 1 else "latin-1")[:letters].replace("\0", "")

    def _sheet(self, start: int, title: str) -> Inside:
        inside = Inside(title)
        for kind, at, size in self._walk(start):
            if kind == _EXTENT:  # what a sheet says about its own size is not believed, and not passed on
                self.stream[at : at + size] = bytes(size)
            elif kind in _CELLS:
                self._cell(inside, kind, at, size)
            elif kind == _MERGED:
                inside.merged += self._merged(at)
        return inside

    def _cell(self, inside: Inside, kind: int, at: int, size: int) -> None:
        row, column = struct.unpack_from("<HH", self.stream, at)
        last = struct.unpack_from("<H", self.stream, at + size - 2)[0] if kind in _SEVERAL else column
        inside.rows, inside.columns = max(inside.rows, row + 1), max(inside.columns, last + 1)
        here = (row + 1, column + 1)
        inside.filled += 1 + last - column
        if kind == _SHARED:
            text = struct.unpack_from("<I", self.stream, at + 6)[0]
            inside.signs += self.shared[text] if text < len(self.shared) else _LONGEST
        if kind == _FORMULA:
            inside.formulas.add(here)
            result = self.stream[at + 6 : at + 14]
            if result[6:8] == b"\xff\xff" and result[0] == 2:  # noqa: PLR2004 an error
                inside.without_value.add(here)
        elif kind == _BOOL_OR_ERROR and self.stream[at + 7]:
            inside.without_value.add(here)

    def _merged(self, at: int) -> list[tuple[Corner, Corner]]:
        count = struct.unpack_from("<H", self.stream, at)[0]
        ranges = (struct.unpack_from("<4H", self.stream, at + 2 + 8 * each) for each in range(count))
        return [((top + 1, left + 1), (bottom + 1, right + 1)) for top, bottom, left, right in ranges]


def shared_texts(records: Sequence[bytes]) -> list[int]:
    """How many signs each text has that cells share (MS-XLS 2.4.265); one may run on in the next record.

    Of what cannot be followed nothing is told: such a text counts as the longest there can be.
    """
    found, at, record = list[int](), 8, 0
    try:
        while record < len(records):
            if at >= len(records[record]):
                record, at = record + 1, 0
                continue
            signs, flags = struct.unpack_from("<HB", records[record], at)
            at += 3
            runs = struct.unpack_from("<H", records[record], at)[0] if flags & 8 else 0
            at += 2 if flags & 8 else 0
            more = struct.unpack_from("<I", records[record], at)[0] if flags & 4 else 0
            at += 4 if flags & 4 else 0
            record, at = _beyond(records, record, at, signs, flags)
            left = 4 * runs + more
            while left > len(records[record]) - at:
                left -= len(records[record]) - at
                record, at = record + 1, 0
            at += left
            found.append(signs)
    except (struct.error, IndexError):
        return found
    return found


def _beyond(records: Sequence[bytes], record: int, at: int, signs: int, flags: int) -> tuple[int, int]:
    """Where a text of so many signs ends; each record in which it goes on says anew how wide its signs are."""
    left, wide = signs, 1 + (flags & 1)
    while left > (room := (len(records[record]) - at) // wide):
        left -= room
        record, at, wide = record + 1, 1, 1 + (records[record + 1][0] & 1)
    return record, at + left * wide


def _boxed(stream: bytes) -> bytes:
    """A new file system with this one stream in it."""
    body = stream + b"\0" * (-len(stream) % _BOX) if len(stream) >= _SMALL else stream.ljust(_SMALL, b"\0")
    count, per = len(body) // _BOX, _BOX // 4
    tables = 1
    while count + 2 + tables > tables * per:
        tables += 1
    following = [*range(1, count), _END, _END, _END, *([_FAT] * tables)]
    following += [_FREE] * (tables * per - len(following))
    directory = _entry("Root Entry", 5, count + 1, 64, child=1) + _entry("Workbook", 2, 0, len(body))
    places = [count + 2 + at for at in range(tables)]
    header = struct.pack(
        "<8s16xHHHHH6xIIIIIIIII", MARK, 62, 4, 0xFFFE, 12, 6, 1, tables, count, 0, _SMALL, _END, 0, _END, 0
    )
    header += struct.pack("<109I", *places, *([_FREE] * (109 - tables)))
    parts = [header.ljust(_BOX, b"\0"), body, directory.ljust(_BOX, b"\0"), bytes(_BOX)]
    return b"".join([*parts, struct.pack(f"<{len(following)}I", *following)])


def _entry(name: str, kind: int, start: int, size: int, child: int = _FREE) -> bytes:
    title = name.encode("utf-16-le")
    told = struct.pack("<64sHBBIII", title, len(title) + 2, kind, 1, _FREE, _FREE, child)
    return told + struct.pack("<16xI16xIQ", 0, start, size)
