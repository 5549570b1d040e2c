"""What somebody tries at the door: guessing, a closed account, another place to go to, a secret lying about."""

import logging
import re
from typing import Any

import pytest
from django.contrib.sessions.models import Session
from django.core.cache import cache
from django.core.management import call_command
from django.http import HttpRequest
from django.test import Client
from django.urls import NoReverseMatch, reverse

from schakel.access import sessions
from schakel.access.audit import AuditLine
from schakel.access.people import Person
from schakel.access.register import close_account
from tests.portal.conftest import Seen
from tests.portal.phone import code
from tests.portal.test_sign_in import (
    PASSWORD,
    SET_UP,
    known_by_phone,
    mentor,
    outside_the_demo,
    secret_on,
    set_up,
    sign_in,
)

__all__ = ["mentor", "outside_the_demo"]
pytestmark = pytest.mark.django_db


def test_guessing_passwords_is_stopped_for_the_right_one_too(mentor: Person) -> None:
    for n in range(5):
        _client, answer = sign_in(mentor, f"verkeerd {n}")
        assert "horen niet bij elkaar" in answer.content.decode()
    _client, answer = sign_in(mentor)
    assert answer.status_code == 200
    assert "Te veel pogingen" in answer.content.decode()
    cache.clear()  # five minutes later
    _client, answer = sign_in(mentor)
    assert answer.status_code == 302


def test_guessing_codes_is_stopped_for_the_right_one_too(mentor: Person) -> None:
    secret = known_by_phone(mentor)
    client, _answer = sign_in(mentor)
    for later in range(5, 10):
        assert "klopt niet" in client.post("/aanmelden/code", {"code": code(secret, later=later)}).content.decode()
    again, _answer = sign_in(mentor)  # a fresh start does not help
    answer = again.post("/aanmelden/code", {"code": code(secret)})
    assert "Te veel pogingen" in answer.content.decode()
    assert again.get("/behoeften").status_code == 302


def test_a_flood_from_one_address_gets_a_page_that_says_to_wait(people: dict[str, Person], settings: Any) -> None:
    settings.ACCOUNT_RATE_LIMITS = {**settings.ACCOUNT_RATE_LIMITS, "login": "3/m/ip"}
    client = Client()
    statuses = [client.post("/aanmelden", {"login": f"a{n}@b.example", "password": "x"}).status_code for n in range(5)]
    assert statuses == [200, 200, 200, 429, 429]
    assert "Te veel pogingen in korte tijd" in client.post("/aanmelden", {}).content.decode()


def test_attempts_are_counted_where_all_workers_count_them(mentor: Person, settings: Any) -> None:
    assert settings.CACHES["default"]["BACKEND"] == "django.core.cache.backends.db.DatabaseCache"
    cache.set("seen", "by all")
    from django.core.cache.backends.db import DatabaseCache

    other_worker = DatabaseCache("schakel_cache", {})
    assert other_worker.get("seen") == "by all"


def test_behind_a_proxy_the_visitor_is_counted_and_not_the_proxy(people: dict[str, Person], settings: Any) -> None:
    settings.ALLAUTH_TRUSTED_PROXY_COUNT = 1
    settings.ACCOUNT_RATE_LIMITS = {**settings.ACCOUNT_RATE_LIMITS, "login": "1/m/ip"}

    def tried(forwarded: str) -> int:
        form = {"login": "a@b.example", "password": "x"}
        return Client(headers={"x-forwarded-for": forwarded}).post("/aanmelden", form).status_code

    assert [tried("9.9.9.9, 192.0.2.1"), tried("192.0.2.2")] == [200, 200]
    assert tried("8.8.8.8, 192.0.2.1") == 429  # what a visitor writes in front changes nothing


def test_nothing_tells_whether_an_account_exists(mentor: Person) -> None:
    def words(email: str) -> str:
        page = Client().post("/aanmelden", {"login": email, "password": "fout"}).content.decode()
        return re.sub(r'value="[^"]*"', "", page)

    assert words(mentor.email) == words("niemand@oeverscholen.example")


def test_a_closed_account_cannot_sign_in_and_its_sessions_are_gone(mentor: Person, people: dict[str, Person]) -> None:
    client, _answer = sign_in(mentor)
    set_up(client)
    assert len(sessions.of(mentor)) == 1
    close_account(people["information_manager"], mentor)
    assert sessions.of(mentor) == []
    assert client.get("/behoeften").headers["Location"].startswith("/aanmelden")
    _client, answer = sign_in(mentor)
    assert answer.status_code == 403
    assert "Dit account is afgesloten" in answer.content.decode()
    _client, answer = sign_in(mentor, "fout")
    assert "afgesloten" not in answer.content.decode()


