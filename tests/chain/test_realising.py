"""What must be done for a need: proposed from the assessment, planned, started, seen to be done; never in a circle."""

from datetime import timedelta
from decimal import Decimal

import pytest
from django.db import IntegrityError, connection, transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from schakel.access.audit import AuditLine
from schakel.access.changes import change
from schakel.access.register import put
from schakel.chain import deciding, realising
from schakel.chain.elements import SourceOfRecord
from schakel.chain.needs import InformationNeed
from schakel.chain.realising import Change, ChangeDependency
from schakel.chain.systems import System
from schakel.lib import clock
from schakel.lib.errors import Refused

pytestmark = pytest.mark.django_db


@pytest.fixture
def ict(people):
    return people["ict_manager"]


def made(ict, title="Maak een koppeling", **fields):
    return realising.add(ict, title, "other", **fields)


def whole(need):
    return InformationNeed.objects.whole().get(pk=need.pk)


def kinds(need):
    return {(p.kind, p.thing_key) for p in realising.proposals(whole(need))}


def test_a_need_without_a_source_asks_for_one(chain):
    chain.element("contact.phone", source=False)
    need = chain.ask(elements=("pupil.first_name", "contact.phone"))
    assert ("source", "contact.phone") in kinds(need)
    assert ("source", "pupil.first_name") not in kinds(need)


def test_an_agreement_that_is_missing_comes_first(chain):
    put(chain.manager, "system.write", System, "las", personal_data=True)
    assert ("agreement", "las") in kinds(chain.ask())
    put(chain.manager, "system.write", System, "las", agreement_until=clock.today())
    assert ("agreement", "las") not in kinds(InformationNeed.objects.get())


def test_assessing_writes_the_proposals_down_once(chain):
    chain.element("contact.phone", source=False)
    need = chain.ask(elements=("pupil.first_name", "contact.phone"))
    deciding.assess(chain.manager, need)
    found = set(whole(need).changes.values_list("kind", "thing_key"))
    assert ("source", "contact.phone") in found
    assert realising.propose(chain.manager, whole(need)) == []
    assert whole(need).changes.count() == len(found)


def test_what_is_open_for_another_need_is_not_written_twice(chain):
    chain.element("contact.phone", source=False)
    first = chain.ask(key="one", elements=("contact.phone",))
    second = chain.ask(key="two", elements=("contact.phone",), question="Iets heel anders?")
    realising.propose(chain.manager, whole(first))
    assert ("source", "contact.phone") not in {
        (c.kind, c.thing_key) for c in realising.propose(chain.manager, whole(second))
    }


def test_a_declined_wish_needs_nothing(chain):
    chain.element("contact.phone", source=False)
    need = chain.ask(wished=("contact.phone",))
    assert ("source", "contact.phone") in kinds(need)
    deciding.decline_element(chain.manager, need, "contact.phone", "niet nodig")
    assert ("source", "contact.phone") not in kinds(need)


def test_done_is_seen_when_the_source_is_there(chain):
    element = chain.element("contact.phone", source=False)
    need = chain.ask(elements=("contact.phone",))
    realising.propose(chain.manager, whole(need))
    assert "contact.phone" not in {c.thing_key for c in realising.look()}
    put(chain.manager, "element.write", SourceOfRecord, "contact.phone@las", element=element, system=chain.las)
    seen = realising.look()
    item = Change.objects.get(kind="source", thing_key="contact.phone")
    assert item.pk in {c.pk for c in seen}
    assert (item.state, item.seen_done_at is not None) == ("done", True)
    line = AuditLine.objects.filter(action="change.see").latest("number")
    assert line.actor is None
    assert realising.look() == []


def test_nobody_says_that_something_was_seen(people):
    from schakel.access.permissions import decide

    assert not any(decide(person, "change.see").allowed for person in people.values())


def test_its_life(ict, people):
    item = made(ict)
    due = clock.today() + timedelta(days=14)
    realising.plan(ict, item, owner=people["teacher"], due_on=due, effort_hours=Decimal(3), note="")
    assert (item.state, item.due_on) == ("planned", due)
    realising.start(ict, item)
    assert item.state == "doing"
    realising.finish(ict, item)
    assert item.state == "done"
    assert item.done_at
    for step in (realising.start, realising.finish):
        with pytest.raises(Refused, match="Klaar"):
            step(ict, item)
    with pytest.raises(Refused):
        realising.drop(ict, item, "te laat")


