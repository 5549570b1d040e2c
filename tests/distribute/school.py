"""A small board to test with, in the tables of the school model: made by hand, so that every number can be counted."""

from collections.abc import Iterable, Sequence
from datetime import date
from pathlib import Path
from typing import Any

import duckdb

from schakel.process.model import school_model

DAY = date(2026, 11, 23)
START = date(2026, 8, 1)
PEOPLE_COLUMNS = (("people", "INTEGER"), ("people_hit", "INTEGER"))


def empty(path: Path | str = ":memory:", without: Iterable[str] = ()) -> duckdb.DuckDBPyConnection:
    """A database with every table of the school model, and no rows."""
    con = duckdb.connect(str(path))
    for table in school_model().values():
        if table.name in set(without):
            continue
        columns = [(name, column.type) for name, column in table.columns.items()]
        names = {name for name, _type in columns}
        if table.name == "indicator_value":
            columns += [extra for extra in PEOPLE_COLUMNS if extra[0] not in names]
        con.execute(f'CREATE TABLE "{table.name}" ({", ".join(f"{chr(34)}{n}{chr(34)} {t}" for n, t in columns)})')
    return con


def put(con: duckdb.DuckDBPyConnection, table: str, columns: str, rows: Sequence[Sequence[Any]]) -> None:
    """Add rows; `columns` is a list of names separated by spaces."""
    names = columns.split()
    if rows:  # in one statement: a statement for each row costs ten times as much
        marks = ", ".join(f"({', '.join('?' * len(names))})" for _row in rows)
        values = [value for row in rows for value in row]
        con.execute(f'INSERT INTO "{table}" ({", ".join(names)}) VALUES {marks}', values)


def board(path: Path | str = ":memory:") -> duckdb.DuckDBPyConnection:
    """Two schools (A, B) with two groups each and eight pupils a group; teachers, a leader, absence, results, money."""
    con = empty(path)
    put(
        con,
        "organisation",
        "organisation_id parent_id kind name sector start_date",
        [
            ("board", None, "board", "Stichting Oever", None, START),
            ("school-A", "board", "school", "De Meerpaal", "po", START),
            ("school-B", "board", "school", "Veldlyceum", "vo", START),
        ],
    )
    put(
        con,
        "site",
        "site_id organisation_id name start_date holiday_region",
        [
            ("A", "school-A", "De Meerpaal", START, "noord"),
            ("B", "school-B", "Veldlyceum", START, "noord"),
        ],
    )
    put(con, "school_year", "school_year start_date end_date", [("2026-2027", START, date(2027, 7, 31))])
    put(con, "subject", "subject_id name", [("ned", "Nederlands"), ("rek", "Rekenen")])
    put(con, "test", "test_id name kind subject_id", [("t1", "Begrijpend lezen", "monitoring", "ned")])
    groups = [
        (f"{site}{number}", site, "2026-2027", "home", f"groep {site}{number}", number + 5)
        for site in "AB"
        for number in (1, 2)
    ]
    put(con, "group", "group_id site_id school_year kind name grade_year", groups)
    pupils = [
        (f"p{site}{number}{place}", site, f"{site}{number}") for site in "AB" for number in (1, 2) for place in range(8)
    ]
    put(
        con,
        "pupil",
        "pupil_id first_name family_name sex birth_date",
        [(p, f"Kind{p}", "Jansen", "mf"[n % 2], date(2014, 1 + n % 12, 1)) for n, (p, _s, _g) in enumerate(pupils)],
    )
    put(
        con,
        "enrolment",
        "enrolment_id pupil_id site_id start_date end_date grade_year",
        [(f"e{p}", p, s, START, None, int(g[1]) + 5) for p, s, g in pupils],
    )
    put(con, "membership", "pupil_id group_id start_date end_date", [(p, g, START, None) for p, _s, g in pupils])
    put(
        con,
        "absence",
        "absence_id pupil_id site_id date kind clock_hours",
        [
            (f"a{p}{n}", p, s, date(2026, 9, 1 + n), "late" if n == 2 else "authorised", n + 1)
            for k, (p, s, _g) in enumerate(pupils)
            for n in range(k % 4)
        ],
    )
    put(
        con,
        "result",
        "result_id pupil_id test_id taken_on score level",
        [(f"r{p}", p, "t1", date(2026, 10, 1), 50 + n, "I" if n % 3 else "II") for n, (p, _s, _g) in enumerate(pupils)],
    )
    staff(con)
    put(
        con,
        "finance_year",
        "organisation_id year kind total_income result",
        [("board", 2026, "actual", 100, 1), ("school-A", 2026, "actual", 60, 2), ("school-B", 2026, "actual", 40, 3)],
    )
    put(
        con,
        "slot",
        "slot_id site_id group_id subject_id staff_id date hour_no minutes state",
        [
            (f"s{g}{h}", g[0], g, "ned", f"leraar-{g}", date(2026, 11, 23), h, 50, "given" if h else "cancelled")
            for g in ("A1", "A2", "B1", "B2")
            for h in range(3)
        ],
    )
    return con


def staff(con: duckdb.DuckDBPyConnection) -> None:
    """A teacher for each group, a mentor, a leader of school A, a board member, and someone whose role has ended."""
    people = ["leraar-A1", "leraar-A2", "leraar-B1", "leraar-B2", "leider-A", "bestuurder", "oud", "nieuw", "mentor-B1"]
    put(
        con,
        "staff",
        "staff_id first_name family_name work_email",
        [(name, name.title(), "de Vries", f"{name}@oever.example") for name in people],
    )
    roles = [(f"r-{name}", name, name[-2], name[-2:], "teacher", START, None) for name in people if "leraar" in name]
    roles += [
        ("r-leider", "leider-A", "A", None, "school_leader", START, None),
        ("r-bestuur", "bestuurder", None, None, "board_member", START, None),
        ("r-oud", "oud", "A", "A1", "teacher", START, date(2026, 11, 22)),
        ("r-nieuw", "nieuw", "A", "A1", "teacher", date(2026, 11, 24), None),
        ("r-mentor", "mentor-B1", "B", "B1", "mentor", START, None),
    ]
    put(con, "staff_role", "staff_role_id staff_id site_id group_id role start_date end_date", roles)
    put(
        con,
        "staff_contract",
        "contract_id staff_id site_id function_group fte contract_kind start_date",
        [(f"c-{name}", name, "A" if "A" in name else "B", "teaching", 0.8, "permanent", START) for name in people],
    )
    put(
        con,
        "sick_leave",
        "spell_id staff_id kind sick_fraction start_date",
        [("z1", "leraar-A1", "sick", 1, date(2026, 11, 1)), ("z2", "leraar-B1", "sick", 1, date(2026, 11, 1))],
    )
