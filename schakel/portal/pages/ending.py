"""Before a need ends: what data will be deleted, who loses what, and the one button that does it."""

from dataclasses import dataclass

from schakel.chain.needs import InformationNeed
from schakel.distribute.ending import Ending, Loss, preview
from schakel.lib.text import gettext as _
from schakel.lib.text import ngettext
from schakel.portal import figures, tables
from schakel.portal.pages.words import element_names, question, said
from schakel.portal.parts import Door, Doors, Head, Link, Note
from schakel.portal.tables import Cell, Column, Row, Shown, Table


@dataclass(frozen=True)
class EndingPage:
    """The page: the finding, what goes, who loses what, the form."""

    head: Head
    losses: Doors | None
    going: Shown
    note: Note
    action: str
    back: str


def page(need: InformationNeed, query: dict[str, str]) -> EndingPage:
    """What ending this need would take away, now."""
    ending = preview(need)
    address = f"/behoeften/{need.key}"
    return EndingPage(
        head=_head(need, ending, address),
        losses=Doors([_loss(loss) for loss in ending.losses]) if ending.losses else None,
        going=tables.shown(_going(ending), query),
        note=_when(ending),
        action=f"{address}/eindigen",
        back=address,
    )


def _head(need: InformationNeed, ending: Ending, address: str) -> Head:
    crumbs = [Link(_("Behoeften"), "/behoeften"), Link(need.number, address), Link(_("Beëindigen"), "")]
    if not ending.going and not ending.losses:
        return Head(_("Hiermee verdwijnt er niets"), lede=question(need), crumbs=crumbs[:2])
    people = ngettext("%(n)s mens verliest iets", "%(n)s mensen verliezen iets", ending.people)
    data = ngettext("%(n)s gegeven verdwijnt", "%(n)s gegevens verdwijnen", len(ending.going))
    title = _("%(people)s, %(data)s") % {
        "people": figures.capital(people % {"n": figures.counted(ending.people)}),
        "data": data % {"n": figures.counted(len(ending.going))},
    }
    return Head(title, lede=question(need), crumbs=crumbs[:2])


def _loss(loss: Loss) -> Door:
    roles = sorted({seer.role for seer in loss.seers})
    opened = ngettext("%(n)s keer geopend in een jaar", "%(n)s keer geopend in een jaar", loss.opened) % {
        "n": figures.number(loss.opened)
    }
    count = len({seer.email.lower() for seer in loss.seers})
    seers = ngettext("%(n)s mens ziet dit nu", "%(n)s mensen zien dit nu", count) % {"n": figures.number(count)}
    line = f"{seers} ({', '.join(roles)}); {opened}." if roles else f"{opened}."
    return Door(said(loss.product), figures.capital(line), f"/overzichten/{loss.product.key}")


def _going(ending: Ending) -> Table:
    names = element_names([g.element for g in ending.going])
    rows = [
        Row(
            {
                "element": tables.words(names[g.element], note=g.element),
                "values": _values(g.values),
            }
        )
        for g in ending.going
    ]
    return Table(
        _("Gegevens die verdwijnen"),
        [Column("element", _("Gegeven")), Column("values", _("Waarden nu bewaard"), number=True)],
        rows,
        empty=_("Andere behoeften noemen alles wat deze noemt, of er is nog niets verzameld."),
    )


def _values(values: int | None) -> Cell:
    return Cell(figures.unknown()) if values is None else Cell(figures.Figure(figures.number(values)), order=values)


def _when(ending: Ending) -> Note:
    if not ending.going:
        return Note(_("De overzichten sluiten direct. Er wordt niets gewist."))
    text = _(
        "De overzichten sluiten direct. Bij de volgende ronde, binnen enkele minuten, wist Schakel %(n)s waarden. "
        "Dat is niet terug te halen: wie het toch nodig heeft, vraagt het opnieuw."
    )
    return Note(text % {"n": figures.number(ending.values)}, "warn")
