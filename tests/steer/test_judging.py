"""What a figure amounts to, which norm holds for it, and on which side of it the figure lies."""

from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from schakel.steer.judging import Norm, amount, last_day, norm_for, norm_state

TODAY = date(2026, 11, 23)


def norm(value: str = "0.05", since: str = "2024-08-01", **more: object) -> Norm:
    return Norm(Decimal(value), date.fromisoformat(since), "eigen streven", **more)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("numerator", "denominator", "counted", "expected"),
    [
        (1, 4, False, "0.25"),
        (0, 4, False, "0"),
        (1, 3, False, "0.3333"),
        (0, 0, False, None),
        (5, 0, False, None),
        (None, 4, False, None),
        (4, None, False, None),
        (7, None, True, "7"),
        (7, 9, True, "7"),
        (0, 0, True, None),
        (None, None, True, None),
    ],
)
def test_amount(numerator: int | None, denominator: int | None, counted: bool, expected: str | None) -> None:
    decimals = [None if n is None else Decimal(n) for n in (numerator, denominator)]
    got = amount(decimals[0], decimals[1], counted=counted)
    assert got == (None if expected is None else Decimal(expected))


@pytest.mark.parametrize(
    ("value", "direction", "expected"),
    [
        ("0.05", "higher", "above"),
        ("0.0499", "higher", "below"),
        ("0.05", "lower", "above"),
        ("0.0501", "lower", "below"),
        ("0.05", "context", "no_norm"),
        (None, "lower", "unknown"),
        (None, "context", "unknown"),
    ],
)
def test_side_of_the_norm(value: str | None, direction: str, expected: str) -> None:
    figure = None if value is None else Decimal(value)
    assert norm_state(figure, norm(), direction) == expected  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("value", "expected"), [("0.97", "below"), ("0.98", "above"), ("1.02", "above"), ("1.03", "below")]
)
def test_inside_a_range_is_good(value: str, expected: str) -> None:
    assert norm_state(Decimal(value), norm("0.98", upper=Decimal("1.02")), "range") == expected


def test_without_a_norm_there_is_no_judgement() -> None:
    assert norm_state(Decimal(1), None, "lower") == "no_norm"
    assert norm_state(None, None, "lower") == "unknown"


@pytest.mark.parametrize(
    ("period", "expected"),
    [("2026-2027", "2027-07-31"), ("2026-11", "2026-11-30"), ("2028-02", "2028-02-29"), ("2026", "2026-12-31")],
)
def test_last_day_of_a_period(period: str, expected: str) -> None:
    assert last_day(period) == date.fromisoformat(expected)


@pytest.mark.parametrize("period", ["", "november", "2026-13", "26"])
def test_a_period_that_is_none_is_refused(period: str) -> None:
    with pytest.raises(ValueError):
        last_day(period) if period != "26" else last_day("26x")


def test_the_newest_norm_that_holds_at_the_end_of_the_period() -> None:
    old, new, later = norm("1", "2020-01-01"), norm("2", "2025-08-01"), norm("3", "2027-01-01")
    assert norm_for([old, new, later], "2024-2025", TODAY) == old
    assert norm_for([old, new, later], "2025-2026", TODAY) == new
    assert norm_for([old, new, later], "2026-2027", TODAY) == new, "a norm of tomorrow does not judge today"
    assert norm_for([later], "2026", TODAY) is None


def test_a_norm_of_a_sector_holds_there_only() -> None:
    po, vo = norm("1", sector="po"), norm("2", sector="vo")
    assert norm_for([po, vo], "2026", TODAY, "vo") == vo
    assert norm_for([po, vo], "2026", TODAY, "so") is None
    assert norm_for([po, vo], "2026", TODAY) is None
    assert norm_for([norm("3"), po], "2026", TODAY, "po") == po, "of one day, the one for the sector"


def test_a_norm_of_a_band_needs_a_size_in_it() -> None:
    small, large = norm("1.5", size_below=Decimal(3)), norm("1", size_from=Decimal(3), size_below=Decimal(12))
    assert norm_for([small, large], "2026", TODAY, size=Decimal("2.99")) == small
    assert norm_for([small, large], "2026", TODAY, size=Decimal(3)) == large
    assert norm_for([small, large], "2026", TODAY, size=Decimal(12)) is None
    assert norm_for([small, large], "2026", TODAY) is None
    assert norm_for([norm("9", size_from=Decimal(0))], "2026", TODAY, size=Decimal(0)) is not None


@given(st.decimals(-5, 5, places=4), st.sampled_from(["higher", "lower"]))
def test_the_two_directions_only_agree_on_the_norm_itself(value: Decimal, direction: str) -> None:
    higher, lower = norm_state(value, norm("1"), "higher"), norm_state(value, norm("1"), "lower")
    assert (higher == lower) == (value == 1)
