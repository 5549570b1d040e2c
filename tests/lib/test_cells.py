"""The value of a cell that is written for a spreadsheet, in Python and in SQL."""

import duckdb
import pytest
from hypothesis import given
from hypothesis import strategies as st

from schakel.lib.cells import unwrapped, unwrapped_sql


@pytest.mark.parametrize(
    ("cell", "value"),
    [
        ('="0012"', "0012"),
        (' ="0012" ', "0012"),
        ('=""', ""),
        ('="a"b"', 'a"b'),
        ('="', '="'),
        ("=0012", "=0012"),
        ('"0012"', '"0012"'),
        ("0012", "0012"),
        ("", ""),
        ('="0012', '="0012'),
    ],
)
def test_what_stands_in_a_cell(cell: str, value: str) -> None:
    assert unwrapped(cell) == value
    assert in_sql(cell) == (value.strip() or None)


def in_sql(cell: str) -> str | None:
    with duckdb.connect() as con:
        ((value,),) = con.execute(f"SELECT {unwrapped_sql('c')} FROM (SELECT ? AS c)", [cell]).fetchall()
    return None if value is None else str(value)


@given(st.text(st.sampled_from('="0a '), max_size=8))
def test_both_ways_give_the_same(cell: str) -> None:
    assert in_sql(cell) == (unwrapped(cell).strip() or None)
