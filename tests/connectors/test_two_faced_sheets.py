"""Workbooks that show one face to who looks inside and another to the reader of cells, which would take all memory.

The reader ends the whole process when a cell lies too far away: no exception, no sentence.
"""

import resource
import signal
import subprocess
import sys
from pathlib import Path
from types import SimpleNamespace

import pytest

from schakel.collect.checks import check
from schakel.collect.connectors import open_package
from schakel.connectors import books, spreadsheets
from schakel.connectors.workbooks import Limits
from schakel.kits.sheets.grids import grids
from schakel.lib.errors import Unreadable
from tests.connectors.test_hostile_sheets import NAME, packed, unpacked
from tests.connectors.test_mapped import good_sheets, workbook
from tests.kits.sheet_files import book

LIMITS = Limits(packed=10**6, unpacked=10**7, rows=100, columns=20)
SHEET = "xl/worksheets/sheet1.xml"
MAIN = b"http://schemas.openxmlformats.org/spreadsheetml/2006/main"
FAR = b'<c r="XFD1048576"><v>1</v></c></row>'
ODS = {
    "mimetype": b"application/vnd.oasis.opendocument.spreadsheet",
    "META-INF/manifest.xml": b"<manifest xmlns='urn:oasis:names:tc:opendocument:xmlns:manifest:1.0'/>",
    "content.xml": b"""<office:document-content xmlns:office="urn:oasis:names:tc:opendocument:xmlns:office:1.0"
      xmlns:text="urn:oasis:names:tc:opendocument:xmlns:text:1.0" xmlns:table="urn:elders"><office:body>
      <office:spreadsheet><table:table table:name="Aanstellingen">
      <table:table-row table:number-rows-repeated="1000000"><table:table-cell table:number-columns-repeated="16000"
      office:value-type="string"><text:p>x</text:p></table:table-cell></table:table-row>
      </table:table></office:spreadsheet></office:body></office:document-content>""",
}


def changed(parts: dict[str, bytes], old: bytes, new: bytes) -> dict[str, bytes]:
    assert old in parts[SHEET]
    return {**parts, SHEET: parts[SHEET].replace(old, new, 1)}


def with_far_cell(parts: dict[str, bytes], far: bytes = FAR) -> dict[str, bytes]:
    return changed(parts, b"</row>", far)


LINKS, BOOK = "xl/_rels/workbook.xml.rels", "xl/workbook.xml"
KIND = b"http://schemas.openxmlformats.org/officeDocument/2006/relationships/worksheet"


def elsewhere(parts: dict[str, bytes], path: str, target: str) -> dict[str, bytes]:
    """The sheet with the far cell as another part, to which the workbook points."""
    links = parts[LINKS].replace(b"worksheets/sheet1.xml", target.encode())
    return {name: content for name, content in parts.items() if name != SHEET} | {
        path: with_far_cell(parts)[SHEET], LINKS: links,
    }  # fmt: skip


def named_twice(parts: dict[str, bytes]) -> dict[str, bytes]:
    """A sheet with two names for its part: the one that we take first, and the one that counts."""
    link = b'<Relationship Id="far" Type="%s" Target="worksheets/far.xml"/></Relationships>' % KIND
    links = parts[LINKS].replace(b"</Relationships>", link)
    book = parts[BOOK].replace(b'r:id="rId1"', b'x:id="rId1" xmlns:x="urn:elders" r:id="far"')
    return {**parts, "xl/worksheets/far.xml": with_far_cell(parts)[SHEET], LINKS: links, BOOK: book}


