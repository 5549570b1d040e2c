"""The board's sign-in service (OpenID Connect) under allauth: what we ask of it, and every check on what it answers.

allauth keeps the state and trades the code. It looks neither at a nonce nor at the signature of a token that it
fetched itself, so both are done here, for every token (OpenID Connect Core 1.0, 3.1.3.7).
"""

import secrets
from typing import Any
from urllib.parse import urlsplit

import jwt
from allauth.account.models import EmailAddress
from allauth.socialaccount.adapter import get_adapter
from allauth.socialaccount.models import SocialApp, SocialLogin, SocialToken
from allauth.socialaccount.providers.base.constants import AuthProcess
from allauth.socialaccount.providers.oauth2.client import OAuth2Error
from allauth.socialaccount.providers.openid_connect.provider import OpenIDConnectProvider
from allauth.socialaccount.providers.openid_connect.views import OpenIDConnectOAuth2Adapter
from django.core.cache import cache
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.crypto import constant_time_compare, salted_hmac

ALGORITHMS = ("RS256", "RS384", "RS512", "PS256", "PS384", "PS512", "ES256", "ES384", "ES512", "EdDSA")
PUBLIC_KEYS = ("RSA", "EC", "OKP")  # never a shared secret
REQUIRED = ("iss", "sub", "aud", "exp", "iat", "nonce")
ENDPOINTS = ("authorization_endpoint", "token_endpoint", "jwks_uri")
CLOCKS_DIFFER = 60  # seconds
REMEMBERED = 600  # seconds that the service's description is kept
LONGEST_SUBJECT = 191  # as allauth can keep


def nonce_of(state: str) -> str:
    """The nonce that belongs to one attempt to sign in; the state of that attempt lies in the session, once."""
    return salted_hmac("schakel.oidc.nonce", state, algorithm="sha256").hexdigest()


class BoardAdapter(OpenIDConnectOAuth2Adapter):  # type: ignore[misc]
    """How we speak to the service."""

    @property
    def openid_config(self) -> dict[str, Any]:
        """The service's own description. OAuth2Error when it is another service than was configured."""
        key = f"schakel.oidc:{self.provider_id}"
        known: dict[str, Any] | None = cache.get(key)
        if known is None:
            known = _described(_fetched(self.get_provider().server_url), self.provider_id)
            cache.set(key, known, REMEMBERED)
        return known

    def get_callback_url(self, request: HttpRequest, app: SocialApp) -> str:
        """Where the service sends people back to; register this address there."""
        return request.build_absolute_uri(reverse("school-account-back"))

    def complete_login(self, request: HttpRequest, app: SocialApp, token: SocialToken, **kwargs: Any) -> SocialLogin:
        """Who signed in, from a token that passed every check."""
        nonce = nonce_of(request.GET.get("state", ""))
        claims = self._checked(kwargs["response"].get("id_token"), nonce, app.client_id)
        if "email" not in claims:
            claims = {**self._userinfo(token.token, claims["sub"]), **claims}
        return self.get_provider().sociallogin_from_response(request, {"id_token": claims})

    def _checked(self, token: Any, nonce: str, client: str) -> dict[str, Any]:
        if not isinstance(token, str):
            raise OAuth2Error("no id_token")
        described = self.openid_config
        try:
            key = _key(_fetched(described["jwks_uri"]), jwt.get_unverified_header(token))
            claims: dict[str, Any] = jwt.decode(
                token,
                key,
                algorithms=ALGORITHMS,
                issuer=described["issuer"],
                audience=client,
                leeway=CLOCKS_DIFFER,
                options={"require": list(REQUIRED)},
            )
        except jwt.PyJWTError as error:
            raise OAuth2Error(f"id_token: {type(error).__name__}") from None
        if not constant_time_compare(str(claims["nonce"]), nonce):
            raise OAuth2Error("id_token: nonce")
        several = isinstance(claims["aud"], list) and len(claims["aud"]) > 1
        if claims.get("azp", "" if several else client) != client:
            raise OAuth2Error("id_token: azp")
        return claims

    def _userinfo(self, access_token: str, subject: str) -> dict[str, Any]:
        """What the service tells apart from the token; only when it is about the same person."""
        address = self.openid_config.get("userinfo_endpoint")
        told = _fetched(address, access_token) if address else {}
        if told and told.get("sub") != subject:
            raise OAuth2Error("userinfo: sub")
        return {name: told[name] for name in ("email", "email_verified") if name in told}


class BoardProvider(OpenIDConnectProvider):  # type: ignore[misc]
    """What we ask of the service and what we read from it: an identity and an address, nothing else."""

    oauth2_adapter_class = BoardAdapter

    def begin(self, request: HttpRequest, onward: str) -> HttpResponse:
        """To the service, with a state and a nonce of this attempt alone; nothing in the request changes it."""
        state = secrets.token_urlsafe(32)
        answer: HttpResponse = self.redirect(
            request, AuthProcess.LOGIN, onward or None, state_id=state, auth_params={"nonce": nonce_of(state)}
        )
        return answer

    def extract_uid(self, data: dict[str, Any]) -> str:
        """Who it is, for the service."""
        subject = data["id_token"]["sub"]
        if not isinstance(subject, str) or not 0 < len(subject) <= LONGEST_SUBJECT:
            raise OAuth2Error("id_token: sub")
        return subject

    def extract_extra_data(self, data: dict[str, Any]) -> dict[str, Any]:
        """Nothing of what the service tells is kept."""
        return {}

    def extract_common_fields(self, data: dict[str, Any]) -> dict[str, Any]:
        """Nothing: nobody is added."""
        return {}

    def extract_email_addresses(self, data: dict[str, Any]) -> list[EmailAddress]:
        """The address, and whether it counts as checked.

        Some services never say whether an address was checked. Then only the domains that the board itself hands out
        (SCHAKEL_OIDC_DOMAINS) count; where the service says no, no setting makes it yes.
        """
        claims = data["id_token"]
        email, said = str(claims.get("email") or "").strip(), claims.get("email_verified")
        checked = said is True or said == "true"
        if said is None:
            checked = email.rpartition("@")[2].lower() in self.app.settings.get("domains", ())
        return [EmailAddress(email=email, verified=checked, primary=True)]


def _fetched(address: str, access_token: str = "") -> dict[str, Any]:
    headers = {"Authorization": f"Bearer {access_token}"} if access_token else {}
    with get_adapter().get_requests_session() as session:
        answer = session.get(address, headers=headers)
        answer.raise_for_status()
        told = answer.json()
    if not isinstance(told, dict):
        raise OAuth2Error("not an object")
    return told


def _described(told: dict[str, Any], issuer: str) -> dict[str, Any]:
    if str(told.get("issuer", "")).rstrip("/") != issuer:
        raise OAuth2Error("issuer")
    scheme = urlsplit(issuer).scheme
    for name in ENDPOINTS:
        if urlsplit(str(told.get(name, ""))).scheme not in {scheme, "https"}:
            raise OAuth2Error(name)
    return told


def _key(listed: dict[str, Any], header: dict[str, Any]) -> jwt.PyJWK:
    keys = [key for key in jwt.PyJWKSet.from_dict(listed) if key.key_type in PUBLIC_KEYS]
    named = [key for key in keys if key.key_id == header.get("kid")] if "kid" in header else keys
    if len(named) != 1:
        raise OAuth2Error("key")
    return named[0]
