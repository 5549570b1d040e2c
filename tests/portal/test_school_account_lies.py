"""The service of the board lies, fails or is not there, or somebody answers in its place: nobody comes in."""

import time
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

import jwt
import pytest
from allauth.socialaccount.models import SocialAccount
from django.test import Client
from requests import RequestException

from schakel.access.people import Person
from schakel.config import oidc
from schakel.lib.addresses import Allowed
from schakel.lib.outgoing import Outgoing
from schakel.portal import sign_in_way
from tests.portal import identity_service
from tests.portal.identity_service import CLIENT, SECRET, Claims, Service
from tests.portal.test_school_account import at_the_service, mentor, refused, service, sign_in, to_the_service

BEGIN, BACK = "/aanmelden/schoolaccount", "/aanmelden/schoolaccount/terug"
__all__ = ["mentor", "service"]
pytestmark = pytest.mark.django_db


# --- answers that do not belong to a question of this session ---


def test_an_answer_to_no_question_is_refused(service: Service) -> None:
    for query in ({}, {"code": "x"}, {"code": "x", "state": "y"}, {"error": "server_error", "state": "z"}):
        refused(Client().get(BACK, query), "lukte niet")
    assert "/token" not in service.asked


def test_a_wrong_state_is_refused(service: Service) -> None:
    client = Client()
    back = urlsplit(at_the_service(to_the_service(client)))
    code = parse_qs(back.query)["code"][0]
    refused(client.get(BACK, {"code": code, "state": "0" * 43}), "lukte niet")
    assert "/token" not in service.asked


def test_an_answer_is_for_the_browser_that_asked(service: Service) -> None:
    back = urlsplit(at_the_service(to_the_service(Client())))
    other = Client()
    to_the_service(other)
    refused(other.get(f"{BACK}?{back.query}"), "lukte niet")


def test_an_answer_counts_once(service: Service) -> None:
    client = Client()
    back = urlsplit(at_the_service(to_the_service(client)))
    assert client.get(f"{BACK}?{back.query}").status_code == 302
    client.post("/afmelden")
    refused(client.get(f"{BACK}?{back.query}"), "lukte niet")


def test_a_code_of_another_question_is_refused(service: Service) -> None:
    """Someone puts a code of their own into the answer to my question: the nonce and PKCE do not fit."""
    theirs = parse_qs(urlsplit(at_the_service(to_the_service(Client()))).query)["code"][0]
    client = Client()
    mine = parse_qs(urlsplit(at_the_service(to_the_service(client))).query)["state"][0]
    refused(client.get(BACK, {"code": theirs, "state": mine}), "lukte niet")


def test_an_old_question_is_refused(service: Service, monkeypatch: pytest.MonkeyPatch) -> None:
    client = Client()
    back = urlsplit(at_the_service(to_the_service(client)))
    now = time.time()
    monkeypatch.setattr("allauth.socialaccount.internal.statekit.time.time", lambda: now + 601)
    refused(client.get(f"{BACK}?{back.query}"), "lukte niet")


def test_a_change_of_mind_leads_back_to_the_sign_in_page(service: Service) -> None:
    service.cancels = True
    client = Client()
    answer = sign_in(client)
    assert answer.headers["Location"] == "/aanmelden"
    assert "brak het aanmelden af" in client.get("/aanmelden").content.decode()


# --- tokens that are not what they should be ---

PAST = int(time.time()) - 3600


@pytest.mark.parametrize(
    "lie",
    [
        {"iss": "https://evil.example"},
        {"iss": None},
        {"aud": "another app"},
        {"aud": None},
        {"aud": [CLIENT, "another app"]},
        {"azp": "another app"},
        {"exp": PAST},
        {"exp": None},
        {"iat": None},
        {"iat": int(time.time()) + 3600},
        {"nbf": int(time.time()) + 3600},
        {"nonce": "another"},
        {"nonce": ""},
        {"nonce": None},
        {"nonce": ["x"]},
        {"sub": None},
        {"sub": ""},
        {"sub": 1},
        {"sub": "x" * 192},
    ],
    ids="-".join,  # without the value: a moment in it would differ between the processes that run the tests
)
def test_a_token_with_a_claim_that_is_not_right_is_refused(service: Service, lie: Claims) -> None:
    service.claims = lie
    refused(sign_in(Client()), "lukte niet")
    assert not SocialAccount.objects.exists()


