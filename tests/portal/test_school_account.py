"""Signing in with the board's own account, against a real service on this machine that lies in every way it can."""

import logging
import urllib.request
from collections.abc import Iterator
from typing import Any
from urllib.parse import parse_qs, urlsplit

import jwt
import pytest
from allauth.socialaccount.models import SocialAccount, SocialToken
from django.contrib.sessions.models import Session
from django.core.cache import cache
from django.test import Client

from schakel.access import passwords, second_factor, sessions
from schakel.access.audit import AuditLine
from schakel.access.people import Person
from schakel.access.register import close_account
from schakel.config import oidc
from tests.portal import identity_service
from tests.portal.conftest import Seen
from tests.portal.identity_service import CLIENT, SECRET, Claims, Service

BEGIN, BACK = "/aanmelden/schoolaccount", "/aanmelden/schoolaccount/terug"
pytestmark = pytest.mark.django_db


class _Stay(urllib.request.HTTPRedirectHandler):
    def redirect_request(self, *_args: Any, **_more: Any) -> None:
        return None


@pytest.fixture
def service(people: dict[str, Person], settings: Any) -> Iterator[Service]:
    """The service of the board, where the mentor is signed in; outside the demonstration."""
    settings.SCHAKEL_DEMO = False
    cache.clear()
    with identity_service.running() as running:
        board = oidc.Oidc(running.issuer, CLIENT, SECRET, "Oeverscholen")
        settings.SOCIALACCOUNT_PROVIDERS = oidc.providers(board)
        running.account["email"] = people["mentor"].email
        yield running


@pytest.fixture
def mentor(people: dict[str, Person]) -> Person:
    """The person in the register."""
    return people["mentor"]


def to_the_service(client: Client, **query: str) -> str:
    """Press the button; the address at the service."""
    answer = client.get(BEGIN, query)
    assert answer.status_code == 302, answer.content.decode()
    return str(answer.headers["Location"])


def at_the_service(address: str) -> str:
    """What the browser is told by the service: where to go back to."""
    opener = urllib.request.build_opener(_Stay, urllib.request.ProxyHandler({}))
    try:
        opener.open(address)
    except urllib.error.HTTPError as answer:
        assert answer.code == 302
        return str(answer.headers["Location"])
    raise AssertionError("the service did not send back")


def sign_in(client: Client, **query: str) -> Any:
    """The whole way: the button, the service, and back."""
    back = urlsplit(at_the_service(to_the_service(client, **query)))
    assert back.path == BACK
    return client.get(f"{back.path}?{back.query}")


def refused(answer: Any, words: str) -> None:
    """A page that says so, with a way on, and nobody signed in."""
    page = Seen(answer.content.decode())
    assert answer.status_code == 403
    assert words in page.text
    assert "/aanmelden" in {a.get("href") for a in page.all("a")}
    assert not [s for s in Session.objects.all() if "_auth_user_id" in s.get_decoded()]


def test_the_page_offers_the_board_s_account_first(service: Service) -> None:
    page = Seen(Client().get("/aanmelden?next=%2Fbehoeften").content.decode())
    button = next(a for a in page.all("a") if "btn" in (a.get("class") or ""))
    assert button["href"] == "/aanmelden/schoolaccount?next=%2Fbehoeften"
    assert "go" in (button["class"] or "")
    assert "Meld aan met Oeverscholen" in page.text
    filled = [a for a in page.all("button") if " go" in (a.get("class") or "")]
    assert filled == []


def test_without_a_service_there_is_no_button_and_no_address(people: dict[str, Person]) -> None:
    assert "schoolaccount" not in Client().get("/aanmelden").content.decode()
    assert Client().get(BEGIN).status_code == 404
    assert Client().get(BACK, {"code": "x", "state": "y"}).status_code == 404


def test_a_person_comes_in_by_the_verified_address(service: Service, mentor: Person) -> None:
    client = Client()
    answer = sign_in(client, next="/behoeften")
    assert answer.headers["Location"] == "/behoeften"
    assert client.get("/behoeften").status_code == 200
    assert client.get("/mijn-aanmelding").context["request"].user == mentor
    page = client.get("/mijn-aanmelding").content.decode()
    assert "U bent aangemeld met uw schoolaccount" in page
    assert "Stel uw tweede stap in" not in page


