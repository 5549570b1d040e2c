"""Words about who answers for what: letters, sides, kinds of things, sides of the table; where each thing is found."""

from typing import Any
from urllib.parse import quote

from schakel.chain.answerable import Side
from schakel.chain.needs import InformationNeed
from schakel.chain.responsibilities import Area
from schakel.chain.systems import Link, System
from schakel.lib.text import gettext as _
from schakel.lib.text import language
from schakel.portal.pages.words import question, said
from schakel.portal.parts import Status

SIDES = ("direction", "demand", "supply", "use")
AREA_KINDS = ("governance", "policy", "activity", "need", "data", "system", "change", "register")


def letter_word(letter: str) -> str:
    """What a letter asks of a role."""
    return {
        "R": _("voert uit"),
        "A": _("eindverantwoordelijk"),
        "C": _("denkt mee"),
        "I": _("wordt geïnformeerd"),
    }[letter]


def aspect_word(aspect: str) -> str:
    """The side of a thing that is divided."""
    return {"content": _("inhoud"), "execution": _("uitvoering")}[aspect]


def side_word(side: str) -> str:
    """On which side of the table a role sits."""
    return {"direction": _("richting"), "demand": _("vraag"), "supply": _("aanbod"), "use": _("gebruik")}[side]


def kind_word(kind: str) -> str:
    """A kind of area, or a kind of thing that is divided apart."""
    words = {
        "governance": _("Richting en verantwoording"),
        "policy": _("Beleid"),
        "activity": _("Processen en activiteiten"),
        "need": _("Behoeften en informatieproducten"),
        "data": _("Gegevens"),
        "system": _("Applicaties en koppelingen"),
        "change": _("Wijzigingen en overleg"),
        "register": _("Privacy en beveiliging"),
        "apart": _("Apart verdeeld"),
    }
    return words.get(kind, kind)


def thing_word(kind: str) -> str:
    """What one thing of this kind is called."""
    return {
        "area": _("gebied"),
        "goal": _("doel"),
        "policy": _("beleid"),
        "process": _("proces"),
        "informationneed": _("behoefte"),
        "dataelement": _("gegeven"),
        "system": _("applicatie"),
        "link": _("koppeling"),
    }.get(kind, kind)


def name_of(thing: Any) -> str:
    """The name of a thing in the language of the page."""
    if isinstance(thing, InformationNeed):
        return question(thing)
    if isinstance(thing, System):
        return thing.name_en if language() == "en" and thing.name_en else thing.name
    if isinstance(thing, Link):
        return thing.key
    return said(thing)


def group_of(thing: Any) -> str:
    """Under which heading a thing stands in the matrix."""
    return thing.kind if isinstance(thing, Area) else "apart"


def page_of(kind: str, key: str) -> str:
    """The page that says who answers for a thing."""
    return f"/verantwoordelijkheden/{kind}/{quote(key, safe='@.')}"


def own_page(kind: str, key: str) -> str:
    """The page of the thing itself, where it has one."""
    return f"/behoeften/{key}" if kind == "informationneed" else ""


def trouble(side: Side) -> Status | None:
    """What is wrong with a side, as a shape with a word; nothing when it is sound or nobody divided it."""
    if not side:
        return None
    if not side.letters["A"]:
        return Status(_("geen A"), "bad", fill=False)
    if not side.one_accountable:
        return Status(_("meer dan één A"), "bad", fill=False)
    if side.aspect == "execution" and side.accountable_alone:
        return Status(_("A over eigen werk"), "warn", fill=False)
    return None
