"""Whose a gap is: by number and by assignment, never by the name of a role."""

from datetime import timedelta

import pytest

from schakel.access.permissions import PERMISSIONS
from schakel.access.register import assign, close_account, delegate, end_assignment, put
from schakel.access.roles import Role, RoleAssignment, keys_held
from schakel.chain import deciding
from schakel.chain.gap_owners import waiting_on
from schakel.chain.gaps import RULES, Gap, Thing, find_all
from schakel.chain.goals import Activity, Goal
from schakel.chain.systems import System
from schakel.lib import clock
from schakel.lib.text import spoken

pytestmark = pytest.mark.django_db


def mine(person, gaps=None, roles=None):
    found = find_all() if gaps is None else gaps
    return {gap.id for gap in waiting_on(person, keys_held(person) if roles is None else roles, found)}


def role(manager, key, **fields):
    return put(manager, "role.write", Role, key, **{"nl": key, "en": key, "side": "use", **fields})[0]


@pytest.fixture
def manager(people):
    return people["information_manager"]


@pytest.fixture
def owned(people, manager):
    """A goal without activity, of a role that the mentor of the stock people holds in the register."""
    made = role(manager, "goal_keeper", nl="doelbewaker", en="keeper of goals")
    assign(manager, people["mentor"], made, clock.today())
    put(manager, "goal.write", Goal, "G1", nl="Los doel", owner_role=made)
    return "goal-without-activity:G1"


def test_every_rule_says_which_permission_its_next_step_asks():
    assert {rule.by for rule in RULES.values()} <= set(PERMISSIONS)
    assert all(rule.by for rule in RULES.values())


def test_who_holds_the_role_today(people, owned):
    assert owned in mine(people["mentor"])
    assert owned not in mine(people["teacher"])


def test_a_role_that_ended_yesterday_waits_on_whoever_may_mend_it(people, manager, owned):
    held = RoleAssignment.objects.get(person=people["mentor"], role__key="goal_keeper")
    with clock.held_at(clock.now() + timedelta(days=3)):
        end_assignment(manager, held, clock.days_ago(1))
        assert owned not in mine(people["mentor"])
        assert owned in mine(manager)


def test_while_somebody_answers_for_it_nobody_else_is_bothered(manager, owned):
    assert owned not in mine(manager)


def test_the_name_of_a_role_opens_nothing(people, manager, owned):
    """Two roles with one name: only who holds the right one."""
    twin = role(manager, "namesake", nl="doelbewaker", en="keeper of goals")
    assign(manager, people["teacher"], twin, clock.today())
    assert owned not in mine(people["teacher"])


@pytest.mark.parametrize("language", ["nl", "en"])
def test_the_language_changes_nothing(people, owned, language):
    with spoken(language):
        assert owned in mine(people["mentor"])


def test_a_role_of_the_roster_counts(people, owned):
    """What the roster gives is told by who asks: the page knows it, the register does not."""
    assert owned in mine(people["teacher"], roles={"goal_keeper"})


def test_a_named_owner_goes_before_the_role(chain):
    assign(chain.manager, chain.people["teacher"], chain.role(), clock.today())
    need = chain.ask(owner_role=chain.role(), owner=chain.people["outsider"])
    deciding.revise(chain.manager, need, audience=[])
    gap = "need-without-audience:absence_16h"
    assert gap in mine(chain.people["outsider"])
    assert gap not in mine(chain.people["teacher"])
    shown = next(each.thing for each in find_all() if each.id == gap)
    assert (shown.owner, shown.role, shown.person) == ("Olivier Smit", "mentor", chain.people["outsider"].pk)


def test_an_owner_who_left_hands_it_to_the_role(chain):
    assign(chain.manager, chain.people["teacher"], chain.role(), clock.today())
    need = chain.ask(owner_role=chain.role(), owner=chain.people["outsider"])
    deciding.revise(chain.manager, need, audience=[])
    close_account(chain.manager, chain.people["outsider"])
    gap = "need-without-audience:absence_16h"
    assert gap in mine(chain.people["teacher"])
    assert gap not in mine(chain.people["outsider"])


def test_what_nobody_answers_for_waits_on_who_may_take_the_next_step(people, manager):
    put(manager, "activity.write", Activity, "A1", nl="Los werk")
    put(manager, "system.write", System, "cloud", name="Wolk", personal_data=True)
    assert "activity-without-goal:A1" in mine(manager)
    assert "activity-without-goal:A1" not in mine(people["ict_manager"])
    assert "system-without-agreement:cloud" in mine(people["ict_manager"])
    for name in ("teacher", "mentor", "board_member", "outsider"):
        assert not {"activity-without-goal:A1", "system-without-agreement:cloud"} & mine(people[name]), name


def test_a_stand_in_sees_what_waits_on_the_one_replaced(people, manager):
    thing = Gap(RULES["need-review-overdue"], Thing("informationneed", "x", "Een vraag"))
    assert mine(people["teacher"], [thing]) == set()
    delegate(manager, people["teacher"], "need.review", clock.today(), clock.today(), "verlof")
    assert mine(people["teacher"], [thing]) == {thing.id}


def test_a_rule_without_a_permission_waits_on_nobody(manager):
    rule = RULES["need-review-overdue"]
    loose = Gap(type(rule)(rule.id, rule.severity, rule.title, rule.action, rule.why, rule.find), Thing("x", "y", "z"))
    assert mine(manager, [loose]) == set()


def test_a_closed_account_has_no_gaps(people, manager, owned):
    close_account(manager, people["mentor"])
    assert mine(people["mentor"]) == set()


def test_the_order_is_kept(people, manager, owned):
    put(manager, "system.write", System, "cloud", name="Wolk", personal_data=True)
    every = find_all()
    found = waiting_on(people["ict_manager"], keys_held(people["ict_manager"]), every)
    assert found == [gap for gap in every if gap in found]


def test_many_gaps_cost_no_more_questions(people, manager, django_assert_max_num_queries):
    for number in range(30):
        put(manager, "activity.write", Activity, f"A{number}", nl="Los werk")
    every = find_all()
    with django_assert_max_num_queries(12):
        assert len(waiting_on(manager, keys_held(manager), every)) >= 30
