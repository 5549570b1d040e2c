"""Classes as the roster knows them: home groups, and per subject the groups that are taught."""

from dataclasses import dataclass

import duckdb

from .loading import load
from .schools import SCHOOLS
from .subjects import NAMES, taught

_TRACK_NAMES = {"B": "brugklas", "K": "vmbo-k", "T": "vmbo-gt", "H": "havo", "V": "vwo"}


@dataclass(frozen=True)
class Home:
    """A home group of one year. `number` counts over all years and schools."""

    number: int
    year: int
    school: int
    track: str
    code: str
    grades: list[int]
    people: int


@dataclass(frozen=True)
class Group:
    """A class: the home group itself (subject `groep` or `mentor`) or its group for one subject."""

    number: int
    home: Home
    subject: str

    @property
    def is_home(self) -> bool:
        return self.subject in ("groep", "mentor")

    @property
    def code(self) -> str:
        return self.home.code if self.is_home else f"{self.home.code}-{self.subject}"

    @property
    def course(self) -> tuple[int, str, int | None, str]:
        """School, track, grade (none where grades mix) and subject: the course that it follows."""
        grade = self.home.grades[0] if len(self.home.grades) == 1 else None
        return self.home.school, self.home.track, grade, self.subject


def homes(con: duckdb.DuckDBPyConnection) -> list[Home]:
    """All home groups, by year, school and code."""
    return [
        Home(*row)
        for row in con.execute("SELECT home, y, s, track, code, grades, people FROM home ORDER BY home").fetchall()
    ]


def groups(every: list[Home]) -> list[Group]:
    """The classes of these home groups, each home group followed by its subjects."""
    found: list[Group] = []
    for home in every:
        own = "mentor" if SCHOOLS[home.school].sector == "vo" else "groep"
        for subject in (own, *taught(home.track, home.grades)):
            found.append(Group(len(found), home, subject))
    return found


def _course_title(track: str, grade: int | None, subject: str) -> str:
    level = "" if grade is None else f" {grade}"
    place = _TRACK_NAMES.get(track, "groep")
    return f"{NAMES[subject]} {place}{level}" if level else NAMES[subject]


def _courses(every: list[Group]) -> dict[tuple[int, str, int | None, str], int]:
    keys = sorted({group.course for group in every}, key=lambda c: (c[0], c[1], c[2] or 0, c[3]))
    return {key: number for number, key in enumerate(keys)}


def _room(group: Group) -> str:
    return f"{1 + group.number % 3}.{1 + (group.home.number * 7) % 24:02d}"


_COURSE = "course INTEGER; s INTEGER; track VARCHAR; grade INTEGER; subject VARCHAR; title VARCHAR"
_KLASS = (
    "k INTEGER; y INTEGER; s INTEGER; home INTEGER; is_home BOOLEAN; code VARCHAR; grades INTEGER[]; track VARCHAR; "
    "subject VARCHAR; course INTEGER; room VARCHAR"
)


def _row(group: Group, course: int) -> tuple[object, ...]:
    home = group.home
    place = (group.number, home.year, home.school, home.number)
    return *place, group.is_home, group.code, home.grades, home.track, group.subject, course, _room(group)


def keep(con: duckdb.DuckDBPyConnection, every: list[Group]) -> None:
    """Make the tables subject, course and klass (all classes)."""
    courses = _courses(every)
    load(con, "subject", "code VARCHAR; name VARCHAR", NAMES.items())
    load(con, "course", _COURSE, [(number, *key, _course_title(*key[1:])) for key, number in courses.items()])
    load(con, "klass", _KLASS, [_row(group, courses[group.course]) for group in every])
