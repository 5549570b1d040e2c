"""Who someone is today: pairs that an expert can extend, and what holds whatever the roster says (law 4)."""

from datetime import date
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from schakel.distribute.standing import SCOPES, Held, Standing, registered, roster_holders, roster_standings, standings
from schakel.lib.errors import Refused
from schakel.lib.plain_yaml import from_yaml
from tests.distribute.school import DAY, START, board, empty, put

CASES = Path(__file__).parents[1] / "cases" / "who_opens.yaml"


def cases() -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = from_yaml(CASES.read_text(encoding="utf-8"))
    return found


def held(spec: dict[str, Any]) -> Held:
    names = ("site", "group", "staff", "since", "until")
    return Held(spec["role"], *(spec.get(name) for name in names))


def standing(spec: dict[str, Any]) -> Standing:
    keys = (frozenset(spec.get(name, ())) for name in ("sites", "groups", "staff"))
    return Standing(spec["role"], spec["scope"], *keys, spec.get("since"), spec.get("until"))


@pytest.mark.parametrize("case", cases(), ids=lambda case: case["it"])
def test_each_case(case: dict[str, Any]) -> None:
    audience = [tuple(pair) for pair in case["audience"]]
    found = standings([held(spec) for spec in case["held"]], audience)  # type: ignore[arg-type]
    assert found == tuple(standing({"source": "roster", **spec}) for spec in case["opens"])


def test_the_cases_try_every_scope() -> None:
    assert {spec["scope"] for case in cases() for spec in case["opens"]} == set(SCOPES)


roles = st.sampled_from(("teacher", "mentor", "school_leader", "controller"))
some = st.lists(
    st.builds(
        Held,
        roles,
        st.one_of(st.none(), st.sampled_from("AB")),
        st.one_of(st.none(), st.sampled_from(("A1", "A2", "B1"))),
        st.one_of(st.none(), st.just("s1")),
        st.one_of(st.none(), st.just(START)),
        st.one_of(st.none(), st.just(DAY)),
    ),
    max_size=5,
)
audiences = st.lists(st.tuples(roles, st.sampled_from([*SCOPES, "everything"])), max_size=4)


@given(some, audiences)
def test_no_standing_goes_beyond_the_roles_of_today(mine: list[Held], audience: list[tuple[str, str]]) -> None:
    for found in standings(mine, audience):
        own = [h for h in mine if h.role == found.role]
        assert (found.role, found.scope) in audience
        assert found.sites == {h.site_id for h in own if h.site_id}
        assert found.groups == {h.group_id for h in own if h.group_id}
        assert found.staff == {h.staff_id for h in own if h.staff_id}
        assert found.opens_anything


@given(some, audiences)
def test_more_roles_never_open_less(mine: list[Held], audience: list[tuple[str, str]]) -> None:
    pairs = {(s.role, s.scope) for s in standings(mine, audience)}
    more = {(s.role, s.scope) for s in standings([*mine, Held("teacher", "A", "A1", "s1")], audience)}
    assert pairs <= more


@given(some, audiences, st.randoms())
def test_the_order_makes_no_difference(mine: list[Held], audience: list[tuple[str, str]], random: Any) -> None:
    turned, asked = list(mine), list(audience)
    random.shuffle(turned)
    random.shuffle(asked)
    assert {(s.role, s.scope, s.sites, s.groups, s.until) for s in standings(mine, audience)} == {
        (s.role, s.scope, s.sites, s.groups, s.until) for s in standings(turned, asked)
    }


@pytest.mark.parametrize(
    ("scope", "fields", "opens"),
    [
        ("board", {}, True),
        ("own_school", {"sites": frozenset("A")}, True),
        ("own_school", {"groups": frozenset({"A1"})}, False),
        ("own_groups", {"groups": frozenset({"A1"})}, True),
        ("own_groups", {"sites": frozenset("A")}, False),
        ("own_pupils", {"groups": frozenset({"A1"})}, True),
        ("own_pupils", {"sites": frozenset("A"), "staff": frozenset({"s1"})}, False),
        ("self", {"staff": frozenset({"s1"})}, True),
        ("self", {}, False),
        ("self", {"groups": frozenset({"A1"}), "sites": frozenset("A")}, False),
    ],
)
def test_a_standing_begins_somewhere_or_opens_nothing(scope: str, fields: dict[str, Any], opens: bool) -> None:
    assert Standing("teacher", scope, **fields).opens_anything is opens  # type: ignore[arg-type]


# The roster


