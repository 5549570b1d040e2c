"""What the personnel administration knows: contracts, sick leave and the staff that was budgeted."""

from collections.abc import Iterator
from datetime import date, timedelta

import duckdb

from .chance import Chance
from .exports import Export, Flaw, backwards, empty, text_for_number, twice, unplaced, wrong_word
from .loading import load
from .schools import NUMBER, SCHOOLS
from .staff import Holding, Post

_OFFICE_AT = NUMBER["Veldlyceum"]  # the board's office lies in the largest school
_CATEGORY = {"principal": "DIR", "districtAdministrator": "DIR", "teacher": "OP"}
_BSN_WEIGHTS = (9, 8, 7, 6, 5, 4, 3, 2)
_DAYS_BETWEEN = 250  # on average, between two spells of one person
_LENGTHS = ((0.74, (1, 7)), (0.93, (8, 42)), (1.0, (43, 230)))

Row = tuple[object, ...]


def eleven_proof(number: int) -> str:
    """Nine digits from 9 (never issued) that pass the eleven-test: 9a+8b+...+2h-i is a multiple of 11."""
    digits = f"9{number * 7907 % 10_000_000:07d}"
    rest = sum(int(d) * w for d, w in zip(digits, _BSN_WEIGHTS, strict=True)) % 11
    return f"{digits}{rest}" if rest < 10 else eleven_proof(number + 1_000_003)  # noqa: PLR2004


def _contracts(posts: list[Post], chance: Chance, today: date) -> Iterator[Row]:
    """A contract per holding of a post; one in twenty has a small second one for a while."""
    for post in posts:
        for place, held in enumerate(post.holdings):
            yield _contract(post, held, 1, _kind(held, place, today), post.fte, _last(held))
            if chance.u("second contract", held.person.number) < 0.05:  # noqa: PLR2004
                until = min(_last(held) or today, today, date(held.begin.year + 1, 7, 31))
                yield _contract(post, held, 2, "tijdelijk", 0.1, until)


def _contract(post: Post, held: Holding, place: int, kind: str, fte: float, last: date | None) -> Row:
    person = held.person
    name = f"{person.prefix} {person.family}".strip()
    where = (SCHOOLS[_site(post)].brin6, _CATEGORY.get(post.job, "OOP"))
    return (
        person.staff_number,
        name,
        place,
        *where,
        kind,
        fte,
        held.begin,
        last,
        person.born,
        eleven_proof(person.number),
    )


def _site(post: Post) -> int:
    return post.school if post.school >= 0 else _OFFICE_AT


def _last(held: Holding) -> date | None:
    """The last day in service; files of the administration count it in."""
    return held.stop - timedelta(1) if held.stop else None


def _kind(held: Holding, place: int, today: date) -> str:
    if place and (held.begin.month, held.begin.day) != (8, 1):
        return "vervanging"
    return "tijdelijk" if (today - held.begin).days < 365 else "vast"  # noqa: PLR2004


def _length(chance: Chance, *key: object) -> int:
    """Calendar days of a spell: most are short, a few last for months."""
    draw = chance.u("sick length", *key)
    low, high = next(days for share, days in _LENGTHS if draw < share)
    return chance.whole(low, high, "days", *key)


def _spells(posts: list[Post], chance: Chance, since: date, today: date) -> Iterator[Row]:
    """Spells of leave that ran since a day, more often at some schools; a person's spells do not overlap."""
    for post in posts:
        gap = 2 * _DAYS_BETWEEN / SCHOOLS[_site(post)].sick
        for held in post.holdings:
            last, number = _last(held), held.person.number
            day, turn = max(since - timedelta(365), held.begin) + timedelta(int(gap * chance.u("gap", number, 0))), 0
            while day <= min(today, last or today):
                back = day + timedelta(_length(chance, number, turn))
                if back > since:
                    yield _spell(chance, held, day, back if back <= today else None, turn)
                turn += 1
                day = back + timedelta(1 + int(gap * chance.u("gap", number, turn)))