def test_planning_without_person_or_day_stays_a_proposal(ict):
    item = made(ict)
    realising.plan(ict, item, owner=None, due_on=None, effort_hours=Decimal(8), note="later")
    assert item.state == "proposed"


def test_dropping_asks_a_reason(ict):
    item = made(ict)
    with pytest.raises((IntegrityError, Exception)), transaction.atomic():
        realising.drop(ict, item, "")
    item.refresh_from_db()
    assert item.state == "proposed"
    realising.drop(ict, item, "Kan ook zonder.")
    assert item.state == "dropped"


def test_the_database_refuses_a_dropped_change_without_a_reason(ict):
    item = made(ict)
    with pytest.raises(IntegrityError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("UPDATE chain_change SET state = 'dropped' WHERE id = %s", [item.pk])


def test_what_waits_does_not_begin(ict):
    first, second = made(ict, "eerst"), made(ict, "daarna")
    realising.wait_for(ict, second, first)
    for step in (realising.start, realising.finish):
        with pytest.raises(Refused) as refusal:
            step(ict, second)
        assert refusal.value.code == "waits"
        assert "eerst" in refusal.value.message
    realising.finish(ict, first)
    realising.start(ict, second)
    assert second.state == "doing"


def test_a_dropped_change_holds_nobody_up(ict):
    first, second = made(ict), made(ict)
    realising.wait_for(ict, second, first)
    realising.drop(ict, first, "niet nodig")
    realising.start(ict, second)
    assert second.state == "doing"


def test_no_circle_however_long(ict):
    row = [made(ict, f"nummer {n}") for n in range(5)]
    for before, after in zip(row, row[1:], strict=False):
        realising.wait_for(ict, after, before)
    for late_one in row:
        with pytest.raises(Refused) as refusal:
            realising.wait_for(ict, row[0], late_one)
        assert refusal.value.code == "circle"


@settings(max_examples=30, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(st.tuples(st.integers(0, 4), st.integers(0, 4)), max_size=14))
def test_whatever_is_tried_something_can_always_begin(people, pairs):
    """Without a circle there is always an open change that waits for nothing."""
    with transaction.atomic():
        ict = people["ict_manager"]
        row = [made(ict, str(n)) for n in range(5)]
        for one, other in pairs:
            try:
                realising.wait_for(ict, row[one], row[other])
            except Refused as refusal:
                assert refusal.code == "circle"
        assert any(not realising.waiting_for(item) for item in row)
        transaction.set_rollback(True)


def test_late_is_past_its_day_and_open(ict):
    yesterday = clock.today() - timedelta(days=1)
    items = [made(ict, str(n), due_on=day) for n, day in enumerate([yesterday, clock.today(), None])]
    assert [c.pk for c in realising.late()] == [items[0].pk]
    realising.finish(ict, items[0])
    assert list(realising.late()) == []


@pytest.mark.parametrize("who", ["teacher", "board_member", "privacy_officer", "outsider"])
def test_only_the_supply_side_plans(people, ict, who):
    item = made(ict)
    actions = [
        lambda p: realising.add(p, "x"), lambda p: realising.start(p, item), lambda p: realising.finish(p, item),
        lambda p: realising.drop(p, item, "x"), lambda p: realising.wait_for(p, item, made(ict)),
    ]  # fmt: skip
    for act in actions:
        with pytest.raises(Refused):
            act(people[who])
    assert ChangeDependency.objects.count() == 0


@pytest.mark.parametrize("kind", ["", "bestaat-niet", "need"])
def test_a_kind_that_is_none(ict, kind):
    with pytest.raises(Refused) as refusal:
        realising.add(ict, "x", kind)
    assert refusal.value.code == "kind"


def test_a_change_keeps_its_number_in_talk(ict):
    item = made(ict)
    assert item.number == f"W-{item.pk:04d}"
    assert str(item) == "Maak een koppeling"


def test_a_change_waits_for_another_not_for_itself(ict):
    item = made(ict)
    with pytest.raises(IntegrityError), change(ict, "change.write"):
        ChangeDependency.objects.create(change=item, waits_for=item)
