"""Signing in with a password and a second step: nothing opens before both, and nothing of it is readable anywhere."""

import base64
import re
import time
from typing import Any

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import TOTP
from django.contrib.sessions.models import Session
from django.core.cache import cache
from django.test import Client

from schakel.access import passwords, second_factor, sessions
from schakel.access.audit import AuditLine
from schakel.access.people import Person
from schakel.portal import guard
from tests.portal.conftest import Seen
from tests.portal.phone import code
from tests.portal.test_routes import patterns

PASSWORD = "vier paarse fietsen fluiten"
SET_UP = "/mijn-aanmelding/tweede-stap"
pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def outside_the_demo(settings: Any) -> None:
    """As in real use, with passwords that are quick to check."""
    settings.SCHAKEL_DEMO = False
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]


@pytest.fixture
def mentor(people: dict[str, Person]) -> Person:
    """A person with a password and no second step yet."""
    passwords.choose(people["mentor"], PASSWORD, how="test")
    return people["mentor"]


def sign_in(person: Person, password: str = PASSWORD, **more: str) -> tuple[Client, Any]:
    """A browser in which someone typed address and password, and the answer."""
    client = Client()
    return client, client.post("/aanmelden", {"login": person.email, "password": password, **more})


def secret_on(page: str) -> str:
    """The secret as a person would type it over."""
    found = re.search(r'<p class="mono secret">(.*?)</p>', page, re.S)
    assert found
    return re.sub(r"<[^>]*>|\s", "", found.group(1))


def set_up(client: Client, **more: str) -> tuple[str, list[str]]:
    """Set up an app with codes as a person does. Returns the secret and the recovery codes that were shown."""
    secret = secret_on(client.get(SET_UP).content.decode())
    answer = client.post(SET_UP, {"code": code(secret), **more})
    assert answer.status_code == 302, answer.content.decode()
    page = client.get(answer.headers["Location"]).content.decode()
    return secret, re.findall(r"<li>(\d{4} \d{4})</li>", page)


def example(address: str) -> str:
    """An address that fits a pattern of the product."""
    chosen = re.sub(r"\(\?P<\w+>(\w+)\|[^)]*\)", r"\1", address)
    chosen = chosen.replace("<int:number>", "1")
    return re.sub(r"<\w+:?\w*>|\(\?P<\w+>[^)]*\)", "x", chosen).strip("^$").replace("\\", "")


def known_by_phone(person: Person) -> str:
    """Give a person a second step; returns the secret on the phone."""
    secret = second_factor.new_secret()
    second_factor.set_up(person, secret)
    return secret


def test_the_phone_of_the_tests_follows_the_standard() -> None:
    secret = base64.b32encode(b"12345678901234567890").decode()  # RFC 6238, appendix B, the last six digits
    assert [code(secret, at=t) for t in (59, 1111111109, 2000000000)] == ["287082", "081804", "279037"]


def test_a_password_alone_opens_no_page(mentor: Person) -> None:
    client, answer = sign_in(mentor)
    assert answer.status_code == 302
    for address, item in patterns():
        view = item.callback
        if guard.permission_of(view) == guard.PUBLIC or guard.opens_half_way(view):
            continue
        path = "/" + example(address)
        for answer in (client.get(path), client.post(path)):
            assert answer.status_code == 302, path
            assert answer.headers["Location"].startswith(f"{SET_UP}?next="), path


def test_a_page_that_does_not_exist_tells_a_password_alone_nothing(mentor: Person) -> None:
    client, _answer = sign_in(mentor)
    page = client.get("/nergens").content.decode()
    assert mentor.name not in page
    assert "Andere voordeuren" not in page


def test_only_setting_up_and_leaving_open_with_a_password_alone() -> None:
    open_ = {address for address, item in patterns() if guard.opens_half_way(item.callback)}
    assert open_ == {"mijn-aanmelding/tweede-stap", "afmelden"}


def test_in_the_demonstration_a_second_step_is_not_asked(mentor: Person, settings: Any) -> None:
    settings.SCHAKEL_DEMO = True
    client, _answer = sign_in(mentor)
    assert client.get("/behoeften").status_code == 200


def test_a_session_of_the_demonstration_opens_nothing_outside_it(people: dict[str, Person], settings: Any) -> None:
    settings.SCHAKEL_DEMO = True
    client = Client()
    client.post("/demo/instappen", {"wie": "board_member"})
    assert client.get("/behoeften").status_code == 200
    settings.SCHAKEL_DEMO = False
    assert client.get("/behoeften").status_code == 302


