"""The second step in the register: kept unreadable, recorded, reset by someone else and never for oneself."""

import pytest
from allauth.mfa.models import Authenticator
from allauth.socialaccount.models import SocialAccount
from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
from django.contrib.sessions.backends.db import SessionStore

from schakel.access import second_factor, sessions
from schakel.access.audit import AuditLine, verify
from schakel.access.kept import UnrecordedWrite
from schakel.access.people import Person
from schakel.access.register import close_account
from schakel.access.second_factor import Secrets, State
from schakel.lib.errors import Refused
from schakel.lib.text import spoken

pytestmark = pytest.mark.django_db


def signed_in(person: Person) -> str:
    """A session of this person, as signing in makes it."""
    store = SessionStore()
    store[SESSION_KEY], store[BACKEND_SESSION_KEY], store[HASH_SESSION_KEY] = str(person.pk), "x", "y"
    store.create()
    return str(store.session_key)


def last() -> AuditLine:
    return AuditLine.objects.latest("number")


def test_a_secret_is_kept_so_that_the_database_alone_does_not_tell_it(people, settings):
    secret = second_factor.new_secret()
    second_factor.set_up(people["mentor"], secret)
    kept = {a.type: a.data for a in Authenticator.objects.all()}
    assert secret not in str(kept)
    assert Secrets().decrypt(kept["totp"]["secret"]) == secret
    assert Secrets().encrypt(secret) != Secrets().encrypt(secret), "the same secret twice looks different"
    settings.SECRET_KEY = "the key of another installation"
    with pytest.raises(Refused) as refusal:
        Secrets().decrypt(kept["totp"]["secret"])
    assert refusal.value.code == "key"
    assert secret not in str(refusal.value)


@pytest.mark.parametrize("kept", ["", "niet versleuteld", "gAAAAAB", "é" * 40])
def test_what_was_never_encrypted_here_is_not_taken_for_a_secret(people, kept):
    with pytest.raises(Refused):
        Secrets().decrypt(kept)


def test_setting_up_leaves_a_line_without_the_secret_and_ends_other_sessions(people):
    mentor = people["mentor"]
    here, elsewhere = signed_in(mentor), signed_in(mentor)
    others = signed_in(people["teacher"])
    secret = second_factor.new_secret()
    second_factor.set_up(mentor, secret, session=here)
    assert (last().action, last().actor, last().facts["second_factor"]) == ("account.write", mentor, "set")
    assert secret not in str(last().facts)
    assert sessions.of(mentor) == [here]
    assert not SessionStore().exists(elsewhere)
    assert sessions.of(people["teacher"]) == [others]


def test_another_phone_replaces_the_first_with_fresh_recovery_codes(people):
    mentor = people["mentor"]
    second_factor.set_up(mentor, second_factor.new_secret())
    codes = second_factor.recovery_codes(mentor)
    second_factor.set_up(mentor, second_factor.new_secret())
    assert Authenticator.objects.filter(user=mentor).count() == 2
    assert not set(codes) & set(second_factor.recovery_codes(mentor))


def test_new_recovery_codes_leave_the_phone_as_it_was(people):
    mentor = people["mentor"]
    app = second_factor.set_up(mentor, second_factor.new_secret())
    codes = second_factor.recovery_codes(mentor)
    second_factor.renew_recovery_codes(mentor)
    assert not set(codes) & set(second_factor.recovery_codes(mentor))
    assert Authenticator.objects.get(type="totp").pk == app.pk
    assert last().facts["recovery_codes"] == "new"
    assert not any(code in str(last().facts) for code in second_factor.recovery_codes(mentor))


def test_how_it_stands(people):
    assert second_factor.state_of(people["mentor"]) == State()
    assert second_factor.recovery_codes(people["mentor"]) == []
    app = second_factor.set_up(people["mentor"], second_factor.new_secret())
    assert second_factor.state_of(people["mentor"]) == State(app.created_at, 10)
    assert second_factor.is_set(people["mentor"])
    assert not second_factor.is_set(people["teacher"])
    assert second_factor.holders() == {people["mentor"].pk}


def test_an_information_manager_resets_it_and_all_sessions_end(people):
    manager, mentor = people["information_manager"], people["mentor"]
    second_factor.set_up(mentor, second_factor.new_secret())
    SocialAccount.objects.create(user=mentor, provider="https://id.example", uid="1")
    signed_in(mentor)
    second_factor.reset(manager, mentor)
    assert not Authenticator.objects.exists()
    assert not SocialAccount.objects.exists()
    assert sessions.of(mentor) == []
    assert (last().action, last().actor, last().thing_key) == ("person.write", manager, mentor.key)
    assert last().facts["second_factor"] == "reset"
    assert verify().holds


def test_nobody_resets_their_own(people):
    manager = people["information_manager"]
    second_factor.set_up(manager, second_factor.new_secret())
    lines = AuditLine.objects.count()
    with pytest.raises(Refused) as refusal:
        second_factor.reset(manager, Person.objects.get(pk=manager.pk))
    assert refusal.value.code == "oneself"
    assert second_factor.is_set(manager)
    assert AuditLine.objects.count() == lines


@pytest.mark.parametrize("who", ["board_member", "ict_manager", "teacher", "outsider", "privacy_officer"])
def test_who_may_not_is_refused_and_nothing_changes(people, who):
    second_factor.set_up(people["mentor"], second_factor.new_secret())
    with pytest.raises(Refused) as refusal:
        second_factor.reset(people[who], people["mentor"])
    assert refusal.value.who_can == ("information_manager",)
    assert second_factor.is_set(people["mentor"])
    assert last().action == "refused:person.write"


def test_a_closed_account_sets_nothing_up(people):
    close_account(people["information_manager"], people["mentor"])
    mentor = Person.objects.get(pk=people["mentor"].pk)
    for act in (lambda: second_factor.set_up(mentor, "x"), lambda: second_factor.renew_recovery_codes(mentor)):
        with pytest.raises(Refused):
            act()
    assert not Authenticator.objects.exists()


def test_closing_an_account_ends_its_sessions_and_no_others(people):
    signed_in(people["mentor"])
    other = signed_in(people["teacher"])
    close_account(people["information_manager"], people["mentor"])
    assert sessions.of(people["mentor"]) == []
    assert sessions.of(people["teacher"]) == [other]


def test_nobody_closes_their_own_account(people):
    manager = people["information_manager"]
    with pytest.raises(Refused) as refusal:
        close_account(manager, manager)
    assert refusal.value.code == "oneself"
    assert Person.objects.get(pk=manager.pk).is_active


def test_a_failing_reset_leaves_everything(people, monkeypatch):
    second_factor.set_up(people["mentor"], second_factor.new_secret())
    here = signed_in(people["mentor"])
    lines = AuditLine.objects.count()

    def broken(*_args, **_more):
        raise UnrecordedWrite("half")

    monkeypatch.setattr(second_factor.sessions, "end", broken)
    with pytest.raises(UnrecordedWrite):
        second_factor.reset(people["information_manager"], people["mentor"])
    assert second_factor.is_set(people["mentor"])
    assert sessions.of(people["mentor"]) == [here]
    assert AuditLine.objects.count() == lines


def test_the_sentences_exist_in_both_languages(people):
    with spoken("en"):
        assert "not right" in Secrets().error_messages["incorrect_code"]
    assert "klopt niet" in Secrets().error_messages["incorrect_code"]
