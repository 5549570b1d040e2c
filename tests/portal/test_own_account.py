"""Mijn aanmelding: what one sees of the own sign-in, and changing it; nothing of it without proving oneself again."""

import re
import time
from typing import Any

import pytest
from django.core.cache import cache
from django.test import Client

from schakel.access import passwords, second_factor, sessions
from schakel.access.audit import AuditLine
from schakel.access.people import Person
from tests.portal.conftest import Seen
from tests.portal.phone import code
from tests.portal.test_sign_in import PASSWORD, SET_UP, known_by_phone, mentor, outside_the_demo, secret_on, sign_in

__all__ = ["mentor", "outside_the_demo"]
HOME, CHANGE, RENEW = "/mijn-aanmelding", "/mijn-aanmelding/wachtwoord", "/mijn-aanmelding/herstelcodes/nieuw"
NEW = "acht groene uilen knikken"
pytestmark = pytest.mark.django_db


def inside(person: Person, secret: str, later: int = 0) -> Client:
    """A browser in which someone signed in with password and code."""
    client, _answer = sign_in(person)
    assert client.post("/aanmelden/code", {"code": code(secret, later=later)}).status_code == 302
    return client


def page_of(client: Client, address: str = HOME) -> Seen:
    return Seen(client.get(address).content.decode())


def test_the_page_says_how_one_signs_in_and_shows_no_secret(mentor: Person) -> None:
    secret = known_by_phone(mentor)
    client = inside(mentor, secret)
    page = page_of(client)
    assert "U meldt u aan met een wachtwoord en een code" in page.words
    assert "10 herstelcodes over" in page.text
    assert mentor.email in page.text
    html = client.get(HOME).content.decode()
    assert secret not in html
    assert not any(spare in html for spare in second_factor.recovery_codes(mentor))


def test_few_recovery_codes_are_a_warning(mentor: Person) -> None:
    secret = known_by_phone(mentor)
    for spare in second_factor.recovery_codes(mentor)[:7]:
        cache.clear()
        sign_in(mentor)[0].post("/aanmelden/code", {"code": spare})
    page = page_of(inside(mentor, secret))
    assert "3 herstelcodes over" in page.text
    assert [a for a in page.all("li") if a.get("class") == "warn"]


def test_every_way_on_the_page_opens(mentor: Person) -> None:
    client = inside(mentor, known_by_phone(mentor))
    ways = {a["href"] for a in page_of(client).all("a") if (a["href"] or "").startswith(f"{HOME}/")}
    assert ways == {CHANGE, SET_UP, RENEW}
    for address in ways:
        assert client.get(address or "").status_code == 200


def test_the_menu_of_the_person_leads_here(mentor: Person) -> None:
    client = inside(mentor, known_by_phone(mentor))
    assert sum(a["href"] == HOME for a in page_of(client, "/behoeften").all("a")) == 2  # wide and on a phone


def test_the_only_information_manager_is_not_sent_to_herself(people: dict[str, Person]) -> None:
    manager = people["information_manager"]
    passwords.choose(manager, PASSWORD, how="test")
    text = page_of(inside(manager, known_by_phone(manager))).text
    assert f"{manager.name} stuurt u een link" not in text
    assert "wie de server van Schakel beheert" in text


def test_a_password_is_changed_by_who_knows_it(mentor: Person) -> None:
    secret = known_by_phone(mentor)
    client, other = inside(mentor, secret), inside(mentor, secret, later=1)
    answer = client.post(CHANGE, {"present": PASSWORD, "new": NEW, "again": NEW}, follow=True)
    assert "Uw wachtwoord is gewijzigd" in answer.content.decode()
    assert Person.objects.get(pk=mentor.pk).check_password(NEW)
    assert client.get("/behoeften").status_code == 200
    assert other.get("/behoeften").status_code == 302
    assert sessions.of(mentor) == [client.cookies["sessionid"].value]
    line = AuditLine.objects.latest("number")
    assert (line.actor, line.action, line.facts["password"]) == (mentor, "account.write", "changed")
    assert second_factor.is_set(mentor)


