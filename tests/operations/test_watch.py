"""Alerts begin and end by themselves; their owners get one letter, by day."""

from datetime import datetime

import pytest
from django.core import mail

from schakel.access.audit import AuditLine
from schakel.access.register import put
from schakel.access.roles import Role
from schakel.collect.alerts import Alert
from schakel.collect.sources import Source
from schakel.lib import clock
from schakel.lib.text import spoken
from schakel.operations import promises, watch
from tests.operations.watched import DAY, HOUR, MONDAY, desk, founded_desk, need, run, source

__all__ = ["desk", "founded_desk", "source"]
pytestmark = pytest.mark.django_db


@pytest.fixture
def late(desk, source, settings):
    """Absence was due at half past seven on Tuesday, and did not come."""
    settings.SCHAKEL_MAIL_HOST = "mail.example"
    role, _ = put(desk.manager, "role.write", Role, "absence_desk", nl="verzuimbalie", en="absence desk", side="use")
    put(desk.manager, "source.write", Source, "verzuim", owner_role=role)
    desk.assign("leider-A", "absence_desk", MONDAY.date())
    need(desk, "late", "elke schooldag voor 07.30 uur")
    run(source, MONDAY)
    return MONDAY + DAY + 2 * HOUR


def look(moment: datetime) -> list[Alert]:
    with clock.held_at(moment):
        return watch.look()


def sent(moment: datetime) -> int:
    with clock.held_at(moment):
        return watch.send()


def test_an_alert_begins_once_and_ends_by_itself(source, late):
    assert look(late - HOUR) == []
    (alert,) = look(late)
    assert (alert.source.key, alert.cause, alert.need.key) == ("verzuim", "overdue", "late")
    assert look(late + HOUR) == [alert]
    run(source, late + HOUR)
    assert look(late + 2 * HOUR) == []
    alert.refresh_from_db()
    assert alert.ended_at == late + 2 * HOUR
    lines = AuditLine.objects.filter(action="source.watch").order_by("number")
    assert [(line.actor_id, line.facts["state"]) for line in lines] == [(None, "begun"), (None, "ended")]


def test_it_may_begin_again(source, late):
    look(late)
    run(source, late + HOUR)
    look(late + 2 * HOUR)
    assert len(look(late + DAY)) == 1
    assert Alert.objects.count() == 2


def test_a_second_cause_is_a_second_alert(source, late):
    run(source, late, "failed")
    assert sorted(alert.cause for alert in look(late)) == ["failed", "overdue"]


def test_a_source_that_is_put_off_asks_for_nobody(desk, source, late):
    look(late)
    put(desk.manager, "source.write", Source, "verzuim", active=False)
    assert look(late) == []


def test_the_owner_gets_one_letter(desk, source, late):
    run(source, late, "failed")
    look(late)
    assert sent(late) == 0, "what a retry puts right nobody needs to know"
    assert sent(late + HOUR) == 1
    (letter,) = mail.outbox
    assert letter.to == ["leider-a@oever.example"]
    assert letter.body.count("/bronnen/verzuim") == 2, "both causes in one letter"
    assert "moesten er 24-11-2026 07:30 zijn, want: B-" in letter.body
    assert "Wat is late" in letter.body
    assert sent(late + 2 * HOUR) == 0, "and not again"
    line = AuditLine.objects.filter(action="source.watch", thing_kind="person").get()
    assert line.facts["alerts"] == 2


def test_no_letter_for_what_is_over(source, late):
    look(late)
    run(source, late + HOUR / 10)
    look(late + HOUR / 5)
    assert sent(late + HOUR) == 0


def test_what_begins_soon_after_a_letter_waits_for_the_next(source, late):
    look(late)
    assert sent(late + HOUR) == 1
    run(source, late + HOUR, "failed")
    look(late + HOUR)
    assert sent(late + 1.5 * HOUR) == 0
    assert sent(late + 2.1 * HOUR) == 1
    assert len(mail.outbox) == 2


@pytest.mark.parametrize(
    ("hour", "night"), [(0, True), (6, True), (7, False), (12, False), (19, False), (20, True), (23, True)]
)
def test_at_night_nothing_is_sent(source, late, hour, night):
    look(late)
    moment = late.replace(hour=hour) + DAY
    assert watch.is_night(moment) is night
    assert sent(moment) == (0 if night else 1)


def test_night_is_by_the_dutch_clock():
    from datetime import UTC

    assert not watch.is_night(datetime(2026, 11, 26, 6, 0, tzinfo=UTC))
    assert watch.is_night(datetime(2026, 11, 26, 5, 59, tzinfo=UTC))
    assert not watch.is_night(datetime(2026, 6, 15, 5, 0, tzinfo=UTC))


def test_what_was_kept_for_the_morning_is_sent_then(source, late):
    evening = late.replace(hour=22)
    run(source, evening, "failed")
    look(evening)
    assert sent(evening + HOUR) == 0
    assert sent(evening.replace(hour=7) + DAY) == 1


def test_without_a_mail_server_the_pages_still_know(source, late, settings):
    settings.SCHAKEL_MAIL_HOST = ""
    look(late)
    assert sent(late + HOUR) == 0
    assert Alert.objects.standing().get().told_at is None


def test_a_letter_that_cannot_be_sent_is_tried_again(source, late, monkeypatch):
    look(late)

    def broken(_self, **_more):
        raise OSError("no route")

    with monkeypatch.context() as patch:
        patch.setattr("django.core.mail.EmailMessage.send", broken)
        with pytest.raises(OSError, match="route"):
            sent(late + HOUR)
    assert Alert.objects.standing().get().told_at is None
    assert sent(late + HOUR) == 1


def test_when_nobody_holds_the_role_those_who_read_sources_hear_it(desk, source, late):
    put(desk.manager, "source.write", Source, "verzuim", owner_role=None)
    source.refresh_from_db()
    names = {person.email for person in watch.owners(source)}
    assert desk.people["ict_manager"].email in names
    assert "leider-a@oever.example" not in names


def test_in_english_for_who_reads_english(desk, source, late):
    from schakel.access.register import change_person

    change_person(desk.manager, desk.people["leider-A"], language="en")
    look(late)
    sent(late + HOUR)
    assert "Absence" in mail.outbox[0].body
    assert "gegevens" not in mail.outbox[0].body


def test_every_risk_is_one_sentence_without_people(desk, source):
    asked = need(desk, "late", "elke schooldag voor 07.30 uur")
    for cause in ("failed", "overdue", "planned"):
        for deadline in (None, MONDAY, MONDAY + 9000 * DAY):
            for language in ("nl", "en"):
                with spoken(language):
                    text = watch.told(source, promises.Risk(cause, asked, deadline))
                assert text.endswith("."), text
                assert "%" not in text
                assert desk.people["outsider"].name not in text
