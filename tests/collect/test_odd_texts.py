"""A text is read as what it says, however it is written; what cannot be read is told with its line, and nothing shifts.

The reference is Python's own csv module: what it wrote must come in, cell for cell.
"""

import codecs
import csv
import io
import tempfile
import tracemalloc
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from schakel.collect import streams
from schakel.collect.headers import MAX_COLUMNS, MAX_HEADER
from schakel.collect.listings import listing
from schakel.collect.packages import Format
from schakel.lib.errors import Unreadable
from tests.amounts import inputs
from tests.collect.small_layout import checked, rows, taken, told
from tests.collect.small_roster import zipped

SOME = settings(max_examples=inputs(30, 12))
ENCODINGS = ["utf-8", "utf-8-sig", "utf-16", "utf-16-be"]
# What may stand in a cell: no NUL (left out and told), no carriage return (a line end like any other).
CELL = st.text(st.characters(exclude_categories=("Cs",), exclude_characters="\0\r\ufeff"), max_size=12)
NARROW = st.text(st.sampled_from("abc é€\"',;\t'’0123\n"), max_size=12)


def file_of(
    cells: list[list[str]], *, delimiter: str = ",", end: str = "\r\n", quoting: int = csv.QUOTE_MINIMAL
) -> str:
    out = io.StringIO(newline="")
    writer = csv.writer(out, delimiter=delimiter, lineterminator=end, quoting=quoting)
    writer.writerow(["id", "a", "b"])
    writer.writerows([[f"x{at}", *row] for at, row in enumerate(cells)])
    return out.getvalue()


def encoded(text: str, encoding: str) -> bytes:
    """The bytes, with the mark that tells what they are."""
    mark = codecs.BOM_UTF16_BE if encoding == "utf-16-be" else b""
    return mark + text.encode(encoding)


def came_in(content: bytes, form: Format | None = None) -> list[list[str | None]]:
    with tempfile.TemporaryDirectory() as folder:
        landed = taken(Path(folder), content, form=form)
        return [list(row) for row in rows(landed, "a, b")]


def as_kept(cell: str) -> str | None:
    """An empty cell is unknown (law 11)."""
    return cell or None


@SOME
@given(
    st.lists(st.lists(CELL, min_size=2, max_size=2), min_size=1, max_size=6),
    st.sampled_from(ENCODINGS),
    st.sampled_from(["\r\n", "\n"]),
    st.sampled_from([csv.QUOTE_MINIMAL, csv.QUOTE_ALL, csv.QUOTE_NONNUMERIC]),
)
def test_what_a_csv_writer_wrote_comes_in_cell_for_cell(cells, encoding, end, quoting):
    content = encoded(file_of(cells, end=end, quoting=quoting), encoding)
    assert came_in(content) == [[as_kept(cell) for cell in row] for row in cells]


@SOME
@given(st.lists(st.text("\0a ", max_size=4), min_size=2, max_size=2), st.sampled_from(ENCODINGS))
def test_the_sign_of_zero_never_comes_in(cells, encoding):
    """A decision about who is whom stands on it: what it is read as begins with that sign (known/every_pupil.sql)."""
    content = encoded(file_of([cells], quoting=csv.QUOTE_ALL), encoding)
    assert came_in(content) == [[as_kept(cell.replace("\0", "")) for cell in cells]]


@SOME
@given(st.lists(st.lists(NARROW, min_size=2, max_size=2), min_size=1, max_size=6), st.sampled_from([";", "\t", "|"]))
def test_another_delimiter_and_windows_letters(cells, delimiter):
    content = file_of(cells, delimiter=delimiter, quoting=csv.QUOTE_ALL).encode("cp1252")
    assert came_in(content, Format(delimiter, "cp1252")) == [[as_kept(cell) for cell in row] for row in cells]


@SOME
@given(st.text(st.sampled_from('",;\n\r\0 aé1\ufeff\u2028{'), max_size=40))
def test_a_zip_and_a_loose_file_say_the_same(text):
    """A clean file is read where it lies, a packed or odd one from memory: the outcome does not depend on it."""
    content = b"id,a,b\n1,x,y\n" + text.encode()
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        outcomes = []
        for packed in (False, True):
            (folder / "things.csv").write_bytes(content)
            path = zipped(folder / "x.zip", {"things.csv": content}) if packed else folder / "things.csv"
            outcomes.append(read_all(listing(path).entries[0]))
        assert outcomes[0] == outcomes[1]


def read_all(entry) -> object:
    try:
        stream = streams.read(entry)
    except Unreadable as error:
        return error.message
    content, facts = stream.buffer.content(), stream.facts
    stream.buffer.close()
    return content.removeprefix(codecs.BOM_UTF8), facts


