"""Reviews begin by themselves on their day, once, leave a line, and let what was approved go on meanwhile."""

from datetime import timedelta

import pytest

from schakel.access import audit
from schakel.access.changes import change
from schakel.access.register import assign, close_account
from schakel.chain import deciding, reviewing
from schakel.chain.approvals import needed_elements, standing_approval
from schakel.chain.gaps import RULES
from schakel.chain.needs import InformationNeed
from schakel.lib import clock
from schakel.lib.errors import Refused

pytestmark = pytest.mark.django_db


def need(key="absence_16h"):
    return InformationNeed.objects.whole().get(key=key)


@pytest.fixture
def live(chain):
    """A need in use."""
    chain.ask()
    deciding.assess(chain.manager, need())
    deciding.approve(chain.people["board_member"], need(), need().fingerprint())
    deciding.go_live(chain.people["ict_manager"], need())
    return chain


def on_its_day(days=0):
    return clock.held_at(need().review_on + timedelta(days=days))


def begun():
    return audit.history("informationneed", "absence_16h").filter(action=reviewing.DUE)


def test_nothing_moves_before_the_day(live):
    assert reviewing.look() == []
    with on_its_day(-1):
        assert reviewing.look() == []
        assert need().state == "live"
    assert not begun().exists()


def test_on_its_day_it_is_taken_up_with_a_line_of_the_schedule(live):
    with on_its_day():
        assert [n.key for n in reviewing.look()] == ["absence_16h"]
    assert need().state == "under_review"
    line = begun().get()
    assert line.actor is None
    assert line.facts["reached"] == need().review_on.isoformat()
    assert audit.verify().holds


def test_a_day_that_was_missed_is_caught_up(live):
    with on_its_day(40):
        assert len(reviewing.look()) == 1


def test_looking_again_does_nothing(live):
    with on_its_day():
        reviewing.look()
        assert reviewing.look() == []
    with on_its_day(30):
        assert reviewing.look() == []
    assert begun().count() == 1


def test_a_worker_that_comes_second_writes_nothing(live):
    """Both saw the need in use; the row is moved by one of them."""
    with on_its_day():
        stale = need()
        reviewing.look()
        lines = audit.AuditLine.objects.count()
        assert reviewing._taken_up(stale) is False
    assert audit.AuditLine.objects.count() == lines
    assert begun().count() == 1


def test_a_need_that_a_person_planned_anew_meanwhile_stays_in_use(live):
    with on_its_day():
        stale = need()
        deciding.revise(live.manager, need(), review_on=clock.today() + timedelta(days=90))
        assert reviewing._taken_up(stale) is False
    assert need().state == "live"


@pytest.mark.parametrize("state", ["approved", "being_realised", "under_review", "ended"])
def test_only_what_is_in_use_moves(live, state):
    with change(live.manager, "need.revise"):
        InformationNeed.objects.update(state=state)
    with on_its_day(1):
        assert reviewing.look() == []
    assert need().state == state


def test_a_need_without_a_day_is_never_due(live):
    deciding.revise(live.manager, need(), review_on=None)
    with clock.held_at(clock.now() + timedelta(days=4000)):
        assert reviewing.look() == []


def test_nobody_but_the_schedule_may_say_that_a_day_was_reached(live):
    for person in live.people.values():
        with pytest.raises(Refused), change(person, reviewing.DUE, need()):
            raise AssertionError("a person moved a need by the permission of the schedule")


def test_delivery_goes_on_while_it_is_under_review(live):
    before = needed_elements()
    assert before
    with on_its_day():
        reviewing.look()
        assert needed_elements() == before
        assert standing_approval(need()) is not None


def test_since_when_it_is_under_review(live):
    assert reviewing.since(need()) is None
    with on_its_day():
        reviewing.look()
        moment = clock.now()
    with on_its_day(12):
        assert reviewing.since(need()) == moment


def test_a_second_review_counts_from_its_own_beginning(live):
    with on_its_day():
        reviewing.look()
        deciding.confirm(live.manager, need(), "Nog elke dag nodig.")
        assert reviewing.since(need()) is None
    with on_its_day():
        reviewing.look()
        assert reviewing.since(need()) == clock.now()
    assert begun().count() == 2


def test_kept_as_it_is_it_gets_a_new_day(live):
    with on_its_day():
        reviewing.look()
        deciding.confirm(live.manager, need(), "Nog elke dag nodig.")
        assert need().review_on > clock.today()
        assert reviewing.look() == []
    assert need().state == "live"


def gaps():
    return {thing.key for thing in RULES["need-review-overdue"].find()}


def test_the_gap_stays_until_somebody_decides(live):
    with on_its_day():
        assert gaps() == set()
        reviewing.look()
        assert gaps() == {"absence_16h"}
        assert [n.key for n in reviewing.due()] == ["absence_16h"]
        deciding.confirm(live.manager, need(), "Nog elke dag nodig.")
        assert gaps() == set()
        assert reviewing.due() == []


def test_a_review_that_a_person_began_early_is_not_due(live):
    deciding.review(live.manager, need())
    assert gaps() == set()
    assert reviewing.due() == []
    assert reviewing.since(need()) is not None


def test_the_owner_is_who_reviews(live):
    assert need().owner == live.manager
    assert reviewing.owners(need()) == [live.manager]


def test_without_an_owner_the_role_and_else_who_may_review(live):
    deciding.revise(live.manager, need(), owner=None, owner_role=live.role())
    assert reviewing.owners(need()) == [live.manager]  # nobody is mentor in the register
    assign(live.manager, live.people["outsider"], live.role(), clock.today())
    assert reviewing.owners(need()) == [live.people["outsider"]]
    close_account(live.manager, live.people["outsider"])
    assert reviewing.owners(need()) == [live.manager]


def test_an_owner_who_left_is_not_asked(live):
    deciding.revise(live.manager, need(), owner=live.people["outsider"])
    assert reviewing.owners(need()) == [live.people["outsider"]]
    close_account(live.manager, live.people["outsider"])
    assert reviewing.owners(need()) == [live.manager]