def test_the_page_shows_the_secret_as_picture_in_letters_and_as_a_link(mentor: Person) -> None:
    client, _answer = sign_in(mentor)
    html = client.get(SET_UP).content.decode()
    picture = next(a["src"] for a in Seen(html).all("img") if a.get("class") == "qr")
    drawing = base64.b64decode((picture or "").removeprefix("data:image/svg+xml;base64,")).decode()
    assert "<svg" in drawing
    link = next(a["href"] or "" for a in Seen(html).all("a") if (a["href"] or "").startswith("otpauth:"))
    assert f"secret={secret_on(html)}" in link
    assert "issuer=Schakel" in link
    assert secret_on(client.get(SET_UP).content.decode()) == secret_on(html)  # a reload keeps what was scanned


def test_a_wrong_code_sets_nothing_up(mentor: Person) -> None:
    client, _answer = sign_in(mentor)
    secret = secret_on(client.get(SET_UP).content.decode())
    for wrong in (
        "000000" if code(secret) != "000000" else "111111",
        "",
        "abcdef",
        code(secret, later=9),
        "１２３４５６",
    ):
        answer = client.post(SET_UP, {"code": wrong})
        assert answer.status_code == 200
        asked = next(a for a in Seen(answer.content.decode()).all("input") if a["name"] == "code")
        assert asked.get("aria-invalid") == "true"
        assert not asked.get("value")
    assert not second_factor.is_set(mentor)
    assert client.get("/behoeften").status_code == 302


def test_after_setting_up_the_codes_are_shown_and_pages_open(mentor: Person) -> None:
    client, _answer = sign_in(mentor)
    _secret, codes = set_up(client, next="/behoeften")
    assert len(set(codes)) == 10
    page = Seen(client.get("/mijn-aanmelding/herstelcodes?next=%2Fbehoeften").content.decode())
    assert next(a["href"] for a in page.all("a") if "btn go" in (a.get("class") or "")) == "/behoeften"
    assert client.get("/behoeften").status_code == 200
    line = AuditLine.objects.latest("number")
    assert (line.actor_id, line.action, line.facts["second_factor"]) == (mentor.pk, "account.write", "set")


def test_the_codes_leave_as_a_file_with_the_same_codes(mentor: Person) -> None:
    client, _answer = sign_in(mentor)
    _secret, codes = set_up(client)
    answer = client.get("/mijn-aanmelding/herstelcodes.txt")
    assert answer.headers["Content-Disposition"] == 'attachment; filename="herstelcodes-schakel.txt"'
    assert re.findall(r"^\d{4} \d{4}$", answer.content.decode().replace("\r", ""), re.M) == codes


@pytest.mark.parametrize("address", ["/mijn-aanmelding/herstelcodes", "/mijn-aanmelding/herstelcodes.txt"])
def test_the_codes_are_shown_once(mentor: Person, address: str, monkeypatch: pytest.MonkeyPatch) -> None:
    client, _answer = sign_in(mentor)
    secret, codes = set_up(client)
    other, _answer = sign_in(mentor)
    other.post("/aanmelden/code", {"code": code(secret, later=1)})
    now = time.time()
    monkeypatch.setattr("schakel.portal.second_step.time.time", lambda: now + 601)
    for browser in (client, other):
        answer = browser.get(address)
        assert answer.status_code == 403
        assert codes[0] not in answer.content.decode()
        assert "al getoond" in answer.content.decode()


def test_the_second_page_of_signing_in_asks_the_code(mentor: Person) -> None:
    secret = known_by_phone(mentor)
    client, answer = sign_in(mentor, next="/behoeften")
    assert answer.headers["Location"] == "/aanmelden/code"
    assert client.get("/behoeften").headers["Location"].startswith("/aanmelden?next=")
    page = client.get("/aanmelden/code").content.decode()
    assert "Code van 6 cijfers" in page
    assert "Youssef Haddou kan u helpen" in page
    answer = client.post("/aanmelden/code", {"code": code(secret)})
    assert answer.headers["Location"] == "/behoeften"
    assert client.get("/behoeften").status_code == 200


def test_a_code_counts_once(mentor: Person) -> None:
    secret = known_by_phone(mentor)
    used = code(secret)
    first, _answer = sign_in(mentor)
    assert first.post("/aanmelden/code", {"code": used}).status_code == 302
    second, _answer = sign_in(mentor)
    answer = second.post("/aanmelden/code", {"code": used})
    assert "al gebruikt" in answer.content.decode()
    cache.delete(f"allauth.mfa.totp.used?user={mentor.pk}&code={used}")  # what the library forgets after 30 seconds
    assert second.post("/aanmelden/code", {"code": used[:3] + " " + used[3:]}).status_code == 200
    assert second.get("/behoeften").status_code == 302


