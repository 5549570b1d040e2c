"""Who does what, as a kit says it: areas with their responsibilities, and consultations with their roles."""

from typing import Any

from schakel.access.people import Person
from schakel.access.register import plain, put
from schakel.access.roles import Role
from schakel.chain import consultation, responsibilities
from schakel.chain.consultation import Consultation
from schakel.chain.responsibilities import ASPECTS, LETTERS, Area
from schakel.kits.contents import Item
from schakel.kits.found import Found

AREA = "area"  # the kind of thing under which responsibilities know an area


def area_offered(item: Item) -> dict[str, Any]:
    """What the kit says about a part of the work: its names, and per aspect who holds which letter."""
    return {name: item.get(name) for name in ("kind", "nl", "en")} | _letters(
        {aspect: {letter: _listed(item, aspect, letter) for letter in LETTERS} for aspect in ASPECTS}
    )


def area_standing(area: Area, _item: Item) -> dict[str, Any]:
    """The same about a part of the work as the register has it."""
    held = {aspect: responsibilities.standing(AREA, area.key, aspect) for aspect in ASPECTS}
    return {"kind": area.kind, "nl": area.nl, "en": area.en} | _letters(held)


def write_area(actor: Person, key: str, said: dict[str, Any], find: Found) -> None:
    """Bring a part of the work and its responsibilities to what is said."""
    put(actor, "responsibility.write", Area, key, **{name: said[name] for name in ("kind", "nl", "en")})
    for aspect in ASPECTS:
        letters = {letter: find.all(Role, said[f"{aspect} {letter}"]) for letter in LETTERS}
        responsibilities.divide(actor, AREA, key, aspect, letters)


def consultation_offered(item: Item) -> dict[str, Any]:
    """What the kit says about a consultation: its names, level, rhythm, chair and who takes part."""
    names = ("nl", "en", "level", "rhythm", "chair_role")
    return {name: item.get(name) for name in names} | {"roles": sorted(item.get("roles"))}


def consultation_standing(meeting: Consultation, _item: Item) -> dict[str, Any]:
    """The same about a consultation as the register has it."""
    said = {name: getattr(meeting, name) for name in ("nl", "en", "level", "rhythm")}
    return said | {"chair_role": plain(meeting.chair_role) or "", "roles": consultation.seated(meeting)}


def write_consultation(actor: Person, key: str, said: dict[str, Any], find: Found) -> None:
    """Bring a consultation and the roles in it to what is said."""
    fields = {name: said[name] for name in ("nl", "en", "level", "rhythm")}
    chair = find(Role, said["chair_role"]) if said["chair_role"] else None
    meeting, _changed = put(actor, "consultation.write", Consultation, key, chair_role=chair, **fields)
    consultation.seat(actor, meeting, find.all(Role, said["roles"]))


def _listed(item: Item, aspect: str, letter: str) -> list[str]:
    said = item.get(aspect, {}).get(letter, [])
    return sorted([said] if isinstance(said, str) else said)


def _letters(held: dict[str, dict[str, list[str]]]) -> dict[str, Any]:
    return {f"{aspect} {letter}": held[aspect][letter] for aspect in ASPECTS for letter in LETTERS}
