"""Dates as people and packages write them: the engine and the mapping screen read the same day, or none."""

from datetime import date, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from schakel.collect.date_forms import MONTHS, date_value, named_month, shown
from schakel.connectors.written_values import date_form, day, is_date, is_form, shown_date
from schakel.engine import duck

DAYS = st.dates(date(1969, 1, 1), date(2068, 12, 31))  # what a year of two figures can be
BEFORE = ("", "ma ", "maandag ", "Wo. ", "Fri, ", "Saturday ")


def read(texts: list[str], form: str) -> list[date | None]:
    """These cells as the engine keeps them."""
    with duck.worker() as con:
        sql = f"SELECT {date_value('t.c', form)} FROM (SELECT unnest(?) AS c) AS t"
        return [found for (found,) in con.execute(sql, [texts]).fetchall()]


@given(st.lists(DAYS, min_size=1, max_size=20), st.sampled_from("-/."), st.booleans(), st.booleans())
@settings(max_examples=60, deadline=None)
def test_a_year_of_two_figures_is_read_in_its_century(
    days: list[date], sign: str, padded: bool, month_first: bool
) -> None:
    part = "{0:02}" if padded else "{0}"
    order = ("month", "day") if month_first else ("day", "month")
    texts = [
        sign.join([*(part.format(getattr(each, name)) for name in order), f"{each.year % 100:02}"]) for each in days
    ]
    dash = "" if padded else "-"
    form = sign.join([*(f"%{dash}{name[0]}" for name in order), "%y"])
    assert read(texts, form) == days
    assert [day(text, form) for text in texts] == days
    assert all(map(is_date, texts))


@given(st.lists(st.tuples(DAYS, st.sampled_from(BEFORE), st.booleans()), min_size=1, max_size=20),
       st.sampled_from(["- %Y", "  %Y", "- %y", "  %y"]))  # fmt: skip
@settings(max_examples=60, deadline=None)
def test_a_month_by_its_name_is_that_month_in_either_language(days: list[tuple[date, str, bool]], how: str) -> None:
    sign, year = how[0], how[-2:]
    texts = []
    for each, before, capitals in days:
        name = [name for name, number in MONTHS.items() if number == each.month][each.day % 2]
        written = f"{before}{each.day}{sign}{name}{sign}{each:{year}}"
        texts.append(written.upper() if capitals else written)
    form, wanted = f"%-d{sign}%b{sign}{year}", [each for each, _before, _capitals in days]
    assert read(texts, form) == wanted
    assert [day(text, form) for text in texts] == wanted
    assert date_form({"Dag": texts}, range(len(texts))).form == form


@pytest.mark.parametrize(
    ("name", "month"),
    [("maart", 3), ("mrt", 3), ("March", 3), ("mei", 5), ("MAY", 5), ("okt.", 10), ("october", 10), ("sept", 9)],
)
def test_a_month_in_either_language_and_any_letters(name: str, month: int) -> None:
    assert read([f"9 {name} 2026"], "%-d %b %Y") == [date(2026, month, 9)] == [day(f"9 {name} 2026", "%-d %b %Y")]


@pytest.mark.parametrize(
    "text",
    ["31 april 2026", "0 mei 2026", "9 foo 2026", "mei 2026", "9 mei", "9 mei 226", "groep 9 mei 2026", "9-mei 2026",
     "9 meimaand 2026",
     "9  mei 2026", "week 9 mei 2026", "9 mei 2026 x", "1-mei-2026-1", ""],
)  # fmt: skip
def test_what_is_no_such_day_is_none(text: str) -> None:
    form = "%-d %b %Y|%-d-%b-%Y"
    assert read([text], form) == [None]
    assert day(text, form) is None


@pytest.mark.parametrize("text", ["4-11-2026", "4-11-6", "2026-11-04", "4/11/26", "31-02-26", "4-13-26", "4-11-26x"])
def test_a_form_with_a_short_year_reads_no_other(text: str) -> None:
    assert read([text], "%-d-%-m-%y") == [None]
    assert day(text, "%-d-%-m-%y") is None


def test_a_year_that_stands_first_is_read_when_somebody_says_so() -> None:
    assert read(["26-11-04"], "%y-%m-%d") == [date(2026, 11, 4)] == [day("26-11-04", "%y-%m-%d")]


def test_a_day_is_told_apart_from_the_next_around_each_turn_of_a_year() -> None:
    turns = [date(year, 12, 31) + timedelta(days=more) for year in (1999, 2019, 2067) for more in (0, 1)]
    assert read([f"{each:%d-%m-%y}" for each in turns], "%d-%m-%y") == turns


def test_forms_in_words_for_people() -> None:
    assert [shown_date(form) for form in ("%-d-%-m-%y", "%y/%m/%d", "%-d %b %Y", "%d-%m-%y|%d-%m-%Y")] == [
        "DD-MM-JJ", "JJ/MM/DD", "DD MMM JJJJ", "DD-MM-JJ of DD-MM-JJJJ",
    ]  # fmt: skip
    assert shown("%-d %b %y") == "DD MMM JJ"
    assert named_month("za 1 aug. 2026") == ("%-d %b %Y", "1-8-2026")


@pytest.mark.parametrize(
    "text",
    ["%d-%m-%Y", "%-d/%-m/%y", "%y-%m-%d", "%-d %b %Y", "%Y-%m-%d %H:%M:%S.%n", "%d-%m-%YT%H:%M"],
)
def test_a_form_that_somebody_may_choose(text: str) -> None:
    assert is_form(text)


@pytest.mark.parametrize(
    "text", ["", "%d-%m", "%d-%d-%Y", "%m-%b-%Y", "%y-%m-%Y", "%d-%m/%Y", "%d-%m-%Y; DROP", "%d'%m'%Y", "%d-%m-%Y %S"]
)
def test_what_is_no_form_of_a_day_is_not(text: str) -> None:
    assert not is_form(text)
