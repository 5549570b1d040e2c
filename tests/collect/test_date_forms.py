"""Dates as people and packages write them: the engine and the mapping screen read the same day, or none."""

from datetime import date, datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from schakel.collect.date_forms import COMPACT, MOMENT, MONTHS, date_value, named_month, shown
from schakel.connectors.written_values import Dates, backwards, date_form, day, is_date, is_form, shown_date
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


@given(st.lists(st.tuples(DAYS, st.sampled_from(BEFORE)), min_size=1, max_size=20), st.sampled_from("-/."),
       st.sampled_from(["%Y", "%y"]), st.booleans())  # fmt: skip
@settings(max_examples=60, deadline=None)
def test_the_name_of_the_day_may_stand_before_figures(
    days: list[tuple[date, str]], sign: str, year: str, padded: bool
) -> None:
    part = "{0:02}" if padded else "{0}"
    texts = [f"{n}{part.format(d.day)}{sign}{part.format(d.month)}{sign}{d:{year}}" for d, n in days]
    form = f"%a {'%d' if padded else '%-d'}{sign}{'%m' if padded else '%-m'}{sign}{year}"
    assert read(texts, form) == [d for d, _name in days] == [day(text, form) for text in texts]
    assert all(map(is_date, texts))
    found = date_form({"Dag": texts}, range(len(texts)))
    if any(name for _day, name in days) and not found.asked and found.form.startswith(f"%a %{'' if padded else '-'}d"):
        assert read(texts, found.form) == [d for d, _name in days]


MOMENTS = st.datetimes(datetime(1970, 1, 1), datetime(2099, 12, 31))
ZONES = st.sampled_from(("Z", "+00:00", "+01:00", "+0200", "+01", "-04:00"))
CLOCKS = st.sampled_from(("T%H:%M", "T%H:%M:%S", " %H:%M:%S", "T%H:%M:%S.%f"))


@given(st.lists(st.tuples(MOMENTS, CLOCKS, ZONES), min_size=1, max_size=20))
@settings(max_examples=60, deadline=None)
def test_a_moment_is_the_day_as_written_or_none(moments: list[tuple[datetime, str, str]]) -> None:
    texts = [f"{moment:%Y-%m-%d}{moment.strftime(clock)}{zone}" for moment, clock, zone in moments]
    found = read(texts, MOMENT)
    assert found == [day(text, MOMENT) for text in texts]
    assert all(each in {None, moment.date()} for each, (moment, _clock, _zone) in zip(found, moments, strict=True))
    assert all(each for each, (moment, _clock, _zone) in zip(found, moments, strict=True) if 6 <= moment.hour < 22 - 6)
    assert date_form({"Dag": texts}, range(len(texts))).form == f"%Y-%m-%d|{MOMENT}"


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("2026-11-09T07:30:00Z", date(2026, 11, 9)),
        ("2026-11-20T22:30:00Z", date(2026, 11, 20)),
        ("2026-11-03T23:00:00.000Z", None),  # midnight of the 4th, or the last hour of the 3rd
        ("2026-08-31T22:30:00Z", None),
        ("2026-11-04T00:00:00+01:00", date(2026, 11, 4)),
        ("2026-02-30T07:30:00Z", None),
        ("2026-11-09T24:00:00Z", None),
        ("2026-11-09T07:30:60Z", None),
        ("2026-11-09T07:30:00+25:00", None),
        ("2026-11-09T07:30:00", None),
        ("2026-11-9T07:30:00Z", None),
    ],
)
def test_a_moment_that_is_another_day_here_is_none(text: str, wanted: date | None) -> None:
    assert read([text], MOMENT) == [wanted] == [day(text, MOMENT)]


@given(st.lists(st.dates(date(1900, 1, 1), date(2099, 12, 31)), min_size=1, max_size=20))
@settings(max_examples=60, deadline=None)
def test_eight_figures_are_a_day_where_each_value_is(days: list[date]) -> None:
    texts = [f"{each:%Y%m%d}" for each in days]
    assert read(texts, COMPACT) == days == [day(text, COMPACT) for text in texts]
    assert date_form({"Dag": texts}, range(len(texts))) == Dates(COMPACT)
    assert date_form({"Nummer": [*texts, "20261301"]}, range(len(texts) + 1)) == Dates()


@pytest.mark.parametrize("text", ["20260230", "2026-1-1", "2026 1 1", "202611091", "2026119"])
def test_eight_figures_that_are_no_day_are_none(text: str) -> None:
    assert read([text], COMPACT) == [None]
    assert day(text, COMPACT) is None


def test_a_name_that_is_of_no_day_stays_no_date() -> None:
    texts = ["groep 9-11-26", "ma9-11-26", "mama mia 9-11-26", "9-11-26 ma", "ma "]
    assert read(texts, "%a %-d-%-m-%y") == [None] * 5
    assert [day(text, "%a %-d-%-m-%y") for text in texts] == [None] * 5
    assert not any(map(is_date, texts))


def test_a_year_that_stands_first_is_read_when_somebody_says_so() -> None:
    assert read(["26-11-04"], "%y-%m-%d") == [date(2026, 11, 4)] == [day("26-11-04", "%y-%m-%d")]


def test_a_day_is_told_apart_from_the_next_around_each_turn_of_a_year() -> None:
    turns = [date(year, 12, 31) + timedelta(days=more) for year in (1999, 2019, 2067) for more in (0, 1)]
    assert read([f"{each:%d-%m-%y}" for each in turns], "%d-%m-%y") == turns


def test_forms_in_words_for_people() -> None:
    assert [shown_date(form) for form in (
        "%-d-%-m-%y", "%a %-d-%-m-%y", COMPACT, "%y/%m/%d", "%-d %b %Y", "%d-%m-%y|%d-%m-%Y",
    )] == [
        "DD-MM-JJ", "DD-MM-JJ", "JJJJMMDD", "JJ/MM/DD", "DD MMM JJJJ", "DD-MM-JJ of DD-MM-JJJJ",
    ]  # fmt: skip
    assert backwards("%a %-d-%-m-%y") == "%a %y-%-m-%-d"
    assert shown("%-d %b %y") == "DD MMM JJ"
    assert named_month("za 1 aug. 2026") == ("%-d %b %Y", "1-8-2026")


@pytest.mark.parametrize(
    "text",
    [
        "%d-%m-%Y",
        "%-d/%-m/%y",
        "%y-%m-%d",
        "%-d %b %Y",
        "%Y-%m-%d %H:%M:%S.%n",
        "%d-%m-%YT%H:%M",
        COMPACT,
        MOMENT,
        "%a %-d-%-m-%y",
    ],
)
def test_a_form_that_somebody_may_choose(text: str) -> None:
    assert is_form(text)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "%d-%m",
        "%d-%d-%Y",
        "%m-%b-%Y",
        "%y-%m-%Y",
        "%d-%m/%Y",
        "%d-%m-%Y; DROP",
        "%d'%m'%Y",
        "%d-%m-%Y %S",
        "%d%m%Y",
        "%a",
    ],
)
def test_what_is_no_form_of_a_day_is_not(text: str) -> None:
    assert not is_form(text)