GOOD = "id,a,b\nx1,een,1\nx2,twee,2\n"
SIGNS_THAT_ARE_NO_LINE_END = ["\x0b", "\x0c", "\x1c", "\x1d", "\x1e", "\x85", "\u2028", "\u2029"]


@pytest.mark.parametrize("sign", SIGNS_THAT_ARE_NO_LINE_END)
def test_signs_that_some_call_a_line_end_are_content(tmp_path, sign):
    content = f"id,a,b\nx1,een{sign}twee,1\nx1,drie,3\n".encode()
    assert told(checked(tmp_path, content)) == [(3, "id", "duplicate-key")]


@pytest.mark.parametrize(
    ("text", "found"),
    [
        (GOOD, []),
        (GOOD.replace("\n", "\r\n"), []),
        (GOOD.replace("\n", "\r"), []),
        ("id,a,b\r\nx1,een,1\nx2,twee,2\rx3,drie,3", []),
        ("\n\n\nid,a,b\nx1,een,1\n", []),
        ("id,a,b\n\nx1,een,1\n\n\n", []),
        ("id,a,b\nx1,een\n", [(2, "", "ragged-row")]),
        ("id,a,b\nx1,een,1,2\n", [(2, "", "ragged-row")]),
        ('id,a,b\nx1,"een,1\n', [(2, "", "open-quote")]),
        ('id,a,b\nx1,een",1\nx2,"twee""",2\n', []),
        ('id,a,b\nx1,"een\ntwee",1\n', [(2, "", "line-break")]),
        ('id,a,b\nx1,"een" ,1\nx1,twee,2\n', [(3, "id", "duplicate-key")]),
        ("id,a,b\nx1,e\0en,1\n", [(2, "", "nul-byte")]),
        ("id,a,b\nx1,een,1\nx2,twee,2\x1a", []),
        ("id,a,b\n,,\n", [(2, "id", "required")]),
        ("id,a,b\nx 1,een,1\n", [(2, "id", "identifier")]),
    ],
)
def test_what_is_odd_is_told_with_its_line(tmp_path, text, found):
    assert told(checked(tmp_path, text.encode())) == found


def test_lines_hold_through_everything_that_is_odd_before_them(tmp_path):
    """Blank lines, broken quotes, rows that do not fit, fields over several lines: the last row knows its line."""
    odd = ["", "x1,een,1", 'x2,"open,1', "", "x3,te,veel,hier", 'x4,"over\ntwee\nregels",4', "   ", "x5", "x6,zes,6"]
    text = "\n".join(["id,a,b", *odd, "x 7,fout,7", ""])
    line = text.split("\n").index("x 7,fout,7") + 1
    found = told(checked(tmp_path, text.encode()))
    assert (line, "id", "identifier") in found
    assert {rule for _row, _column, rule in found} == {"open-quote", "ragged-row", "line-break", "identifier"}
    assert [name for (name,) in rows(taken(tmp_path, text.encode()), "id")] == ["x1", "x4", "x6", "x 7"]


@pytest.mark.parametrize(
    ("content", "encoding", "row"),
    [
        ("id,a,b\nx1,een,1\nx2,Créatief,2\n".encode("cp1252"), "cp1252", 3),
        ("id,a,b\nx1,één,1\n".encode("utf-16"), "utf-16", 1),
        (codecs.BOM_UTF16_BE + "id,a,b\nx1,één,1\n".encode("utf-16-be"), "utf-16", 1),
        (b"id,a,b\nx1,a\xc3(b,1\n", "cp1252", 2),
        (b"id,a,b\nx1,\xc0\xaf,1\n", "cp1252", 2),
        (b"id,a,b\nx1,\xed\xa0\xbd\xed\xb8\x80,1\n", "cp1252", 2),
        (b"id,a,b\nx1,caf\xc3,1\n", "cp1252", 2),
    ],
)
def test_bytes_of_another_encoding_are_told_from_the_first_line_on(tmp_path, content, encoding, row):
    """Also what looks like UTF-8 and is not: overlong forms, halves of a pair, a sign cut off."""
    (found,) = checked(tmp_path, content).findings
    assert (found.rule, found.row, found.action) == ("encoding", row, "accept")
    assert f"als {encoding}" in found.message


