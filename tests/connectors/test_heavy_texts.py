"""Workbooks in which one text stands in very many cells: a few kilobytes that would become gigabytes once read."""

import io
import re
import struct
import zipfile
from pathlib import Path

import pytest
import xlsxwriter
from hypothesis import given
from hypothesis import strategies as st

from schakel.collect import examination
from schakel.collect.checks import check
from schakel.collect.connectors import open_package
from schakel.collect.listings import listing
from schakel.connectors import old_workbooks
from schakel.connectors.books import Book
from schakel.connectors.dropped_files import look
from schakel.connectors.old_workbooks import opened, shared_texts
from schakel.connectors.spreadsheets import workbook
from schakel.connectors.workbooks import Limits, look_inside
from schakel.engine.duck import worker
from schakel.lib.errors import Unreadable
from tests.collect.small_roster import roster, texts, zipped
from tests.connectors.test_workbooks import cell, ods, row, table, xlsx

FILES = Path(__file__).parents[1] / "cases" / "workbooks"
LONG = "w" * 30_000
LIMITS = Limits(packed=2**20, unpacked=2**22, rows=1_000_000, columns=1000)


def refused(content: bytes, limits: Limits = LIMITS) -> str:
    with pytest.raises(Unreadable, match="te veel tekst") as caught:
        look_inside(content, "boek.xlsx", limits)
    assert caught.value.code == "size" and caught.value.hint
    return caught.value.where


def many_times(path: Path) -> Path:
    """One long text in five thousand cells."""
    with xlsxwriter.Workbook(path) as book:
        page = book.add_worksheet("Blad")
        page.write_row(0, 0, ["Leerlingnummer", "Vestiging", "Datum", "Soort"])
        for at in range(1, 5001):
            page.write(at, 0, LONG)
    return path


def test_one_text_in_thousands_of_cells_is_refused_before_it_is_read(tmp_path: Path) -> None:
    path = many_times(tmp_path / "verzuim_1.xlsx")
    assert path.stat().st_size < 100_000
    assert refused(path.read_bytes()) == "boek.xlsx#Blad"
    for read in (lambda: check(open_package(path)), lambda: look(path, path.name)):
        with pytest.raises(Unreadable, match="te veel tekst"):
            read()


@pytest.mark.parametrize(
    "rows",
    [
        [row(cell("w" * 300, 'table:number-columns-repeated="900"'), more='table:number-rows-repeated="900"')],
        [row(*[cell("w" * 300)] * 50, more='table:number-rows-repeated="20000"')],
    ],
)
def test_so_is_one_that_an_ods_repeats(rows: list[str]) -> None:
    content = ods(table(*rows))
    assert len(content) < 60_000
    refused(content)


def test_long_texts_that_are_there_once_are_read() -> None:
    [inside] = look_inside(xlsx(lambda page: [page.write(at, 0, f"{at}{LONG}") for at in range(20)]), "x.xlsx", LIMITS)
    assert inside.filled == 20 and inside.signs == sum(len(f"{at}{LONG}") for at in range(20))


def test_a_formula_with_a_text_and_a_text_in_its_own_cell_have_weight_and_numbers_have_none() -> None:
    def fill(page):
        page.write(0, 0, 12345)
        page.write_formula(0, 1, '="ab"', None, "abcde")
        page.write_blank(5, 5, None, None)

    [inside] = look_inside(xlsx(fill), "x.xlsx", LIMITS)
    assert inside.filled == 2 and inside.signs >= 5


@pytest.mark.parametrize(
    ("own", "signs"),
    [
        (b'<c r="A1" t="inlineStr"><is><t>abcd</t></is></c>', 4),  # as other programs write it
        (b'<c r="A1" t="s"><v>0</v></c>', 2),
        (b'<c r="A1" t="s"><v>+1</v></c>', 5),
        (b'<c r="A1" t="s"><v><!-- -->1</v></c>', 5),
        (b'<c r="A1" t="s"><v>0</v><v>1</v></c>', 5),
        (b'<c r="A1" t="s"><v>99</v></c>', 5),
        (b'<c r="A1" t="s"/>', 0),
        (b'<c r="A1"><v>123456</v></c>', 0),
    ],
)
def test_a_text_has_its_weight_however_a_cell_refers_to_it(own: bytes, signs: int) -> None:
    """What another reader might follow otherwise than we do weighs as much as the longest."""
    plain, changed = xlsx(lambda page: page.write_column(0, 0, ["ab", "abcde"])), io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(plain)) as parts, zipfile.ZipFile(changed, "w") as copy:
        for part in parts.namelist():
            content = parts.read(part)
            here = re.sub(rb"<row.*</row>", b'<row r="1">' + own + b"</row>", content)
            copy.writestr(part, here if "sheet1" in part else content)
    [inside] = look_inside(changed.getvalue(), "x.xlsx", LIMITS)
    assert inside.signs == signs


