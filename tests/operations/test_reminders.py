"""Reminders: who moves next hears it by mail, once a week at most, and never a name that is not theirs to read."""

from datetime import timedelta

import pytest
from django.core import mail

from schakel.access.audit import AuditLine
from schakel.access.register import delegate
from schakel.chain import deciding, realising
from schakel.chain.needs import InformationNeed
from schakel.lib import clock
from schakel.operations import reminders

pytestmark = pytest.mark.django_db


@pytest.fixture
def postbox(board, settings):
    """A board with a mail server, eight days later."""
    settings.SCHAKEL_MAIL_HOST = "mail.oeverscholen.example"
    settings.SCHAKEL_ADDRESS = "https://schakel.oeverscholen.example"
    with clock.held_at(clock.now() + timedelta(days=8)):
        yield board


def letters() -> dict[str, str]:
    return {message.to[0]: message.body for message in mail.outbox}


def test_who_decides_is_reminded_with_the_way_to_it(postbox):
    waits = InformationNeed.objects.get(key="results_overview")
    assert reminders.send() == len(mail.outbox) > 0
    body = letters()[postbox.people["board_member"].email]
    assert waits.number in body
    assert "https://schakel.oeverscholen.example/behoeften/results_overview" in body
    assert "teacher" not in letters()


def test_who_asked_it_is_not_asked_to_approve_it(postbox):
    reminders.send()
    asked = InformationNeed.objects.get(key="results_overview")
    assert asked.requester == postbox.people["information_manager"]
    body = letters().get(postbox.people["information_manager"].email, "")
    assert f"{asked.number} wacht" not in body


def test_advice_first(postbox):
    reminders.send()
    body = letters()[postbox.people["privacy_officer"].email]
    assert "uw advies" in body


def test_once_a_week_at_most(postbox):
    first = reminders.send()
    assert first > 0
    assert reminders.send() == 0
    with clock.held_at(clock.now() + timedelta(days=6)):
        assert reminders.send() == 0
    with clock.held_at(clock.now() + timedelta(days=8)):
        assert reminders.send() == first


def test_each_letter_leaves_a_line_without_an_address(postbox):
    sent = reminders.send()
    lines = AuditLine.objects.filter(action=reminders.ACTION)
    assert lines.count() == sent
    assert all("@" not in str(line.facts) + line.thing_key for line in lines)
    assert all(line.actor is None for line in lines)


def test_without_a_mail_server_nothing_is_sent_and_nothing_is_written(postbox, settings):
    settings.SCHAKEL_MAIL_HOST = ""
    assert reminders.send() == 0
    assert mail.outbox == []
    assert not AuditLine.objects.filter(action=reminders.ACTION).exists()


def test_patience(board, settings):
    settings.SCHAKEL_MAIL_HOST = "mail.oeverscholen.example"
    with clock.held_at(clock.now() + timedelta(days=2)):
        assert not [w for w in reminders.waiting() if "/behoeften/" in w.address]


def test_a_decision_taken_is_no_longer_waited_for(postbox):
    need = InformationNeed.objects.whole().get(key="results_overview")
    deciding.approve(postbox.people["board_member"], need, need.fingerprint())
    assert not [w for w in reminders.waiting() if w.address.endswith("/results_overview")]


def test_late_changes_and_ending_delegations(postbox):
    ict = postbox.people["ict_manager"]
    realising.add(ict, "Vervang de koppeling", owner=ict, due_on=clock.today() - timedelta(days=1))
    last = clock.today() + timedelta(days=1)
    delegate(postbox.people["board_member"], postbox.people["teacher"], "need.approve", clock.today(), last, "verlof")
    found = {(w.person.email, w.address.split("/")[1]) for w in reminders.waiting()}
    assert (ict.email, "wijzigingen") in found
    assert (postbox.people["board_member"].email, "vervanging") in found


def test_in_the_language_of_who_reads_it(postbox):
    from schakel.access.changes import change

    member = postbox.people["board_member"]
    with change(postbox.people["information_manager"], "person.write", member):
        member.language = "en"
        member.save()
    reminders.send()
    assert "something waits for you" in letters()[member.email]


def test_a_mail_server_that_fails_leaves_no_line(postbox, settings):
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", 9
    with pytest.raises(OSError, match="refused"):
        reminders.send()
    assert not AuditLine.objects.filter(action=reminders.ACTION).exists()
