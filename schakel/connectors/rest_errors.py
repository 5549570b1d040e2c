"""What a OneRoster server says when it refuses, in the three shapes that are met in practice.

1.2 has the fields of the status bare in the body; 1.1 has a list `statusInfoSet` of them; some providers of 1.2 wrap
them in `imsx_StatusInfo`. Token addresses speak OAuth (`error`, `error_description`).
"""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from schakel.lib.errors import SchakelError
from schakel.lib.outgoing import Answer
from schakel.lib.text import gettext as _
from schakel.lib.text import printable

LONGEST = 200  # signs of what a server says that we repeat


@dataclass(frozen=True)
class Problem:
    """The codes that a server gives, and what it says in words."""

    codes: tuple[str, ...] = ()
    words: str = ""
    failed: bool = False


@dataclass
class ServerRefused(SchakelError):
    """A server that answers with a refusal. `status` is the number of HTTP, `codes` are its own."""

    code: str = "server"
    status: int = 0
    codes: tuple[str, ...] = ()


def problem(body: dict[str, Any]) -> Problem:
    """The problem in a body, in whichever shape; empty when there is none."""
    codes, words, failed = list[str](), list[str](), False
    for status in _statuses(body):
        failed = failed or str(_first(status, "imsx_codeMajor", "codeMajor")).lower() in {"failure", "unsupported"}
        codes += _minor(status)
        words.append(_text(_first(status, "imsx_description", "description")))
    if isinstance(body.get("error"), str):
        codes.append(_text(body["error"]))
        words.append(_text(body.get("error_description")))
    return Problem(tuple(c for c in codes if c), "; ".join(w for w in words if w)[:LONGEST], failed)


def refusal(answer: Answer, where: str, *, signing_in: bool = False) -> ServerRefused:
    """The sentence for an answer that refuses; what the server itself says stands behind it."""
    try:
        body = json.loads(answer.body)
    except (ValueError, RecursionError):
        body = {}
    told = problem(body) if isinstance(body, dict) else Problem()
    words = " ".join(part for part in (", ".join(told.codes), told.words) if part)[:LONGEST]
    hint = _("De server zegt: %(words)s.") % {"words": words.rstrip(".")} if words else ""
    passing = answer.status == 429 or answer.status >= 500  # noqa: PLR2004
    return ServerRefused(
        _sentence(answer.status, signing_in=signing_in), where=where, hint=hint, retry=passing,
        status=answer.status, codes=told.codes,
    )  # fmt: skip


def _sentence(status: int, *, signing_in: bool) -> str:
    if signing_in and 400 <= status < 500 and status != 429:  # noqa: PLR2004
        return _("Aanmelden bij deze server lukt niet. Kloppen de naam, het geheim en het adres van het token?")
    known = {
        401: _("Deze server herkent ons niet. Kloppen de naam en het geheim, en zijn ze nog geldig?"),
        403: _("Deze server laat ons dit niet lezen. Vraag de leverancier om leesrecht op dit onderdeel."),
        404: _("Dit onderdeel is er niet op deze server. Klopt het adres?"),
        429: _("Deze server krijgt te veel vragen van ons. Schakel probeert het later weer."),
    }
    if status in known:
        return known[status]
    if status >= 500:  # noqa: PLR2004
        return _("Deze server heeft een storing (%(status)s). Schakel probeert het later weer.") % {"status": status}
    return _("Deze server weigert de vraag (%(status)s).") % {"status": status}


def _statuses(body: dict[str, Any]) -> Iterator[dict[str, Any]]:
    wrapped = body.get("imsx_StatusInfo")
    if isinstance(wrapped, dict):
        yield wrapped
    several = body.get("statusInfoSet", body.get("statusInfo"))
    for status in several if isinstance(several, list) else [several]:
        if isinstance(status, dict):
            yield status
    if "imsx_codeMajor" in body:
        yield body


def _minor(status: dict[str, Any]) -> list[str]:
    """The codes: a plain text in 1.1, a list of name and value in 1.2."""
    said = _first(status, "imsx_CodeMinor", "imsx_codeMinor", "codeMinor")
    if isinstance(said, dict):
        fields = said.get("imsx_codeMinorField", [])
        several = fields if isinstance(fields, list) else [fields]
        return [_text(_first(f, "imsx_codeMinorFieldValue", "codeMinorFieldValue")) for f in several
                if isinstance(f, dict)]  # fmt: skip
    return [_text(said)]


def _first(status: dict[str, Any], *names: str) -> Any:
    return next((status[name] for name in names if status.get(name)), "")


def _text(value: Any) -> str:
    return printable(" ".join(value.split()))[:LONGEST] if isinstance(value, str) else ""
