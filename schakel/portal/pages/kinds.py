"""The kinds of things in the chain: what they are called, and at which address each thing is found."""

from collections.abc import Sequence
from urllib.parse import quote, urlencode

from schakel.chain.graph import KINDS, OF_NOUN, Node
from schakel.lib.errors import Unknown
from schakel.lib.text import gettext as _
from schakel.lib.text import ngettext
from schakel.portal import figures

# The Dutch word that stands in an address.
ADDRESS_OF = {
    "goal": "doel",
    "indicator": "indicator",
    "activity": "activiteit",
    "process": "proces",
    "need": "behoefte",
    "product": "overzicht",
    "element": "gegeven",
    "object": "informatieobject",
    "source": "bron",
    "link": "koppeling",
    "system": "applicatie",
    "role": "rol",
    "organisation": "organisatie",
    "person": "persoon",
}
KIND_AT = {address: kind for kind, address in ADDRESS_OF.items()}
# Kinds with a page of their own, next to the one that says what they hit.
_PAGES = {
    "need": "/behoeften/%s",
    "product": "/overzichten/%s",
    "source": "/bronnen/%s",
    "role": "/rollen/%s",
    "person": "/collega/%s",
}


def kind_at(address: str) -> str:
    """The kind that an address speaks of; Unknown when there is none."""
    if address not in KIND_AT:
        raise Unknown(_("Dit staat niet in de keten: het bestaat niet, of heet anders."), code="unknown")
    return KIND_AT[address]


def impact_of(kind: str, key: str) -> str:
    """The page that says who and what is hit when this leaves."""
    return f"/keten/{ADDRESS_OF[kind]}/{quote(key, safe='')}/gevolgen"


def foundation_of(kind: str, key: str) -> str:
    """The page that says what this rests on."""
    return f"/keten/{ADDRESS_OF[kind]}/{quote(key, safe='')}/fundament"


def picture_of(kind: str, key: str) -> str:
    """The chain picture with this thing chosen."""
    return "/keten?" + urlencode({"gekozen": name_of(kind, key)})


def what_if(chosen: Sequence[Node]) -> str:
    """The page that reckons with all of these at once."""
    return "/keten/gevolgen?" + urlencode([("wat", name_of(node.kind, node.key)) for node in chosen])


def name_of(kind: str, key: str) -> str:
    """How a thing is named in an address: its kind and its key."""
    return f"{ADDRESS_OF[kind]}:{key}"


def named(name: str) -> tuple[str, str]:
    """The kind and key of a name in an address; Unknown when it is no such name."""
    address, _colon, key = name.partition(":")
    return kind_at(address), key


def own_page(node: Node) -> str:
    """The page of the thing itself, where it has one."""
    page = _PAGES.get(node.kind)
    return page % quote(node.key, safe="") if page else ""


def impact_of_noun(noun: str, key: str) -> str:
    """The page about a thing of a gap list; empty for what does not stand in the graph."""
    kind = OF_NOUN.get(noun)
    return impact_of(kind, key) if kind else ""


def word(kind: str) -> str:
    """What a thing of this kind is called."""
    return {
        "goal": _("doel"),
        "indicator": _("indicator"),
        "activity": _("activiteit"),
        "process": _("proces"),
        "need": _("behoefte"),
        "product": _("overzicht"),
        "element": _("gegeven"),
        "object": _("informatieobject"),
        "source": _("bron"),
        "link": _("koppeling"),
        "system": _("applicatie"),
        "role": _("rol"),
        "organisation": _("school of bestuur"),
        "person": _("persoon"),
    }[kind]


def many(kind: str) -> str:
    """What things of this kind are called together."""
    return {
        "goal": _("Doelen"),
        "indicator": _("Indicatoren"),
        "activity": _("Activiteiten"),
        "process": _("Processen"),
        "need": _("Behoeften"),
        "product": _("Overzichten"),
        "element": _("Gegevens"),
        "object": _("Informatieobjecten"),
        "source": _("Bronnen"),
        "link": _("Koppelingen"),
        "system": _("Applicaties"),
        "role": _("Rollen"),
        "organisation": _("Scholen"),
        "person": _("Mensen"),
    }[kind]


def counted(kind: str, count: int) -> str:
    """So many of a kind: 1 doel, 12 doelen."""
    text = {
        "goal": ngettext("%(count)s doel", "%(count)s doelen", count),
        "indicator": ngettext("%(count)s indicator", "%(count)s indicatoren", count),
        "activity": ngettext("%(count)s activiteit", "%(count)s activiteiten", count),
        "process": ngettext("%(count)s proces", "%(count)s processen", count),
        "need": ngettext("%(count)s behoefte", "%(count)s behoeften", count),
        "product": ngettext("%(count)s overzicht", "%(count)s overzichten", count),
        "element": ngettext("%(count)s gegeven", "%(count)s gegevens", count),
        "object": ngettext("%(count)s informatieobject", "%(count)s informatieobjecten", count),
        "source": ngettext("%(count)s bron", "%(count)s bronnen", count),
        "link": ngettext("%(count)s koppeling", "%(count)s koppelingen", count),
        "system": ngettext("%(count)s applicatie", "%(count)s applicaties", count),
        "role": ngettext("%(count)s rol", "%(count)s rollen", count),
        "organisation": ngettext("%(count)s school", "%(count)s scholen", count),
        "person": ngettext("%(count)s mens", "%(count)s mensen", count),
    }[kind]
    return text % {"count": figures.number(count)}


def listed(parts: Sequence[str]) -> str:
    """a, b en c."""
    if len(parts) < 2:  # noqa: PLR2004
        return "".join(parts)
    return _("%(first)s en %(last)s") % {"first": ", ".join(parts[:-1]), "last": parts[-1]}


def unheld(role: Node) -> str:
    """What is said of a role without people: nobody holds it, or it is not held by people."""
    return {"body": _("een orgaan"), "system": _("een systeem")}.get(role.state, _("niemand"))


def title_of(node: Node) -> str:
    """A thing as it is named in a title: a need by its number, for its question is long."""
    if node.kind == "need":
        return f"B-{node.pk:04d}"
    return f"‘{node.name}’" if node.kind in ("goal", "activity", "product", "element", "indicator") else node.name


# What people notice first comes first.
_FIRST = ("need", "product", "indicator", "goal")
ORDER = {kind: place for place, kind in enumerate([*_FIRST, *(kind for kind in KINDS if kind not in _FIRST)])}
