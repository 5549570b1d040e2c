"""The one place where the reader of cells comes in: a workbook is looked into first, and only then opened.

That reader believes what a file says of itself, and ends the whole process when it is told too much (workbooks.py).
"""

import io
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from hashlib import sha256

from python_calamine import CalamineError, CalamineWorkbook, SheetVisibleEnum

from schakel.connectors import old_workbooks
from schakel.connectors.workbooks import Inside, Limits, look_inside, with_tabs
from schakel.lib.errors import Unreadable
from schakel.lib.text import gettext as _

_KEPT = 64  # workbooks that were looked into last
_MOST = 10_000  # cells of one that are more than a value: with more it is looked into again
_seen: dict[tuple[bytes, Limits], list[Inside]] = {}


@dataclass(frozen=True)
class Book:
    """A workbook that was looked at and opened. `inside` holds per sheet the cells that are more than a value."""

    name: str
    opened: CalamineWorkbook
    inside: Mapping[str, Inside]

    @property
    def sheets(self) -> tuple[str, ...]:
        """The names of the sheets with cells, in the order of the file."""
        return tuple(self.opened.sheet_names)

    @property
    def visible(self) -> tuple[str, ...]:
        """The sheets that a person who opens the file sees."""
        return tuple(s.name for s in self.opened.sheets_metadata if s.visible == SheetVisibleEnum.Visible)

    def rows(self, sheet: str) -> Sequence[Sequence[object]]:
        """The cells of a sheet, from its first row and column on. Raises Unreadable for one that is damaged."""
        damaged = Unreadable(_("Dit werkblad is niet te lezen."), where=f"{self.name}#{sheet}")
        with _told_as(damaged):
            return self.opened.get_sheet_by_name(sheet).to_python(skip_empty_area=False)


def opened(content: bytes, name: str, limits: Limits) -> Book:
    """An XLSX or ODS. Raises Unreadable for what is damaged, locked or beyond the limits."""
    inside = _looked(content, name, limits)
    return _book(with_tabs(content), name, inside)


def _looked(content: bytes, name: str, limits: Limits) -> list[Inside]:
    """What is inside, looked at once: nine tenths of opening, and each round meets the same files in the inbox."""
    key = (sha256(content).digest(), limits)
    inside = _seen.get(key)
    if inside is None:
        inside = look_inside(content, name, limits)
        if sum(len(sheet.formulas) + len(sheet.merged) for sheet in inside) <= _MOST:
            _seen[key] = inside
        for old in list(_seen)[:-_KEPT]:
            _seen.pop(old, None)
    return inside


def opened_old(content: bytes, name: str, limits: Limits) -> Book:
    """An XLS of before 2007. Raises Unreadable for what is damaged, locked or beyond the limits."""
    clean, inside = old_workbooks.opened(content, name, limits)
    return _book(clean, name, inside)


def _book(content: bytes, name: str, inside: list[Inside]) -> Book:
    with _told_as(Unreadable(_("Dit werkboek is beschadigd of met een wachtwoord gesloten."), where=name)):
        cells = CalamineWorkbook.from_filelike(io.BytesIO(content))
    return Book(name, cells, {sheet.name: sheet for sheet in inside})


@contextmanager
def _told_as(refusal: Unreadable) -> Iterator[None]:
    """Whatever the reader gives up by is this sentence; also a panic, which is no Exception."""
    try:
        yield
    except (CalamineError, OSError, ValueError) as error:
        raise refusal from error
    except BaseException as error:
        if type(error).__name__ != "PanicException":
            raise
        raise refusal from error
