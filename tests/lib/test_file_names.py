"""The order of files: by the date or the number in the name, as people mean it."""

from datetime import date
from itertools import pairwise

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from schakel.lib.file_names import order

FORMS = ("%Y%m%d", "%Y-%m-%d", "%Y_%m_%d", "%d-%m-%Y", "%d.%m.%Y", "%d %m %Y", "%d%m%Y")
days = st.dates(date(1990, 1, 1), date(2099, 12, 31))


@pytest.mark.parametrize(
    "names",
    [
        ["verzuim week 9.xlsx", "verzuim week 10.xlsx", "Verzuim week 11.xlsx"],
        ["verzuim_14-9-2026.csv", "verzuim_3-10-2026.csv", "verzuim_21-10-2026.csv", "verzuim_2-1-2027.csv"],
        ["verzuim_14.09.2026.csv", "verzuim_03.10.2026.csv"],
        ["edex_20260930.xml", "edex_20261001.xml"],
        ["edex_30092026.xml", "edex_01102026.xml", "edex_20112026.xml"],
        ["edex_20101210.xml", "edex_20111026.xml"],  # with the year first where that is a date
        ["las_2026-9-30_1.zip", "las_2026-10-1_1.zip", "las_2026-10-1_2.zip", "las_2026-10-1_10.zip"],
        ["a_2026-13-41.csv", "a_2026-14-02.csv"],  # no dates: numbers
        ["b_99999999.csv", "b_100000000.csv"],
        ["verzuim.csv", "verzuim_1.csv"],
        ["Verzuim_1.csv", "verzuim_1.csv"],
    ],
)
def test_the_later_one_comes_last(names: list[str]) -> None:
    assert sorted(reversed(names), key=order) == names


@given(days, days, st.sampled_from(FORMS), st.text("abz _-.", max_size=4))
def test_a_date_counts_however_it_is_written(one: date, other: date, form: str, before: str) -> None:
    earlier, later = (order(f"{before}x_{day.strftime(form)}.csv") for day in sorted((one, other)))
    assert (earlier < later) == (one != other)


@given(st.lists(st.text(max_size=30), max_size=6))
def test_any_names_have_one_order(names: list[str]) -> None:
    found = sorted(set(names), key=order)
    assert all(order(one) < order(other) for one, other in pairwise(found))
    assert sorted(reversed(found), key=order) == found


@given(st.integers(0, 10**40), st.integers(0, 10**40))
def test_numbers_count_as_numbers(one: int, other: int) -> None:
    assume(8 not in (len(str(one)), len(str(other))))  # those may be dates
    assert (order(f"n{one}") < order(f"n{other}")) == (one < other)
