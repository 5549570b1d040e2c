"""What the personnel administration knows: contracts, sick leave and the staff that was budgeted."""

from collections.abc import Iterator
from datetime import date, timedelta

import duckdb

from .chance import Chance
from .exports import Export, Flaw, dangling, empty, impossible_day, text_for_number, twice, wrong_word
from .loading import load
from .schools import NUMBER, SCHOOLS
from .staff import Holding, Post

_OFFICE_AT = NUMBER["Veldlyceum"]  # the board's office lies in the largest school
_CATEGORY = {"principal": "DIR", "districtAdministrator": "DIR", "teacher": "OP"}
_KINDS = ("vast", "tijdelijk", "vervanging")
_BSN_WEIGHTS = (9, 8, 7, 6, 5, 4, 3, 2)

Contract = tuple[object, ...]


def eleven_proof(number: int) -> str:
    """Nine digits from 9 (never issued) that pass the eleven-test: 9a+8b+...+2h-i is a multiple of 11."""
    digits = f"9{number * 7907 % 10_000_000:07d}"
    rest = sum(int(d) * w for d, w in zip(digits, _BSN_WEIGHTS, strict=True)) % 11
    return f"{digits}{rest}" if rest < 10 else eleven_proof(number + 1_000_003)  # noqa: PLR2004


def _contracts(posts: list[Post], chance: Chance, today: date) -> Iterator[Contract]:
    for post in posts:
        for place, holding in enumerate(post.holdings):
            person, brin6 = holding.person, SCHOOLS[_site(post)].brin6
            name = f"{person.prefix} {person.family}".strip()
            common = (brin6, _CATEGORY.get(post.job, "OOP"))
            base = (person.number, person.staff_number, name)
            yield (*base, 1, *common, _kind(holding, place, today), post.fte, holding.begin, _last(holding), person.born,
                   eleven_proof(person.number))  # fmt: skip
            if chance.u("second contract", person.number) < 0.05:  # noqa: PLR2004
                until = min(today, date(holding.begin.year + 1, 7, 31))
                yield (
                    *base,
                    2,
                    *common,
                    "tijdelijk",
                    0.1,
                    holding.begin,
                    until,
                    person.born,
                    eleven_proof(person.number),
                )


def _site(post: Post) -> int:
    return post.school if post.school >= 0 else _OFFICE_AT


def _last(holding: Holding) -> date | None:
    """The last day in service; files of the administration count it in."""
    return holding.stop - timedelta(1) if holding.stop else None


def _kind(holding: Holding, place: int, today: date) -> str:
    if place and (holding.begin.month, holding.begin.day) != (8, 1):
        return _KINDS[2]
    return _KINDS[1] if (today - holding.begin).days < 365 else _KINDS[0]  # noqa: PLR2004


def _length(chance: Chance, *key: object) -> int:
    """Calendar days of a spell: most are short, a few last for months."""
    draw = chance.u("sick length", *key)
    if draw < 0.74:  # noqa: PLR2004
        return chance.whole(1, 7, "short", *key)
    return chance.whole(8, 42, "middle", *key) if draw < 0.93 else chance.whole(43, 230, "long", *key)  # noqa: PLR2004


def _spells(posts: list[Post], chance: Chance, since: date, today: date) -> Iterator[tuple[object, ...]]:
    """Spells of leave: about 1.2 a year per person, more at some schools and in winter; none overlap."""
    for post in posts:
        gap = 430 / SCHOOLS[_site(post)].sick
        for holding in post.holdings:
            day, stop, number = max(since, holding.begin), min(today, _last(holding) or today), holding.person.number
            for turn in range(40):
                day += timedelta(1 + int(gap * 2 * chance.u("gap", number, turn)))
                if day > stop:
                    break
                yield _spell(chance, holding, day, stop, turn)
                day += timedelta(_length(chance, number, turn))


