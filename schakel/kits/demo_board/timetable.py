"""The weekly timetable of secondary schools: no class and no teacher in two places at once."""

from collections import defaultdict
from dataclasses import dataclass

import duckdb

from .loading import load
from .subjects import lessons
from .teaching import Duty

_DAYS, _HOURS = 5, 9


@dataclass(frozen=True)
class Lesson:
    """A weekly lesson of a class: day 1 is Monday, hour 1 the first."""

    group: int
    home: int
    day: int
    hour: int


def _slots(shift: int) -> list[tuple[int, int]]:
    """Hours of the week, early hours first and the days in turn, so that a subject spreads over the week."""
    return [((day + shift) % _DAYS + 1, hour) for hour in range(1, _HOURS + 1) for day in range(_DAYS)]


def _first_free(slots: list[tuple[int, int]], taken: set[tuple[int, int]], avoid: set[int]) -> tuple[int, int] | None:
    return next((s for s in slots if s not in taken and s[0] not in avoid), None)


def _place(duty: Duty, busy_class: set[tuple[int, int]], busy_post: set[tuple[int, int]]) -> list[Lesson]:
    home = duty.group.home
    hours, days, found = lessons(home.track, home.grades[0])[duty.group.subject], set[int](), []
    for turn in range(hours):
        taken = busy_class | busy_post
        slots = _slots(home.number + turn)
        slot = (
            _first_free(slots, taken, days) or _first_free(slots, taken, set()) or _first_free(slots, busy_class, set())
        )
        if slot is None:
            break
        busy_class.add(slot)
        busy_post.add(slot)
        days.add(slot[0])
        found.append(Lesson(duty.group.number, home.number, *slot))
    return found


def timetable(duties: list[Duty]) -> list[Lesson]:
    """The weekly lessons of all secondary teaching groups, the fullest teachers placed first."""
    taught = [
        d
        for d in duties
        if d.role == "teacher" and lessons(d.group.home.track, d.group.home.grades[0]) and not d.group.is_home
    ]
    load: dict[tuple[int, int], int] = defaultdict(int)
    for duty in taught:
        load[duty.group.home.year, duty.post.number] += 1
    taught.sort(
        key=lambda d: (d.group.home.year, -load[d.group.home.year, d.post.number], d.post.number, d.group.number)
    )
    classes: dict[int, set[tuple[int, int]]] = defaultdict(set)
    posts: dict[tuple[int, int], set[tuple[int, int]]] = defaultdict(set)
    found: list[Lesson] = []
    for duty in taught:
        found += _place(duty, classes[duty.group.home.number], posts[duty.group.home.year, duty.post.number])
    return found


def keep(con: duckdb.DuckDBPyConnection, duties: list[Duty]) -> None:
    """Make the table lesson: the weekly timetable of every year."""
    rows = [(lesson.group, lesson.home, lesson.day, lesson.hour) for lesson in timetable(duties)]
    load(con, "lesson", "k INTEGER; home INTEGER; day INTEGER; hour INTEGER", rows)