def test_an_account_that_is_closed_between_password_and_code_opens_nothing(
    mentor: Person, people: dict[str, Person]
) -> None:
    secret = known_by_phone(mentor)
    client, _answer = sign_in(mentor)
    close_account(people["information_manager"], mentor)
    client.post("/aanmelden/code", {"code": code(secret)})
    assert client.get("/behoeften").status_code == 302


@pytest.mark.parametrize(
    "next_", ["https://evil.example/", "//evil.example", "/\\evil.example", "http:evil.example", "javascript:alert(1)",
              "http://localhost/x", "https://127.0.0.1/"],
)  # fmt: skip
def test_signing_in_leads_to_no_other_place(mentor: Person, next_: str) -> None:
    secret = known_by_phone(mentor)
    client, _answer = sign_in(mentor, next=next_)
    assert client.post("/aanmelden/code", {"code": code(secret)}).headers["Location"] == "/"
    other, _answer = sign_in(mentor)
    other.post("/aanmelden/code", {"code": code(secret, later=1)})
    assert other.get("/aanmelden", {"next": next_}).headers["Location"] == "/"


def test_setting_up_leads_to_no_other_place(mentor: Person) -> None:
    client, _answer = sign_in(mentor)
    secret = secret_on(client.get(SET_UP, {"next": "https://evil.example"}).content.decode())
    answer = client.post(SET_UP, {"code": code(secret), "next": "//evil.example"})
    assert answer.headers["Location"] == "/mijn-aanmelding/herstelcodes"
    page = Seen(client.get("/mijn-aanmelding/herstelcodes", {"next": "//evil.example"}).content.decode())
    assert not [a for a in page.all("a") if "evil" in (a["href"] or "")]


@pytest.mark.parametrize(
    "name",
    ["account_signup", "account_email", "account_reset_password", "account_inactive", "account_set_password",
     "account_reauthenticate", "mfa_index", "mfa_activate_totp", "mfa_deactivate_totp", "mfa_view_recovery_codes",
     "mfa_download_recovery_codes", "mfa_reauthenticate", "socialaccount_signup", "socialaccount_connections",
     "openid_connect_login"],
)  # fmt: skip
def test_what_is_not_offered_does_not_exist(name: str) -> None:
    with pytest.raises(NoReverseMatch):
        reverse(name)


def test_nobody_makes_an_account_alone() -> None:
    from allauth.account.adapter import get_adapter as accounts
    from allauth.socialaccount.adapter import get_adapter as school

    assert not accounts().is_open_for_signup(HttpRequest())
    assert not school().is_open_for_signup(HttpRequest(), None)  # type: ignore[arg-type]


def test_the_secret_lies_nowhere_readable(
    mentor: Person, caplog: pytest.LogCaptureFixture, capsys: pytest.CaptureFixture[str]
) -> None:
    caplog.set_level(logging.DEBUG)
    client, _answer = sign_in(mentor)
    page = client.get(SET_UP).content.decode()
    pending = [session.get_decoded() for session in Session.objects.all()]
    secret = secret_on(page)
    assert secret not in str(pending)
    _secret, codes = set_up(client)
    client.post("/afmelden")
    sign_in(mentor)[0].post("/aanmelden/code", {"code": code(secret, later=1)})
    call_command("dumpdata", "mfa", "access", "sessions", "account", "socialaccount", verbosity=0)
    kept = capsys.readouterr().out + str([s.get_decoded() for s in Session.objects.all()])
    kept += str(list(AuditLine.objects.values())) + caplog.text
    for readable in (secret, PASSWORD, *codes, *(c.replace(" ", "") for c in codes)):
        assert readable not in kept
    assert mentor.email in kept  # the dump holds what it should hold


def test_another_installation_secret_is_said_in_a_sentence(mentor: Person, settings: Any) -> None:
    known_by_phone(mentor)
    settings.SECRET_KEY = "another"
    client, _answer = sign_in(mentor)
    answer = client.post("/aanmelden/code", {"code": "123456"})
    assert answer.status_code == 403
    assert "geheime sleutel van deze installatie is veranderd" in answer.content.decode()