def _none(claims: Claims) -> str:
    return jwt.encode(claims, "", algorithm="none", headers={"kid": "k1"})


def _stranger(claims: Claims) -> str:
    return jwt.encode(claims, identity_service.new_key(), algorithm="RS256", headers={"kid": "k1"})


def _other_kid(claims: Claims) -> str:
    return jwt.encode(claims, identity_service.new_key(), algorithm="RS256", headers={"kid": "k2"})


def _shared(claims: Claims) -> str:
    return jwt.encode(claims, SECRET * 4, algorithm="HS256", headers={"kid": "k1"})


def _cut(claims: Claims) -> str:
    return _stranger(claims).rpartition(".")[0] + "."


@pytest.mark.parametrize("forger", [_none, _stranger, _other_kid, _shared, _cut, lambda _c: "x.y.z", lambda _c: ""])
def test_a_token_that_the_service_did_not_sign_is_refused(service: Service, forger: Any) -> None:
    service.signs = forger
    refused(sign_in(Client()), "lukte niet")


def test_a_token_that_uses_the_public_key_as_a_shared_secret_is_refused(service: Service) -> None:
    """RS256 turned into HS256, signed with what everybody may read."""
    import base64
    import hashlib
    import hmac
    import json

    from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

    public = service.key.public_key().public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo)

    def forged(claims: Claims) -> str:
        parts = [json.dumps({"alg": "HS256", "kid": "k1"}), json.dumps(claims)]
        body = ".".join(base64.urlsafe_b64encode(p.encode()).rstrip(b"=").decode() for p in parts)
        proof = hmac.new(public, body.encode(), hashlib.sha256).digest()
        return f"{body}.{base64.urlsafe_b64encode(proof).rstrip(b'=').decode()}"

    service.signs = forged
    refused(sign_in(Client()), "lukte niet")


def test_no_token_at_all_is_refused_whatever_userinfo_says(service: Service) -> None:
    service.signs = lambda _claims: None
    refused(sign_in(Client()), "lukte niet")
    assert "/userinfo" not in service.asked


def test_a_clock_that_differs_a_little_is_no_reason_to_refuse(service: Service) -> None:
    service.claims = {"exp": int(time.time()) - 20}
    client = Client()
    sign_in(client)
    assert client.get("/behoeften").status_code == 200


def test_the_address_may_come_from_userinfo_about_the_same_person(service: Service, mentor: Person) -> None:
    service.claims = {"email": None, "email_verified": None}
    client = Client()
    sign_in(client)
    assert client.get("/mijn-aanmelding").context["request"].user == mentor
    client.post("/afmelden")
    service.userinfo = {"sub": "somebody else"}
    refused(sign_in(client), "lukte niet")


def test_userinfo_is_not_asked_when_the_token_tells_enough(service: Service) -> None:
    service.userinfo = {"email": "directeur@oeverscholen.example"}
    sign_in(Client())
    assert "/userinfo" not in service.asked


# --- a service that is not the one that was configured, or not there ---


@pytest.mark.parametrize(
    "lie",
    [
        {"issuer": "https://evil.example"},
        {"issuer": None},
        {"authorization_endpoint": "javascript:alert(1)"},
        {"authorization_endpoint": None},
        {"token_endpoint": None},
        {"jwks_uri": "file:///etc/passwd"},
    ],
    ids=str,
)
def test_a_description_of_another_service_leads_nowhere(service: Service, lie: Claims) -> None:
    service.description = lie
    refused(Client().get(BEGIN), "lukte niet")


@pytest.mark.parametrize("path", ["/.well-known/openid-configuration", "/token", "/jwks"])
def test_a_service_that_fails_is_a_page_and_no_stack_trace(service: Service, path: str) -> None:
    client = Client()
    back = "" if path.startswith("/.well") else urlsplit(at_the_service(to_the_service(client))).query
    service.broken = frozenset({path})
    refused(client.get(BEGIN) if path.startswith("/.well") else client.get(f"{BACK}?{back}"), "lukte niet")