def _spell(chance: Chance, held: Holding, day: date, back: date | None, turn: int) -> Row:
    """One spell. The day of recovery is the first day back; who leaves the service while ill recovers for the file."""
    number = held.person.number
    other = chance.u("kind of leave", number, turn) < 0.06  # noqa: PLR2004
    long = back is None or (back - day).days > 40  # noqa: PLR2004
    share = 50 if long and chance.u("share", number, turn) < 0.3 else 100  # noqa: PLR2004
    recovered = min(filter(None, (back, held.stop)), default=None)
    return held.person.staff_number, "overig" if other else "ziek", share, day, recovered


def _budget(con: duckdb.DuckDBPyConnection, posts: list[Post], chance: Chance, today: date) -> None:
    fte: dict[tuple[int, str], float] = {}
    for post in posts:
        key = (_site(post), _CATEGORY.get(post.job, "OOP"))
        fte[key] = fte.get(key, 0.0) + post.fte
    rows = []
    for (school, category), total in sorted(fte.items()):
        for year in range(today.year - 2, today.year + 1):
            budget = round(total * (0.96 + 0.08 * chance.u("budget", school, category, year)), 1)
            vacant = round(budget * 0.05 * chance.u("vacant", school, category, year), 1) if category == "OP" else 0.0
            rows.append((SCHOOLS[school].brin6, year, category, budget, vacant))
    load(con, "staff_budget", "brin6 VARCHAR; year INTEGER; category VARCHAR; budget DOUBLE; vacant DOUBLE", rows)


_CONTRACT = (
    "number VARCHAR; name VARCHAR; place INTEGER; brin6 VARCHAR; category VARCHAR; kind VARCHAR; "
    "fte DOUBLE; begin DATE; last DATE; born DATE; bsn VARCHAR"
)
_LEAVE_SPELL = "number VARCHAR; kind VARCHAR; share INTEGER; begin DATE; recovered DATE"


def draw(con: duckdb.DuckDBPyConnection, posts: list[Post], chance: Chance, since: date, today: date) -> None:
    """Make the tables contract, leave_spell and staff_budget, each in the order of its sheet."""
    load(
        con, "contract", _CONTRACT, sorted(_contracts(posts, chance, today), key=lambda row: (str(row[0]), str(row[2])))
    )
    load(
        con,
        "leave_spell",
        _LEAVE_SPELL,
        sorted(_spells(posts, chance, since, today), key=lambda row: (str(row[3]), str(row[0]))),
    )
    _budget(con, posts, chance, today)


_CONTRACTS = (
    twice("Dienstverbandnummer", "_spare"),
    text_for_number("Wtf", "fulltime", "_spare", "drop row"),
    wrong_word("Functiecategorie", "LIO", "_spare"),
    backwards("Datum uit dienst", 'nl_date("Datum in dienst" - 30)', "_spare"),
    empty("Personeelsnummer", "_spare"),
)
_LEAVE = (
    unplaced("Personeelsnummer", "99999"),
    wrong_word("Verzuimsoort", "griep"),
    Flaw("Eerste verzuimdag", "impossible date", "'30-02-' || year(\"Eerste verzuimdag\")", "date"),
    backwards("Hersteldatum", 'nl_date("Eerste verzuimdag" - 30)', "Hersteldatum IS NOT NULL"),
    text_for_number("Verzuimpercentage", "half", action="drop row"),
)
_BUDGET = (
    text_for_number("Begroot fte", "n.t.b.", action="drop row"),
    unplaced("Kostenplaats", "98ZZ00", apart="Jaar, Functiecategorie"),
)

EXPORTS = (
    Export("aanstellingen", "personeel", _CONTRACTS, sheet="Aanstellingen"),
    Export("ziekte", "personeel", _LEAVE, sheet="Verzuim"),
    Export("formatie", "personeel", _BUDGET, sheet="Formatie"),
)
