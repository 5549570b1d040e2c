"""The needs of a kit: what each says, beside what the register says, and how one is asked."""

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
    "rhythm": "rhythm_nl", "level": "level", "freshness": "freshness_nl", "purpose": "purpose_nl",
    "legal_basis": "legal_basis", "art9_exception": "art9_exception", "law": "law", "retention": "retention_nl",
    "priority": "priority",
}  # fmt: skip
_RELATIONS = {"role": (Role, "role"), "activity": (Activity, "activity"), "owner_role": (Role, "owner_role")}
_MONTHS = 12


def offered(item: Item) -> dict[str, Any]:
    """What the kit says about a need in plain values: fields, each element with demand and reason, audience."""
    said = {name: item.get(theirs) for name, theirs in _FIELDS.items()} | _rest(item)
    said |= {name: item.get(theirs) for name, (_noun, theirs) in _RELATIONS.items()}
    for demand in ("required", "wished"):
        said |= {f"element {key}": [demand, reason] for key, reason in (item.get(demand, None) or {}).items()}
    return said | {f"audience {pair}": True for pair in item.get("audience")}


def standing(need: InformationNeed) -> dict[str, Any]:
    """The same about a need as it stands in the register. Whether a wish was declined is the board's own matter."""
    said = {name: getattr(need, name) for name in (*_FIELDS, *_rest_names())}
    said |= {name: plain(getattr(need, name)) for name in _RELATIONS}
    said |= {f"element {line.element.key}": [line.demand, line.reason] for line in need.elements.all()}
    return said | {f"audience {line.role.key}:{line.scope}": True for line in need.audiences.all()}


def ask(actor: Person, item: Item) -> InformationNeed:
    """Ask for what the kit describes, as any person asks. A refused one is refused at once, with its reason."""
    need = deciding.ask(
        actor, item.key, elements=_wanted(item), audience=_audience(item), review_on=_review(item), **_fields(item)
    )
    if item.get("state") == "refused":
        deciding.refuse(actor, need, item.get("refusal_nl"))
    return need


def revise(actor: Person, need: InformationNeed, item: Item) -> None:
    """Bring a need that nobody has decided on yet to what the kit says now."""
    deciding.revise(actor, need, elements=_wanted(item), audience=_audience(item), **_fields(item))


def _fields(item: Item) -> dict[str, Any]:
    found = {name: item.get(theirs) for name, theirs in _FIELDS.items()} | _rest(item)
    return found | {
        name: by_key(noun, item.get(theirs)) if item.get(theirs) else None
        for name, (noun, theirs) in _RELATIONS.items()
    }


def _rest(item: Item) -> dict[str, Any]:
    today = item.get("today")
    note = _("%(note)s Nu: %(how)s.") % {"note": item.get("note_nl").strip(), "how": today["how_nl"]}
    return {
        "law_confirmed": item.get("law_confirmed", False), "note": note.strip(), "minutes_before": today["minutes"],
        "times_per_year": today["times_per_year"], "people": today["people"],
    }  # fmt: skip


def _rest_names() -> tuple[str, ...]:
    return ("law_confirmed", "note", "minutes_before", "times_per_year", "people")


def _wanted(item: Item) -> list[Wanted]:
    return [
        Wanted(by_key(DataElement, key), demand, reason)
        for demand in ("required", "wished")
        for key, reason in (item.get(demand, None) or {}).items()
    ]


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
