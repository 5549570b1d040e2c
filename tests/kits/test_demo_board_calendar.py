"""School years, holidays, the timetable and chance: the parts that are computed in Python."""

from collections import Counter, defaultdict
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from schakel.kits.demo_board.chance import Chance
from schakel.kits.demo_board.groups import Group, Home, groups
from schakel.kits.demo_board.names import backgrounds, staff_name
from schakel.kits.demo_board.personnel import eleven_proof
from schakel.kits.demo_board.schooldays import easter, holidays, school_years
from schakel.kits.demo_board.schools import NUMBER, SCHOOLS
from schakel.kits.demo_board.staff import Office, staffing
from schakel.kits.demo_board.subjects import lessons, taught
from schakel.kits.demo_board.teaching import Duty, duties
from schakel.kits.demo_board.timetable import timetable
from schakel.lib.identifiers import is_bsn
from tests.kits.demo_boards import TODAY

_VELDLYCEUM = NUMBER["Veldlyceum"]


@pytest.mark.parametrize(
    ("today", "first", "last"),
    [
        (date(2026, 7, 31), "2023-2024", "2025-2026"),
        (date(2026, 8, 1), "2024-2025", "2026-2027"),
        (date(2027, 1, 1), "2024-2025", "2026-2027"),
    ],
)
def test_three_school_years_end_with_the_one_of_today(today: date, first: str, last: str) -> None:
    years = school_years(today)
    assert [years[0].label, years[-1].label] == [first, last]
    assert [year.number for year in years] == [0, 1, 2]
    assert years[-1].start <= today < years[-1].stop


@pytest.mark.parametrize(
    "sunday",
    [date(2024, 3, 31), date(2025, 4, 20), date(2026, 4, 5), date(2027, 3, 28), date(2028, 4, 16), date(2038, 4, 25)],
)
def test_easter(sunday: date) -> None:
    assert easter(sunday.year) == sunday


@given(st.dates(min_value=date(2020, 1, 1), max_value=date(2045, 12, 31)))
def test_every_year_and_region_has_its_holidays(today: date) -> None:
    years = school_years(today)
    found = holidays(years)
    for school in range(len(SCHOOLS)):
        own = [h for h in found if h.school == school]
        assert len({h.first for h in own}) == len(own)
        assert all(h.first <= h.last for h in own)
        names = Counter(h.name for h in own)
        assert names["Zomervakantie"] == 4
        assert (
            names["Herfstvakantie"] == names["Kerstvakantie"] == names["Voorjaarsvakantie"] == names["Meivakantie"] == 3
        )


def test_a_holiday_runs_from_saturday_to_sunday() -> None:
    for holiday in holidays(school_years(TODAY)):
        if holiday.name.endswith("vakantie"):
            assert (holiday.first.weekday(), holiday.last.weekday()) == (5, 6)
    summers = [h for h in holidays(school_years(TODAY)) if h.name == "Zomervakantie"]
    assert {(h.last - h.first).days for h in summers} == {43}


def test_regions_take_turns() -> None:
    starts = {(h.region, h.first.year): h.first for h in holidays(school_years(TODAY)) if h.name == "Zomervakantie"}
    assert starts["midden", 2027] != starts["zuid", 2027]


def test_a_school_has_some_two_hundred_days_a_year() -> None:
    years = school_years(TODAY)
    free = defaultdict(set)
    for h in holidays(years):
        free[h.school] |= {h.first + timedelta(n) for n in range((h.last - h.first).days + 1)}
    for school in range(len(SCHOOLS)):
        for year in years:
            every = (year.start + timedelta(n) for n in range((year.stop - year.start).days))
            assert 180 <= sum(d.weekday() < 5 and d not in free[school] for d in every) <= 210


@given(st.integers(min_value=0, max_value=1_000_000))
def test_numbers_that_pass_the_eleven_test_are_never_issued_ones(number: int) -> None:
    text = eleven_proof(number)
    assert len(text) == 9
    assert text.startswith("9")
    assert is_bsn(text)


