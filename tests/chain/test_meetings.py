"""Consultations: when they sit, what is resolved, what becomes an action; closed minutes do not change."""

from datetime import date, timedelta

import pytest

from schakel.access.audit import verify
from schakel.access.changes import change
from schakel.access.register import put
from schakel.access.roles import Role
from schakel.chain import meetings, realising
from schakel.chain.consultation import Consultation, ConsultationRole, Meeting, Resolution
from schakel.chain.meetings import next_day
from schakel.lib import clock
from schakel.lib.errors import Refused

pytestmark = pytest.mark.django_db


@pytest.fixture
def talk(people):
    """A monthly tactical consultation, led by the information manager, with ICT."""
    manager = people["information_manager"]
    chair = Role.objects.get(key="information_manager")
    fields = {"nl": "Vraag en aanbod", "level": "tactical", "rhythm": "monthly", "chair_role": chair}
    made, _ = put(manager, "consultation.write", Consultation, "demand", **fields)
    with change(manager, "consultation.write"):
        ConsultationRole.objects.create(consultation=made, role=Role.objects.get(key="ict_manager"))
    return made


@pytest.mark.parametrize(
    ("rhythm", "last", "due"),
    [
        ("weekly", date(2026, 11, 25), date(2026, 12, 2)),
        ("fortnightly", date(2026, 11, 25), date(2026, 12, 9)),
        ("monthly", date(2026, 11, 25), date(2026, 12, 25)),
        ("monthly", date(2026, 12, 31), date(2027, 1, 28)),
        ("quarterly", date(2026, 11, 2), date(2027, 2, 2)),
        ("yearly", date(2026, 11, 25), date(2027, 11, 25)),
        ("weekly", date(2026, 11, 21), date(2026, 11, 30)),  # a Saturday moves to Monday
    ],
)
def test_the_next_sitting_follows_from_the_rhythm(people, talk, rhythm, last, due):
    put(people["information_manager"], "consultation.write", Consultation, "demand", rhythm=rhythm)
    talk.refresh_from_db()
    meetings.convene(people["information_manager"], talk, last)
    found = next_day(talk)
    assert found == due
    assert found.weekday() < 5


def test_one_that_never_sat_sits_on_the_first_working_day(talk):
    with clock.held_at(date(2026, 11, 28)):  # a Saturday
        assert next_day(talk) == date(2026, 11, 30)


def test_planning_the_same_day_twice_is_once(people, talk):
    first = meetings.convene(people["information_manager"], talk, clock.today())
    assert meetings.convene(people["ict_manager"], talk, clock.today()).pk == first.pk
    assert Meeting.objects.count() == 1


@pytest.mark.parametrize(("who", "part"), [("information_manager", True), ("ict_manager", True), ("teacher", False)])
def test_who_takes_part(people, talk, who, part):
    assert meetings.takes_part(people[who], talk) is part


def test_a_resolution_and_its_action(people, talk):
    manager = people["information_manager"]
    meeting = meetings.convene(manager, talk, clock.today())
    resolution = meetings.resolve(manager, meeting, "De bron wordt vervangen.", about_kind="source", about_key="las")
    due = clock.today() + timedelta(days=30)
    item = meetings.act_on(manager, resolution, "Vraag drie offertes", owner=people["ict_manager"], due_on=due)
    assert (item.resolution, item.owner, item.due_on) == (resolution, people["ict_manager"], due)
    assert (resolution.about_kind, resolution.about_key) == ("source", "las")
    realising.finish(people["ict_manager"], item)
    assert verify().holds


def test_what_was_closed_does_not_change(people, talk):
    manager = people["information_manager"]
    meeting = meetings.convene(manager, talk, clock.today())
    agenda = [{"key": "late", "title": "Te laat", "lines": [], "more": 0}]
    meetings.hold(manager, meeting, agenda, "Alles besproken.")
    meeting.refresh_from_db()
    assert (meeting.agenda, meeting.minutes) == (agenda, "Alles besproken.")
    for act in (
        lambda: meetings.hold(manager, meeting, [], "Anders."),
        lambda: meetings.resolve(manager, meeting, "Achteraf."),
    ):
        with pytest.raises(Refused) as refusal:
            act()
        assert refusal.value.code == "state"
    meeting.refresh_from_db()
    assert meeting.minutes == "Alles besproken."
    assert not Resolution.objects.exists()


@pytest.mark.parametrize("minutes", ["", "   ", "\n\n"])
def test_minutes_say_something(people, talk, minutes):
    meeting = meetings.convene(people["information_manager"], talk, clock.today())
    with pytest.raises(Refused) as refusal:
        meetings.hold(people["information_manager"], meeting, [], minutes)
    assert refusal.value.code == "minutes-empty"


def test_a_resolution_says_something(people, talk):
    meeting = meetings.convene(people["information_manager"], talk, clock.today())
    with pytest.raises(Exception, match="text"):
        meetings.resolve(people["information_manager"], meeting, "   ")


@pytest.mark.parametrize("who", ["teacher", "outsider", "privacy_officer", "school_leader"])
def test_only_who_leads_meetings_writes_them(people, talk, who):
    with pytest.raises(Refused):
        meetings.convene(people[who], talk, clock.today())
    meeting = meetings.convene(people["board_member"], talk, clock.today())
    with pytest.raises(Refused):
        meetings.hold(people[who], meeting, [], "x")
    with pytest.raises(Refused):
        meetings.resolve(people[who], meeting, "x")