def test_a_sign_on_the_edge_of_two_pieces_is_one_sign(tmp_path):
    """A file is read in pieces of four megabytes; the é lies half in the one and half in the other."""
    head = b"id,a,b\n"
    filler = b"".join(b"f%06d,%s,1\n" % (n, b"x" * 990) for n in range(4184))
    filler += b"g,%s,1\n" % (b"y" * (2**22 - len(head) - len(filler) - len(b"g,,1\n") - len(b"h,") - 1))
    content = head + filler + "h,é,1\n".encode()
    assert content[2**22 - 1 : 2**22 + 1] == "é".encode()
    landed = taken(tmp_path, content)
    assert landed.report.findings == []
    assert rows(landed, "a")[-1] == ("é",)


@pytest.mark.parametrize("quoted", [False, True])
def test_one_line_of_ten_megabytes_costs_itself_only(tmp_path, quoted):
    giant = f'"{"x" * 10_000_000}"' if quoted else "x" * 10_000_000
    landed = taken(tmp_path, f"id,a,b\nx1,een,1\nx2,{giant},2\nx3,drie,3\n".encode())
    assert told(landed.report) == [(3, "", "giant-field")]
    assert rows(landed, "id") == [("x1",), ("x3",)]
    assert landed.quarantined == {"things": 1}


def test_a_file_that_is_one_line_without_end_is_a_sentence(tmp_path):
    with pytest.raises(Unreadable, match="things.csv"):
        checked(tmp_path, b"x" * 10_000_000)


def test_thousands_of_broken_lines_are_each_told_and_the_rest_is_read(tmp_path):
    lines = [f'x{n},"open,1' if n % 2 else f"x{n},goed,1" for n in range(5000)]
    landed = taken(tmp_path, "\n".join(["id,a,b", *lines, ""]).encode())
    assert landed.rows == {"things": 2500}
    assert [f.row for f in landed.report.findings] == list(range(3, 5002, 2))


def long_header(names: int, length: int) -> bytes:
    return (",".join(["id", *(f"k{n:0{length}}" for n in range(names))]) + "\nx1\n").encode()


@pytest.mark.parametrize(("names", "length"), [(MAX_COLUMNS, 3), (450, MAX_HEADER // 400), (1, MAX_HEADER)])
def test_a_header_without_end_is_refused_and_never_cut(tmp_path, names, length):
    """A name beyond what was read could be anything, also a citizen service number."""
    with pytest.raises(Unreadable, match="things.csv"):
        checked(tmp_path, long_header(names, length))


def test_a_header_that_never_closes_its_quote_is_refused(tmp_path):
    text = 'id,"a,b\n' + "x1,een,1\n" * 20_000
    with pytest.raises(Unreadable, match="koptekst"):
        checked(tmp_path, text.encode())


def test_as_many_columns_and_as_long_a_header_as_is_allowed(tmp_path):
    content = long_header(MAX_COLUMNS - 1, 200).replace(b"\nx1\n", b"\nx1" + b"," * (MAX_COLUMNS - 1) + b"\n")
    assert checked(tmp_path, content).rows == {"things.csv": 1}


@pytest.mark.parametrize("nothing", [b"", b"\n\n", b"\xef\xbb\xbf", b"   \n", b"\r\n\r\n", "\ufeff\n".encode("utf-16")])
def test_a_file_without_text_is_empty_and_not_broken(tmp_path, nothing):
    assert told(checked(tmp_path, nothing)) == [(0, "", "file-empty")]


def test_what_is_no_text_is_refused(tmp_path):
    for content in (b"\x89PNG\r\n\x1a\n" + b"\0\xff" * 200, b"\x7fELF" + b"\0\x80" * 400):
        with pytest.raises(Unreadable, match="tekstbestand"):
            checked(tmp_path, content)


def test_blanks_are_filler_only_where_the_layout_says_so(tmp_path):
    content = b"id,a,b\n x1 , een ,\t1\n"
    assert told(checked(tmp_path, content)) == [(2, "id", "identifier")]
    trimmed = taken(tmp_path, content, form=Format(",", "utf-8", trimmed=True))
    assert rows(trimmed, "id, a") == [("x1", "een")]


@pytest.mark.parametrize("encoding", ["utf-16", "cp1252", "utf-8"])
def test_blanks_are_filler_in_every_encoding(tmp_path, encoding):
    content = "id;a;b\nx1 ; één;1 \n".encode(encoding)
    landed = taken(tmp_path, content, form=Format(";", "cp1252", trimmed=True))
    assert rows(landed, "id, a, b") == [("x1", "één", "1")]


def test_reading_a_large_file_holds_it_outside_pythons_memory(tmp_path):
    """The text lies in a memory file or where it was; Python itself holds pieces."""
    content = b"id,a,b\n" + b"".join(b"x%d,een,twee\n" % n for n in range(400_000))
    tracemalloc.start()
    try:
        assert checked(tmp_path, content).findings == []
        _now, most = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert most < len(content) + 2**24
