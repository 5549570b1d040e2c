"""Passwords: strong enough or a sentence why not; links that work once; every change recorded without the password."""

import pytest

from schakel.access import founding, passwords
from schakel.access.audit import AuditLine
from schakel.access.passwords import Link
from schakel.access.people import Person
from schakel.access.register import add_person, close_account
from schakel.lib.errors import Refused
from schakel.lib.text import spoken
from tests.access.test_second_factor import signed_in

pytestmark = pytest.mark.django_db
GOOD = "zeven natte schapen dromen"


@pytest.fixture(autouse=True)
def quick(settings):
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]


@pytest.mark.parametrize(
    ("password", "why"),
    [
        ("kort", "12 tekens"),
        ("elf tekens!", "12 tekens"),
        ("password1234", "veel mensen"),
        ("sanne.de.wit@oeverscholen", "naam of e-mailadres"),
        ("", "12 tekens"),
    ],
)
def test_a_weak_password_is_told_why(people, password, why):
    assert any(why in sentence for sentence in passwords.weaknesses(password, people["mentor"]))


def test_a_strong_password_has_no_weakness(people):
    assert passwords.weaknesses(GOOD, people["mentor"]) == []
    assert passwords.weaknesses(GOOD) == []
    with spoken("en"):
        assert "at least 12" in passwords.weaknesses("short")[0]


def test_choosing_one_is_recorded_without_it_and_ends_other_sessions(people):
    from schakel.access import sessions

    mentor = people["mentor"]
    here = signed_in(mentor)
    signed_in(mentor)
    passwords.choose(mentor, GOOD, how="changed", session=here)
    assert Person.objects.get(pk=mentor.pk).check_password(GOOD)
    line = AuditLine.objects.latest("number")
    assert (line.action, line.actor, line.facts["password"]) == ("account.write", mentor, "changed")
    assert GOOD not in str(line.facts)
    assert sessions.of(mentor) == [here]


def test_a_link_works_once_and_for_one_person(people):
    mentor = people["mentor"]
    link = passwords.send_link(people["information_manager"], mentor)
    assert link.person() == mentor
    assert Link(Link.to(people["teacher"]).uid, link.token).person() is None
    passwords.choose(mentor, GOOD, how="chosen by link")
    assert link.person() is None


def test_making_a_link_is_recorded_without_the_link(people):
    manager, mentor = people["information_manager"], people["mentor"]
    link = passwords.send_link(manager, mentor)
    line = AuditLine.objects.latest("number")
    assert (line.action, line.actor, line.thing_key, line.facts["password"]) == (
        "person.write",
        manager,
        mentor.key,
        "link",
    )
    assert link.token not in str(line.facts)


def test_an_old_link_is_dead(people, settings):
    link = passwords.send_link(people["information_manager"], people["mentor"])
    settings.PASSWORD_RESET_TIMEOUT = -1
    assert link.person() is None


@pytest.mark.parametrize(
    ("uid", "token"),
    [
        ("", ""),
        ("x", "y"),
        ("MQ", ""),
        ("é", "y"),
        ("LTE", "a-b"),
        ("OTk5OTk5OTk5OTk5OTk5OTk5OTk5OTk5", "a-b"),
        ("MQ", "a" * 9000),
    ],
)
def test_a_forged_link_is_nobody(people, uid, token):
    assert Link(uid, token).person() is None


def test_a_link_of_a_closed_account_is_dead_and_none_is_made(people):
    manager, mentor = people["information_manager"], people["mentor"]
    link = passwords.send_link(manager, mentor)
    close_account(manager, mentor)
    assert link.person() is None
    with pytest.raises(Refused, match="afgesloten"):
        passwords.send_link(manager, Person.objects.get(pk=mentor.pk))


def test_nobody_makes_a_link_for_themselves(people):
    with pytest.raises(Refused) as refusal:
        passwords.send_link(people["information_manager"], people["information_manager"])
    assert refusal.value.code == "oneself"


@pytest.mark.parametrize("who", ["board_member", "ict_manager", "mentor", "outsider"])
def test_who_may_not_makes_no_link(people, who):
    with pytest.raises(Refused):
        passwords.send_link(people[who], people["teacher"])
    assert AuditLine.objects.latest("number").action == "refused:person.write"


def test_the_founder_gets_a_first_link_and_nobody_else_does(db):
    founder = founding.found("eerste@example.org", "Eerste Mens")
    link = founding.first_link(founder)
    assert link.person() == founder
    passwords.choose(founder, GOOD, how="chosen by link")
    with pytest.raises(Refused):
        founding.first_link(Person.objects.get(pk=founder.pk))


def test_the_first_link_is_over_as_soon_as_there_is_a_second_person(db):
    founder = founding.found("eerste@example.org", "Eerste Mens")
    second = add_person(founder, "tweede@example.org", "Tweede Mens")
    for person in (founder, second):
        with pytest.raises(Refused):
            founding.first_link(person)
