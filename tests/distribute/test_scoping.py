"""The right person, today (law 4): for random rosters, roles and products, no cell outside need and scope."""

from datetime import date, timedelta
from typing import Any

import duckdb
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from schakel.distribute.query import Opened, answer
from schakel.distribute.scoping import OPEN, PATHS, Scoper, Shape
from schakel.distribute.standing import SCOPES, Held, Standing, registered, roster_holders, roster_standings, standings
from schakel.lib.errors import Refused
from schakel.process.model import school_model
from tests.distribute import naive
from tests.distribute.school import DAY, START, board, empty, put

SITES, GROUPS, PUPILS, STAFF = ("A", "B", "C"), ("g1", "g2", "g3", "g4"), ("p1", "p2", "p3", "p4"), ("s1", "s2", "s3")
TABLES = {
    "organisation": ("organisation_id",),
    "site": ("site_id", "organisation_id"),
    "group": ("group_id", "site_id"),
    "subject": ("subject_id",),
    "pupil": ("pupil_id",),
    "enrolment": ("enrolment_id", "pupil_id", "site_id", "start_date", "end_date"),
    "membership": ("pupil_id", "group_id", "start_date", "end_date"),
    "absence": ("absence_id", "pupil_id", "site_id"),
    "result": ("result_id", "pupil_id"),
    "school_advice": ("pupil_id", "school_year"),
    "absence_report": ("report_id", "pupil_id"),
    "reference_level": ("pupil_id", "school_year", "domain"),
    "staff": ("staff_id",),
    "staff_role": ("staff_role_id", "staff_id", "site_id", "group_id", "role", "start_date", "end_date"),
    "staff_contract": ("contract_id", "staff_id", "site_id"),
    "sick_leave": ("spell_id", "staff_id"),
    "staff_budget": ("site_id", "year"),
    "site_year": ("site_id", "school_year"),
    "inspection_value": ("site_id", "code"),
    "slot": ("slot_id", "site_id", "group_id", "staff_id"),
    "finance_year": ("organisation_id", "year"),
    "indicator_value": ("indicator_key", "site_id"),
}
# One element of each table, so that a need with these names them all.
ALLOWED = frozenset(
    next((c.element for c in school_model()[table].columns.values() if not c.structural), f"{table}.{columns[0]}")
    for table, columns in TABLES.items()
)  # fmt: skip
days = st.sampled_from([DAY - timedelta(days=n) for n in (300, 2, 1, 0, -1, -30)])
ends = st.one_of(st.none(), days)


def rows_of(table: str, draw: Any) -> list[naive.Row]:
    nowhere = table in ("staff_role", "indicator_value", "staff_contract")
    values = {
        "site_id": st.sampled_from([*SITES, None] if nowhere else SITES),
        "organisation_id": st.sampled_from(("board", "o1", "o2")),
        "group_id": st.sampled_from([*GROUPS, None] if table in ("staff_role", "slot") else GROUPS),
        "pupil_id": st.sampled_from(PUPILS),
        "staff_id": st.sampled_from([*STAFF, None] if table == "slot" else STAFF),
        "role": st.sampled_from(("teacher", "mentor", "school_leader")),
        "start_date": days,
        "end_date": ends,
        "school_year": st.just("2026-2027"),
        "year": st.just(2026),
        "indicator_key": st.sampled_from(("I1", "I2")),
    }  # fmt: skip
    count = draw(st.integers(0, 6))
    own = {"site": SITES, "group": GROUPS, "pupil": PUPILS, "staff": STAFF, "organisation": ("board", "o1", "o2")}
    made = []
    for number in range(len(own[table]) if table in own else count):
        row = {c: draw(values[c]) if c in values else f"{table}{number}" for c in TABLES[table]}
        if table in own:
            row[TABLES[table][0]] = own[table][number]
        made.append(row)
    return made


@st.composite
def boards(draw: Any) -> naive.Data:
    return {table: rows_of(table, draw) for table in TABLES}


some_standings = st.lists(
    st.builds(
        Standing,
        st.just("teacher"),
        st.sampled_from(SCOPES),
        st.frozensets(st.sampled_from([*SITES, "X"]), max_size=2),
        st.frozensets(st.sampled_from([*GROUPS, "gX"]), max_size=2),
        st.frozensets(st.sampled_from([*STAFF, "sX"]), max_size=2),
    ),
    min_size=1,
    max_size=3,
)


