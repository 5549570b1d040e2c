"""Any cell in any file: what goes out can be read back as what it was; unknown, hidden and zero never look alike."""

import csv
import io
import json
import math
import re
import zipfile
from collections.abc import Iterator
from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal
from typing import Any
from uuid import UUID

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from lxml import etree
from python_calamine import CalamineWorkbook

from schakel.engine.duck import worker
from schakel.engine.export import to_csv, to_json, to_xlsx
from schakel.engine.hidden import HIDDEN, Hidden
from schakel.engine.sql import checked
from schakel.lib.text import spoken
from tests.engine.test_sql_cases import SCHEMA, text

SOME = settings(max_examples=40, deadline=None)
PRINTED = st.text(st.characters(exclude_categories=("Cs", "Cc")), max_size=30)
ANY_TEXT = st.text(max_size=30)
decimals = st.decimals(allow_nan=False, allow_infinity=False, places=4, min_value=-(10**9), max_value=10**9)
cells = st.one_of(
    st.none(), st.booleans(), st.integers(), st.floats(), st.decimals(), decimals, ANY_TEXT, st.dates(),
    st.datetimes(), st.times(), st.timedeltas(), st.uuids(), st.binary(max_size=5), st.just(HIDDEN), st.just(Hidden(5)),
)  # fmt: skip


def read_csv(content: bytes) -> list[list[str]]:
    return list(csv.reader(io.StringIO(content.decode("utf-8-sig"), newline=""), delimiter=";"))


def read_xlsx(content: bytes) -> list[list[Any]]:
    return CalamineWorkbook.from_filelike(io.BytesIO(content)).get_sheet_by_index(0).to_python()


def csv_cell(value: Any) -> str:
    return read_csv(to_csv(["a", "b"], [[value, 1]]))[1][0]


def xlsx_cell(value: Any) -> Any:
    return read_xlsx(to_xlsx(["a", "b"], [[value, 1]]))[1][0]


def json_cell(value: Any) -> Any:
    return json.loads(to_json(["a"], [[value]]))[0]["a"]


@SOME
@given(st.lists(st.tuples(cells, cells), max_size=4))
def test_any_cells_make_files_of_as_many_rows(rows):
    assert len(read_csv(to_csv(["a", "b"], rows))) == len(rows) + 1
    assert len(json.loads(to_json(["a", "b"], rows))) == len(rows)
    with zipfile.ZipFile(io.BytesIO(to_xlsx(["a", "b"], rows))) as book:
        for name in book.namelist():
            tree = etree.fromstring(book.read(name))  # every part is well-formed, or Excel calls the file broken
            assert not tree.findall(".//{*}f"), "no cell is a formula"


@SOME
@given(decimals)
def test_a_decimal_comes_back_exactly(value):
    assert Decimal(csv_cell(value).replace(",", ".")) == value
    assert Decimal(str(json_cell(value))) == Decimal(str(float(value)))
    assert xlsx_cell(value) == float(value)
    assert "e" not in csv_cell(value).lower()


@SOME
@given(st.floats(-1e300, 1e300))
def test_a_float_comes_back_exactly(value):
    assert float(csv_cell(value).replace(",", ".")) == value
    assert json_cell(value) == value
    assert math.isclose(xlsx_cell(value), value, rel_tol=1e-15)  # as many digits as a spreadsheet keeps


@SOME
@given(st.integers())
def test_a_whole_number_keeps_all_its_digits(value):
    """Also a long one: a spreadsheet would round it, so it is a text there."""
    assert int(csv_cell(value)) == value
    assert json_cell(value) == value
    assert int(xlsx_cell(value)) == value


@SOME
@given(st.dates())
def test_a_day_comes_back_as_that_day(value):
    """Also a day before 1900, which no spreadsheet can hold as a date."""
    assert csv_cell(value) == json_cell(value) == value.isoformat()
    found = xlsx_cell(value)
    assert found == value if value.year >= 1900 else found == value.isoformat()


@SOME
@given(st.datetimes(datetime(1900, 3, 1), datetime(9999, 12, 31)))
def test_a_moment_comes_back_to_the_second(value):
    assert datetime.fromisoformat(json_cell(value)) == value
    found = xlsx_cell(value)
    found = datetime.combine(found, time()) if not isinstance(found, datetime) else found
    assert abs(found - value) <= timedelta(seconds=1)


@SOME
@given(PRINTED)
def test_a_text_comes_back_or_with_one_apostrophe_before_it(value):
    assert csv_cell(value) in {value, f"'{value}"}
    assert xlsx_cell(value) == value
    assert json_cell(value) == value


# What spreadsheet programs take for the start of a formula, after blanks and signs that do not show.
@SOME
@given(
    st.text(st.sampled_from(" \t\u00a0\u200b\ufeff\u00ad\"'\u3000\u2003\x00\x1f"), max_size=4),
    st.sampled_from("=+-@|%\t\r\n＝＋－＠"),
    ANY_TEXT,
)
def test_no_text_begins_as_a_formula_after_whatever_does_not_show(before, sign, after):
    shown = csv_cell(before + sign + after)
    assert shown.startswith("'"), "whole texts are marked; a leading quote alone would be eaten by some programs"
    assert "\x00" not in shown and "\x1f" not in shown