def _spell(chance: Chance, holding: Holding, day: date, stop: date, turn: int) -> tuple[object, ...]:
    number = holding.person.number
    last = day + timedelta(_length(chance, number, turn) - 1)
    other = chance.u("kind of leave", number, turn) < 0.06  # noqa: PLR2004
    share = 50 if last - day > timedelta(40) and chance.u("share", number, turn) < 0.3 else 100  # noqa: PLR2004
    return (
        holding.person.staff_number,
        "overig" if other else "ziek",
        share,
        day,
        None if last > stop or last >= stop else last,
    )


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


def draw(con: duckdb.DuckDBPyConnection, posts: list[Post], chance: Chance, since: date, today: date) -> None:
    """Make the tables contract, leave_spell and staff_budget."""
    load(con, "contract_draft", "t INTEGER; number VARCHAR; name VARCHAR; place INTEGER; brin6 VARCHAR; category VARCHAR; kind VARCHAR; fte DOUBLE; "
         "begin DATE; last DATE; born DATE; bsn VARCHAR", _contracts(posts, chance, today))  # fmt: skip
    load(
        con,
        "leave_draft",
        "number VARCHAR; kind VARCHAR; share INTEGER; begin DATE; last DATE",
        _spells(posts, chance, since, today),
    )
    con.execute("CREATE TABLE contract AS SELECT * FROM contract_draft ORDER BY number, place")
    con.execute("CREATE TABLE leave_spell AS SELECT * FROM leave_draft ORDER BY begin, number")
    _budget(con, posts, chance, today)


_AANSTELLINGEN = """
SELECT rowid + 2 AS _row, number AS Personeelsnummer, number || '-' || place AS Dienstverbandnummer, name AS Achternaam, brin6 AS Kostenplaats,
  category AS Functiecategorie, kind AS "Soort dienstverband", fte AS Wtf, begin AS "Datum in dienst", last AS "Datum uit dienst", born AS Geboortedatum,
  bsn AS Relatienummer, number NOT IN (SELECT number FROM leave_spell) AND place = 1 AS _spare
FROM contract
"""
_VERZUIM = """
SELECT rowid + 2 AS _row, 'Z' || lpad((rowid + 1)::VARCHAR, 6, '0') AS Verzuimgeval, number AS Personeelsnummer, kind AS Verzuimsoort, share AS Verzuimpercentage,
  begin AS "Eerste verzuimdag", last AS Hersteldatum
FROM leave_spell
"""
_FORMATIE = """
SELECT rowid + 2 AS _row, brin6 AS Kostenplaats, year AS Jaar, category AS Functiecategorie, budget AS "Begroot fte", vacant AS "Vacature fte" FROM staff_budget
"""

EXPORTS = (
    Export("personeel", "personeel", _AANSTELLINGEN, (
        twice("Dienstverbandnummer", "_spare"), text_for_number("Wtf", "fulltime", "_spare", "drop row"), wrong_word("Functiecategorie", "LIO", "_spare"),
        Flaw("Datum uit dienst", "end before begin", '("Datum in dienst" - 30)::VARCHAR', "_spare", "end after begin"), empty("Personeelsnummer", "_spare"),
    ), sheet="Aanstellingen"),
    Export("personeel", "personeel", _VERZUIM, (
        dangling("Personeelsnummer", "99999", found_in="roster"), wrong_word("Verzuimsoort", "griep"), impossible_day("Eerste verzuimdag", "TRUE"),
        Flaw("Hersteldatum", "end before begin", '("Eerste verzuimdag" - 30)::VARCHAR', "Hersteldatum IS NOT NULL", "end after begin"),
        text_for_number("Verzuimpercentage", "half", action="drop row"),
    ), sheet="Verzuim"),
    Export("personeel", "personeel", _FORMATIE, (
        text_for_number("Begroot fte", "n.t.b.", action="drop row"), dangling("Kostenplaats", "98ZZ00", found_in="roster"),
    ), sheet="Formatie"),
)  # fmt: skip
