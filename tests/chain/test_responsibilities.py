"""The one place where a division is written: exactly these roles, one line that says what changed, sound or refused."""

import pytest
from django.core.exceptions import ValidationError
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from schakel.access.audit import AuditLine
from schakel.access.changes import change
from schakel.access.register import put
from schakel.access.roles import Role
from schakel.chain.dividing import follow_area, give
from schakel.chain.gaps import RULES
from schakel.chain.responsibilities import LETTERS, Area, Responsibility, answer_for, divide, divide_all, standing
from schakel.chain.systems import System
from schakel.lib.errors import Refused

pytestmark = pytest.mark.django_db
PLACE = ("area", "systems", "content")
KEYS = ("adviser", "board", "owner", "teacher")


@pytest.fixture
def manager(people):
    manager = people["information_manager"]
    for key in KEYS:
        put(manager, "role.write", Role, key, nl=key, en=key, side="use", holder="person")
    put(manager, "role.write", Role, "robot", nl="portaal", en="portal", side="use", holder="system")
    put(manager, "responsibility.write", Area, "systems", kind="supply", nl="Applicaties kiezen")
    return manager


def role(key):
    return Role.objects.get(key=key)


def roles(letters):
    return {letter: [role(key) for key in keys] for letter, keys in letters.items()}


def said(*place):
    return {letter: keys for letter, keys in standing(*(place or PLACE)).items() if keys}


def last():
    return AuditLine.objects.latest("number")


def count():
    return AuditLine.objects.filter(action="responsibility.write", thing_kind="area", thing_key="systems").count() - 1


def gaps():
    return {thing.detail for thing in RULES["accountable-not-one"].find() if thing.key == "systems"}


def test_exactly_these_roles_hold_exactly_these_letters(manager):
    assert divide(manager, *PLACE, roles({"R": ["teacher", "owner"], "A": ["board"]}))
    assert said() == {"R": ["owner", "teacher"], "A": ["board"]}
    assert divide(manager, *PLACE, roles({"R": ["adviser"], "C": ["board", "owner"]}))
    assert said() == {"R": ["adviser"], "C": ["board", "owner"]}
    assert divide(manager, *PLACE, {})
    assert said() == {}


def test_the_line_says_what_changed_from_what_to_what_and_nothing_else(manager):
    divide(manager, *PLACE, roles({"R": ["teacher"], "A": ["board"], "I": ["owner"]}))
    divide(manager, *PLACE, roles({"R": ["teacher", "adviser"], "A": ["owner"], "I": ["owner"]}), {"why": "overleg"})
    line = last()
    assert (line.thing_kind, line.thing_key, line.actor) == ("area", "systems", manager)
    assert line.facts["changed"] == {
        "content R": [["teacher"], ["adviser", "teacher"]],
        "content A": [["board"], ["owner"]],
    }
    assert line.facts["why"] == "overleg"
    assert count() == 2


def test_the_same_again_writes_nothing_in_whatever_order(manager):
    divide(manager, *PLACE, roles({"R": ["teacher", "owner"]}))
    assert not divide(manager, *PLACE, roles({"R": ["owner", "teacher", "owner"], "A": []}))
    assert count() == 1


def test_rows_that_stay_are_not_written_anew(manager):
    divide(manager, *PLACE, roles({"R": ["teacher"], "A": ["board"]}))
    kept = set(Responsibility.objects.values_list("pk", flat=True))
    divide(manager, *PLACE, roles({"R": ["teacher", "owner"], "A": ["board"]}))
    assert kept < set(Responsibility.objects.values_list("pk", flat=True))


def test_both_aspects_in_one_change(manager):
    sides = {"content": roles({"A": ["board"]}), "execution": roles({"R": ["teacher"]})}
    assert divide_all(manager, "area", "systems", sides)
    assert count() == 1
    assert said("area", "systems", "execution") == {"R": ["teacher"]}
    assert set(last().facts["changed"]) == {"content A", "execution R"}


def test_one_unsound_aspect_stops_both(manager):
    sides = {"content": roles({"A": ["board"]}), "execution": roles({"R": ["robot"]})}
    with pytest.raises(Refused):
        divide_all(manager, "area", "systems", sides)
    assert not Responsibility.objects.exists()
    assert not count()


def test_other_things_and_the_other_aspect_are_left_alone(manager):
    divide(manager, "area", "systems", "execution", roles({"R": ["teacher"]}))
    divide(manager, "area", "systems2", "content", roles({"R": ["teacher"]}))
    divide(manager, *PLACE, roles({"A": ["board"]}))
    divide(manager, *PLACE, {})
    assert said("area", "systems", "execution") == said("area", "systems2", "content") == {"R": ["teacher"]}


# Each way in is refused the same: the kit divides, a file answers, the matrix gives.
WAYS = {
    "divide": lambda who, role, aspect, letters: divide(who, "area", "systems", aspect, {x: [role] for x in letters}),
    "answer_for": lambda who, role, aspect, letters: answer_for(who, role, "area", "systems", aspect, letters),
    "give": lambda who, role, aspect, letters: give(who, role, Area.objects.get(key="systems"), aspect, letters),
}


@pytest.mark.parametrize("way", WAYS)
@pytest.mark.parametrize(
    ("key", "aspect", "letters", "code"),
    [
        ("teacher", "vorm", "R", "aspect"),
        ("teacher", "", "R", "aspect"),
        ("teacher", "content", "X", "letter"),
        ("teacher", "content", "RX", "letter"),
        ("teacher", "content", "r", "letter"),
        ("robot", "content", "R", "role"),
        ("robot", "execution", "I", "role"),
    ],
)
def test_what_makes_no_sense_is_refused_by_every_way_in(manager, way, key, aspect, letters, code):
    with pytest.raises(Refused) as refusal:
        WAYS[way](manager, role(key), aspect, letters)
    assert refusal.value.code == code
    assert not Responsibility.objects.exists()
    assert not count()


