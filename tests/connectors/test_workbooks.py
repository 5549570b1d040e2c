"""Looking inside a workbook before it is opened: how far it reaches, and what its cells are made of."""

# ruff: noqa: E501 -- XML as a program writes it
import io
import zipfile

import pytest
import xlsxwriter

from schakel.connectors.workbooks import Limits, look_inside
from schakel.lib.errors import Unreadable

LIMITS = Limits(packed=2**20, unpacked=2**22, rows=1000, columns=50)
CONTENT = """<?xml version="1.0" encoding="UTF-8"?>
<office:document-content xmlns:office="urn:oasis:names:tc:opendocument:xmlns:office:1.0"
 xmlns:table="urn:oasis:names:tc:opendocument:xmlns:table:1.0" xmlns:text="urn:oasis:names:tc:opendocument:xmlns:text:1.0"
 office:version="1.3"><office:body><office:spreadsheet>{}</office:spreadsheet></office:body></office:document-content>"""


def xlsx(fill):
    stream = io.BytesIO()
    with xlsxwriter.Workbook(stream) as book:
        fill(book.add_worksheet("Blad"))
    return stream.getvalue()


def ods(tables):
    """A minimal OpenDocument workbook with these tables as XML."""
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w") as parts:
        parts.writestr("mimetype", "application/vnd.oasis.opendocument.spreadsheet")
        parts.writestr("META-INF/manifest.xml", MANIFEST)
        parts.writestr("content.xml", CONTENT.format(tables))
    return stream.getvalue()


MANIFEST = """<?xml version="1.0"?><manifest:manifest xmlns:manifest="urn:oasis:names:tc:opendocument:xmlns:manifest:1.0">
<manifest:file-entry manifest:full-path="/" manifest:media-type="application/vnd.oasis.opendocument.spreadsheet"/>
<manifest:file-entry manifest:full-path="content.xml" manifest:media-type="text/xml"/></manifest:manifest>"""


def cell(text, more=""):
    return f'<table:table-cell office:value-type="string" {more}><text:p>{text}</text:p></table:table-cell>'


def row(*cells, more=""):
    return f"<table:table-row {more}>{''.join(cells)}</table:table-row>"


def table(*rows, name="Doelen"):
    return f'<table:table table:name="{name}">{"".join(rows)}</table:table>'


def test_the_extent_and_the_kinds_of_cells_of_an_xlsx():
    def fill(page):
        page.write("A1", "x")
        page.write_formula("B2", "=1+1", None, 2)
        page.write_formula("C3", "=1/0", None, "#DIV/0!")
        page.write_formula("C4", "=A1", None, "")
        page.merge_range("D5:E6", "samen")

    [inside] = look_inside(xlsx(fill), "boek.xlsx", LIMITS)
    assert (inside.name, inside.rows, inside.columns) == ("Blad", 5, 4)
    assert inside.formulas == {(2, 2), (3, 3), (4, 3)}
    assert inside.without_value == {(3, 3), (4, 3)}
    assert inside.merged == [((5, 4), (6, 5))]


def test_the_same_of_an_ods():
    rows = [
        row(cell("Sleutel"), cell("Doel")),
        row("<table:table-cell/>", more='table:number-rows-repeated="3"'),
        row(cell("x", 'table:formula="of:=1+1"'), cell("Err:502", 'table:formula="of:=1/0"')),
        row(
            cell("samen", 'table:number-columns-spanned="2" table:number-rows-spanned="1"'),
            "<table:covered-table-cell/>",
        ),
        row('<table:table-cell table:number-columns-repeated="16000"/>', more='table:number-rows-repeated="1000000"'),
    ]
    [inside] = look_inside(ods(table(*rows)), "boek.ods", LIMITS)
    assert (inside.name, inside.rows, inside.columns) == ("Doelen", 6, 2)
    assert inside.formulas == {(5, 1), (5, 2)}
    assert inside.without_value == {(5, 2)}
    assert inside.merged == [((6, 1), (6, 2))]


@pytest.mark.parametrize("corner", ["A1048576", "XFD1", "XFD1048576"])
def test_a_cell_far_away_is_refused(corner):
    content = xlsx(lambda page: page.write(corner, "x"))
    assert len(content) < 10_000
    with pytest.raises(Unreadable, match="te groot"):
        look_inside(content, "boek.xlsx", LIMITS)


@pytest.mark.parametrize(
    "rows",
    [
        [row(cell("x"), more='table:number-rows-repeated="1000000"')],
        [row(cell("x", 'table:number-columns-repeated="16000"'))],
        [row("<table:table-cell/>", more='table:number-rows-repeated="999999"'), row(cell("x"))],
    ],
)
def test_cells_that_repeat_without_end_are_refused(rows):
    with pytest.raises(Unreadable, match="te groot"):
        look_inside(ods(table(*rows)), "boek.ods", LIMITS)


def test_a_workbook_that_swells_is_refused():
    stream = io.BytesIO(xlsx(lambda page: page.write("A1", "x")))
    with zipfile.ZipFile(stream, "a", zipfile.ZIP_DEFLATED) as parts:
        parts.writestr("xl/groot.bin", b"\0" * 2**23)
    with pytest.raises(Unreadable) as error:
        look_inside(stream.getvalue(), "boek.xlsx", LIMITS)
    assert error.value.code == "bomb"


def test_a_workbook_of_thousands_of_parts_is_refused():
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w") as parts:
        for number in range(2001):
            parts.writestr(f"xl/{number}", b"")
    with pytest.raises(Unreadable, match="zwelt"):
        look_inside(stream.getvalue(), "boek.xlsx", LIMITS)


def test_a_workbook_that_is_too_large_as_it_lies_there_is_refused():
    with pytest.raises(Unreadable, match="groter dan 1 MB"):
        look_inside(b"PK\x03\x04" + b"\0" * 2**20, "boek.xlsx", LIMITS)


@pytest.mark.parametrize(
    "content", [b"PK\x03\x04", b"PK\x05\x06" + b"\0" * 18, b"geen zip", ods("<table:table"), ods("&onbekend;")]
)
def test_a_damaged_workbook_is_one_sentence(content):
    with pytest.raises(Unreadable, match="beschadigd"):
        look_inside(content, "boek.xlsx", LIMITS)


def test_entities_of_its_own_are_refused():
    text = CONTENT.format(table(row(cell("x")))).replace(
        "<office:document", '<!DOCTYPE x [<!ENTITY a "b">]><office:document', 1
    )
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w") as parts:
        parts.writestr("content.xml", text)
    with pytest.raises(Unreadable, match="beschadigd"):
        look_inside(stream.getvalue(), "boek.ods", LIMITS)
