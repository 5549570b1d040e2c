"""Where the program may fetch from by itself, from three variables. What is no plain host or folder stops the start."""

import ssl
from collections.abc import Mapping
from pathlib import Path

from schakel.lib.addresses import Allowed, Closed, place
from schakel.lib.errors import SchakelError
from schakel.lib.outgoing import Outgoing
from schakel.lib.text import gettext as _

ALLOW = "SCHAKEL_OUTGOING_ALLOW"
AUTHORITIES = "SCHAKEL_OUTGOING_CA_FILE"
FOLDERS = "SCHAKEL_FOLDERS"


def read(variables: Mapping[str, str]) -> Outgoing:
    """The way out as the administrator allows it. Raises SchakelError with the name of what is wrong."""
    listed = variables.get(ALLOW, "").split(",")
    hosts = frozenset(_host(each.strip().lower()) for each in listed if each.strip())
    return Outgoing(Allowed(hosts, _folders(variables.get(FOLDERS, ""))), _authorities(variables.get(AUTHORITIES, "")))


def _host(text: str) -> str:
    try:
        where = place(f"https://{text}")
    except Closed:
        where = None
    if where is None or where.path != "/" or text.endswith("/"):
        words = {"name": ALLOW, "host": text}
        raise SchakelError(
            _("%(name)s noemt '%(host)s'; het moeten namen van servers zijn, met komma's ertussen.") % words,
            code="setting",
        )
    return text


def _folders(listed: str) -> tuple[str, ...]:
    """Folders of this machine from which sources may be read; never a whole disk."""
    found = tuple(each.strip() for each in listed.split(",") if each.strip())
    for each in found:
        path = Path(each)
        if not path.is_absolute() or not path.is_dir() or path.resolve() == path.resolve().parent:
            words = {"name": FOLDERS, "folder": each}
            text = _("%(name)s noemt '%(folder)s'; het moeten mappen zijn die er zijn, met komma's ertussen.")
            raise SchakelError(text % words, code="setting")
    return found


def _authorities(path: str) -> str:
    if not path:
        return ""
    try:
        ssl.create_default_context(cafile=path)
    except (OSError, ValueError):
        words = {"name": AUTHORITIES, "path": path}
        text = _("%(name)s noemt '%(path)s'; daar staan geen certificaten in die te lezen zijn.") % words
        raise SchakelError(text, code="setting") from None
    return path