def filled(data: naive.Data) -> duckdb.DuckDBPyConnection:
    con = empty()
    for table, rows in data.items():
        put(con, table, " ".join(TABLES[table]), [[row[c] for c in TABLES[table]] for row in rows])
    return con


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large])
@given(boards(), some_standings)
def test_each_table_gives_exactly_the_rows_of_the_plain_rule(data: naive.Data, given_standings: list[Standing]) -> None:
    opened = Opened(filled(data))
    useful = [s for s in given_standings if s.opens_anything]
    for table, columns in TABLES.items():
        sql = f'SELECT {", ".join(columns)} FROM "{table}"'
        if not useful:
            with pytest.raises(Refused):
                answer(opened, sql, ALLOWED, given_standings, 5, DAY)
            continue
        found = sorted(answer(opened, sql, ALLOWED, given_standings, 5, DAY).rows, key=repr)
        expected = [
            tuple(r[c] for c in columns) for r in data[table] if any(naive.sees(table, r, s, data, DAY) for s in useful)
        ]
        assert found == sorted(expected, key=repr), table


JOINED = """
WITH keren AS (SELECT a.pupil_id, a.site_id, count(*) AS n FROM absence AS a GROUP BY 1, 2)
SELECT p.pupil_id, k.site_id, k.n, (SELECT count(*) AS n FROM result AS r WHERE r.pupil_id = p.pupil_id) AS uitslagen
FROM pupil AS p JOIN keren AS k ON k.pupil_id = p.pupil_id
WHERE EXISTS (SELECT 1 AS een FROM membership AS m WHERE m.pupil_id = p.pupil_id)
"""


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large])
@given(boards(), some_standings)
def test_scope_comes_before_anything_is_counted(data: naive.Data, given_standings: list[Standing]) -> None:
    useful = [s for s in given_standings if s.opens_anything]
    if not useful:
        return
    mine = {t: [r for r in rows if any(naive.sees(t, r, s, data, DAY) for s in useful)] for t, rows in data.items()}
    expected = [
        (p["pupil_id"], site, len(keren), sum(r["pupil_id"] == p["pupil_id"] for r in mine["result"]))
        for p in mine["pupil"]
        for site in SITES
        if (keren := [a for a in mine["absence"] if (a["pupil_id"], a["site_id"]) == (p["pupil_id"], site)])
        and any(m["pupil_id"] == p["pupil_id"] for m in mine["membership"])
    ]  # fmt: skip
    found = answer(Opened(filled(data)), JOINED, ALLOWED, useful, 5, DAY).rows
    assert sorted(found) == sorted(expected)


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large])
@given(boards(), st.sampled_from(STAFF), days)
def test_standings_are_the_roles_of_that_day(data: naive.Data, who: str, day: date) -> None:
    con = filled(data)
    con.execute("UPDATE staff SET work_email = staff_id || '@oever.example'")
    places = {g["group_id"]: g["site_id"] for g in data["group"]}
    expected = {
        (r["role"], r["site_id"] or places.get(r["group_id"]), r["group_id"], who, r["start_date"], r["end_date"])
        for r in data["staff_role"] if r["staff_id"] == who and naive.valid(r, day)
    }  # fmt: skip
    found = roster_standings(con, f" {who.upper()}@OEVER.example", day)
    assert {(h.role, h.site_id, h.group_id, h.staff_id, h.since, h.until) for h in found} == expected
    listed = [
        held
        for email, held in roster_holders(con, ("teacher", "mentor", "school_leader"), day)
        if email.startswith(who)
    ]
    assert {(h.role, h.site_id, h.group_id) for h in listed} == {e[:3] for e in expected}


@pytest.fixture(scope="module")
def opened() -> Opened:
    return Opened(board())


def test_only_what_the_audience_names_counts() -> None:
    held = [Held("teacher", "A", "A1", "s1", START), Held("school_leader", "B", None, "s1", START, DAY)]
    assert standings(held, [("mentor", "own_pupils")]) == ()
    assert standings(held, [("teacher", "board-wide")]) == ()
    (only,) = standings(held, [("teacher", "own_groups"), ("controller", "board")])
    assert (only.groups, only.sites) == ({"A1"}, {"A"})
    both = standings(held, [("teacher", "own_groups"), ("school_leader", "own_school")])
    assert {s.scope for s in both} == {"own_groups", "own_school"}
    assert both[0].until == DAY or both[1].until == DAY


