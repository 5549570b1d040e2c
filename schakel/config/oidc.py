"""The board's own sign-in service (OpenID Connect), from a few variables. Half or unsafe settings stop the start."""

import re
import stat
from collections.abc import Mapping
from dataclasses import dataclass, field
from os.path import commonprefix
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from schakel.lib.errors import SchakelError

KNOWN = (
    "SCHAKEL_OIDC_ISSUER",
    "SCHAKEL_OIDC_CLIENT_ID",
    "SCHAKEL_OIDC_SECRET_FILE",
    "SCHAKEL_OIDC_NAME",
    "SCHAKEL_OIDC_DOMAINS",
)
NEEDED = KNOWN[:2]
PREFIX = commonprefix(KNOWN)
LONGEST = {"SCHAKEL_OIDC_ISSUER": 200, "SCHAKEL_OIDC_CLIENT_ID": 191, "SCHAKEL_OIDC_NAME": 40}


@dataclass(frozen=True)
class Oidc:
    """Where the board's people sign in, and who we are there."""

    issuer: str
    client_id: str
    secret: str = field(repr=False)
    name: str = ""
    domains: tuple[str, ...] = ()

    def app(self) -> dict[str, Any]:
        """As allauth reads it. The issuer is part of who somebody is: a new service means that people link anew."""
        return {
            "provider_id": self.issuer,
            "name": self.name,
            "client_id": self.client_id,
            "secret": self.secret,
            "settings": {
                "server_url": f"{self.issuer}/.well-known/openid-configuration",
                "oauth_pkce_enabled": True,
                "scope": ["openid", "email"],
                "domains": list(self.domains),
            },
        }


def read(variables: Mapping[str, str], data: Path) -> Oidc | None:
    """What the variables say; None when there are none. Raises SchakelError with the name of the one that is wrong."""
    given = {name: value.strip() for name, value in variables.items() if name.startswith(PREFIX)}
    for name in sorted(set(given) - set(KNOWN)):
        raise SchakelError(f"{name} is geen instelling. Dit kan: {', '.join(KNOWN)}.", code="setting")
    if not given:
        return None
    for name in NEEDED:
        if not given.get(name):
            raise SchakelError(f"{name} ontbreekt; zonder die waarde kan niemand zo aanmelden.", code="setting")
    for name, longest in LONGEST.items():
        if len(given.get(name, "")) > longest:
            raise SchakelError(f"{name} is langer dan {longest} tekens.", code="setting")
    return Oidc(
        _issuer(given["SCHAKEL_OIDC_ISSUER"]),
        given["SCHAKEL_OIDC_CLIENT_ID"],
        _secret(Path(given.get("SCHAKEL_OIDC_SECRET_FILE") or data / "oidc.secret")),
        given.get("SCHAKEL_OIDC_NAME", ""),
        _domains(given.get("SCHAKEL_OIDC_DOMAINS", "")),
    )


def providers(oidc: Oidc | None) -> dict[str, Any]:
    """The setting of allauth: the board's service, when there is one."""
    return {"openid_connect": {"APPS": [oidc.app()] if oidc else []}}


def _issuer(address: str) -> str:
    parts = urlsplit(address)
    here = parts.hostname in ("127.0.0.1", "localhost")
    if not parts.hostname or parts.scheme not in (("http", "https") if here else ("https",)):
        text = f"SCHAKEL_OIDC_ISSUER is '{address}'; het moet een adres zijn dat met https:// begint."
        raise SchakelError(text, code="setting")
    if parts.query or parts.fragment or "/.well-known/" in parts.path or parts.username:
        text = f"SCHAKEL_OIDC_ISSUER is '{address}'; geef alleen het adres van de dienst, zonder /.well-known/ of ?."
        raise SchakelError(text, code="setting")
    return address.rstrip("/")


def _secret(path: Path) -> str:
    try:
        loose = stat.S_IMODE(path.stat().st_mode) & 0o077
        secret = path.read_text(encoding="utf-8").strip()
    except (OSError, UnicodeDecodeError):
        text = f"Het bestand {path} met het geheim van de aanmelddienst is niet te lezen (SCHAKEL_OIDC_SECRET_FILE)."
        raise SchakelError(text, code="setting") from None
    if loose:
        raise SchakelError(f"Anderen kunnen {path} lezen. Zet de rechten op 600.", code="setting")
    if not secret:
        raise SchakelError(f"Het bestand {path} is leeg; het geheim van de aanmelddienst hoort erin.", code="setting")
    return secret


def _domains(listed: str) -> tuple[str, ...]:
    domains = tuple(each.strip().lower() for each in listed.split(",") if each.strip())
    for domain in domains:
        if not re.fullmatch(r"[a-z0-9-]+(\.[a-z0-9-]+)+", domain):
            text = f"SCHAKEL_OIDC_DOMAINS noemt '{domain}'; een domein ziet eruit als school.example."
            raise SchakelError(text, code="setting")
    return domains