@pytest.mark.parametrize("value", ["1-2", "a=b", "x@y.nl", "100%", "§ 3", "'s Gravenhage", "’t Harde", "(020) 12"])
def test_an_ordinary_text_is_left_as_it_is(value):
    assert csv_cell(value) == value


@pytest.mark.parametrize("value", [None, math.nan, math.inf, -math.inf, Decimal("NaN"), Decimal("Infinity")])
def test_unknown_is_empty_everywhere_and_never_zero(value):
    assert (csv_cell(value), xlsx_cell(value), json_cell(value)) == ("", "", None)


@pytest.mark.parametrize("value", [0, 0.0, -0.0, Decimal("0"), Decimal("-0.00")])
def test_zero_is_zero_everywhere_and_has_no_sign(value):
    assert csv_cell(value) == "0"
    assert (xlsx_cell(value), json_cell(value)) == (0, 0)
    assert math.copysign(1, xlsx_cell(value)) == 1


def test_hidden_is_told_from_zero_and_from_unknown_in_both_languages():
    assert (csv_cell(Hidden(5)), xlsx_cell(Hidden(5)), json_cell(Hidden(5))) == ("< 5", "< 5", {"hidden": "< 5"})
    assert (csv_cell(HIDDEN), json_cell(HIDDEN)) == ("verborgen", {"hidden": "verborgen"})
    with spoken("en"):
        assert csv_cell(HIDDEN) == xlsx_cell(HIDDEN) == "hidden"


@pytest.mark.parametrize("value", [timedelta(days=1, hours=2), UUID(int=7), b"ab", [1, 2], {"a": 1}])
def test_what_has_no_form_of_its_own_is_a_text(value):
    assert csv_cell(value) == xlsx_cell(value) == json_cell(value) == str(value)


def test_a_moment_with_a_zone_is_written_as_the_clock_said():
    moment = datetime(2026, 11, 23, 8, 30, tzinfo=UTC)
    assert json_cell(moment) == "2026-11-23T08:30:00+00:00"
    assert xlsx_cell(moment) == datetime(2026, 11, 23, 8, 30)


@SOME
@given(ANY_TEXT)
def test_any_title_makes_a_workbook_that_opens(title):
    content = to_xlsx(["a"], [[1]], title)
    (name,) = CalamineWorkbook.from_filelike(io.BytesIO(content)).sheet_names
    assert 1 <= len(name.encode("utf-16-le")) // 2 <= 31
    assert not re.search(r"[\[\]:*?/\\'\x00-\x1f]", name)


@pytest.mark.parametrize("sign", ["x", "é", "🎓"])
def test_a_text_that_is_too_long_for_a_cell_is_cut_and_the_title_too(sign):
    """Counted as a spreadsheet counts: an emoji is two signs, and is never cut in half."""
    cell = xlsx_cell(sign * 40_000)
    assert set(cell) == {sign}
    assert 32_766 <= len(cell.encode("utf-16-le")) // 2 <= 32_767
    (title,) = CalamineWorkbook.from_filelike(io.BytesIO(to_xlsx(["a"], [], f"Naam {sign * 40}"))).sheet_names
    assert title.startswith(f"Naam {sign}")


@SOME
@given(st.lists(ANY_TEXT, min_size=1, max_size=4, unique=True))
def test_headers_are_as_harmless_as_cells(names):
    content = read_csv(to_csv(names, []))
    assert len(content[0]) == len(names)
    assert not any(re.match(r"\s*[=+\-@\t\r]", name) for name in content[0])
    assert list(json.loads(to_json(names, [names]))[0].values()) == [
        n.encode("utf-8", "replace").decode() for n in names
    ]


def test_a_row_that_does_not_fit_its_header_is_a_defect_in_json():
    """Names and values are never put together askew."""
    with pytest.raises(ValueError, match="zip"):
        to_json(["a", "b"], [[1]])


def test_rows_are_taken_one_by_one():
    """A large answer is not gathered in a list first."""
    taken = []

    def rows() -> Iterator[list[int]]:
        for n in range(3):
            taken.append(n)
            yield [n]

    for render in (to_csv, to_json, to_xlsx):
        render(["a"], rows())
    assert taken == [0, 1, 2] * 3


@pytest.mark.parametrize(
    "sql",
    [
        "SELECT INTERVAL 3 DAY AS a, INTERVAL 2 MONTH AS b",
        "SELECT TRUE AS a, 1.50 AS b",
        "SELECT today() AS a, date_trunc('month', today()) AS b",
        "SELECT sum(rows) AS a, avg(rows) AS b FROM (SELECT 1 AS rows UNION ALL SELECT 2 AS rows) AS x",
        "SELECT 100000000000000000000000000000000000 AS a, 0.1 AS b",
    ],
)
def test_whatever_a_product_can_select_can_leave_as_any_file(sql):
    """The types that the checked part of SQL can give, out of DuckDB itself."""
    query = checked(sql, SCHEMA)
    with worker() as con:
        found = con.execute(text(query), {"day": date(2026, 11, 23)} if query.needs_day else {})
        names, rows = [column[0] for column in found.description], found.fetchall()
    for render in (to_csv, to_json, to_xlsx):
        assert render(names, rows)
