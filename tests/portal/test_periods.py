"""Periods: a month or week that nothing is known of is not skipped."""

from datetime import date, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from schakel.portal.periods import MOST, unbroken


def test_missing_months_stand_between_the_first_and_the_last() -> None:
    found = unbroken([date(2026, 2, 1), date(2025, 11, 1)], "month")
    assert found == [date(2025, 11, 1), date(2025, 12, 1), date(2026, 1, 1), date(2026, 2, 1)]


def test_missing_weeks_too() -> None:
    assert unbroken([date(2026, 11, 2), date(2026, 11, 23)], "week") == [date(2026, 11, d) for d in (2, 9, 16, 23)]


@pytest.mark.parametrize(
    ("times", "kind"),
    [
        (["2023-2024", "2025-2026"], "text"),
        ([2021, 2024], "text"),
        ([date(2026, 1, 1), date(2026, 3, 1)], "date"),
        ([date(2026, 1, 1), date(2026, 3, 15)], "month"),
        ([date(2026, 11, 2), date(2026, 11, 12)], "week"),
        ([date(1900, 1, 1), date(2026, 1, 1)], "month"),
        ([date(9999, 12, 1)], "month"),
        ([date(9999, 11, 30), date(9999, 12, 31)], "month"),
        ([date(9999, 12, 27), date(9999, 12, 31)], "week"),
        ([], "month"),
    ],
)
def test_what_is_no_row_of_months_or_weeks_stays_as_it_is(times: list[Any], kind: str) -> None:
    assert unbroken(list(reversed(times)), kind) == times


@given(st.lists(st.integers(0, MOST - 1), min_size=1, max_size=20))
def test_every_period_once_and_in_order(numbers: list[int]) -> None:
    for kind, made in (
        ("month", [date(2000 + n // 12, n % 12 + 1, 1) for n in numbers]),
        ("week", [date(2001, 1, 1) + timedelta(days=7 * n) for n in numbers]),
    ):
        found = unbroken(made, kind)
        assert found == sorted(set(found))
        assert set(made) <= set(found)
        assert len(found) == max(numbers) - min(numbers) + 1