def test_the_code_of_setting_up_counts_no_second_time(mentor: Person) -> None:
    client, _answer = sign_in(mentor)
    secret, _codes = set_up(client)
    again, _answer = sign_in(mentor)
    assert "al gebruikt" in again.post("/aanmelden/code", {"code": code(secret)}).content.decode()


def test_signing_in_clears_away_sessions_that_are_over(mentor: Person) -> None:
    old, _answer = sign_in(mentor)
    Session.objects.update(expire_date="2020-01-01T00:00:00Z")
    sign_in(mentor)
    assert not Session.objects.filter(session_key=old.cookies["sessionid"].value).exists()
    assert Session.objects.count() == 1


def test_a_recovery_code_opens_once(mentor: Person) -> None:
    known_by_phone(mentor)
    spare = second_factor.recovery_codes(mentor)[0]
    first, _answer = sign_in(mentor)
    assert first.post("/aanmelden/code", {"code": f"{spare[:4]} {spare[4:]}"}).status_code == 302
    assert first.get("/behoeften").status_code == 200
    second, _answer = sign_in(mentor)
    assert second.post("/aanmelden/code", {"code": spare}).status_code == 200
    assert second_factor.state_of(mentor).codes_left == 9


@pytest.mark.parametrize("post", [{}, {"credential": "x"}, {"code": ""}])
def test_an_empty_answer_is_asked_again(mentor: Person, post: dict[str, str]) -> None:
    known_by_phone(mentor)
    client, _answer = sign_in(mentor)
    answer = client.post("/aanmelden/code", post, follow=True)
    assert answer.status_code == 200
    assert "Typ uw code" in answer.content.decode()


def test_the_code_page_opens_only_after_a_password(mentor: Person) -> None:
    secret = known_by_phone(mentor)
    client = Client()
    assert client.get("/aanmelden/code").headers["Location"] == "/aanmelden"
    assert client.post("/aanmelden/code", {"code": code(secret)}).headers["Location"] == "/aanmelden"
    begun, _answer = sign_in(mentor)
    assert begun.get("/aanmelden").status_code == 200  # begin again
    assert begun.get("/aanmelden/code").headers["Location"] == "/aanmelden"


def test_a_session_with_a_password_only_ends_when_a_second_step_was_set_up_elsewhere(mentor: Person) -> None:
    here, _answer = sign_in(mentor)
    elsewhere, _answer = sign_in(mentor)
    set_up(elsewhere)
    assert sessions.of(mentor) == [elsewhere.cookies["sessionid"].value]
    assert here.get("/behoeften").headers["Location"].startswith("/aanmelden?next=")
    assert elsewhere.get("/behoeften").status_code == 200


def test_a_password_alone_never_replaces_a_second_step(mentor: Person) -> None:
    client, _answer = sign_in(mentor)
    TOTP.activate(mentor, second_factor.new_secret())  # in the very same moment, from another session
    before = Authenticator.objects.get().data
    for answer in (client.get(SET_UP), client.post(SET_UP, {"code": "123456"})):
        assert answer.headers["Location"].startswith("/aanmelden")
    assert Authenticator.objects.get().data == before
    assert sessions.of(mentor) == []


def test_who_gave_a_password_is_not_asked_it_again_and_may_leave(mentor: Person) -> None:
    client, _answer = sign_in(mentor)
    assert client.get("/aanmelden").headers["Location"] == SET_UP
    client.post("/afmelden")
    assert client.get(SET_UP).headers["Location"].startswith("/aanmelden?next=")
    assert sessions.of(mentor) == []


def test_the_key_of_the_session_changes_at_every_step(mentor: Person) -> None:
    client = Client()
    client.get("/aanmelden")
    client.session.save()
    keys = [client.cookies["sessionid"].value if "sessionid" in client.cookies else ""]
    client.post("/aanmelden", {"login": mentor.email, "password": PASSWORD})
    keys.append(client.cookies["sessionid"].value)
    secret, _codes = set_up(client)
    keys.append(client.cookies["sessionid"].value)
    client.post("/afmelden")
    client.post("/aanmelden", {"login": mentor.email, "password": PASSWORD})
    keys.append(client.cookies["sessionid"].value)
    client.post("/aanmelden/code", {"code": code(secret, later=1)})
    keys.append(client.cookies["sessionid"].value)
    assert len(set(keys)) == 5
    assert set(Session.objects.values_list("session_key", flat=True)) == {keys[-1]}


def test_signing_in_works_in_english(mentor: Person) -> None:
    client = Client()
    client.cookies["taal"] = "en"
    page = client.post("/aanmelden", {"login": mentor.email, "password": "fout"}).content.decode()
    assert "do not belong together" in page
    client.post("/aanmelden", {"login": mentor.email, "password": PASSWORD})
    assert "Set up your second step" in client.get(SET_UP).content.decode()