@pytest.mark.parametrize("bound", [Limits(2**20, 2**22, 1000, 50, filled=3), Limits(2**20, 2**22, 1000, 50, signs=3)])
def test_the_bounds_are_of_the_workbook_as_a_whole_for_text_and_of_a_sheet_for_cells(bound: Limits) -> None:
    content = xlsx(lambda page: page.write_row(0, 0, ["a", "b", "c"]))
    assert look_inside(content, "x.xlsx", bound)[0].filled == 3
    refused(xlsx(lambda page: page.write_row(0, 0, ["a", "b", "c", "d"])), bound)


@pytest.mark.parametrize("many", ["merged", "formulas"])
def test_more_joined_cells_or_formulas_than_can_be_kept_are_refused(many: str) -> None:
    """Of each the place is kept; a part that unpacks to a gigabyte of them would take ten."""

    def fill(page):
        for at in range(4):
            if many == "merged":
                page.merge_range(at, 0, at, 1, "x")
            else:
                page.write_formula(at, 0, "=1+1", None, 2)

    bound = Limits(2**20, 2**22, 1000, 50, marks=3)
    refused(xlsx(fill), bound)
    assert len(look_inside(xlsx(fill), "x.xlsx", LIMITS)) == 1


@pytest.mark.parametrize("name", ["blad.xls", "verzuim.xls", "blad.ods", "verzuim.ods"])
def test_what_is_counted_is_what_the_reader_gives(name: str) -> None:
    """Of real workbooks: the texts of all cells together, as they are read."""
    book: Book = workbook(listing(FILES / name).entries[0])
    for sheet, inside in book.inside.items():
        read = [each for line in book.rows(sheet) for each in line]
        in_cells = sum(len(each) for each in read if isinstance(each, str))
        assert inside.filled >= sum(1 for each in read if each != "")
        assert in_cells <= inside.signs <= in_cells + 40 * inside.filled, sheet


def test_an_old_workbook_has_the_same_bounds() -> None:
    content = (FILES / "verzuim.xls").read_bytes()
    with pytest.raises(Unreadable, match="te veel tekst"):
        opened(content, "x.xls", Limits(2**24, 2**24, 65_536, 256, signs=20))
    with pytest.raises(Unreadable, match="te veel tekst"):
        opened(content, "x.xls", Limits(2**24, 2**24, 65_536, 256, filled=3))


def written(strings: list[str], cuts: list[int]) -> list[bytes]:
    """The shared texts as an old workbook has them: a record, and others in which it goes on where these cuts are."""
    records, here = [], bytearray(struct.pack("<II", len(strings), len(strings)))
    cut = iter(sorted(cuts))
    upcoming = next(cut, None)
    total = 0
    for text in strings:
        wide = 1 if any(ord(sign) > 255 for sign in text) else 0
        here += struct.pack("<HB", len(text), wide)
        for sign in text:
            if upcoming is not None and total >= upcoming:
                records.append(bytes(here))
                here, upcoming = bytearray([wide]), next(cut, None)
            here += sign.encode("utf-16-le") if wide else sign.encode("latin-1")
            total += 1
    return [*records, bytes(here)]


@given(
    strings=st.lists(st.text(st.sampled_from("abé€"), max_size=30), max_size=12),
    cuts=st.lists(st.integers(1, 200), max_size=5, unique=True),
)
def test_texts_that_run_on_in_the_next_record_are_measured(strings: list[str], cuts: list[int]) -> None:
    assert shared_texts(written(strings, cuts)) == [len(text) for text in strings]


@given(records=st.lists(st.binary(max_size=60), max_size=4))
def test_of_bytes_that_are_no_texts_nothing_is_told_and_nothing_breaks(records: list[bytes]) -> None:
    assert all(0 <= signs < 2**16 for signs in shared_texts(records))


def test_of_what_cannot_be_followed_a_text_is_the_longest(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(old_workbooks, "shared_texts", lambda _records: [])
    content = (FILES / "verzuim.xls").read_bytes()
    with pytest.raises(Unreadable, match="te veel tekst"):
        opened(content, "x.xls", Limits(2**24, 2**24, 65_536, 256, signs=32_000))


def test_what_does_not_fit_in_memory_is_said_in_a_sentence(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    package = zipped(tmp_path / "las.zip", dict(texts(roster())))
    monkeypatch.setattr(examination, "worker", lambda **_told: worker(memory="100KB"))
    with pytest.raises(Unreadable, match="past niet in het geheugen") as caught:
        check(open_package(package))
    assert (caught.value.code, caught.value.where) == ("size", "las.zip")
