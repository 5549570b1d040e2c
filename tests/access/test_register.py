"""Simple nouns of the register, people and their roles: added, changed, ended; told exactly; refused whole."""

from datetime import date, datetime, timedelta
from decimal import Decimal

import pytest
from django.core.exceptions import ValidationError
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from schakel.access import audit
from schakel.access.audit import AuditLine
from schakel.access.founding import found
from schakel.access.people import Person
from schakel.access.register import (
    Difference,
    add_person,
    assign,
    by_key,
    close_account,
    differences,
    end_assignment,
    plain,
    put,
)
from schakel.access.roles import Role, RoleAssignment, keys_held
from schakel.chain.goals import Activity, Goal
from schakel.lib import clock
from schakel.lib.errors import Refused, Unknown
from schakel.steer.norms import Norm

pytestmark = pytest.mark.django_db

SOME = settings(max_examples=20, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
WORDS = st.text(st.characters(exclude_categories=("Cs", "Cc")), min_size=1, max_size=30).filter(str.strip)


@pytest.fixture
def manager(people):
    return people["information_manager"]


def lines() -> int:
    return AuditLine.objects.count()


@pytest.mark.parametrize(
    ("value", "told"),
    [
        (None, None),
        ("tekst", "tekst"),
        (3, 3),
        (True, True),
        (Decimal("1.50"), 1.5),
        (date(2026, 8, 1), "2026-08-01"),
        (datetime(2026, 8, 1, 12, 30, tzinfo=clock.AMSTERDAM), "2026-08-01T12:30:00+02:00"),
    ],
)
def test_a_value_as_it_stands_in_a_line(value, told):
    assert plain(value) == told
    assert type(plain(value)) is type(told)


def test_a_relation_is_told_by_its_key(manager):
    goal, _ = put(manager, "goal.write", Goal, "G01", nl="Iedereen leest")
    assert plain(goal) == "G01"
    put(manager, "activity.write", Activity, "A01", nl="Lezen", goal=goal)
    assert audit.history("activity", "A01").get().facts["changed"]["goal"] == [None, "G01"]


@SOME
@given(WORDS, WORDS)
def test_only_what_differs_is_told_and_written(manager, first, second):
    put(manager, "goal.write", Goal, "G01", nl=first, en="same")
    before = lines()
    goal, changed = put(manager, "goal.write", Goal, "G01", nl=second, en="same")
    assert changed == ([] if first == second else [Difference("nl", first, second)])
    assert lines() == before + (first != second)
    assert (Goal.objects.get(key="G01").nl, goal.nl) == (second, second)
    assert differences(goal, {"nl": second, "en": "same"}) == []


def test_a_change_says_what_was_and_what_becomes_and_by_which_permission(manager):
    put(manager, "goal.write", Goal, "G01", nl="Iedereen leest")
    put(manager, "goal.write", Goal, "G01", nl="Iedereen rekent")
    line = audit.history("goal", "G01").first()
    assert line.facts == {
        "changed": {"nl": ["Iedereen leest", "Iedereen rekent"]},
        "reason": "U bent informatiemanager.",
    }


@pytest.mark.parametrize(
    ("noun", "permission", "key", "fields"),
    [
        (Goal, "goal.write", "met spatie", {"nl": "x"}),
        (Goal, "goal.write", "", {"nl": "x"}),
        (Goal, "goal.write", "G" * 65, {"nl": "x"}),
        (Goal, "goal.write", "G01", {"nl": ""}),
        (Goal, "goal.write", "G01", {"nl": "x" * 5000}),
        (Role, "role.write", "nieuw", {"nl": "x", "en": "x", "side": "boven"}),
        (Role, "role.write", "nieuw", {"nl": "x", "en": "x", "side": "use", "holder": "iedereen"}),
        (Role, "role.write", "nieuw", {"nl": "x"}),
    ],
)
def test_what_does_not_fit_is_refused_whole(manager, noun, permission, key, fields):
    before, rows = lines(), noun.objects.count()
    with pytest.raises(ValidationError):
        put(manager, permission, noun, key, **fields)
    assert (lines(), noun.objects.count()) == (before, rows)


def test_a_change_that_does_not_fit_leaves_what_was(manager):
    put(manager, "goal.write", Goal, "G01", nl="Iedereen leest")
    before = lines()
    with pytest.raises(ValidationError):
        put(manager, "goal.write", Goal, "G01", nl="")
    assert Goal.objects.get(key="G01").nl == "Iedereen leest"
    assert lines() == before


def test_who_may_not_change_it_is_not_told_whether_it_exists(people):
    """The same refusal for what is there and for what is not."""
    put(people["information_manager"], "goal.write", Goal, "G01", nl="x")
    told = set()
    for key in ("G01", "G02"):
        with pytest.raises(Refused) as refusal:
            put(people["teacher"], "goal.write", Goal, key, nl="anders")
        told.add(str(refusal.value))
    assert len(told) == 1


@pytest.mark.parametrize("noun", [Goal, Activity, Role, Norm])
def test_what_is_not_there_is_named(people, noun):
    with pytest.raises(Unknown) as error:
        by_key(noun, "bestaat-niet")
    assert noun.noun() in str(error.value)
    assert "bestaat-niet" in str(error.value)


def test_an_account_has_one_address_whatever_the_case_of_its_letters(manager):
    person = add_person(manager, "Nieuw.Persoon@Oeverscholen.Example", "Nieuw Persoon")
    assert person.email == "nieuw.persoon@oeverscholen.example"
    assert not person.has_usable_password(), "without a password nobody signs in with one"
    with pytest.raises(ValidationError):
        add_person(manager, "nieuw.persoon@OEVERSCHOLEN.example", "Dubbel")
    assert Person.objects.filter(email__iexact="nieuw.persoon@oeverscholen.example").count() == 1
    assert Person.objects.get_by_natural_key("NIEUW.persoon@oeverscholen.example") == person


@pytest.mark.parametrize(
    ("email", "name", "language"),
    [
        ("geen adres", "Naam", "nl"),
        ("", "Naam", "nl"),
        ("a@b", "Naam", "nl"),
        ("twee@adressen.nl,ander@adres.nl", "Naam", "nl"),
        ("goed@example.org", "", "nl"),
        ("goed@example.org", "N" * 201, "nl"),
        ("goed@example.org", "Naam", "de"),
    ],
)
def test_an_account_that_does_not_fit_is_refused(manager, email, name, language):
    before, people = lines(), Person.objects.count()
    with pytest.raises(ValidationError):
        add_person(manager, email, name, language=language)
    assert (lines(), Person.objects.count()) == (before, people)


@pytest.mark.parametrize(("email", "name"), [("geen adres", "Naam"), ("", ""), ("goed@example.org", "")])
def test_a_board_is_not_founded_by_somebody_without_an_address_or_a_name(db, email, name):
    with pytest.raises(ValidationError):
        found(email, name)
    assert not Person.objects.exists()
    assert not lines()


def test_who_founds_a_board_is_its_information_manager_from_today(db):
    person = found("Eerste@Example.org", "Eerste", password="een heel lang wachtwoord")
    assert person.email == "eerste@example.org"
    assert person.check_password("een heel lang wachtwoord")
    assert keys_held(person) == {"information_manager"}
    assert keys_held(person, clock.days_ago(1)) == frozenset()
    line = AuditLine.objects.get()
    assert (line.action, line.thing_kind, line.thing_key) == ("board.found", "person", person.key)
    assert "wachtwoord" not in str(line.facts)


def test_a_closed_account_stays_in_the_trail_and_is_closed_once_more_without_harm(manager, people):
    person = people["ict_manager"]
    for _ in range(2):
        close_account(manager, person)
    assert not Person.objects.get(pk=person.pk).is_active
    assert audit.history("person", person.key).filter(facts__closed=True).count() == 2
    with pytest.raises(Refused, match="afgesloten"):
        close_account(person, people["teacher"])
    assert Person.objects.get(pk=people["teacher"].pk).is_active


@pytest.mark.parametrize("who", ["teacher", "board_member", "ict_manager", "privacy_officer", "outsider"])
def test_nobody_but_the_information_manager_gives_or_ends_roles(people, who):
    role, given = Role.objects.get(key="board_member"), RoleAssignment.objects.get(person=people["board_member"])
    with pytest.raises(Refused):
        assign(people[who], people[who], role, clock.today())
    with pytest.raises(Refused):
        end_assignment(people[who], given, clock.today())
    given.refresh_from_db()
    assert given.end is None
    assert RoleAssignment.objects.filter(role=role).count() == 1


def test_an_assignment_does_not_end_before_it_begins(manager, people):
    role, today = Role.objects.get(key="board_member"), clock.today()
    with pytest.raises(ValidationError):
        assign(manager, people["outsider"], role, today, end=today - timedelta(1))
    given = assign(manager, people["outsider"], role, today, end=today)
    with pytest.raises(ValidationError):
        end_assignment(manager, given, today - timedelta(1))
    given.refresh_from_db()
    assert given.end == today


def test_the_same_assignment_is_given_once(manager, people):
    role = Role.objects.get(key="school_admin")
    assign(manager, people["outsider"], role, clock.today(), organisation_key="98AB00")
    with pytest.raises(ValidationError):
        assign(manager, people["outsider"], role, clock.today(), organisation_key="98AB00")
    assign(manager, people["outsider"], role, clock.today(), organisation_key="98AC00")
    assert RoleAssignment.objects.filter(person=people["outsider"]).count() == 2


def test_a_role_that_is_held_cannot_be_removed_and_neither_can_its_holder(manager, people):
    from django.db.models import ProtectedError

    from schakel.access.changes import change

    for thing in (Role.objects.get(key="board_member"), people["board_member"]):
        with pytest.raises(ProtectedError), change(manager, "role.write", thing):
            thing.delete()
    assert keys_held(people["board_member"]) == {"board_member"}


def test_people_and_roles_are_shown_by_their_names(people):
    assert str(people["teacher"]) == "Tom Bakker"
    assert str(Role.objects.get(key="board_member")) == "bestuurder"
