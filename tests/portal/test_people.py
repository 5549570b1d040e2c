"""Mensen: the information manager helps who cannot sign in, and nobody else does; never oneself."""

import re
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from schakel.access import passwords, second_factor, sessions
from schakel.access.audit import AuditLine
from schakel.access.people import Person
from schakel.access.register import add_person
from tests.portal.conftest import Seen
from tests.portal.test_own_account import inside
from tests.portal.test_sign_in import PASSWORD, known_by_phone, mentor, outside_the_demo, sign_in

__all__ = ["mentor", "outside_the_demo"]
pytestmark = pytest.mark.django_db


@pytest.fixture
def manager(people: dict[str, Person]) -> Client:
    """The information manager, signed in."""
    passwords.choose(people["information_manager"], PASSWORD, how="test")
    return inside(people["information_manager"], known_by_phone(people["information_manager"]))


def test_everyone_is_listed_with_how_they_sign_in(manager: Client, mentor: Person) -> None:
    page = Seen(manager.get("/mensen").content.decode())
    assert "10 mensen hebben een account; 1 heeft nog geen tweede stap" in page.words
    assert "Sanne de Wit" in page.words
    assert {"Ingesteld", "Nog niet", "Geen wachtwoord"} <= set(page.words)


def test_the_door_of_the_information_manager_leads_there_and_that_of_others_not(
    manager: Client, mentor: Person
) -> None:
    assert 'href="/mensen"' in manager.get("/informatiemanager").content.decode()
    other = inside(mentor, known_by_phone(mentor))
    assert 'href="/mensen"' not in other.get("/informatiemanager").content.decode()
    answer = other.get("/mensen")
    assert answer.status_code == 403
    assert "U ziet de accounts van collega’s niet" in answer.content.decode()


def test_a_link_is_shown_once_and_works(manager: Client, mentor: Person) -> None:
    page = manager.post(f"/mensen/{mentor.pk}/link").content.decode()
    found = re.search(r"http://testserver(/aanmelden/welkom/[^<]+)<", page)
    assert found
    assert Client().get(found.group(1)).status_code == 302
    assert "welkom" not in manager.get(f"/mensen/{mentor.pk}").content.decode()
    assert AuditLine.objects.latest("number").facts["password"] == "link"


def test_a_lost_phone_is_helped_and_the_person_sets_up_anew(manager: Client, mentor: Person) -> None:
    client = inside(mentor, known_by_phone(mentor))
    answer = manager.post(f"/mensen/{mentor.pk}/tweede-stap", follow=True)
    assert "stelt bij het aanmelden een nieuwe tweede stap in" in answer.content.decode()
    assert not second_factor.is_set(mentor)
    assert client.get("/behoeften").headers["Location"].startswith("/aanmelden")
    again, _answer = sign_in(mentor)
    assert again.get("/behoeften").headers["Location"].startswith("/mijn-aanmelding/tweede-stap")


def test_an_account_is_closed(manager: Client, mentor: Person) -> None:
    inside(mentor, known_by_phone(mentor))
    answer = manager.post(f"/mensen/{mentor.pk}/sluiten", follow=True)
    assert "Het account van Sanne de Wit is afgesloten." in answer.content.decode()
    assert sessions.of(mentor) == []
    page = manager.get(f"/mensen/{mentor.pk}").content.decode()
    assert 'method="post" action="/mensen/' not in page
    assert manager.post(f"/mensen/{mentor.pk}/link").status_code == 403


@pytest.mark.parametrize("act", ["link", "tweede-stap", "sluiten"])
def test_one_does_none_of_it_to_oneself(manager: Client, people: dict[str, Person], act: str) -> None:
    me = people["information_manager"]
    page = manager.get(f"/mensen/{me.pk}").content.decode()
    assert "Dit bent u zelf." in page
    assert f"/mensen/{me.pk}/" not in page
    answer = manager.post(f"/mensen/{me.pk}/{act}")
    assert answer.status_code == 403
    assert "Dit kan nu niet" in answer.content.decode()
    assert second_factor.is_set(me)
    assert Person.objects.get(pk=me.pk).is_active


@pytest.mark.parametrize("act", ["link", "tweede-stap", "sluiten"])
@pytest.mark.parametrize("who", ["board_member", "ict_manager", "privacy_officer", "teacher"])
def test_who_is_no_information_manager_does_none_of_it(
    people: dict[str, Person], settings: Any, who: str, act: str
) -> None:
    settings.SCHAKEL_DEMO = True
    client = Client()
    client.post("/demo/instappen", {"wie": who})
    second_factor.set_up(people["mentor"], second_factor.new_secret())
    answer = client.post(f"/mensen/{people['mentor'].pk}/{act}")
    assert answer.status_code == 403
    assert "welkom" not in answer.content.decode()
    assert second_factor.is_set(people["mentor"])
    assert Person.objects.get(pk=people["mentor"].pk).is_active


@pytest.mark.parametrize("address", ["/mensen/999999", "/mensen/0", "/mensen/99999999999999999999999", "/mensen/x"])
def test_who_does_not_exist_is_a_page(manager: Client, address: str) -> None:
    assert manager.get(address).status_code == 404
    assert manager.post(f"{address}/link").status_code == 404


def test_the_list_takes_as_many_questions_for_many_people_as_for_few(
    manager: Client, people: dict[str, Person]
) -> None:
    def asked() -> int:
        with CaptureQueriesContext(connection) as queries:
            assert manager.get("/mensen").status_code == 200
        return len(queries)

    asked()  # what is remembered until the register changes is made once
    few = asked()
    for n in range(30):
        add_person(people["information_manager"], f"collega{n}@oeverscholen.example", f"Collega {n}")
    asked()
    assert asked() == few
