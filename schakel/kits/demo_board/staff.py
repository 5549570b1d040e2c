"""Staff: posts at the schools and the people who hold them one after the other, each with a contract of their own.

A post is what has to be done (teach mathematics, lead a school); when a holder leaves, the next takes over its classes.
"""

import unicodedata
from collections import Counter
from dataclasses import dataclass, field
from datetime import date, timedelta

import duckdb

from .chance import Chance
from .groups import Group
from .loading import load
from .names import staff_name
from .schooldays import SchoolYear
from .schools import SCHOOLS
from .subjects import lessons

DOMAIN = "oeverscholen.example"
FULL_LOAD = 22  # lessons a week that one teacher's post carries
_STAFF_PER_PUPIL = 0.09
_OFFICE = -1


@dataclass
class Person:
    """A member of staff."""

    number: int
    first: str
    prefix: str
    family: str
    sex: str
    born: date
    email: str

    @property
    def staff_number(self) -> str:
        return str(20000 + self.number * 3)


@dataclass(frozen=True)
class Holding:
    """A person holds a post from `begin` until (not on) `stop`; None is until further notice."""

    person: Person
    begin: date
    stop: date | None


@dataclass
class Post:
    """`school` is a number of SCHOOLS, or -1 for the board's office. `job` is a role of roles.csv."""

    number: int
    school: int
    job: str
    subject: str = ""
    extra: str = ""
    fte: float = 1.0
    holdings: list[Holding] = field(default_factory=list)

    def held(self, begin: date, stop: date) -> list[Holding]:
        """Who holds the post in this time, cut to it."""
        cut = [
            Holding(h.person, max(h.begin, begin), min(h.stop or stop, stop))
            for h in self.holdings
            if h.begin < stop and (h.stop is None or h.stop > begin)
        ]
        return [h for h in cut if h.stop and h.begin < h.stop]


@dataclass(frozen=True)
class StockPerson:
    """A person whom every demonstration and test knows by name."""

    name: tuple[str, str, str, str]
    email: str
    school: str
    job: str
    subject: str = ""


STOCK = (
    StockPerson(("Marijke", "", "Terpstra", "female"), "marijke.terpstra", "", "districtAdministrator"),
    StockPerson(("Karin", "de", "Boer", "female"), "karin.de.boer", "De Meerpaal", "principal"),
    StockPerson(("Tom", "", "Bakker", "male"), "tom.bakker", "De Meerpaal", "teacher"),
    StockPerson(("Sanne", "de", "Wit", "female"), "sanne.de.wit", "Veldlyceum", "teacher", "ne"),
    StockPerson(("Fatma", "", "Yılmaz", "female"), "fatma.yilmaz", "Veldlyceum", "counselor"),
    StockPerson(("Henk", "", "Nijland", "male"), "henk.nijland", "Veldlyceum", "siteAdministrator"),
)
# They have no place in the roster; nobody else may carry their address.
_REGISTER_ONLY = ("youssef.haddou", "daan.verhoeven", "ineke.postma", "olivier.smit")
_TAKEN = {person.email for person in STOCK} | set(_REGISTER_ONLY)
_LETTERS = str.maketrans("ıİłŁøß", "iIlLos")


def address(first: str, prefix: str, family: str) -> str:
    """The part before the at sign: first.prefix.family without accents, spaces or apostrophes."""
    text = ".".join(part for part in (first, prefix, family) if part).translate(_LETTERS)
    plain = unicodedata.normalize("NFKD", text).encode("ascii", "ignore").decode().lower()
    return plain.replace(" ", ".").replace("'", "").replace("..", ".")


