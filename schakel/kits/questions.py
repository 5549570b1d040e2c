"""The needs of a kit: what each says, beside what the register says, and how one is asked."""

from collections.abc import Iterator
from datetime import date
from typing import Any

from schakel.access.people import Person
from schakel.access.register import by_key, plain
from schakel.access.roles import Role
from schakel.chain import deciding
from schakel.chain.deciding import Wanted
from schakel.chain.elements import DataElement
from schakel.chain.goals import Activity
from schakel.chain.needs import SCOPES, InformationNeed
from schakel.kits.contents import Item
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


def ask(actor: Person, item: Item) -> InformationNeed:
    """Ask for what the kit describes, as any person asks. A refused one is refused at once, with its reason."""
    need = deciding.ask(
        actor, item.key, elements=_wanted(item), audience=_audience(item), review_on=_review(item), **_fields(item)
    )
    _refuse(actor, need, item)
    return need


def revise(actor: Person, need: InformationNeed, item: Item) -> None:
    """Bring a need to what the kit says now. A material change voids its approval, as when anyone revises."""
    deciding.revise(actor, need, elements=_wanted(item), audience=_audience(item), **_fields(item))
    _refuse(actor, need, item)


def _refuse(actor: Person, need: InformationNeed, item: Item) -> None:
    if item.get("state") == "refused":
        instead = by_key(InformationNeed, item.get("instead")) if item.get("instead") else None
        deciding.refuse(actor, need, item.get("refusal_nl").strip(), alternative=instead)


def _fields(item: Item) -> dict[str, Any]:
    found = {name: item.get(theirs) for name, theirs in _FIELDS.items()} | _rest(item)
    return found | {
        name: by_key(noun, item.get(theirs)) if item.get(theirs) else None
        for name, (noun, theirs) in _RELATIONS.items()
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


def _wanted(item: Item) -> list[Wanted]:
    return [Wanted(by_key(DataElement, key), demand, reason, english) for demand, key, reason, english in _lines(item)]


def _audience(item: Item) -> list[tuple[Role, str]]:
    found = []
    for pair in item.get("audience"):
        role, _colon, scope = str(pair).partition(":")
        if scope not in SCOPES:
            raise item.error(_("'%(pair)s' is geen rol met een reikwijdte.") % {"pair": pair})
        found.append((by_key(Role, role), scope))
    return found


def _review(item: Item) -> date:
    """The first day of the month, so many months from now."""
    day, months = clock.today(), item.get("review_months")
    count = day.year * _MONTHS + day.month - 1 + months
    return date(count // _MONTHS, count % _MONTHS + 1, 1)
