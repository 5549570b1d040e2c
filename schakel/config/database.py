"""Where the register lies: SQLite in the data folder, or PostgreSQL by one address. A wrong address stops the start."""

from pathlib import Path
from typing import Any
from urllib.parse import SplitResult, parse_qsl, unquote, urlsplit

from schakel.lib.errors import SchakelError
from schakel.lib.text import gettext as _

NAME = "SCHAKEL_DATABASE_URL"
# What may stand behind the ? of an address, and is handed on to PostgreSQL; `host` is the folder of its socket.
OPTIONS = ("host", "sslmode", "sslrootcert", "sslcert", "sslkey", "connect_timeout", "application_name")


def read(url: str, data: Path) -> dict[str, Any]:
    """The setting of Django. Raises SchakelError with what is wrong in the address, never with its password."""
    return _postgresql(url) if url else _sqlite(data / "schakel.db")


def _sqlite(path: Path) -> dict[str, Any]:
    return {
        "ENGINE": "django.db.backends.sqlite3",
        "NAME": path,
        "OPTIONS": {
            "transaction_mode": "IMMEDIATE",
            "timeout": 20,
            # recursive_triggers: without it INSERT OR REPLACE removes a line without firing its trigger (law 9)
            "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL; PRAGMA foreign_keys=ON;"
            " PRAGMA recursive_triggers=ON;",
        },
    }


def _postgresql(url: str) -> dict[str, Any]:
    """A server is reached by address, or by the folder of its socket: postgresql://user@/name?host=/folder."""
    parts, port = _parts(url)
    options = _options(parts.query)
    name = unquote(parts.path.removeprefix("/"))
    if not name or "/" in name:
        raise _wrong(_("de naam van de database ontbreekt"))
    return {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": name,
        "USER": unquote(parts.username or ""),
        "PASSWORD": unquote(parts.password or ""),
        "HOST": parts.hostname or options.pop("host", ""),
        "PORT": port,
        "OPTIONS": {key: value for key, value in options.items() if key != "host"},
        "CONN_MAX_AGE": 60,
    }


def _parts(url: str) -> tuple[SplitResult, str]:
    try:
        parts = urlsplit(url)
        port = str(parts.port or "")
    except ValueError:
        raise _wrong(_("het adres of de poort is niet te lezen")) from None
    if parts.scheme not in ("postgres", "postgresql"):
        raise _wrong(_("het moet met postgresql:// beginnen"))
    return parts, port


def _options(query: str) -> dict[str, str]:
    found = dict(parse_qsl(query, keep_blank_values=True))
    for name in found:
        if name not in OPTIONS:
            text = _("achter het vraagteken kan '%(name)s' niet; dit kan: %(known)s")
            raise _wrong(text % {"name": name, "known": ", ".join(OPTIONS)})
    return found


def _wrong(why: str) -> SchakelError:
    return SchakelError(_("%(name)s klopt niet: %(why)s.") % {"name": NAME, "why": why}, code="setting")
