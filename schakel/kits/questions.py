"""The needs of a kit: what each says, beside what the register says, and how one is asked."""

from collections.abc import Iterator
from datetime import date
from typing import Any

from schakel.access.people import Person
from schakel.access.register import plain
from schakel.access.roles import Role
from schakel.chain import deciding
from schakel.chain.asking import Wanted
from schakel.chain.elements import DataElement
from schakel.chain.goals import Activity
from schakel.chain.needs import SCOPES, InformationNeed
from schakel.kits.contents import Item
from schakel.kits.found import Found
from schakel.lib import clock
from schakel.lib.text import gettext as _

# Field of the register -> field of the kit.
_FIELDS = {
    "sector": "sector", "question": "question_nl", "question_en": "question_en", "decision": "decision_nl",
    "decision_en": "decision_en", "rhythm": "rhythm_nl", "rhythm_en": "rhythm_en", "level": "level",
    "freshness": "freshness_nl", "freshness_en": "freshness_en", "purpose": "purpose_nl", "purpose_en": "purpose_en",
    "legal_basis": "legal_basis", "art9_exception": "art9_exception", "law": "law", "retention": "retention_nl",
    "retention_en": "retention_en", "priority": "priority", "review_months": "review_months",
}  # fmt: skip
_RELATIONS = {"role": (Role, "role"), "activity": (Activity, "activity"), "owner_role": (Role, "owner_role")}
_MONTHS = 12


def offered(item: Item) -> dict[str, Any]:
    """What the kit says about a need in plain values: fields, each element with demand and reason, audience."""
    said = {name: item.get(theirs) for name, theirs in _FIELDS.items()} | _rest(item)
    said |= {name: item.get(theirs) for name, (_noun, theirs) in _RELATIONS.items()}
    for demand, key, reason, english in _lines(item):
        said |= _line(key, demand, reason, english)
    if item.get("state") == "refused":
        said |= {"refusal_reason": item.get("refusal_nl").strip(), "alternative": item.get("instead")}
    return said | {f"audience {pair}": True for pair in item.get("audience")}


def standing(need: InformationNeed, item: Item) -> dict[str, Any]:
    """The same about a need as it stands in the register.

    Whether a wish was declined is the board's own matter, and so is a refusal that the kit does not speak of.
    """
    said = {name: getattr(need, name) for name in (*_FIELDS, *_rest_names())}
    said |= {name: plain(getattr(need, name)) or "" for name in _RELATIONS}
    for line in need.elements.all():
        said |= _line(line.element.key, line.demand, line.reason, line.reason_en)
    if item.get("state") == "refused":
        said |= {"refusal_reason": need.refusal_reason, "alternative": plain(need.alternative) or ""}
    return said | {f"audience {line.role.key}:{line.scope}": True for line in need.audiences.all()}


def ask(actor: Person, item: Item, find: Found) -> InformationNeed:
    """Ask for what the kit describes, as any person asks. A refused one is refused at once, with its reason."""
    said = offered(item)
    need = deciding.ask(
        actor, item.key, elements=_wanted(said, find), audience=_audience(item, said, find), review_on=_review(item),
        **_fields(said, find),
    )  # fmt: skip
    _refuse(actor, need, said, find)
    return need


def revise(actor: Person, need: InformationNeed, item: Item, said: dict[str, Any], find: Found) -> None:
    """Bring a need to what is said (by the kit, or partly still by the board).

    A material change voids its approval in the same transaction, as when anyone revises. Wishes that the board declined
    stay declined.
    """
    declined = {line.element.key: line.declined_reason for line in need.elements.all() if line.declined}
    deciding.revise(
        actor, need, elements=_wanted(said, find), audience=_audience(item, said, find), **_fields(said, find)
    )
    for key, reason in declined.items():
        if said.get(f"element {key}", [""])[0] == "wished":
            deciding.decline_element(actor, need, key, reason)
    if (said.get("refusal_reason"), said.get("alternative")) != (need.refusal_reason, plain(need.alternative) or ""):
        _refuse(actor, need, said, find)


def _refuse(actor: Person, need: InformationNeed, said: dict[str, Any], find: Found) -> None:
    if said.get("refusal_reason"):
        instead = find(InformationNeed, said["alternative"]) if said["alternative"] else None
        deciding.refuse(actor, need, said["refusal_reason"], alternative=instead)


def _fields(said: dict[str, Any], find: Found) -> dict[str, Any]:
    return {name: said[name] for name in (*_FIELDS, *_rest_names())} | {
        name: find(noun, said[name]) if said[name] else None for name, (noun, _theirs) in _RELATIONS.items()
    }


def _rest(item: Item) -> dict[str, Any]:
    today = item.get("today")
    return {
        "law_confirmed": item.get("law_confirmed", False), "note": item.get("note_nl").strip(),
        "today_how": today["how_nl"], "minutes_before": today["minutes"],
        "times_per_year": today["times_per_year"], "people": today["people"],
    }  # fmt: skip


def _rest_names() -> tuple[str, ...]:
    return ("law_confirmed", "note", "today_how", "minutes_before", "times_per_year", "people")


def _lines(item: Item) -> Iterator[tuple[str, str, str, str]]:
    """Each element that the kit names: demand, key, and the reason in Dutch and in English."""
    for demand in ("required", "wished"):
        for key, reason in (item.get(demand, None) or {}).items():
            dutch, english = (reason["nl"], reason["en"]) if isinstance(reason, dict) else (reason, "")
            yield demand, key, dutch, english


def _line(key: str, demand: str, reason: str, english: str) -> dict[str, Any]:
    said: dict[str, Any] = {f"element {key}": [demand, reason]}
    return said | {f"element {key}, en": english} if english else said


def _wanted(said: dict[str, Any], find: Found) -> list[Wanted]:
    lines = {name.removeprefix("element "): value for name, value in said.items() if name.startswith("element ")}
    return [
        Wanted(find(DataElement, key), line[0], line[1], lines.get(f"{key}, en") or "")
        for key, line in lines.items()
        if line and not key.endswith(", en")
    ]


def _audience(item: Item, said: dict[str, Any], find: Found) -> list[tuple[Role, str]]:
    found = []
    for pair in (name.removeprefix("audience ") for name in said if name.startswith("audience ") and said[name]):
        role, _colon, scope = pair.partition(":")
        if scope not in SCOPES:
            raise item.error(_("'%(pair)s' is geen rol met een reikwijdte.") % {"pair": pair})
        found.append((find(Role, role), scope))
    return found


def _review(item: Item) -> date:
    """The first day of the month, so many months from now."""
    day, months = clock.today(), item.get("review_months")
    count = day.year * _MONTHS + day.month - 1 + months
    return date(count // _MONTHS, count % _MONTHS + 1, 1)
