"""Who takes part in a consultation: exactly those named, told in one line, refused to who may not seat anyone."""

from datetime import date

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.db.models import ProtectedError
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from schakel.access.audit import AuditLine
from schakel.access.changes import change
from schakel.access.register import put
from schakel.access.roles import Role
from schakel.chain.consultation import LEVELS, RHYTHMS, Consultation, Meeting, Resolution, seat, seated
from schakel.lib.errors import Refused

pytestmark = pytest.mark.django_db
KEYS = ("board_member", "ict_manager", "information_manager", "privacy_officer")


@pytest.fixture
def manager(people):
    return people["information_manager"]


@pytest.fixture
def week(manager):
    return put(manager, "consultation.write", Consultation, "week", nl="Weekoverleg", level="operational",
               rhythm="weekly")[0]  # fmt: skip


def roles(*keys):
    return Role.objects.filter(key__in=keys)


def last():
    return AuditLine.objects.latest("number")


def test_exactly_those_named_take_part(manager, week):
    assert seat(manager, week, roles("ict_manager", "board_member"))
    assert seated(week) == ["board_member", "ict_manager"]
    assert seat(manager, week, roles("privacy_officer", "ict_manager"))
    assert seated(week) == ["ict_manager", "privacy_officer"]


def test_the_line_says_from_whom_to_whom(manager, week):
    seat(manager, week, roles("ict_manager"))
    seat(manager, week, roles("board_member"))
    assert last().facts["changed"] == {"roles": [["ict_manager"], ["board_member"]]}
    assert (last().thing_kind, last().thing_key) == ("consultation", "week")


def test_the_same_again_is_no_change_in_whatever_order(manager, week):
    seat(manager, week, roles(*KEYS))
    before = AuditLine.objects.count()
    assert not seat(manager, week, reversed(list(roles(*KEYS))))
    assert AuditLine.objects.count() == before


def test_who_stays_is_not_seated_anew(manager, week):
    seat(manager, week, roles("ict_manager"))
    kept = week.roles.get().pk
    seat(manager, week, roles("ict_manager", "board_member"))
    assert week.roles.get(role__key="ict_manager").pk == kept


def test_nobody_is_possible_too(manager, week):
    seat(manager, week, roles(*KEYS))
    assert seat(manager, week, [])
    assert seated(week) == []


def test_another_consultation_is_left_alone(manager, week):
    other, _new = put(
        manager, "consultation.write", Consultation, "jaar", nl="Jaar", level="strategic", rhythm="yearly"
    )
    seat(manager, other, roles("board_member"))
    seat(manager, week, roles("ict_manager"))
    seat(manager, week, [])
    assert seated(other) == ["board_member"]


@pytest.mark.parametrize("who", ["teacher", "privacy_officer", "school_leader", "outsider"])
def test_who_may_not_seat_changes_nothing(people, manager, week, who):
    seat(manager, week, roles("ict_manager"))
    with pytest.raises(Refused):
        seat(people[who], week, roles("board_member"))
    assert seated(week) == ["ict_manager"]
    assert last().action == "refused:consultation.write"


@settings(max_examples=20, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(st.sets(st.sampled_from(KEYS)), max_size=4))
def test_the_last_word_holds_and_the_lines_join(manager, week, steps):
    seat(manager, week, [])
    begun, stands = last().number, []
    for step in steps:
        assert seat(manager, week, roles(*step)) == (sorted(step) != stands)
        stands = sorted(step)
        assert seated(week) == stands
    was = []
    for line in AuditLine.objects.filter(number__gt=begun).order_by("number"):
        before, after = line.facts["changed"]["roles"]
        assert before == was
        was = after
    assert was == stands
    seat(manager, week, [])


@pytest.mark.parametrize(("field", "value"), [("level", "soms"), ("rhythm", "daily"), ("nl", ""), ("nl", "x" * 201)])
def test_a_consultation_that_says_nothing_sensible_is_refused(manager, field, value):
    fields = {"nl": "Overleg", "level": "tactical", "rhythm": "monthly", field: value}
    with pytest.raises(ValidationError) as refusal:
        put(manager, "consultation.write", Consultation, "x", **fields)
    assert set(refusal.value.message_dict) == {field}
    assert not Consultation.objects.exists()


@pytest.mark.parametrize("level", LEVELS)
@pytest.mark.parametrize("rhythm", RHYTHMS)
def test_every_level_may_have_every_rhythm(manager, level, rhythm):
    put(manager, "consultation.write", Consultation, "x", nl="Overleg", level=level, rhythm=rhythm)
    assert Consultation.objects.get().rhythm == rhythm


def test_one_sitting_a_day(manager, week):
    with change(manager, "consultation.write"):
        Meeting(consultation=week, day=date(2026, 11, 25)).save()
    with pytest.raises(IntegrityError), transaction.atomic(), change(manager, "consultation.write"):
        Meeting(consultation=week, day=date(2026, 11, 25)).save()


def test_what_was_resolved_keeps_its_meeting_and_its_words(manager, week):
    with change(manager, "consultation.write"):
        meeting = Meeting.objects.create(consultation=week, day=date(2026, 11, 25))
        Resolution.objects.create(meeting=meeting, text="Wij doen het.", written_by=manager)
    for gone in (meeting, week):
        with pytest.raises(ProtectedError), change(manager, "consultation.write"):
            gone.delete()
    with pytest.raises(IntegrityError), transaction.atomic(), change(manager, "consultation.write"):
        Resolution.objects.create(meeting=meeting, text="", written_by=manager)
    assert [str(each.text) for each in Resolution.objects.all()] == ["Wij doen het."]
