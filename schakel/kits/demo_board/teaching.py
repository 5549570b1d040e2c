"""Who teaches which class and who is the mentor of which home group, year by year."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass

import duckdb

from .groups import Group
from .loading import load
from .schooldays import SchoolYear
from .schools import NUMBER, SCHOOLS
from .staff import FULL_LOAD, Holding, Post, is_stock
from .subjects import lessons

TOM = (NUMBER["De Meerpaal"], "6a")
SANNE = (NUMBER["Veldlyceum"], "H3a")


@dataclass(frozen=True)
class Duty:
    """A post teaches or mentors a class for one school year. `role` is a role of enrollments.csv."""

    group: Group
    post: Post
    role: str
    primary: bool

    def terms(self, year: SchoolYear) -> list[Holding]:
        """The people who did it, one after the other, within the year."""
        return self.post.held(year.start, year.stop)


def _moved_to_front(posts: list[Post], name: str) -> list[Post]:
    return sorted(posts, key=lambda post: not is_stock(post, name))


def _primary_school(groups: list[Group], posts: list[Post], year: int) -> Iterable[Duty]:
    """One teacher a home group for all subjects, the others share a group; teachers change group every year."""
    homes = [g for g in groups if g.is_home]
    turn = posts[-year:] + posts[:-year] if year else list(posts)
    if year == 2:  # noqa: PLR2004
        turn = _with_tom(homes, turn)
    subjects = defaultdict(list)
    for group in groups:
        subjects[group.home.number].append(group)
    for place, post in enumerate(turn):
        second = place >= len(homes)
        home = homes[_shared_home(place, len(homes)) if second else place]
        yield from (Duty(group, post, "teacher", not second) for group in subjects[home.home.number])


def _shared_home(place: int, homes: int) -> int:
    return (3 * place + 1) % homes


def _with_tom(homes: list[Group], turn: list[Post]) -> list[Post]:
    """Tom Bakker teaches 6a this year, and 6a has nobody beside him."""
    place = next((n for n, g in enumerate(homes) if (g.home.school, g.code) == TOM), None)
    if place is None:
        return turn
    order = _moved_to_front(turn, "tom.bakker")
    return [*order[1 : place + 1], order[0], *order[place + 1 :]]


def _secondary_school(groups: list[Group], posts: list[Post], year: int) -> Iterable[Duty]:
    teachers: dict[int, list[Post]] = defaultdict(list)
    by_subject: dict[str, list[Group]] = defaultdict(list)
    for group in groups:
        by_subject[group.subject].append(group)
    mentor_groups = by_subject.pop("mentor")
    for subject, taught in sorted(by_subject.items()):
        for group, post in _spread(_sanne_first(taught, year), [p for p in posts if p.subject == subject]):
            teachers[group.home.number].append(post)
            yield Duty(group, post, "teacher", True)
    yield from _mentors(_sanne_first(mentor_groups, year), teachers, year)


def _sanne_first(groups: list[Group], year: int) -> list[Group]:
    """This year her class is H3a; last year it was H2b, before that H2a."""
    code = ("H2a", "H2b", "H3a")[year]
    return sorted(groups, key=lambda g: (g.home.school, g.home.code) != (SANNE[0], code))


def _spread(groups: list[Group], posts: list[Post]) -> Iterable[tuple[Group, Post]]:
    """Fill one teacher's week after the other."""
    load = dict.fromkeys(range(len(posts)), 0)
    order = _moved_to_front(posts, "sanne.de.wit")
    for group in groups:
        hours = lessons(group.home.track, group.home.grades[0])[group.subject]
        place = next((n for n in load if load[n] + hours <= FULL_LOAD), min(load, key=lambda n: load[n]))
        load[place] += hours
        yield group, order[place]


def _mentors(homes: list[Group], teachers: dict[int, list[Post]], year: int) -> Iterable[Duty]:
    """A mentor teaches the class; nobody mentors two while another teacher of the class has none."""
    busy: set[int] = set()
    for home in homes:
        order = _moved_to_front(teachers[home.home.number], "sanne.de.wit")
        post = next((p for p in order if p.number not in busy), order[home.number % len(order)])
        busy.add(post.number)
        yield Duty(home, post, "ext:mentor", False)


def duties(groups: list[Group], posts: list[Post], years: list[SchoolYear]) -> list[Duty]:
    """Every duty of the three years, by year and school."""
    teachers = [post for post in posts if post.job == "teacher"]
    found: list[Duty] = []
    for year in years:
        for number, school in enumerate(SCHOOLS):
            own = [g for g in groups if (g.home.year, g.home.school) == (year.number, number)]
            share = _secondary_school if school.sector == "vo" else _primary_school
            if own:
                found += share(own, [p for p in teachers if p.school == number], year.number)
    return found


def keep(con: duckdb.DuckDBPyConnection, every: list[Duty], years: list[SchoolYear]) -> None:
    """Make the table duty: who taught or mentored which class from when until (not on) when."""
    rows = [
        (duty.group.number, held.person.number, duty.role, duty.primary, held.begin, held.stop)
        for duty in every
        for held in duty.terms(years[duty.group.home.year])
    ]
    load(con, "duty", "k INTEGER; t INTEGER; role VARCHAR; is_primary BOOLEAN; begin DATE; stop DATE", rows)
