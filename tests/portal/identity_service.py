"""A small sign-in service (OpenID Connect) of our own on this machine, that can lie in every way a test asks for."""

import base64
import hashlib
import json
import secrets
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, urlencode, urlsplit

import jwt
from cryptography.hazmat.primitives.asymmetric import rsa
from jwt.algorithms import RSAAlgorithm

CLIENT, SECRET = "schakel", "between us only"
Claims = dict[str, Any]


def new_key() -> rsa.RSAPrivateKey:
    """A key to sign with."""
    return rsa.generate_private_key(public_exponent=65537, key_size=2048)


@dataclass
class Service:
    """The service: who is signed in there, what it tells, and in which ways it lies."""

    issuer: str = ""
    account: Claims = field(default_factory=lambda: {"sub": "1", "email": "", "email_verified": True})
    claims: Claims = field(default_factory=dict)  # put over the true ones in the ID token; None takes one away
    description: Claims = field(default_factory=dict)  # put over the true description
    userinfo: Claims = field(default_factory=dict)
    key: rsa.RSAPrivateKey = field(default_factory=new_key)
    signs: Callable[[Claims], str | None] | None = None  # makes the ID token instead
    cancels: bool = False
    broken: frozenset[str] = frozenset()  # paths that answer 500
    garbled: frozenset[str] = frozenset()  # paths that answer something that is no JSON
    moved: dict[str, str] = field(default_factory=dict)  # paths that send on to another address
    asked: list[str] = field(default_factory=list)
    codes: dict[str, dict[str, str]] = field(default_factory=dict)
    tokens: dict[str, Claims] = field(default_factory=dict)

    def described(self) -> Claims:
        """What it says about itself."""
        told = {
            "issuer": self.issuer,
            "authorization_endpoint": f"{self.issuer}/authorize",
            "token_endpoint": f"{self.issuer}/token",
            "userinfo_endpoint": f"{self.issuer}/userinfo",
            "jwks_uri": f"{self.issuer}/jwks",
            "token_endpoint_auth_methods_supported": ["client_secret_basic"],
        }
        return _over(told, self.description)

    def keys(self) -> Claims:
        """The public key."""
        shown = json.loads(RSAAlgorithm.to_jwk(self.key.public_key()))
        return {"keys": [{**shown, "kid": "k1", "use": "sig", "alg": "RS256"}]}

    def token(self, asked: dict[str, str]) -> str | None:
        """The ID token for who is signed in."""
        now = int(time.time())
        true = {"iss": self.issuer, "aud": CLIENT, "iat": now, "exp": now + 300, "nonce": asked.get("nonce", "")}
        claims = _over({**self.account, **true}, self.claims)
        if self.signs is not None:
            return self.signs(claims)
        return jwt.encode(claims, self.key, algorithm="RS256", headers={"kid": "k1"})

    def authorize(self, asked: dict[str, str]) -> str:
        """Where the browser is sent back to."""
        if self.cancels:
            answer = {"error": "access_denied"}
        else:
            code = secrets.token_urlsafe(16)
            self.codes[code] = asked
            answer = {"code": code}
        return f"{asked['redirect_uri']}?{urlencode({**answer, 'state': asked.get('state', '')})}"

    def trade(self, form: dict[str, str], authorization: str) -> Claims | None:
        """Tokens for a code, once, for the client that asked and that knows what it began with (PKCE)."""
        asked = self.codes.pop(form.get("code", ""), None)
        basic = base64.b64encode(f"{CLIENT}:{SECRET}".encode()).decode()
        challenge = hashlib.sha256(form.get("code_verifier", "").encode()).digest()
        shown = base64.urlsafe_b64encode(challenge).rstrip(b"=").decode()
        if asked is None or authorization != f"Basic {basic}" or form["redirect_uri"] != asked["redirect_uri"]:
            return None
        if (asked.get("code_challenge_method"), asked.get("code_challenge")) != ("S256", shown):
            return None
        access = secrets.token_urlsafe(16)
        self.tokens[access] = {**self.account, **self.userinfo}
        return _over({"access_token": access, "token_type": "Bearer", "id_token": self.token(asked)}, {})


def _over(told: Claims, lies: Claims) -> Claims:
    return {name: value for name, value in {**told, **lies}.items() if value is not None}


class _Handler(BaseHTTPRequestHandler):
    service: Service

    def do_GET(self) -> None:
        """Everything but trading a code."""
        parts = urlsplit(self.path)
        self.service.asked.append(parts.path)
        query = {name: values[0] for name, values in parse_qs(parts.query).items()}
        if parts.path in self.service.moved:
            self._send_on(self.service.moved[parts.path])
        elif parts.path in self.service.broken:
            self._say(500, {})
        elif parts.path in self.service.garbled:
            self._say(200, ["not", "an", "object"])
        elif parts.path == "/.well-known/openid-configuration":
            self._say(200, self.service.described())
        elif parts.path == "/jwks":
            self._say(200, self.service.keys())
        elif parts.path == "/authorize":
            self._send_on(self.service.authorize(query))
        elif parts.path == "/userinfo":
            token = self.headers.get("Authorization", "").removeprefix("Bearer ")
            told = self.service.tokens.get(token)
            self._say(200 if told else 401, told or {})
        else:
            self._say(404, {})

    def do_POST(self) -> None:
        """Trade a code for tokens."""
        self.service.asked.append(self.path)
        body = self.rfile.read(int(self.headers["Content-Length"])).decode()
        form = {name: values[0] for name, values in parse_qs(body).items()}
        told = None if self.path in self.service.broken else self.service.trade(form, self.headers["Authorization"])
        self._say(400 if told is None else 200, told or {"error": "invalid_grant"})

    def _send_on(self, address: str) -> None:
        self.send_response(302)
        self.send_header("Location", address)
        self.end_headers()

    def _say(self, status: int, told: Any) -> None:
        content = json.dumps(told).encode()
        self.send_response(status)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(content)))
        self.end_headers()
        self.wfile.write(content)

    def log_message(self, *_args: Any) -> None:
        """Quiet."""


@contextmanager
def running() -> Iterator[Service]:
    """A service that answers, on a free port of this machine."""
    service = Service()
    handler = type("Handler", (_Handler,), {"service": service})
    server = ThreadingHTTPServer(("127.0.0.1", 0), handler)
    service.issuer = f"http://127.0.0.1:{server.server_address[1]}"
    threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True).start()
    try:
        yield service
    finally:
        server.shutdown()
        server.server_close()
