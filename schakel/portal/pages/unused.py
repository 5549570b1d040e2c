"""Needs that nobody uses, proposed for ending: why, who would lose what, and the way to the preview."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from schakel.distribute import unused
from schakel.distribute.unused import Proposal, Unused
from schakel.lib.text import gettext as _
from schakel.lib.text import ngettext, number
from schakel.portal import figures, tables
from schakel.portal.pages.words import question, said
from schakel.portal.parts import Action, Head, Link, Note
from schakel.portal.tables import Cell, Column, Row, Shown, Table

ADDRESS = "/ongebruikte-behoeften"


@dataclass(frozen=True)
class UnusedPage:
    """The page: the finding, the list, how Schakel judges."""

    head: Head
    table: Shown
    rule: Note


def page(query: Mapping[str, str]) -> UnusedPage:
    """Everything that is proposed for ending now."""
    found = unused.proposals()
    return UnusedPage(_head(found), tables.shown(_table(found), query), Note(_rule(), strong=_("Zo telt Schakel.")))


def title(count: int) -> str:
    """How many needs nobody uses, as a finding."""
    text = ngettext("%(count)s behoefte gebruikt niemand", "%(count)s behoeften gebruikt niemand", count)
    return figures.capital(text % {"count": figures.counted(count)}) if count else _("Elke behoefte wordt gebruikt")


def _head(found: Sequence[Proposal]) -> Head:
    crumbs = [Link(_("Behoeften"), "/behoeften"), Link(_("Ongebruikt"), ADDRESS)]
    if not found:
        return Head(title(0), lede=_("Er is nu niets om te beëindigen."), crumbs=crumbs)
    elements = frozenset().union(*(each.elements for each in found))
    text = ngettext(
        "Schakel bewaart er %(n)s gegeven voor dat geen andere behoefte noemt.",
        "Schakel bewaart er %(n)s gegevens voor die geen andere behoefte noemt.",
        len(elements),
    )
    lede = text % {"n": figures.counted(len(elements))} if elements else ""
    ask = _("Kijk per behoefte wat beëindigen doet, en kies dan. Er gebeurt niets vanzelf.")
    return Head(title(len(found)), lede=f"{lede} {ask}".strip(), crumbs=crumbs)


def _rule() -> str:
    return _(
        "Een behoefte staat hier als zij in gebruik is en niemand haar overzicht opende in drie keer haar ritme: ten "
        "minste acht weken, want dan is een zomervakantie voorbij, en hoogstens een jaar. Laat het ritme zich niet "
        "tellen, dan wacht Schakel een jaar. Wat korter loopt, of pas bij een herziening is gehouden, staat er niet "
        "bij; ook het rooster niet waarmee Schakel zelf bij elke levering nagaat wie wat mag zien. Een regel op een "
        "voordeur of een brief per mail is geleverd, niet geopend."
    )


def _table(found: Sequence[Proposal]) -> Table:
    columns = [
        Column("need", _("Behoefte")),
        Column("why", _("Waarom")),
        Column("people", _("Wie verliest wat")),
        Column("elements", _("Gegevens weg"), number=True),
        Column("hours", _("Kost nog"), number=True),
        Column("next", _("Volgende stap"), sorts=False),
    ]
    return Table(
        _("Behoeften die niemand gebruikt"), columns, [_row(each) for each in found],
        search=_("vraag of nummer"), empty=_("Van elke behoefte in gebruik is het overzicht op tijd geopend."),
    )  # fmt: skip


def _row(each: Proposal) -> Row:
    need = each.unused.need
    address = f"/behoeften/{need.key}"
    products = ", ".join(said(loss.product) for loss in each.losses)
    return Row(
        {
            "need": tables.words(question(need), href=address, note=f"{need.number} · {said(need.role)}"),
            "why": Cell(figures.Figure(why(each.unused)), order=(each.unused.opened or each.unused.since).isoformat()),
            "people": Cell(figures.Figure(_people(each.people)), order=each.people, note=products),
            "elements": Cell(figures.Figure(figures.number(len(each.elements))), order=len(each.elements)),
            "hours": _hours(each.unused.hours),
            "next": Cell(action=Action(_("Bekijk gevolgen"), f"{address}/beeindigen", small=True)),
        }
    )


def why(found: Unused) -> str:
    """In which way nobody uses it: a sentence for each."""
    since = {"day": figures.day(found.since), "n": figures.number(found.delivered)}
    if found.how == "no_product":
        return _("In gebruik sinds %(day)s, maar er is geen overzicht: niemand kan het antwoord zien.") % since
    if found.how == "never":
        return _("In gebruik sinds %(day)s en nog nooit geleverd.") % since
    if found.how == "unopened":
        text = ngettext(
            "%(n)s keer geleverd op een voordeur of per mail, nog nooit geopend.",
            "%(n)s keer geleverd op een voordeur of per mail, nog nooit geopend.",
            found.delivered,
        )
        return text % since
    return _("Voor het laatst geopend op %(day)s.") % {"day": figures.day(found.opened or found.since)}


def _people(count: int) -> str:
    text = ngettext("%(n)s mens", "%(n)s mensen", count)
    return text % {"n": figures.number(count)} if count else _("niemand")


def _hours(hours: float | None) -> Cell:
    """Hours a year; nobody said is not none."""
    if hours is None:
        return Cell(figures.unknown())
    shown = number(hours, 1) if 0 < hours < 10 else figures.number(round(hours))  # noqa: PLR2004
    return Cell(figures.Figure(_("%(hours)s uur per jaar") % {"hours": shown}), order=hours)
