"""Controls: which sides one person should not hold together, declared well, and found in whoever holds both today."""

from datetime import timedelta

import pytest

from schakel.access.register import add_person, assign, close_account, put
from schakel.access.roles import Role
from schakel.chain import controls as room
from schakel.chain.answerable import Division
from schakel.chain.controls import Control, both_sides, controls, roles_on
from schakel.chain.responsibilities import ASPECTS, LETTERS, Area, divide
from schakel.lib import clock

ROLE = Control("two-roles", "role:asker", "role:decider", "a", "a")
AREA = Control("two-letters", "area:approve:content:A", "area:approve:execution:R", "b", "b")
MIXED = Control("mixed", "role:asker", "area:approve:content:A", "c", "c")


@pytest.mark.parametrize("control", controls(), ids=lambda control: control.key)
def test_each_declared_control_is_well_formed(control):
    assert control.nl and control.en and control.one != control.other
    for side in (control.one, control.other):
        kind, *rest = side.split(":")
        assert kind in ("role", "area")
        if kind == "area":
            key, aspect, letter = rest
            assert key and aspect in ASPECTS and letter in LETTERS
        else:
            assert len(rest) == 1 and rest[0]


def test_each_control_has_a_name_of_its_own():
    assert len({control.key for control in controls()}) == len(controls())
    pairs = [frozenset((control.one, control.other)) for control in controls()]
    assert len(set(pairs)) == len(pairs), "two controls say the same"


@pytest.fixture
def board(people, monkeypatch):
    """Three roles, an area, and the three shapes of a control."""
    manager = people["information_manager"]
    for key in ("asker", "decider", "doer"):
        put(manager, "role.write", Role, key, nl=f"rol {key}", en=key, side="use")
    put(manager, "responsibility.write", Area, "approve", kind="need", nl="Goedkeuren")
    monkeypatch.setattr(room, "controls", lambda: (ROLE, AREA, MIXED))
    return manager


def person(manager, name, *keys, ended=False):
    found = add_person(manager, f"{name}@oever.example", name)
    today = clock.today()
    for key in keys:
        role = Role.objects.get(key=key)
        end = today - timedelta(days=1) if ended else None
        assign(manager, found, role, today - timedelta(days=9), end=end)
    return found


def found():
    return sorted((both.control.key, both.person.name, both.one, both.other) for both in both_sides())


def share(manager, **sides):
    for aspect, letters in sides.items():
        chosen = {x: list(Role.objects.filter(key__in=keys)) for x, keys in letters.items()}
        divide(manager, "area", "approve", aspect, chosen)


@pytest.mark.django_db
class TestWhoHoldsBoth:
    def test_nobody_when_each_holds_one(self, board):
        person(board, "Aa", "asker")
        person(board, "Bb", "decider")
        assert found() == []

    def test_two_roles_in_one_hand(self, board):
        person(board, "Aa", "asker", "decider")
        assert found() == [("two-roles", "Aa", "rol asker", "rol decider")]

    def test_a_role_that_ended_yesterday_is_no_side(self, board):
        person(board, "Aa", "asker", "decider", ended=True)
        assert found() == []

    def test_a_closed_account_holds_no_side(self, board):
        close_account(board, person(board, "Aa", "asker", "decider"))
        assert found() == []

    def test_two_letters_of_an_area_in_one_hand(self, board):
        share(board, content={"A": ["decider"]}, execution={"R": ["doer"]})
        person(board, "Aa", "decider")
        person(board, "Bb", "doer")
        assert found() == []
        person(board, "Cc", "decider", "doer")
        assert found() == [("two-letters", "Cc", "rol decider", "rol doer")]

    def test_one_role_with_both_letters_is_both_sides(self, board):
        share(board, content={"A": ["doer"]}, execution={"R": ["doer"]})
        person(board, "Aa", "doer")
        assert found() == [("two-letters", "Aa", "rol doer", "rol doer")]

    def test_the_other_letters_and_the_other_aspect_do_not_count(self, board):
        share(board, content={"R": ["doer"], "C": ["decider"], "I": ["asker"]}, execution={"A": ["doer"]})
        person(board, "Aa", "doer", "decider", "asker")
        assert [each[0] for each in found()] == ["two-roles"]

    def test_a_role_against_a_letter(self, board):
        share(board, content={"A": ["decider", "doer"]})
        person(board, "Aa", "asker", "doer")
        assert found() == [("mixed", "Aa", "rol asker", "rol doer")]

    def test_every_person_and_every_control_apart(self, board):
        share(board, content={"A": ["decider"]}, execution={"R": ["decider"]})
        person(board, "Aa", "asker", "decider")
        person(board, "Bb", "asker", "decider")
        assert [(key, name) for key, name, _one, _other in found()] == [
            (key, name) for key in ("mixed", "two-letters", "two-roles") for name in ("Aa", "Bb")
        ]

    def test_an_area_that_nobody_divided_has_no_sides(self, board):
        assert roles_on(AREA.one, Division()) == {}
        assert roles_on("area:nowhere:content:A", Division()) == {}

    def test_a_side_names_its_roles(self, board):
        share(board, content={"A": ["decider", "doer"]})
        assert roles_on(AREA.one, Division()) == {"decider": "rol decider", "doer": "rol doer"}
        assert roles_on("role:dpo", Division()) == {"dpo": "dpo"}

    def test_people_are_not_read_one_by_one(self, board, django_assert_num_queries):
        for n in range(5):
            person(board, f"Aa{n}", "asker")
        person(board, "Bb", "asker", "decider")
        with django_assert_num_queries(3):  # the letters, the roles on a side, and the one who holds both
            assert [each[1] for each in found()] == ["Bb"]
