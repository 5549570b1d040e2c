"""How many people hold what where: today, by open accounts, each person once; a roll from above adds its own."""

from datetime import timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from schakel.access.changes import change
from schakel.access.register import add_person, assign, close_account, end_assignment, put
from schakel.access.roles import Role
from schakel.chain import holders as room
from schakel.chain.holders import ANYWHERE, Held, Holders, Register, Who, holders, people
from schakel.lib import clock

pytestmark = pytest.mark.django_db
START = clock.today() - timedelta(days=30)


class Board:
    """A board of which only the register knows who holds what."""

    def __init__(self, stock):
        self.manager = stock["information_manager"]
        for key in ("coach", "mentor"):
            put(self.manager, "role.write", Role, key, nl=key, en=key, side="use")
        self.met = [add_person(self.manager, f"mens{n}@oever.example", f"Mens {n}") for n in range(3)]

    def give(self, person, role, place="", start=START, end=None):
        found = Role.objects.get(key=role)
        return assign(self.manager, self.met[person], found, start, organisation_key=place, end=end)


@pytest.fixture
def board(people, monkeypatch):
    monkeypatch.setattr(room, "_ROLLS", [Register()])
    return Board(people)


def test_nobody_is_nobody(board):
    assert holders().of_role.get("coach") is None
    assert holders().places_of("coach") == {}
    assert people(Who(roles=frozenset({"coach"}))) == 0


def test_people_are_counted_by_place(board):
    board.give(0, "coach", "kiem")
    board.give(1, "coach", "kiem")
    board.give(2, "coach", "veld")
    assert holders().places_of("coach") == {"kiem": 2, "veld": 1}
    assert holders().of_role["coach"] == 3


def test_one_person_at_two_places_is_one_person(board):
    board.give(0, "coach", "kiem")
    board.give(0, "coach", "veld")
    assert holders().places_of("coach") == {"kiem": 1, "veld": 1}
    assert holders().of_role["coach"] == 1
    assert people(Who(roles=frozenset({"coach"}))) == 1


def test_one_person_in_two_roles_is_one_person(board):
    board.give(0, "coach", "kiem")
    board.give(0, "mentor", "kiem")
    assert people(Who(roles=frozenset({"coach", "mentor"}))) == 1
    assert people(Who(places=frozenset({"kiem"}))) == 1


def test_a_role_for_the_whole_board_has_no_place(board):
    board.give(0, "coach")
    assert holders().places_of("coach") == {ANYWHERE: 1}
    assert people(Who(places=frozenset({"kiem"}))) == 0


@pytest.mark.parametrize(
    ("start", "end", "counts"), [(-30, None, 1), (-30, 0, 1), (0, None, 1), (-30, -1, 0), (1, None, 0), (0, 0, 1)]
)
def test_only_who_holds_it_today_counts(board, start, end, counts):
    day = clock.today()
    last = None if end is None else day + timedelta(days=end)
    board.give(0, "coach", "kiem", day + timedelta(days=start), last)
    assert people(Who(roles=frozenset({"coach"}))) == counts
    assert holders().of_role.get("coach", 0) == counts


def test_who_has_no_account_any_more_does_not_count(board):
    board.give(0, "coach", "kiem")
    board.give(1, "coach", "kiem")
    close_account(board.manager, board.met[0])
    assert holders().of_role["coach"] == 1
    assert people(Who(places=frozenset({"kiem"}))) == 1


def test_the_counts_follow_every_change_of_the_register(board):
    given_role = board.give(0, "coach", "kiem")
    assert holders().of_role["coach"] == 1
    end_assignment(board.manager, given_role, clock.today() - timedelta(days=1))
    assert holders().of_role.get("coach", 0) == 0


@pytest.mark.parametrize("who", [Who(), Who(frozenset(), frozenset())])
def test_asking_for_nobody_asks_nothing(board, who, django_assert_num_queries):
    board.give(0, "coach", "kiem")
    assert not who
    with django_assert_num_queries(0):
        assert people(who) == 0


class Roster:
    """A roll of a room above: two coaches at one school."""

    turn = "1"

    def held(self):
        return [Held("coach", "kiem", 2), Held("coach", "veld", 1)]

    def totals(self):
        return [("coach", 3)]

    def people(self, who):
        return 3 if "coach" in who.roles else 0

    def edition(self):
        return self.turn


def test_a_second_roll_adds_up(board):
    board.give(0, "coach", "kiem")
    room._ROLLS.append(Roster())
    assert holders().places_of("coach") == {"kiem": 3, "veld": 1}
    assert holders().of_role["coach"] == 4
    assert people(Who(roles=frozenset({"coach"}))) == 4


def test_a_new_edition_of_a_roll_is_counted_anew(board):
    roster = Roster()
    room._ROLLS.append(roster)
    first = holders()
    assert holders() is first, "kept as long as nothing changed"
    roster.turn = "2"
    assert holders() is not first


@pytest.mark.parametrize(
    ("places", "found"),
    [
        ({"kiem"}, {"coach": 2, "mentor": 1}),
        ({"veld"}, {"coach": 1}),
        ({"kiem", "veld"}, {"coach": 3, "mentor": 1}),
        ({"nergens"}, {}),
        (set(), {}),
    ],
)
def test_roles_at_places(places, found):
    counted = Holders({"coach": {"kiem": 2, "veld": 1}, "mentor": {"kiem": 1}, "dpo": {ANYWHERE: 1}}, {})
    assert counted.roles_at(frozenset(places)) == found


PLACES, ROLES = ("", "kiem", "veld"), ("coach", "mentor")
GIVEN = st.sets(st.tuples(st.integers(0, 2), st.sampled_from(ROLES), st.sampled_from(PLACES)), max_size=8)


@settings(max_examples=8, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(GIVEN)
def test_counts_equal_those_of_a_list_of_people(board, held):
    """Whatever is given, counting by the database is counting heads."""
    made = [board.give(*each) for each in sorted(held)]
    for role in ROLES:
        heads = {person for person, each, _place in held if each == role}
        assert holders().of_role.get(role, 0) == len(heads)
        assert people(Who(roles=frozenset({role}))) == len(heads)
        for place in PLACES:
            there = {person for person, each, where in held if (each, where) == (role, place)}
            assert holders().places_of(role).get(place, 0) == len(there)
    for place in ("kiem", "veld"):
        assert people(Who(places=frozenset({place}))) == len({p for p, _role, where in held if where == place})
    with change(board.manager, "role.assign"):
        for each in made:
            each.delete()