@pytest.mark.parametrize("way", WAYS)
@pytest.mark.parametrize("who", ["teacher", "ict_manager", "privacy_officer", "outsider"])
def test_who_may_not_divide_is_refused_by_every_way_in(people, manager, way, who):
    with pytest.raises(Refused) as refusal:
        WAYS[way](people[who], role("teacher"), "content", "R")
    assert refusal.value.code == "permission"
    assert not Responsibility.objects.exists()
    assert last().action == "refused:responsibility.write"


@pytest.mark.parametrize("way", WAYS)
def test_every_way_in_leaves_the_same_division(manager, way):
    assert WAYS[way](manager, role("teacher"), "content", "CR")
    assert said() == {"R": ["teacher"], "C": ["teacher"]}
    assert last().facts["changed"] == {"content R": [[], ["teacher"]], "content C": [[], ["teacher"]]}
    assert not WAYS[way](manager, role("teacher"), "content", "RC")
    assert count() == 1


def test_answering_leaves_the_others_as_they_are(manager):
    divide(manager, *PLACE, roles({"R": ["teacher", "owner"], "A": ["board"]}))
    assert answer_for(manager, role("teacher"), *PLACE, "AI")
    assert said() == {"R": ["owner"], "A": ["board", "teacher"], "I": ["teacher"]}
    assert (last().facts["was"], last().facts["becomes"]) == ("R", "AI")
    assert answer_for(manager, role("teacher"), *PLACE, ())
    assert said() == {"R": ["owner"], "A": ["board"]}


def test_a_file_says_exactly_what_a_thing_has_and_the_matrix_begins_as_the_area(manager):
    divide(manager, "area", "system_run", "content", roles({"A": ["board"], "R": ["owner"]}))
    las, _new = put(manager, "system.write", System, "las", name="LAS")
    answer_for(manager, role("teacher"), "system", "las", "content", "C")
    assert said("system", "las", "content") == {"C": ["teacher"]}
    follow_area(manager, las)
    give(manager, role("teacher"), las, "content", "C")
    assert said("system", "las", "content") == {"A": ["board"], "R": ["owner"], "C": ["teacher"]}
    assert last().facts["began_as"] == "system_run"


def test_following_again_says_what_went(manager):
    las, _new = put(manager, "system.write", System, "las", name="LAS")
    divide(manager, "system", "las", "content", roles({"A": ["board"]}))
    divide(manager, "system", "las", "execution", roles({"R": ["owner", "teacher"]}))
    assert follow_area(manager, las)
    assert last().facts["changed"] == {"content A": [["board"], []], "execution R": [["owner", "teacher"], []]}


def test_an_application_that_once_got_a_letter_stops_no_other_and_can_be_taken_off(manager):
    with change(manager, "responsibility.write"):
        kind, key, aspect = PLACE
        Responsibility(role=role("robot"), thing_kind=kind, thing_key=key, aspect=aspect, letter="I").save()
    assert answer_for(manager, role("teacher"), *PLACE, "R")
    assert said() == {"R": ["teacher"], "I": ["robot"]}
    with pytest.raises(Refused):
        answer_for(manager, role("robot"), *PLACE, "RI")
    assert answer_for(manager, role("robot"), *PLACE, "")
    assert said() == {"R": ["teacher"]}


@pytest.mark.parametrize("accountable", [[], ["board", "owner"]])
def test_not_exactly_one_accountable_is_written_and_reported(manager, accountable):
    divide(manager, *PLACE, roles({"R": ["teacher"], "A": accountable}))
    assert said().get("A", []) == accountable
    assert gaps()
    divide(manager, *PLACE, roles({"R": ["teacher"], "A": ["owner"]}))
    assert not gaps()


def test_a_name_that_no_table_holds_is_refused_whole(manager):
    with pytest.raises(ValidationError):
        divide(manager, "area", "k" * 256, "content", roles({"R": ["teacher"]}))
    assert not Responsibility.objects.exists()


DIVISION = st.dictionaries(st.sampled_from(LETTERS), st.sets(st.sampled_from(KEYS)))


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(DIVISION | st.tuples(st.sampled_from(KEYS), st.sets(st.sampled_from(LETTERS))), max_size=5))
def test_whatever_is_written_stands_and_the_lines_tell_it(manager, steps):
    divide(manager, *PLACE, {})
    begun, by_line = AuditLine.objects.latest("number").number, {letter: [] for letter in LETTERS}
    stands = {letter: set() for letter in LETTERS}
    for step in steps:
        if isinstance(step, tuple):
            key, letters = step
            answer_for(manager, role(key), *PLACE, letters)
            stands = {x: (stands[x] | {key}) if x in letters else stands[x] - {key} for x in LETTERS}
        else:
            divide(manager, *PLACE, roles(step))
            stands = {x: set(step.get(x, ())) for x in LETTERS}
        assert standing(*PLACE) == {x: sorted(stands[x]) for x in LETTERS}
    for line in AuditLine.objects.filter(number__gt=begun).order_by("number"):
        for place, (was, becomes) in line.facts["changed"].items():
            letter = place.removeprefix("content ")
            assert by_line[letter] == was
            by_line[letter] = becomes
    assert by_line == standing(*PLACE)
    divide(manager, *PLACE, {})