@pytest.mark.parametrize(
    ("form", "said"),
    [
        ({"present": "fout", "new": NEW, "again": NEW}, "niet uw huidige wachtwoord"),
        ({"present": PASSWORD, "new": "kort", "again": "kort"}, "12 tekens"),
        ({"present": PASSWORD, "new": "password1234", "again": "password1234"}, "veel mensen"),
        ({"present": PASSWORD, "new": NEW, "again": NEW + "!"}, "niet hetzelfde"),
        ({"present": PASSWORD, "new": f" {NEW}", "again": NEW}, "niet hetzelfde"),
        ({"present": PASSWORD, "new": "", "again": ""}, "verplicht"),
    ],
)
def test_a_password_that_is_not_right_changes_nothing(mentor: Person, form: dict[str, str], said: str) -> None:
    client = inside(mentor, known_by_phone(mentor))
    page = client.post(CHANGE, form).content.decode()
    assert said in page
    assert not any(typed in page for typed in form.values() if len(typed) > 4)
    assert Person.objects.get(pk=mentor.pk).check_password(PASSWORD)


def test_guessing_the_present_password_is_slowed_down(mentor: Person) -> None:
    client = inside(mentor, known_by_phone(mentor))
    answers = [client.post(CHANGE, {"present": f"fout {n}", "new": NEW, "again": NEW}).status_code for n in range(7)]
    assert answers == [200] * 5 + [429] * 2


def test_who_has_no_password_has_none_to_change(people: dict[str, Person], settings: Any) -> None:
    settings.SCHAKEL_DEMO = True
    client = Client()
    client.post("/demo/instappen", {"wie": "teacher"})
    answer = client.get(CHANGE)
    assert answer.status_code == 403
    assert "niet met een wachtwoord" in answer.content.decode()


def test_another_phone_takes_a_code_of_the_present_one(mentor: Person) -> None:
    secret = known_by_phone(mentor)
    client = inside(mentor, secret)
    page = client.get(SET_UP).content.decode()
    assert "Een andere telefoon" in page
    assert "otpauth" not in page
    assert "klopt niet" in client.post(SET_UP, {"code": "000000"}).content.decode()
    assert client.post(SET_UP, {"code": code(secret, later=1)}).headers["Location"] == SET_UP
    new = secret_on(client.get(SET_UP).content.decode())
    assert new != secret
    client.post(SET_UP, {"code": code(secret, later=-1)})
    assert second_factor.recovery_codes(mentor), "the old phone counts until the new one is set up"
    answer = client.post(SET_UP, {"code": code(new)})
    assert answer.headers["Location"].startswith("/mijn-aanmelding/herstelcodes")
    again, _answer = sign_in(mentor)
    assert "klopt niet" in again.post("/aanmelden/code", {"code": code(secret)}).content.decode()
    assert again.post("/aanmelden/code", {"code": code(new, later=1)}).status_code == 302


def test_a_confirmation_does_not_last(mentor: Person, monkeypatch: pytest.MonkeyPatch) -> None:
    secret = known_by_phone(mentor)
    client = inside(mentor, secret)
    client.post(SET_UP, {"code": code(secret, later=1)})
    now = time.time()
    monkeypatch.setattr("schakel.portal.second_step.time.time", lambda: now + 601)
    assert "otpauth" not in client.get(SET_UP).content.decode()


def test_new_recovery_codes_take_a_code_and_are_shown_once(mentor: Person) -> None:
    secret = known_by_phone(mentor)
    old = second_factor.recovery_codes(mentor)
    client = inside(mentor, secret)
    assert client.post(RENEW, {"code": "000000"}).status_code == 200
    assert second_factor.recovery_codes(mentor) == old
    answer = client.post(RENEW, {"code": old[0]})
    shown = re.findall(r"<li>(\d{4} \d{4})</li>", client.get(answer.headers["Location"]).content.decode())
    assert len(shown) == 10
    assert not {each.replace(" ", "") for each in shown} & set(old)