@pytest.mark.parametrize("path", ["/.well-known/openid-configuration", "/jwks"])
def test_a_service_that_babbles_is_a_page_and_no_stack_trace(service: Service, path: str) -> None:
    service.garbled = frozenset({path})
    client = Client()
    refused(client.get(BEGIN) if path.startswith("/.well") else sign_in(client), "lukte niet")


def test_a_service_that_is_not_there_is_a_page(people: dict[str, Person], settings: Any) -> None:
    with identity_service.running() as gone:
        issuer = gone.issuer
    settings.SOCIALACCOUNT_PROVIDERS = oidc.providers(oidc.Oidc(issuer, CLIENT, SECRET))
    refused(Client().get(BEGIN), "lukte niet")


# --- where the service sends us: the one way out holds here too ---


@pytest.mark.parametrize("named", ["token_endpoint", "jwks_uri", "userinfo_endpoint"])
def test_another_server_of_the_own_network_is_never_asked(
    service: Service, named: str, settings: Any, caplog: pytest.LogCaptureFixture
) -> None:
    service.claims = {"email": None, "email_verified": None}
    with identity_service.running() as other:
        service.description = {named: f"{other.issuer}/{named}"}
        refused(sign_in(Client()), "lukte niet")
        assert other.asked == []
        assert "school account failed: outgoing: " in caplog.text
        settings.OUTGOING = Outgoing(Allowed(frozenset({other.issuer.removeprefix("http://")})))
        refused(sign_in(Client()), "lukte niet")  # asked now, for the administrator allows it; it knows nothing of us
        assert other.asked == [f"/{named}"]


@pytest.mark.parametrize("path", ["/.well-known/openid-configuration", "/jwks", "/userinfo"])
def test_a_redirect_to_another_server_is_not_followed(service: Service, path: str) -> None:
    service.claims = {"email": None, "email_verified": None}
    with identity_service.running() as other:
        service.moved = {path: f"{other.issuer}{path}"}
        client = Client()
        refused(client.get(BEGIN) if path.startswith("/.well") else sign_in(client), "lukte niet")
        assert other.asked == []


def test_a_redirect_on_the_same_server_is_followed(service: Service) -> None:
    service.description = {"jwks_uri": f"{service.issuer}/keys"}
    service.moved = {"/keys": "/jwks"}
    client = Client()
    sign_in(client)
    assert client.get("/behoeften").status_code == 200


def test_an_answer_without_measure_is_let_go_of(service: Service, caplog: pytest.LogCaptureFixture) -> None:
    service.description = {"padding": "x" * sign_in_way.BOUNDS.size}
    refused(Client().get(BEGIN), "lukte niet")
    assert "meer dan 1 MB" in caplog.text


def test_the_settings_of_the_machine_change_nothing(
    service: Service, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """No proxy that reads along, and no password of a .netrc in place of the client's own."""
    (tmp_path / "netrc").write_text("machine 127.0.0.1 login other password other")
    for name, value in {"HTTP_PROXY": "http://127.0.0.1:9", "http_proxy": "http://127.0.0.1:9"}.items():
        monkeypatch.setenv(name, value)
    monkeypatch.setenv("NETRC", str(tmp_path / "netrc"))
    client = Client()
    sign_in(client)
    assert client.get("/behoeften").status_code == 200


def test_what_is_no_web_address_has_no_way_out() -> None:
    way = sign_in_way.session(Outgoing(), "https://id.board.example")
    for address in ("file:///etc/passwd", "ftp://id.board.example/", "https://user:secret@id.board.example/"):
        with pytest.raises(RequestException):
            way.get(address)


def test_the_description_is_asked_once_in_a_while(service: Service) -> None:
    for _time in range(3):
        to_the_service(Client())
    assert service.asked.count("/.well-known/openid-configuration") == 1


def test_a_flood_of_beginnings_is_slowed_down(service: Service, settings: Any) -> None:
    settings.ACCOUNT_RATE_LIMITS = {**settings.ACCOUNT_RATE_LIMITS, "school_account": "2/m/ip"}
    assert [Client().get(BEGIN).status_code for _time in range(4)] == [302, 302, 429, 429]