TRICKS = {
    "a place that is none": lambda p: with_far_cell(p, FAR.replace(b"XFD1048576", b"Atobedeleted3")),
    "a place in small letters": lambda p: with_far_cell(p, FAR.replace(b"XFD", b"xfd")),
    "another vocabulary": lambda p: changed(with_far_cell(p), MAIN, b"urn:elders"),
    "another folder": lambda p: elsewhere(p, "xl/bladen/een.xml", "bladen/een.xml"),
    "another folder from the root": lambda p: elsewhere(p, "een.xml", "/een.xml"),
    "said to be a chart": lambda p: elsewhere(p, "xl/chartsheets/een.xml", "chartsheets/een.xml"),
    "two names for its part": named_twice,
    "a second part in other letters": lambda p: {SHEET.upper(): with_far_cell(p)[SHEET], **p},
    "a binary workbook inside": lambda p: {**p, "XL/workbook.bin": b"x"},
    "an ODS inside": lambda p: {**with_far_cell(p), "content.xml": ODS["content.xml"].replace(b"1000000", b"1")},
    "a large ODS in another vocabulary": lambda _p: ODS,
}

ENDS = [*list(TRICKS)[:7], "an ODS inside"]  # the others the reader refuses, or reads by the part that we looked at
READ = (
    "import sys; from python_calamine import CalamineWorkbook as Book; "
    "Book.from_path(sys.argv[1]).get_sheet_by_name('Aanstellingen').to_python(skip_empty_area=False)"
)


@pytest.mark.parametrize("trick", TRICKS)
def test_it_is_a_sentence_and_the_process_lives_on(tmp_path: Path, trick: str) -> None:
    path = workbook(tmp_path / NAME, good_sheets())
    path.write_bytes(packed(TRICKS[trick](unpacked(path))))
    with pytest.raises(Unreadable) as refused:
        check(open_package(path))
    assert NAME in refused.value.where
    assert "werkboek" in str(refused.value) or "blad" in str(refused.value)


def test_a_cell_far_away_is_refused_before_it_takes_more_than_a_gigabyte(tmp_path: Path) -> None:
    parts, path = unpacked(workbook(tmp_path / NAME, good_sheets())), tmp_path / NAME
    path.write_bytes(packed(with_far_cell(parts, FAR.replace(b"XFD1048576", b"AD1000000"))))  # 30 million cells
    with pytest.raises(Unreadable, match="mogen er 20.000.000 cellen liggen") as refused:
        check(open_package(path))
    assert refused.value.where == f"{NAME}#Aanstellingen"
    assert "CSV" in refused.value.hint


def test_the_reader_of_cells_alone_would_have_ended(tmp_path: Path) -> None:
    """Why it matters: without the look inside the same bytes end a process."""
    parts, book = unpacked(workbook(tmp_path / NAME, good_sheets())), tmp_path / "book"
    ended = []
    for trick, turned in TRICKS.items():
        book.write_bytes(packed(turned(parts)))
        done = subprocess.run(
            [sys.executable, "-c", READ, str(book)], check=False, capture_output=True, timeout=60,
            preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_AS, (2**32, 2**32)),
        )  # fmt: skip
        ended += [trick] if done.returncode == -signal.SIGABRT else []
    assert ended == [trick for trick in TRICKS if trick in ENDS]


def test_only_what_looks_inside_opens_a_workbook() -> None:
    """The reader of cells is named in one module, so nobody can pass the look by."""
    product = Path(spreadsheets.__file__).parents[1]
    named = [path for path in product.rglob("*.py") if "python_calamine" in path.read_text(encoding="utf-8")]
    assert named == [product / "connectors" / "books.py"]


def test_a_reader_that_gives_up_by_a_panic_is_a_sentence(monkeypatch: pytest.MonkeyPatch) -> None:
    class PanicException(BaseException):
        """As the reader raises it."""

    def gives_up(_stream: object) -> None:
        raise PanicException

    monkeypatch.setattr(books, "CalamineWorkbook", SimpleNamespace(from_filelike=gives_up))
    for read in (grids, lambda content, name: books.opened(content, name, LIMITS)):
        with pytest.raises(Unreadable, match="beschadigd"):
            read(book(Doelen=[["Sleutel"]]), "boek.xlsx")
