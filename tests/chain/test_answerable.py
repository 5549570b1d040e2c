"""Reading a division: who has which letter, whether it is sound, and which area a thing follows."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from schakel.access.register import put
from schakel.access.roles import Role
from schakel.chain.answerable import KINDS, Division, Side, area_key, thing_at
from schakel.chain.elements import DataElement
from schakel.chain.goals import Goal, Process
from schakel.chain.needs import STATES, InformationNeed
from schakel.chain.responsibilities import ASPECTS, LETTERS, Area, divide
from schakel.chain.systems import Link, System
from schakel.lib.errors import Unknown

ROLES = [Role(pk=number, key=key, nl=key, en=key) for number, key in enumerate(("board", "owner", "teacher"), 1)]


def side(aspect="content", area="", **letters):
    by_key = {role.key: role for role in ROLES}
    return Side(aspect, {x: tuple(by_key[key] for key in letters.get(x, ())) for x in LETTERS}, area)


@pytest.mark.parametrize(
    ("letters", "anybody", "one", "alone"),
    [
        ({}, False, False, False),
        ({"R": ["owner"]}, True, False, False),
        ({"A": ["board"]}, True, True, False),
        ({"R": ["owner"], "A": ["board"]}, True, True, False),
        ({"R": ["owner"], "A": ["owner"]}, True, True, True),
        ({"R": ["owner", "teacher"], "A": ["owner"]}, True, True, False),
        ({"R": ["owner"], "A": ["owner", "board"]}, True, False, True),
        ({"R": ["owner"], "A": ["board", "teacher"]}, True, False, False),
        ({"I": ["teacher"]}, True, False, False),
    ],
)
def test_whether_a_side_is_sound(letters, anybody, one, alone):
    found = side(**letters)
    assert (bool(found), found.one_accountable, found.accountable_alone) == (anybody, one, alone)


DIVISION = st.fixed_dictionaries({x: st.sets(st.sampled_from([role.key for role in ROLES])) for x in LETTERS})


@given(DIVISION)
def test_the_letters_of_a_role_stand_in_one_order(letters):
    found = side(**{x: sorted(keys) for x, keys in letters.items()})
    for role in ROLES:
        assert found.of(role.key) == "".join(x for x in "RACI" if role.key in letters[x])
    assert found.of("nobody") == ""


@pytest.mark.parametrize("state", STATES)
def test_every_state_of_a_need_has_an_area(state):
    assert area_key(InformationNeed(state=state))


@pytest.mark.parametrize(
    ("thing", "area"),
    [(Goal(key="g"), "goal"), (Process(key="p"), "process"), (DataElement(key="a.b"), "data_element"),
     (System(key="s"), "system_run"), (Link(key="l"), "link"), (Area(key="x"), "x")],
)  # fmt: skip
def test_every_kind_follows_its_area(thing, area):
    assert area_key(thing) == area
    assert KINDS[thing.noun()].noun is type(thing)


@pytest.fixture
def board(people):
    """A system, its area, and three roles to divide among."""
    manager = people["information_manager"]
    for role in ROLES:
        put(manager, "role.write", Role, role.key, nl=role.key, en=role.key, side="use")
    put(manager, "responsibility.write", Area, "system_run", kind="system", nl="Beheren")
    put(manager, "system.write", System, "las", name="LAS")
    return manager


def roles(**letters):
    return {x: list(Role.objects.filter(key__in=keys)) for x, keys in letters.items()}


def keys(found):
    return {x: [role.key for role in found.letters[x]] for x in LETTERS if found.letters[x]}


@pytest.mark.django_db
class TestWhatWasDivided:
    def test_nothing_divided_is_nobody(self, board):
        las = thing_at("system", "las")
        assert [keys(Division().of(las, aspect)) for aspect in ASPECTS] == [{}, {}]

    def test_each_aspect_follows_its_area_apart(self, board):
        divide(board, "area", "system_run", "content", roles(A=["board"]))
        divide(board, "area", "system_run", "execution", roles(A=["owner"], R=["teacher"]))
        divide(board, "system", "las", "content", roles(A=["teacher"]))
        las = thing_at("system", "las")
        content, execution = (Division().of(las, aspect) for aspect in ASPECTS)
        assert (keys(content), content.area) == ({"A": ["teacher"]}, "")
        assert (keys(execution), execution.area) == ({"A": ["owner"], "R": ["teacher"]}, "system_run")

    def test_an_area_follows_nothing_and_least_of_all_itself(self, board):
        assert Division().of(thing_at("area", "system_run"), "content").area == ""

    def test_roles_stand_in_the_order_of_their_keys(self, board):
        divide(board, "system", "las", "content", roles(C=["teacher", "board", "owner"]))
        assert keys(Division().of(thing_at("system", "las"), "content")) == {"C": ["board", "owner", "teacher"]}

    def test_what_a_role_answers_for_by_name(self, board):
        divide(board, "area", "system_run", "content", roles(A=["board"], R=["board", "owner"]))
        divide(board, "system", "las", "execution", roles(I=["board"]))
        assert sorted(Division().of_role("board")) == [
            ("area", "system_run", "content", "A"),
            ("area", "system_run", "content", "R"),
            ("system", "las", "execution", "I"),
        ]
        assert list(Division().of_role("teacher")) == []

    def test_what_has_a_division_of_its_own_is_named_once(self, board):
        for aspect in ASPECTS:
            divide(board, "system", "las", aspect, roles(A=["board"], R=["owner"]))
        assert list(Division().places()) == [("system", "las")]

    def test_it_is_read_once(self, board, django_assert_num_queries):
        divide(board, "system", "las", "content", roles(A=["board"]))
        las = thing_at("system", "las")
        with django_assert_num_queries(1):
            division = Division()
            for aspect in ASPECTS:
                division.of(las, aspect)
            list(division.of_role("board"))

    @pytest.mark.parametrize(("kind", "key"), [("system", ""), ("system", "LAS"), ("", "las"), ("role", "board")])
    def test_what_cannot_be_divided_is_unknown(self, board, kind, key):
        with pytest.raises(Unknown):
            thing_at(kind, key)
