"""What was filled in about a way in, as it is kept. Each thing that is wrong is said in a sentence."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any
from urllib.parse import quote

from schakel.collect.connections import SECRETLESS
from schakel.connectors import declaring
from schakel.connectors.json_pages import KINDS as PAGING_KINDS
from schakel.connectors.targets import Target
from schakel.connectors.waiting_files import safe_name
from schakel.lib.errors import SchakelError
from schakel.lib.text import gettext as _
from schakel.portal.pages.ways import CONNECTION, DECLARED, DETAILS, LIST, MOST_HOURS, NAMED, PAGING, TABLE

_LONGEST = 500
_PARAMETERS = {"page": ("parameter",), "offset": ("parameter",), "cursor": ("parameter", "following"),
               "next": ("following",)}  # fmt: skip


@dataclass
class Mistaken(SchakelError):
    """Something that was filled in cannot be; `fields` says of each field what."""

    fields: Mapping[str, str] = field(default_factory=dict)


def words(post: Mapping[str, str]) -> dict[str, str]:
    """Everything that was posted and may be shown again: never a secret."""
    kept = {name: str(value).strip()[:_LONGEST] for name, value in post.items()}
    return {name: value for name, value in kept.items() if name not in ("secret", "key", "csrfmiddlewaretoken")}


def reached(kind: str, given: Mapping[str, str], post: Mapping[str, str]) -> dict[str, Any]:
    """How the source is reached, with the secret when one was given. Raises SchakelError with what is wrong."""
    method = "none" if kind == "folder" else given.get("method", "")
    found: dict[str, Any] = {name: given.get(name, "") for name in CONNECTION}
    found |= {"provider": kind, "method": method, "every_hours": _hours(given.get("every_hours", ""))}
    found["version"] = given.get("version", "") if kind == "oneroster-rest" else ""
    found["secret_expires_on"] = _day(given.get("secret_expires_on", ""))
    found["token_address"] = given.get("token_address", "") if method == "oauth2" else ""
    if kind == "folder":
        found["address"] = f"file://{quote(given.get('address', ''))}"
    if not found["client"] and method not in (*SECRETLESS, "bearer") or not found["client"].isprintable():
        text = _("Vul de naam (client id) in die de leverancier gaf.")
        raise Mistaken(text, code="client", fields={"client": text})
    found["details"] = _details(kind, given)
    secret = post.get("key", "").replace("\r\n", "\n").strip() if method == "key" else post.get("secret", "")
    if method == "key" and secret:
        from schakel.connectors.sftp import private_key  # opening SSH costs start-up time

        private_key(secret)
    return {**found, "secret": secret}


def _details(kind: str, given: Mapping[str, str]) -> dict[str, Any]:
    told: dict[str, Any] = {name: given[name] for name in DETAILS.get(kind, ()) if given.get(name)}
    if "each" in told:
        told["each"] = True
    for name in ("archive", "marker"):
        if name in told and not safe_name(told[name].lstrip(".") if name == "marker" else told[name]):
            text = _("Dit kan geen naam zijn: er staat een pad, een apparaat of een onzichtbaar teken in.")
            raise Mistaken(text, code="name", fields={name: text})
    return told


def pattern(kind: str, given: Mapping[str, str]) -> str:
    """How the files are called; empty for what has no files."""
    if kind not in NAMED:
        return ""
    text = given.get("pattern", "")
    if not text or "/" in text or "\\" in text or not text.isprintable() or set(text) <= set("*?."):
        said = _("Zeg hoe de bestanden heten, zoals las_*.zip; alleen * is te ruim.")
        raise Mistaken(said, code="pattern", fields={"pattern": said})
    return text[:200]


def declared(kind: str, target: Target | None, given: Mapping[str, str], title: str, key: str) -> dict[str, Any] | None:
    """The declaration of a database or a server; None for what has none."""
    if kind not in DECLARED or target is None:
        return None
    where = _table(given) if kind == "sql" else _list(given)
    columns = {each.name: given.get(f"veld-{each.name}", "") for each in target.kept_fields}
    said = {each.name: given.get(f"woorden-{each.name}", "") for each in target.kept_fields}
    wrong = declaring.mistakes(target, columns, said)
    if wrong:
        raise Mistaken(_("Nog niet alles is goed ingevuld."), code="columns", fields=wrong)
    form = given.get("date", "") if given.get("date", "") in declaring.DATES else declaring.DATES[0]
    return declaring.declaration(target, where, columns, said, title, f"{key}_*.csv", form)


def _table(given: Mapping[str, str]) -> dict[str, Any]:
    found = {name: given[name] for name in TABLE if given.get(name)}
    if "table" not in found or not all(value.isprintable() for value in found.values()):
        text = _("Vul de naam van een tabel of view in.")
        raise Mistaken(text, code="table", fields={"table": text})
    return found


def _list(given: Mapping[str, str]) -> dict[str, Any]:
    found: dict[str, Any] = {name: given.get(name, "") for name in LIST}
    kind = given.get("paging", "")
    if not found["path"] or "://" in found["path"] or not found["path"].isprintable():
        text = _("Vul het pad van de lijst in, zoals /verzuim.")
        raise Mistaken(text, code="path", fields={"path": text})
    if kind not in PAGING_KINDS:
        raise Mistaken(_("Kies hoe er gebladerd wordt."), code="paging", fields={"paging": _("Kies een manier.")})
    paging: dict[str, Any] = {name: given[name] for name in PAGING if given.get(name)}
    lacking = [name for name in _PARAMETERS.get(kind, ()) if name not in paging]
    if lacking:
        text = _("Bij deze manier van bladeren hoort dit veld.")
        raise Mistaken(_("Nog niet alles is goed ingevuld."), code="paging", fields=dict.fromkeys(lacking, text))
    if "size" in paging:
        paging["size"] = _size(paging["size"])
    return {**found, "paging": {"kind": kind, **paging}}


def _size(text: str) -> int:
    if text.isascii() and text.isdecimal() and 0 < int(text) <= 100_000:  # noqa: PLR2004
        return int(text)
    said = _("Vul een aantal in van 1 tot en met 100.000.")
    raise Mistaken(said, code="size", fields={"size": said})


def _hours(text: str) -> int:
    if text.isascii() and text.isdecimal() and len(text) < 4 and 0 < int(text) <= MOST_HOURS:  # noqa: PLR2004
        return int(text)
    raise SchakelError(_("Vul een aantal uren in van 1 tot en met 744."), code="hours")


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text) if text else None
    except ValueError:
        raise SchakelError(_("Dit is geen dag."), code="day") from None
