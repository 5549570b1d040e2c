"""Finance per school and for the board: three years actual, two budgets, a forecast, and the board's balance sheet."""

from collections.abc import Iterator
from datetime import date

import duckdb

from .chance import Chance
from .exports import Export, text_for_number, unplaced, wrong_word
from .loading import load
from .schools import BOARD_NUMBER, SCHOOLS, sizes

_INCOME = {"po": 8_900, "vo": 11_400, "so": 24_000}  # euro per pupil and year
_OFFICE_SHARE = 0.04
_AMOUNTS = (
    "income", "staff", "housing", "cost", "result", "equity", "public_equity", "provisions", "balance",
    "current_assets", "current_debts", "liquid", "buildings", "tangible",
)  # fmt: skip

Line = tuple[str, int, str, list[float | None]]


def _operation(income: float, chance: Chance, *key: object) -> list[float]:
    """Income, staff, housing, all cost and result of one cost centre in one year, in euro."""
    staff = income * (0.795 + 0.03 * chance.u("staff cost", *key))
    housing = income * (0.065 + 0.015 * chance.u("housing", *key))
    cost = staff + housing + income * (0.105 + 0.02 * chance.u("other cost", *key))
    return [float(round(x)) for x in (income, staff, housing, cost)] + [float(round(income) - round(cost))]


def _school_line(school: int, pupils: int, year: int, kind: str, chance: Chance, growth: float) -> Line:
    income = pupils * _INCOME[SCHOOLS[school].sector] * growth * (0.98 + 0.04 * chance.u("income", school, year, kind))
    return SCHOOLS[school].brin6, year, kind, [*_operation(income, chance, school, year, kind), *[None] * 9]


def _board_line(lines: list[Line], year: int, kind: str, chance: Chance) -> Line:
    office = _operation(_OFFICE_SHARE * sum(line[3][0] or 0 for line in lines), chance, "office", year, kind)
    total = [sum(line[3][n] or 0 for line in lines) + office[n] for n in range(5)]
    balance = _balance(total[0], chance, year) if kind == "realisatie" else [None] * 9
    return BOARD_NUMBER, year, kind, [*total, *balance]


def _balance(income: float, chance: Chance, year: int) -> list[float | None]:
    """Equity, public equity, provisions, total, current assets, current debts, liquid, buildings, other tangible."""
    total = round(income * (0.46 + 0.02 * chance.u("balance", year)))
    equity, debts = round(total * (0.49 + 0.03 * chance.u("equity", year))), round(total * 0.31)
    assets = round(debts * (1.33 + 0.14 * chance.u("liquidity", year)))
    funds = [equity, round(equity * 0.94), round(total * 0.12)]
    return [*map(float, [*funds, total, assets, debts, round(assets * 0.78), round(total * 0.55), round(total * 0.21)])]


def lines(pupils: int, today: date, chance: Chance) -> Iterator[Line]:
    """Cost centre, book year, kind and amounts: the schools of a year, then the board that adds them up."""
    kinds = (["realisatie"], ["realisatie"], ["begroting", "realisatie"], ["begroting", "prognose"])
    for step, of_year in enumerate(kinds):
        year, growth = today.year - 3 + step, 1 + 0.035 * step
        for kind in of_year:
            schools = [_school_line(n, size, year, kind, chance, growth) for n, size in enumerate(sizes(pupils))]
            yield from schools
            yield _board_line(schools, year, kind, chance)


def draw(con: duckdb.DuckDBPyConnection, pupils: int, today: date, chance: Chance) -> None:
    """Make the table finance, in the order of the file."""
    columns = "; ".join(f"{name} DOUBLE" for name in _AMOUNTS)
    rows = [
        (n, place, year, kind, *amounts) for n, (place, year, kind, amounts) in enumerate(lines(pupils, today, chance))
    ]
    load(con, "finance", f"n INTEGER; place VARCHAR; year INTEGER; kind VARCHAR; {columns}", rows)


_SCHOOL = f"Kostenplaats <> '{BOARD_NUMBER}'"
_FINANCIEN = (
    wrong_word("Soort", "schatting", _SCHOOL),
    text_for_number("Totaal baten", "n.v.t.", _SCHOOL),
    unplaced("Kostenplaats", "98ZZ00", _SCHOOL, apart="Boekjaar, Soort"),
)

EXPORTS = (Export("financien", "financien", _FINANCIEN, encoding="cp1252"),)
