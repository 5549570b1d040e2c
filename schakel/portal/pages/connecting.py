"""A new source that Schakel fetches itself: which kind, what is in it, and then everything about it on one form."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from schakel.chain.systems import System
from schakel.connectors.mapped_layout import Mapping as FileMapping
from schakel.connectors.mapped_layout import mappings
from schakel.connectors.targets import Target, target, targets
from schakel.lib.text import gettext as _
from schakel.lib.text import worded
from schakel.portal.inputs import Group, Input
from schakel.portal.pages import ways
from schakel.portal.parts import Door, Doors, Head, Link, Note

HERE = "/bronnen/aansluiten"
_WHOLE = {"oneroster": "OneRoster", "edexml": "EDEXML"}  # layouts that are recognised by what is in them


@dataclass(frozen=True)
class Connecting:
    """The page: first the kinds, then what it holds, then the form."""

    head: Head
    note: Note | None
    doors: Doors | None
    kind: str
    holds: Input | None
    held: str
    groups: Sequence[Group]


def page(
    kind: str, held: str, needed: Mapping[str, Mapping[str, frozenset[str]]], *,
    given: Mapping[str, str] | None = None, wrong: str = "", fields: Mapping[str, str] | None = None,
) -> Connecting:  # fmt: skip
    """The page with what was chosen so far."""
    chosen = kind if kind in ways.kinds() else ""
    options = _asked_first(holdings(chosen), needed) if chosen in ways.NAMED else holdings(chosen)
    known = held if held in dict(options) else ""
    holds = Input("gegevens", _("Wat erin staat"), known, options=[("", _("Kies")), *options], needed=True)
    return Connecting(
        head=_head(chosen),
        note=Note(wrong, "bad") if wrong else None,
        doors=None if chosen else Doors([Door(*words, f"{HERE}?soort={key}") for key, words in ways.kinds().items()]),
        kind=chosen,
        holds=holds if chosen and chosen != "oneroster-rest" else None,
        held=known,
        groups=_groups(chosen, known, needed, given, fields or {}) if known else [],
    )


def holdings(kind: str) -> list[tuple[str, str]]:
    """What a source of this kind can hold: a relation by declaration, or a layout of files."""
    if kind in ways.DECLARED:
        return [(each.key, each.title) for each in targets()]
    if kind == "oneroster-rest":
        return [("oneroster", "OneRoster")]
    if kind in ways.NAMED:
        return [*_WHOLE.items(), *((each.layout.name, each.layout.title) for each in mappings())]
    return []


def _asked_first(options: list[tuple[str, str]], needed: Mapping[str, object]) -> list[tuple[str, str]]:
    """First what approved needs ask for; of the rest, that nobody does: of such a file nothing would be kept."""
    unasked = _("%(title)s (vraagt niemand)")
    rest = [(layout, unasked % {"title": title}) for layout, title in options if layout not in needed]
    return [*(each for each in options if each[0] in needed), *rest]


def pattern_of(layout: str) -> str:
    """How the files of a layout are called, where that is how they are known."""
    known = _known(layout)
    return known.pattern if known else ""


def fits(layout: str, pattern: str) -> bool:
    """Whether files that are called like this are known as the layout, where its files are known by their names."""
    known, name = _known(layout), pattern.replace("*", "1")
    return known is None or known.fits(name) or known.fits_as_workbook(name)


def _known(layout: str) -> FileMapping | None:
    return next((each for each in mappings() if each.layout.name == layout), None)


def target_of(kind: str, held: str) -> Target | None:
    """What the columns of a declared source become."""
    return target(held) if kind in ways.DECLARED else None


def _groups(
    kind: str, held: str, needed: Mapping[str, Mapping[str, frozenset[str]]], given: Mapping[str, str] | None,
    wrong: Mapping[str, str],
) -> list[Group]:  # fmt: skip
    filled = given if given is not None else ways.defaults(kind) | {"pattern": pattern_of(held)}
    what = target_of(kind, held)
    named = needed.get(what.layout, {}).get(what.relation, frozenset()) if what else frozenset[str]()
    systems = [("", _("Kies")), *((each.key, worded(each, "name")) for each in System.objects.order_by("name"))]
    name = Input(
        "name", _("Naam"), filled.get("name", ""), hint=_("Zoals Verzuim uit de leerlingadministratie"), needed=True,
        most=120, error=wrong.get("name", ""),
    )  # fmt: skip
    system = Input(
        "system", _("Uit welke applicatie"), filled.get("system", ""), options=systems, error=wrong.get("system", "")
    )
    first = Group(_("De bron"), [name, system])
    return [first, *ways.groups(kind, filled, known=False, target=what, needed=named, wrong=wrong)]


def _head(kind: str) -> Head:
    crumbs = [Link(_("Bronnen"), "/bronnen"), Link(_("Sluit een bron aan"), HERE)]
    if not kind:
        lede = _("Schakel haalt de gegevens dan zelf op, en vraagt alleen wat een goedgekeurde behoefte noemt.")
        return Head(_("Waar staan de gegevens?"), lede=lede, crumbs=crumbs)
    title, line = ways.kinds()[kind]
    return Head(_("Sluit aan: %(kind)s") % {"kind": title}, lede=line, crumbs=crumbs)