def test_what_is_asked_of_the_service_is_little_and_cannot_be_guessed(service: Service) -> None:
    asked = [{k: v[0] for k, v in parse_qs(urlsplit(to_the_service(Client())).query).items()} for _time in range(2)]
    assert set(asked[0]["scope"].split()) == {"openid", "email"}
    assert asked[0]["redirect_uri"] == f"http://testserver{BACK}"
    assert (asked[0]["response_type"], asked[0]["code_challenge_method"]) == ("code", "S256")
    for name in ("state", "nonce", "code_challenge"):
        assert len(asked[0][name]) >= 32
        assert asked[0][name] != asked[1][name]


def test_nothing_in_the_address_changes_what_is_asked(service: Service) -> None:
    address = to_the_service(
        Client(), process="connect", scope="admin", auth_params="prompt=none&nonce=1", action="rerequest"
    )
    asked = parse_qs(urlsplit(address).query)
    assert "prompt" not in asked
    assert "admin" not in asked["scope"][0]
    assert asked["nonce"] != ["1"]


def test_the_case_of_the_address_does_not_matter(service: Service, mentor: Person) -> None:
    service.account["email"] = mentor.email.title()
    client = Client()
    sign_in(client)
    assert client.get("/behoeften").status_code == 200


def test_what_the_service_tells_is_not_kept(service: Service, mentor: Person) -> None:
    service.account |= {"name": "Sanne", "picture": "https://x.example/s.png", "phone_number": "0612345678"}
    sign_in(Client())
    account = SocialAccount.objects.get()
    assert (account.user, account.provider, account.uid, account.extra_data) == (mentor, service.issuer, "1", {})
    assert not SocialToken.objects.exists()
    assert Person.objects.get(pk=mentor.pk).name == mentor.name


def test_the_first_time_leaves_a_line_and_the_next_times_do_not(service: Service, mentor: Person) -> None:
    sign_in(Client())
    line = AuditLine.objects.latest("number")
    assert (line.actor, line.action, line.facts["school_account"]) == (mentor, "account.write", "linked")
    sign_in(Client())
    assert AuditLine.objects.latest("number").number == line.number


def test_a_second_step_of_ours_is_not_asked_and_the_password_stays(service: Service, mentor: Person) -> None:
    passwords.choose(mentor, "vier paarse fietsen fluiten", how="test")
    second_factor.set_up(mentor, second_factor.new_secret())
    client = Client()
    assert sign_in(client).headers["Location"] == "/"
    assert client.get("/behoeften").status_code == 200
    assert Person.objects.get(pk=mentor.pk).check_password("vier paarse fietsen fluiten")
    assert second_factor.is_set(mentor)


def test_the_key_of_the_session_changes(service: Service, mentor: Person) -> None:
    client = Client()
    to_the_service(client)
    before = client.cookies["sessionid"].value
    sign_in(client)
    assert client.cookies["sessionid"].value != before
    assert sessions.of(mentor) == [client.cookies["sessionid"].value]
    assert not Session.objects.filter(session_key=before).exists()


def test_an_unknown_address_is_told_who_can_help_and_makes_no_account(service: Service) -> None:
    service.account["email"] = "onbekend@oeverscholen.example"
    people = Person.objects.count()
    answer = sign_in(Client())
    refused(answer, "niemand met het adres onbekend@oeverscholen.example heeft een account")
    assert "Youssef Haddou" in answer.content.decode()
    assert (Person.objects.count(), SocialAccount.objects.count()) == (people, 0)


@pytest.mark.parametrize("said", [False, "false", None, 0, 1, "", "yes", {}])
def test_an_address_that_was_not_checked_is_refused(service: Service, said: Any) -> None:
    service.claims["email_verified"] = said
    refused(sign_in(Client()), "niet dat uw e-mailadres is nagegaan")


