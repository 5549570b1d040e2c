"""A client of a REST server: signed in, patient where that helps, and silent about who we are.

Signing in: not at all, with Basic, with a fixed bearer token, with OAuth 1.0a without a token (RFC 5849, HMAC-SHA1 and
HMAC-SHA256) or with OAuth 2 client credentials (RFC 6749, 4.4) with Basic at the token address. Only questions that
change nothing (GET) are asked again.
"""

import json
import time
from base64 import b64encode
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from typing import Any, TypeVar
from urllib.parse import quote_plus, urlencode

from oauthlib import oauth1  # type: ignore[import-untyped]

from schakel.collect.providers import Access
from schakel.connectors.rest_errors import problem, refusal
from schakel.lib.addresses import place
from schakel.lib.errors import SchakelError
from schakel.lib.outgoing import Answer, Broken, Outgoing
from schakel.lib.text import gettext as _

TRIES = 4  # of one question
LONGEST_WAIT = 120.0  # seconds that a server may ask us to wait
PATIENCE = 600.0  # seconds of waiting in one reading, all together
SLACK = 30.0  # seconds before its end that a token is renewed
_TOKEN_LIFE = 3600.0  # when the server does not say
_HASHES = {"oauth1-sha1": oauth1.SIGNATURE_HMAC_SHA1, "oauth1-sha256": oauth1.SIGNATURE_HMAC_SHA256}
_TOO_MANY, _NOT_NOW, _WHO = 429, 503, 401
Said = TypeVar("Said")


@dataclass
class Client:
    """One signed-in conversation with a server."""

    access: Access
    way: Outgoing
    scopes: tuple[str, ...] = ()
    sleep: Callable[[float], None] | None = None
    hurried: bool = False  # somebody waits for the answer: ask once
    waited: float = 0.0
    _token: str = field(default="", repr=False)
    _until: float = 0.0

    def get(self, address: str) -> tuple[dict[str, Any], Mapping[str, str]]:
        """The object that the server answers with, and its headers. Raises SchakelError with what it said."""
        return self._asked(address, _object)

    def read(self, address: str) -> tuple[Any, Mapping[str, str]]:
        """Whatever JSON the server answers with, and its headers. Raises SchakelError with what it said."""
        return self._asked(address, _json)

    def _asked(self, address: str, understood: Callable[[Answer, str], Said]) -> tuple[Said, Mapping[str, str]]:
        renewed = False
        for attempt in range(1, TRIES + 1):
            try:
                answer = self.way.ask(address, headers={"Accept": "application/json"}, signed=self._signed)
                if answer.status == _WHO and self.access.method == "oauth2" and not renewed:
                    renewed, self._token = True, ""
                    answer = self.way.ask(address, headers={"Accept": "application/json"}, signed=self._signed)
                if self._again(answer, attempt, address):
                    continue
                return understood(answer, address), answer.headers
            except Broken:
                if attempt == TRIES or self.hurried:
                    raise
                self._wait(2.0 ** (attempt - 2), address)
        raise AssertionError("the last try answers or raises")

    def _again(self, answer: Answer, attempt: int, address: str) -> bool:
        """Whether to ask once more, after waiting; raises what the server refuses for good."""
        if answer.status == 200:  # noqa: PLR2004
            return False
        passing = answer.status == _TOO_MANY or answer.status >= 500  # noqa: PLR2004
        asked = _asked_to_wait(answer) if answer.status in (_TOO_MANY, _NOT_NOW) else None
        if not passing or attempt == TRIES or self.hurried:
            refused = refusal(answer, place(address).shown)
            refused.wait = asked or 0.0
            raise refused
        self._wait(2.0 ** (attempt - 2) if asked is None else asked, address)
        return True

    def _wait(self, seconds: float, address: str) -> None:
        if seconds > LONGEST_WAIT or self.waited + seconds > PATIENCE:
            text = _("Deze server heeft het te druk en vraagt om later terug te komen.")
            raise SchakelError(text, code="busy-server", where=place(address).shown, retry=True, wait=seconds)
        self.waited += seconds
        (self.sleep or time.sleep)(seconds)

    def _signed(self, method: str, address: str) -> dict[str, str]:
        how = self.access.method
        if how == "none":
            return {}
        if how in ("oauth2", "bearer"):
            return {"Authorization": f"Bearer {self._bearer() if how == 'oauth2' else self.access.secret}"}
        if how == "basic":
            return {"Authorization": _basic(self.access.client, self.access.secret)}
        signer = oauth1.Client(self.access.client, self.access.secret, signature_method=_HASHES[self.access.method])
        _address, headers, _body = signer.sign(address, method)
        return {"Authorization": str(headers["Authorization"])}

    def _bearer(self) -> str:
        if not self._token or time.monotonic() > self._until:
            self._token, life = self._fresh_token()
            self._until = time.monotonic() + max(life - SLACK, 1.0)
        return self._token

    def _fresh_token(self) -> tuple[str, float]:
        asked = {"grant_type": "client_credentials"} | ({"scope": " ".join(self.scopes)} if self.scopes else {})
        headers = {
            "Authorization": _basic(quote_plus(self.access.client), quote_plus(self.access.secret)),
            "Content-Type": "application/x-www-form-urlencoded",
            "Accept": "application/json",
        }
        where = place(self.access.token_address).shown
        answer = self.way.ask(self.access.token_address, method="POST", headers=headers, body=urlencode(asked).encode())
        if answer.status != 200:  # noqa: PLR2004
            raise refusal(answer, where, signing_in=True)
        said = _object(answer, where)
        token, life = said.get("access_token"), said.get("expires_in")
        if not isinstance(token, str) or not token.isascii() or not token.isprintable():
            raise SchakelError(_("De server gaf geen token waarmee te lezen is."), code="token", where=where)
        return token, float(life) if isinstance(life, int | float) and life > 0 else _TOKEN_LIFE


def _basic(name: str, secret: str) -> str:
    return f"Basic {b64encode(f'{name}:{secret}'.encode()).decode()}"


def _json(answer: Answer, address: str) -> Any:
    """The JSON in an answer. Half of it is a broken connection."""
    where = place(address).shown if "://" in address else address
    kind = answer.headers.get("content-type", "").partition(";")[0].strip().lower()
    if not (kind.endswith("/json") or kind.endswith("+json")):
        text = _("Deze server antwoordt met %(kind)s in plaats van JSON. Klopt het adres?")
        raise SchakelError(text % {"kind": kind[:60] or "?"}, code="content-type", where=where)
    try:
        return json.loads(answer.body)
    except (ValueError, RecursionError):
        raise Broken(_("Het antwoord van deze server is half of beschadigd."), where=where) from None


def _object(answer: Answer, address: str) -> dict[str, Any]:
    """The JSON object in an answer. Anything else is not what we asked for."""
    where = place(address).shown if "://" in address else address
    said = _json(answer, address)
    if not isinstance(said, dict):
        raise SchakelError(_("Het antwoord van deze server heeft niet de vorm van de standaard."), where=where)
    if problem(said).failed:
        raise refusal(answer, where)
    return said


def _asked_to_wait(answer: Answer) -> float | None:
    """Retry-After (RFC 9110, 10.2.3): seconds or a moment; None when it does not say."""
    said = answer.headers.get("retry-after", "").strip()
    if said.isdecimal():
        return float(said[:9])
    try:
        moment = parsedate_to_datetime(said)
    except ValueError:
        return None
    moment = moment if moment.tzinfo else moment.replace(tzinfo=UTC)
    return max((moment - datetime.now(UTC)).total_seconds(), 0.0)