class Office:
    """Hires people: hands out numbers and addresses that nobody else has."""

    def __init__(self, chance: Chance, years: list[SchoolYear], today: date) -> None:
        self.chance, self.years, self.today = chance, years, today
        self.people: list[Person] = []
        self.posts: list[Post] = []
        self._addresses: Counter[str] = Counter(dict.fromkeys(_TAKEN, 1))

    def person(self, stock: StockPerson | None = None) -> Person:
        """Somebody new, or one of the people whom everybody knows."""
        number = len(self.people)
        name = stock.name if stock else staff_name(self.chance, number)
        email = stock.email if stock else self._address(*name[:3])
        born = self.today - timedelta(365 * 23 + self.chance.whole(0, 365 * 42, "staff born", number))
        self.people.append(Person(number, *name, born, f"{email}@{DOMAIN}"))
        return self.people[-1]

    def _address(self, first: str, prefix: str, family: str) -> str:
        plain = address(first, prefix, family)
        self._addresses[plain] += 1
        return plain if self._addresses[plain] == 1 else f"{plain}{self._addresses[plain]}"

    def post(self, school: int, job: str, subject: str = "", extra: str = "") -> Post:
        """A new post with its holders over the three years."""
        post = Post(len(self.posts), school, job, subject, extra)
        post.fte = self.chance.pick((0.4, 0.5, 0.6, 0.6, 0.8, 0.8, 0.8, 1.0, 1.0, 1.0, 1.0), "fte", post.number)
        stock = next((p for p in STOCK if (p.job, p.subject) == (job, subject) and _place(p) == school), None)
        if stock and not any(person.email.startswith(stock.email + "@") for person in self.people):
            post.fte, post.extra, post.holdings = 1.0, "", [self._first(post, self.person(stock))]
        else:
            post.holdings = self._succession(post)
        self.posts.append(post)
        return post

    def _first(self, post: Post, person: Person) -> Holding:
        age = max(0, (self.today - person.born).days // 365 - 23)
        long = timedelta(365 * self.chance.whole(1, 1 + min(25, age), "tenure", post.number))
        begin = date((self.years[0].start - long).year, 8, 1)
        return Holding(person, begin, None)

    def _succession(self, post: Post) -> list[Holding]:
        first = self._first(post, self.person())
        change = self._change(post)
        if change is None:
            return [first]
        return [Holding(first.person, first.begin, change), Holding(self.person(), change, None)]

    def _change(self, post: Post) -> date | None:
        """The day on which the second holder begins: most stay, some go at a new year, a few halfway."""
        draw = self.chance.u("change", post.number)
        if draw < 0.12:  # noqa: PLR2004
            return self.years[1 + int(draw < 0.06)].start  # noqa: PLR2004
        if draw < 0.17:  # noqa: PLR2004
            year = self.years[1 + int(draw < 0.15)]  # noqa: PLR2004
            days = max(1, (min(self.today, year.stop) - year.start).days)
            return year.start + timedelta(self.chance.whole(0, days - 1, "halfway", post.number))
        return None


def is_stock(post: Post, name: str = "") -> bool:
    """Whether a person whom everybody knows holds the post (with a name: that very person)."""
    holder = post.holdings[0].person.email.removesuffix(f"@{DOMAIN}")
    return holder == name if name else any(holder == person.email for person in STOCK)


def _place(stock: StockPerson) -> int:
    return next((n for n, school in enumerate(SCHOOLS) if school.name == stock.school), _OFFICE)


def _most_homes(groups: list[Group], school: int, years: int) -> int:
    return max(sum(g.is_home and g.home.school == school and g.home.year == y for g in groups) for y in range(years))


def _subject_hours(groups: list[Group], school: int, year: int) -> Counter[str]:
    hours: Counter[str] = Counter()
    for group in groups:
        if group.home.school == school and group.home.year == year and not group.is_home:
            hours[group.subject] += lessons(group.home.track, group.home.grades[0])[group.subject]
    return hours


def _teachers(office: Office, groups: list[Group], school: int) -> None:
    years = len(office.years)
    if SCHOOLS[school].sector != "vo":
        homes = _most_homes(groups, school, years)
        for _ in range(homes + max(1, homes // 5)):
            office.post(school, "teacher")
        return
    load = [_subject_hours(groups, school, year) for year in range(years)]
    for subject in sorted(set().union(*load)):
        most = max(hours[subject] for hours in load)
        for _ in range(-(-most // FULL_LOAD) + 1):
            office.post(school, "teacher", subject)


def _around(office: Office, school: int) -> None:
    """Who leads, cares and administers; some posts carry a second role."""
    large = SCHOOLS[school].sector == "vo"
    office.post(school, "principal", extra="ext:qualityOfficer" if school % 4 == 1 else "")
    office.post(school, "counselor", extra="ext:qualityOfficer")
    office.post(school, "siteAdministrator", extra="ext:absenceCoordinator")
    if large:
        for extra in ("ext:absenceCoordinator", "", ""):
            office.post(school, "siteAdministrator", extra=extra)
        office.post(school, "counselor")


def _second_roles(posts: list[Post]) -> None:
    """A teacher in about twelve leads a team or watches over quality beside the lessons."""
    for place, post in enumerate(p for p in posts if p.job == "teacher"):
        if place % 12 == 5 and not is_stock(post):  # noqa: PLR2004
            post.extra = "ext:teamLeader" if place % 24 == 5 else "ext:qualityOfficer"  # noqa: PLR2004


def staffing(office: Office, groups: list[Group], pupils: int) -> list[Post]:
    """All posts: enough teachers for every class, and assistants until there are nine staff to a hundred pupils."""
    for job, extra in (
        ("districtAdministrator", ""),
        ("ext:hr", ""),
        ("ext:controller", "ext:qualityOfficer"),
        ("ext:qualityOfficer", ""),
    ):
        office.post(_OFFICE, job, extra=extra)
    for school in range(len(SCHOOLS)):
        _around(office, school)
        _teachers(office, groups, school)
    missing = round(pupils * _STAFF_PER_PUPIL) - len(office.posts)
    for number in range(missing):
        office.post(number % len(SCHOOLS), "aide")
    _second_roles(office.posts)
    return office.posts


_STAFF = (
    "t INTEGER; s INTEGER; job VARCHAR; extra VARCHAR; begin DATE; stop DATE; enabled BOOLEAN; first VARCHAR; "
    "prefix VARCHAR; family VARCHAR; sex VARCHAR; born DATE; email VARCHAR; number VARCHAR"
)


def _row(post: Post, held: Holding, today: date) -> tuple[object, ...]:
    who, enabled = held.person, held.begin <= today and (held.stop is None or today < held.stop)
    role = (who.number, post.school, post.job, post.extra, held.begin, held.stop, enabled)
    return *role, who.first, who.prefix, who.family, who.sex, who.born, who.email, who.staff_number


def keep(con: duckdb.DuckDBPyConnection, posts: list[Post], today: date) -> None:
    """Make the table staff: each person with the one post held, now or before."""
    load(con, "staff", _STAFF, [_row(post, held, today) for post in posts for held in post.holdings])