def roster(*rows: tuple[Any, ...]) -> Any:
    con = empty()
    put(con, "staff", "staff_id work_email", [("s1", "jan@oever.example"), ("s2", "els@oever.example"), ("s3", None)])
    put(con, "group", "group_id site_id", [("A1", "A"), ("B1", "B")])
    columns = "staff_role_id staff_id site_id group_id role start_date end_date"
    put(con, "staff_role", columns, [(f"r{n}", *row) for n, row in enumerate(rows)])
    return con


@pytest.mark.parametrize(
    ("start", "end", "holds"),
    [
        (START, None, True),
        (DAY, DAY, True),
        (START, DAY, True),
        (DAY, None, True),
        (START, date(2026, 11, 22), False),
        (date(2026, 11, 24), None, False),
        (date(2026, 11, 24), date(2026, 11, 22), False),
    ],
)
def test_first_and_last_day_count(start: date, end: date | None, holds: bool) -> None:
    con = roster(("s1", "A", "A1", "teacher", start, end))
    assert bool(roster_standings(con, "jan@oever.example", DAY)) is holds
    assert bool(roster_holders(con, ["teacher"], DAY)) is holds


def test_a_role_in_a_group_is_at_the_school_of_that_group() -> None:
    (only,) = roster_standings(roster(("s1", None, "B1", "teacher", START, None)), "jan@oever.example", DAY)
    assert (only.site_id, only.group_id, only.staff_id) == ("B", "B1", "s1")


def test_a_group_that_nobody_knows_gives_no_school() -> None:
    (only,) = roster_standings(roster(("s1", None, "X9", "teacher", START, None)), "jan@oever.example", DAY)
    assert (only.site_id, only.group_id) == (None, "X9")


def test_someone_without_an_address_is_found_by_nobody() -> None:
    con = roster(("s3", "A", None, "school_leader", START, None))
    assert roster_standings(con, "", DAY) == []
    assert roster_holders(con, ["school_leader"], DAY) == []


def test_a_colleague_in_the_roster_without_a_role_holds_none() -> None:
    assert roster_standings(roster(), "jan@oever.example", DAY) == []


def test_holders_are_only_of_the_roles_that_were_asked_for() -> None:
    con = roster(("s1", "A", "A1", "teacher", START, None), ("s2", "A", None, "school_leader", START, None))
    assert {email for email, _held in roster_holders(con, ["teacher"], DAY)} == {"jan@oever.example"}
    assert roster_holders(con, [], DAY) == []
    assert roster_holders(con, ["'; DROP TABLE staff; --"], DAY) == []
    assert len(roster_holders(con, ["teacher", "school_leader"], DAY)) == 2


def test_holders_leave_out_a_shared_address() -> None:
    con = roster(("s1", "A", "A1", "teacher", START, None), ("s2", "B", "B1", "teacher", START, None))
    con.execute("INSERT INTO staff (staff_id, work_email) VALUES ('s9', ' JAN@oever.example ')")
    assert {email for email, _held in roster_holders(con, ["teacher"], DAY)} == {"els@oever.example"}


# One address, in the roster of two schools

JAN = "jan@oever.example"


def twice(*staff: tuple[str, str | None], roles: tuple[tuple[Any, ...], ...] = ()) -> Any:
    """A roster in which each of these (key, family name) has the address of Jan; key A.1 is at school A."""
    con = roster(*roles)
    con.execute("DELETE FROM staff")
    put(con, "staff", "staff_id family_name work_email", [(key, name, JAN) for key, name in staff])
    own = [(f"o{key}", key, key[0], "teacher", START) for key, _name in staff]
    put(con, "staff_role", "staff_role_id staff_id site_id role start_date", own)
    return con


def found_twice(con: Any) -> set[tuple[str | None, str | None]]:
    mine = {(h.site_id, h.staff_id) for h in roster_standings(con, " Jan@Oever.example", DAY)}
    assert mine == {(h.site_id, h.staff_id) for email, h in roster_holders(con, ["teacher"], DAY) if email == JAN}
    return mine


def test_who_stands_at_two_schools_once_each_is_one_person() -> None:
    con = twice(("A.1", "de Vos"), ("B.7", "De vos "), ("C.3", "de Vos"))
    assert found_twice(con) == {("A", "A.1"), ("B", "B.7"), ("C", "C.3")}
    (only,) = standings(roster_standings(con, JAN, DAY), [("teacher", "self")])
    assert only.staff == {"A.1", "B.7", "C.3"}


def test_a_school_that_was_left_gives_nothing_and_takes_nothing() -> None:
    con = twice(("A.1", "Vos"), ("B.7", "Vos"))
    con.execute("UPDATE staff_role SET end_date = DATE '2026-11-22' WHERE staff_id = 'B.7'")
    assert found_twice(con) == {("A", "A.1")}