def test_without_a_second_step_there_are_no_recovery_codes(people: dict[str, Person], settings: Any) -> None:
    settings.SCHAKEL_DEMO = True
    client = Client()
    client.post("/demo/instappen", {"wie": "teacher"})
    for answer in (client.get(RENEW), client.post(RENEW, {"code": "123456"})):
        assert answer.status_code == 403
        assert "nog geen tweede stap" in answer.content.decode()


def test_signing_out_elsewhere(mentor: Person) -> None:
    secret = known_by_phone(mentor)
    here, there = inside(mentor, secret), inside(mentor, secret, later=1)
    assert "op 1 ander apparaat" in page_of(here).text
    answer = here.post("/mijn-aanmelding/elders-afmelden", follow=True)
    assert "nergens anders" in answer.content.decode()
    assert there.get("/behoeften").status_code == 302
    assert here.get("/behoeften").status_code == 200


# --- the first password, by a link ---


@pytest.fixture
def link(people: dict[str, Person]) -> str:
    """The address that the teacher was given."""
    made = passwords.send_link(people["information_manager"], people["teacher"])
    return f"/aanmelden/welkom/{made.uid}/{made.token}"


def test_a_link_leads_to_a_password_a_second_step_and_in(people: dict[str, Person], link: str) -> None:
    client = Client()
    answer = client.get(link)
    assert answer.headers["Location"] == "/aanmelden/welkom", "the token leaves the address bar"
    assert people["teacher"].email in client.get("/aanmelden/welkom").content.decode()
    answer = client.post("/aanmelden/welkom", {"new": NEW, "again": NEW})
    assert answer.headers["Location"] == "/aanmelden"
    assert "Uw wachtwoord is bewaard" in client.get("/aanmelden").content.decode()
    assert client.get("/behoeften").status_code == 302, "a link signs nobody in"
    client.post("/aanmelden", {"login": people["teacher"].email, "password": NEW})
    assert client.get("/behoeften").headers["Location"].startswith(SET_UP)
    assert AuditLine.objects.filter(actor=people["teacher"], action="account.write").count() == 1


def test_a_link_works_once(link: str) -> None:
    Client().get(link)
    client, second = Client(), Client()
    client.get(link)
    second.get(link)
    client.post("/aanmelden/welkom", {"new": NEW, "again": NEW})
    for answer in (
        Client().get(link),
        second.get("/aanmelden/welkom"),
        second.post("/aanmelden/welkom", {"new": PASSWORD, "again": PASSWORD}),
        client.get("/aanmelden/welkom"),
    ):
        assert answer.status_code == 403
        assert "Deze link werkt niet meer" in answer.content.decode()


def test_a_link_keeps_the_second_step(people: dict[str, Person]) -> None:
    teacher = people["teacher"]
    passwords.choose(teacher, PASSWORD, how="test")
    secret = known_by_phone(teacher)
    inside_before = inside(teacher, secret)
    made = passwords.send_link(people["information_manager"], teacher)
    client = Client()
    client.get(f"/aanmelden/welkom/{made.uid}/{made.token}")
    client.post("/aanmelden/welkom", {"new": NEW, "again": NEW})
    assert inside_before.get("/behoeften").status_code == 302, "who changed the password is signed in nowhere"
    _client, answer = sign_in(teacher, NEW)
    assert answer.headers["Location"] == "/aanmelden/code"


def test_a_weak_first_password_is_told_why(link: str) -> None:
    client = Client()
    client.get(link)
    page = client.post(
        "/aanmelden/welkom", {"new": "tom.bakker@oeverscholen", "again": "tom.bakker@oeverscholen"}
    ).content.decode()
    assert "lijkt te veel op uw naam of e-mailadres" in page


@pytest.mark.parametrize("address", ["/aanmelden/welkom", "/aanmelden/welkom/MQ/x", "/aanmelden/welkom/%00/%FF"])
def test_a_forged_link_is_a_page_with_a_way_on(people: dict[str, Person], address: str) -> None:
    answer = Client().get(address)
    assert answer.status_code == 403
    assert "Vraag een nieuwe aan Youssef Haddou" in answer.content.decode()