def test_a_role_without_its_place_opens_nothing() -> None:
    assert standings([Held("teacher", "A", None, "s1")], [("teacher", "own_groups")]) == ()
    assert standings([Held("school_leader", None, None, "s1")], [("school_leader", "own_school")]) == ()
    assert standings([Held("controller", None, None, None)], [("controller", "self")]) == ()


def test_a_registered_role_goes_by_organisation(opened: Opened) -> None:
    assert [h.site_id for h in registered(opened.cursor, "controller", "", START)] == [None]
    assert [h.site_id for h in registered(opened.cursor, "school_leader", "school-A", START)] == ["A"]
    assert [h.site_id for h in registered(opened.cursor, "school_leader", "B", START)] == ["B"]
    assert registered(opened.cursor, "school_leader", "' OR 1=1 --", START) == []


@pytest.mark.parametrize("key", ["A' OR '1'='1", 'A"', "A; DROP TABLE pupil", "$sites_0", "A\x00"])
def test_a_forged_key_is_only_a_key(opened: Opened, key: str) -> None:
    standing = Standing("school_leader", "own_school", frozenset({key}))
    assert (
        answer(opened, "SELECT first_name FROM pupil", frozenset({"pupil.first_name"}), [standing], 5, DAY).rows == []
    )


@pytest.mark.parametrize("email", ["", "%", "leraar-A1@oever.example' --", "leraar-_1@oever.example", "leraar-A1"])
def test_a_forged_address_holds_no_role(opened: Opened, email: str) -> None:
    assert opened.roster(email, DAY) == ()


def test_a_shared_address_is_refused() -> None:
    con = board()
    con.execute("INSERT INTO staff (staff_id, work_email) VALUES ('x', 'LERAAR-A1@oever.example ')")
    with pytest.raises(Refused, match="e-mailadres"):
        roster_standings(con, "leraar-A1@oever.example", DAY)


def test_without_a_roster_nobody_stands_anywhere() -> None:
    assert roster_standings(empty(without=("staff_role",)), "a@b.nl", DAY) == []
    assert roster_holders(empty(without=("staff",)), ["teacher"], DAY) == []


def test_every_table_of_the_demo_has_a_rule_or_gives_nothing() -> None:
    tables = {name: tuple(t.columns) for name, t in school_model().items()}
    ruled = OPEN | set(PATHS["board"])
    for scope in SCOPES:
        scoper = Scoper(Shape((scope,), (("groups", 1), ("me", 1), ("mentor_groups", 1), ("sites", 1))), tables)
        for table in tables:
            if table not in ruled:
                assert scoper.condition(table) == "FALSE", table
    assert Scoper(Shape((), ()), tables).condition("subject") == "FALSE"


def test_the_text_of_a_scope_holds_no_keys(opened: Opened) -> None:
    counts = (("groups", 2), ("sites", 1))
    scoper = Scoper(Shape(("own_groups", "own_school"), counts), {t: tuple(n for n, _ in c) for t, c in opened.tables})
    text = scoper.condition("absence") + " ".join(scoper.prelude.values())
    assert "$sites_0" in text
    assert "$groups_1" in text
    assert "'" not in text


def test_a_snapshot_without_the_roster_opens_no_pupils() -> None:
    con = empty(without=("enrolment",))
    put(con, "pupil", "pupil_id first_name", [("p1", "Kind")])
    standing = Standing("school_leader", "own_school", frozenset({"A"}))
    assert answer(con, "SELECT first_name FROM pupil", frozenset({"pupil.first_name"}), [standing], 5, DAY).rows == []


def test_without_a_day_nothing_is_answered(opened: Opened) -> None:
    with pytest.raises(Refused):
        answer(opened, "SELECT name FROM site", frozenset(), [Standing("x", "board")])


def test_two_standings_are_added_up(opened: Opened) -> None:
    both = [Standing("teacher", "own_groups", groups=frozenset({"B1"})), Standing("x", "own_school", frozenset({"A"}))]
    rows = answer(opened, "SELECT pupil_id FROM pupil", frozenset({"pupil.first_name"}), both, 5, DAY).rows
    assert {row[0][:3] for row in rows} == {"pA1", "pA2", "pB1"}
