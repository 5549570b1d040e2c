"""Who answers for a thing: read with its area as a fallback, set and cleared in one recorded change each."""

import pytest

from schakel.access.audit import AuditLine
from schakel.access.kept import UnrecordedWrite
from schakel.access.register import put
from schakel.chain.answerable import Division, area_key, thing_at
from schakel.chain.dividing import follow_area, give
from schakel.chain.needs import InformationNeed
from schakel.chain.responsibilities import ASPECTS, Responsibility
from schakel.chain.systems import System
from schakel.governance.policies import Policy
from schakel.lib.errors import Refused, Unknown
from tests.chain.divided import AREAS, area, divide, role

pytestmark = pytest.mark.django_db


@pytest.fixture
def manager(people):
    divide(people["information_manager"])
    return people["information_manager"]


@pytest.fixture
def las(manager):
    thing, _changed = put(manager, "system.write", System, "las", name="LAS")
    return thing


def said(thing, aspect):
    return {x: [r.key for r in roles] for x, roles in Division().of(thing, aspect).letters.items() if roles}


def lines():
    return AuditLine.objects.filter(action="responsibility.write").count()


@pytest.mark.parametrize("key", [key for key, _kind, _nl in AREAS])
def test_an_area_is_read_as_it_was_written(manager, key):
    wanted = next(sides for (name, _kind, _nl), sides in AREAS.items() if name == key)
    for aspect in ASPECTS:
        assert said(area(key), aspect) == wanted.get(aspect, {})


def test_a_thing_without_a_division_follows_its_area(las):
    side = Division().of(las, "execution")
    assert side.area == "system_run"
    assert said(las, "execution") == {"R": ["functional_admin"], "A": ["process_owner"], "C": ["ict_manager"]}


@pytest.mark.parametrize(
    ("state", "expected"),
    [("asked", "need_assess"), ("assessed", "need_approve"), ("approved", "need_realise"), ("live", "product")],
)
def test_a_need_follows_the_area_of_its_state(state, expected):
    assert area_key(InformationNeed(state=state)) == expected


def test_rooms_above_bring_their_own_kinds(manager):
    policy, _changed = put(manager, "policy.write", Policy, "ibp", nl="IBP-beleid")
    assert area_key(policy) == "policy"
    assert thing_at("policy", "ibp") == policy


def test_one_step_is_one_line_that_names_the_thing(manager, las):
    before = lines()
    assert give(manager, role("teacher"), las, "content", "C")
    assert lines() == before + 1
    line = AuditLine.objects.latest("number")
    assert (line.thing_kind, line.thing_key) == ("system", "las")
    assert line.facts["role"] == "teacher"
    assert (line.facts["was"], line.facts["becomes"], line.facts["began_as"]) == ("I", "C", "system_run")


def test_a_division_of_its_own_begins_as_that_of_the_area(manager, las):
    give(manager, role("ict_manager"), las, "execution", "R")
    assert said(las, "execution") == {"R": ["functional_admin", "ict_manager"], "A": ["process_owner"]}
    assert Division().of(las, "execution").area == ""
    assert Division().of(las, "content").area == "system_run"
    assert said(area("system_run"), "execution")["C"] == ["ict_manager"]


def test_two_letters_for_one_role(manager):
    give(manager, role("process_owner"), area("system_run"), "execution", "AR")
    assert Division().of(area("system_run"), "execution").of("process_owner") == "RA"
    give(manager, role("process_owner"), area("system_run"), "execution", "R")
    assert Division().of(area("system_run"), "execution").of("process_owner") == "R"


def test_no_letters_clears_and_the_last_one_lets_it_follow_again(manager, las):
    for who in ("functional_admin", "process_owner", "ict_manager"):
        give(manager, role(who), las, "execution", "")
    assert Division().of(las, "execution").area == "system_run"
    assert not Responsibility.objects.filter(thing_kind="system").exists()


def test_following_the_area_again_is_one_change(manager, las):
    give(manager, role("teacher"), las, "content", "C")
    give(manager, role("teacher"), las, "execution", "I")
    before = lines()
    assert follow_area(manager, las)
    assert lines() == before + 1
    assert Division().of(las, "content").area == "system_run"
    assert not follow_area(manager, las)
    assert lines() == before + 1


def test_an_area_follows_nothing(manager):
    with pytest.raises(Refused, match="volgt niets"):
        follow_area(manager, area("system_run"))


def test_what_stands_already_writes_nothing(manager):
    before = lines()
    assert not give(manager, role("process_owner"), area("system_run"), "execution", "A")
    assert not give(manager, role("dpo"), area("system_run"), "execution", "")
    assert lines() == before


@pytest.mark.parametrize(
    ("aspect", "letters", "words"), [("vorm", "R", "inhoud of uitvoering"), ("content", "X", "letters R, A, C en I")]
)
def test_what_makes_no_sense_is_refused(manager, aspect, letters, words):
    with pytest.raises(Refused, match=words):
        give(manager, role("teacher"), area("goal"), aspect, letters)


def test_a_system_answers_for_nothing(manager):
    robot, _changed = put(
        manager, "role.write", type(role("dpo")), "system_portal", nl="ouderportaal", en="portal", side="use",
        holder="system",
    )  # fmt: skip
    with pytest.raises(Refused, match="Een applicatie"):
        give(manager, robot, area("goal"), "content", "R")


@pytest.mark.parametrize("who", ["ict_manager", "privacy_officer", "school_admin", "outsider"])
def test_who_may_not_divide_changes_nothing(people, manager, who):
    before = Responsibility.objects.count()
    with pytest.raises(Refused):
        give(people[who], role("teacher"), area("goal"), "content", "R")
    assert Responsibility.objects.count() == before
    assert AuditLine.objects.latest("number").action == "refused:responsibility.write"


def test_a_write_outside_a_change_is_refused(manager):
    with pytest.raises(UnrecordedWrite):
        Responsibility.objects.all().delete()


@pytest.mark.parametrize(("kind", "key"), [("system", "niets"), ("planeet", "mars"), ("person", "1")])
def test_what_is_not_there(manager, kind, key):
    with pytest.raises(Unknown):
        thing_at(kind, key)