@pytest.mark.parametrize(
    ("staff", "roles"),
    [
        ([("A.1", "Vos"), ("B.7", "Bakker")], ()),
        ([("A.1", "Vos"), ("B.7", None)], ()),
        ([("A.1", ""), ("B.7", " ")], ()),
        ([("A.1", "Vos"), ("A.7", "Vos")], ()),
        ([("A.1", "Vos"), ("B.7", "Vos"), ("B.8", "Vos")], ()),
        ([("A.1", "Vos"), ("B.7", "Vos")], (("B.7", "A", None, "teacher", START, DAY),)),
        ([("A.1", "Vos"), ("B.7", "Vos")], (("B.7", None, "A1", "teacher", START, date(2020, 7, 31)),)),
    ],
    ids=["other name", "one name", "blank", "one school", "twice at one", "school in common", "in common, long ago"],
)
def test_two_who_cannot_be_told_apart_open_nothing(staff: Any, roles: Any) -> None:
    con = twice(*staff, roles=roles)
    with pytest.raises(Refused, match="Twee medewerkers.*met dezelfde achternaam"):
        roster_standings(con, JAN, DAY)
    assert JAN not in {email for email, _held in roster_holders(con, ["teacher"], DAY)}


def test_who_has_no_school_at_all_is_told_apart_by_nothing() -> None:
    con = twice(("A.1", "Vos"), ("B.7", "Vos"))
    con.execute("UPDATE staff_role SET site_id = NULL WHERE staff_id = 'B.7'")  # works for the board
    with pytest.raises(Refused):
        roster_standings(con, JAN, DAY)


def test_a_name_that_no_need_collects_tells_nothing() -> None:
    con = twice(("A.1", "Vos"), ("B.7", "Vos"))
    con.execute("ALTER TABLE staff DROP COLUMN family_name")
    with pytest.raises(Refused):
        roster_standings(con, JAN, DAY)
    assert roster_holders(con, ["teacher"], DAY) == []
    con.execute("DELETE FROM staff WHERE staff_id = 'B.7'")
    assert found_twice(con) == {("A", "A.1")}


rows_of_staff = st.lists(
    st.tuples(st.sampled_from("ABC"), st.sampled_from(["Vos", "VOS ", "Bakker", "", None])), min_size=1, max_size=4
)


@given(rows_of_staff)
def test_the_plain_rule_of_who_is_one_person(rows: list[tuple[str, str | None]]) -> None:
    con = twice(*((f"{site}.{number}", name) for number, (site, name) in enumerate(rows)))
    names = {(name or "").strip().lower() for _site, name in rows}
    one = len(rows) == 1 or (len({site for site, _name in rows}) == len(rows) and len(names) == 1 and "" not in names)
    if one:
        assert {site for site, _key in found_twice(con)} == {site for site, _name in rows}
    else:
        with pytest.raises(Refused):
            roster_standings(con, JAN, DAY)
        assert roster_holders(con, ["teacher"], DAY) == []


@pytest.mark.parametrize("key", ["", "school-A", "A"])
def test_a_role_of_the_register_says_that_it_was_typed(key: str) -> None:
    for found in registered(board(), "controller", key, START, DAY):
        assert (found.source, found.since, found.until, found.group_id, found.staff_id) == (
            "typed",
            START,
            DAY,
            None,
            None,
        )


def test_a_role_for_an_organisation_that_is_not_there_opens_nothing() -> None:
    assert registered(board(), "school_leader", "school-Z", START) == []
    assert registered(board(), "school_leader", "board", START) == [], "the board itself is no school"


@pytest.mark.parametrize(
    ("first", "one"),
    [
        (("Jan", " jan "), True),
        (("Jan", "Els"), False),  # a couple with one mailbox
        (("Jan", None), False),
        ((None, None), False),
        (("", ""), False),
    ],
)
def test_one_first_and_family_name_is_one_person_also_without_a_school(
    first: tuple[str | None, str | None], one: bool
) -> None:
    """Whoever governs stands in the roster of each sector, at the board itself."""
    con = twice(("A.1", "Vos"), ("las2.m1", "Vos"))
    con.execute("UPDATE staff_role SET site_id = NULL, role = 'board_member' WHERE staff_id = 'las2.m1'")
    con.execute("ALTER TABLE staff ADD COLUMN IF NOT EXISTS first_name VARCHAR")
    for key, name in zip(("A.1", "las2.m1"), first, strict=True):
        con.execute("UPDATE staff SET first_name = $1 WHERE staff_id = $2", [name, key])
    if one:
        found = {(held.role, held.staff_id) for held in roster_standings(con, JAN, DAY)}
        assert found == {("teacher", "A.1"), ("board_member", "las2.m1")}
        return
    with pytest.raises(Refused, match="e-mailadres"):
        roster_standings(con, JAN, DAY)