@given(st.integers(), st.lists(st.integers(), min_size=1, max_size=20))
def test_chance_repeats_itself(seed: int, key: list[int]) -> None:
    chance = Chance(seed)
    assert 0 <= chance.u(*key) < 1
    assert chance.u(*key) == Chance(seed).u(*key)
    assert 3 <= chance.whole(3, 7, *key) <= 7
    assert chance.pick(key, "pick") in key
    assert chance.often_first(key, "pick") in key


def test_the_first_names_are_drawn_more_often() -> None:
    chance = Chance(1)
    drawn = Counter(chance.often_first(range(10), n) for n in range(5000))
    assert drawn[0] > drawn[9] > 0


def test_shares_of_names_add_up() -> None:
    for people in ("pupils", "staff"):
        assert sum(group.share for group in backgrounds(people)) == pytest.approx(1)
    first, prefix, family, sex = staff_name(Chance(1), 12)
    assert first and family and "|" not in prefix + family
    assert sex in ("female", "male")


def test_lessons_depend_on_track_and_grade() -> None:
    assert lessons("po", 6) == {}
    assert "wi" in lessons("H", 3)
    assert "sk" in lessons("V", 5)
    assert "ma" in lessons("T", 4)
    assert taught("po", [2]) == []
    assert taught("po", [3]) == ["le", "ta", "re"]
    assert taught("so", [2, 3]) == ["le", "ta", "re"]
    assert all(24 <= sum(lessons(track, grade).values()) <= 32 for track in "KTHV" for grade in (1, 3, 4))


def _secondary() -> list[Group]:
    codes = [("B", "B1a", 1), ("B", "B1b", 1), ("H", "H2b", 2), ("H", "H3a", 3), ("H", "H3b", 3), ("V", "V6a", 6)]
    homes = [Home(0, 2, 0, "po", "6a", [6], 22), Home(1, 2, 0, "po", "6b", [6], 22)]
    return groups(
        homes + [Home(n, 2, _VELDLYCEUM, track, code, [grade], 25) for n, (track, code, grade) in enumerate(codes, 2)]
    )


def _duties() -> list[Duty]:
    office = Office(Chance(1), school_years(TODAY), TODAY)
    every = _secondary()
    return duties(every, staffing(office, every, 200), school_years(TODAY))


def test_every_class_is_taught_and_every_home_group_has_a_mentor_or_teacher() -> None:
    done = _duties()
    for group in _secondary():
        roles = {duty.role for duty in done if duty.group == group}
        assert roles == ({"ext:mentor"} if group.subject == "mentor" else {"teacher"})


def test_nobody_teaches_and_no_class_sits_in_two_places_at_once() -> None:
    done = _duties()
    posts = {duty.group.number: duty.post.number for duty in done if duty.role == "teacher" and duty.primary}
    weekly = timetable(done)
    assert max(Counter((lesson.home, lesson.day, lesson.hour) for lesson in weekly).values()) == 1
    assert max(Counter((posts[lesson.group], lesson.day, lesson.hour) for lesson in weekly).values()) == 1


def test_every_lesson_of_the_plan_is_placed() -> None:
    weekly = timetable(_duties())
    for group in _secondary():
        planned = lessons(group.home.track, group.home.grades[0]).get(group.subject, 0)
        assert sum(lesson.group == group.number for lesson in weekly) == planned


def test_a_post_passes_to_its_next_holder_without_a_gap() -> None:
    office = Office(Chance(3), school_years(TODAY), TODAY)
    posts = [office.post(0, "teacher") for _ in range(200)]
    changed = [post for post in posts if len(post.holdings) == 2]
    assert 10 < len(changed) < 80
    year = school_years(TODAY)[2]
    for post in changed:
        first, second = post.holdings
        assert first.stop == second.begin <= TODAY
        assert first.person != second.person
        held = post.held(year.start, year.stop)
        assert (held[0].begin, held[-1].stop) == (year.start, year.stop)
        assert all(a.stop == b.begin for a, b in zip(held, held[1:], strict=False))