@pytest.mark.parametrize("email", [None, "", "geen adres", 7])
def test_no_address_is_refused(service: Service, email: Any) -> None:
    service.claims["email"] = email
    service.userinfo["email"] = email
    refused(sign_in(Client()), "niet dat uw e-mailadres is nagegaan")


def test_a_service_that_never_says_so_counts_for_the_board_s_own_domains(service: Service, settings: Any) -> None:
    own = oidc.Oidc(service.issuer, CLIENT, SECRET, "", ("oeverscholen.example",))
    settings.SOCIALACCOUNT_PROVIDERS = oidc.providers(own)
    service.claims["email_verified"] = None
    client = Client()
    sign_in(client)
    assert client.get("/behoeften").status_code == 200
    service.claims["email_verified"] = False
    client.post("/afmelden")
    refused(sign_in(client), "nagegaan")
    service.claims |= {"email_verified": None, "email": "sanne.de.wit@evil-oeverscholen.example"}
    refused(sign_in(client), "nagegaan")


def test_a_closed_account_stays_closed(service: Service, mentor: Person, people: dict[str, Person]) -> None:
    client = Client()
    sign_in(client)
    close_account(people["information_manager"], mentor)
    assert client.get("/behoeften").status_code == 302
    refused(sign_in(Client()), "Dit account is afgesloten")


def test_an_address_that_was_given_to_someone_else_opens_nothing(
    service: Service, mentor: Person, people: dict[str, Person]
) -> None:
    sign_in(Client()).wsgi_request.session.flush()
    service.account["sub"] = "2"
    refused(sign_in(Client()), "ander schoolaccount")
    second_factor.reset(people["information_manager"], mentor)
    client = Client()
    sign_in(client)
    assert client.get("/behoeften").status_code == 200


def test_an_account_that_belongs_to_one_person_is_not_another(service: Service, people: dict[str, Person]) -> None:
    sign_in(Client()).wsgi_request.session.flush()
    service.account["email"] = people["board_member"].email
    refused(sign_in(Client()), "ander schoolaccount")


# --- and what it must not become ---


@pytest.mark.parametrize(
    "next_", ["https://evil.example", "//evil.example", "/\\evil.example", "javascript:alert(1)", "http://localhost/"]
)
def test_it_leads_to_no_other_place(service: Service, next_: str) -> None:
    client = Client()
    assert sign_in(client, next=next_).headers["Location"] == "/"
    assert client.get(BEGIN, {"next": next_}).headers["Location"] == "/"


@pytest.mark.parametrize("method", ["post", "put", "delete"])
def test_it_is_looked_at_only(service: Service, method: str) -> None:
    for address in (BEGIN, BACK):
        assert getattr(Client(), method)(address).status_code == 405


def test_who_gave_a_password_first_finishes_that(service: Service, mentor: Person) -> None:
    passwords.choose(mentor, "vier paarse fietsen fluiten", how="test")
    client = Client()
    client.post("/aanmelden", {"login": mentor.email, "password": "vier paarse fietsen fluiten"})
    answer = client.get(BEGIN)
    assert answer.headers["Location"] == "/"
    assert service.asked == []


def test_no_token_and_no_secret_lies_in_a_log(
    service: Service, caplog: pytest.LogCaptureFixture, mentor: Person
) -> None:
    caplog.set_level(logging.DEBUG)
    given: list[str] = []

    def noted(claims: Claims) -> str:
        given.append(jwt.encode(claims, service.key, algorithm="RS256", headers={"kid": "k1"}))
        return given[-1]

    service.signs = noted
    sign_in(Client())
    service.claims = {"nonce": "x"}
    sign_in(Client())
    service.claims, service.account["email"] = {}, "onbekend@oeverscholen.example"
    sign_in(Client())
    kept = caplog.text + str(list(AuditLine.objects.values()))
    assert "school account failed: id_token: nonce" in caplog.text
    assert "school account not let in: unknown" in caplog.text
    for secret in (SECRET, *given, *(token.split(".")[2] for token in given), *service.tokens, "onbekend@"):
        assert secret not in kept
