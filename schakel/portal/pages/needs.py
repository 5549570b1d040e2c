"""The needs: all of them in one table, with their state, their owner and who moves next."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from functools import partial

from django.db.models import Max, OuterRef, Subquery
from django.db.models.functions import Coalesce, Greatest

from schakel.access.people import Person
from schakel.chain.approvals import NeedVersion
from schakel.chain.needs import STATES, InformationNeed
from schakel.lib import clock
from schakel.lib.text import gettext as _
from schakel.lib.text import ngettext
from schakel.portal import figures, tables
from schakel.portal.pages.next_steps import Mover, mover
from schakel.portal.pages.words import question, said, short, state_of, state_word
from schakel.portal.parts import Action, Head, Link, Tile, Tiles
from schakel.portal.tables import Cell, Column, Filter, Row, Shown, Table

MOVING_SHOWN = 7
WAITING = ("asked", "assessed", "under_review")


@dataclass(frozen=True)
class Needs:
    """The page with all needs."""

    head: Head
    tiles: Tiles
    table: Shown


def page(person: Person, query: Mapping[str, str]) -> Needs:
    """All needs that were ever asked, newest change first."""
    found = list(changed(InformationNeed.objects.all()))
    return Needs(_head(found), tiles(found), tables.shown(table(person, found), query))


def changed(needs: Iterable[InformationNeed]) -> Iterable[InformationNeed]:
    """Needs with the moment of their last change and who wrote their text, in a fixed number of queries."""
    # Thousands of needs share their roles, owners and activities: those are fetched once each.
    query = needs.prefetch_related("role", "owner", "owner_role", "requester", "activity__goal")  # type: ignore[attr-defined]
    written = Max("versions__written_at")
    decided = Coalesce(Max("approvals__at"), written)
    last = NeedVersion.objects.filter(need=OuterRef("pk")).order_by("-number").values("written_by")[:1]
    found = query.annotate(changed_at=Greatest(written, decided), writer=Subquery(last))
    return found.order_by("-changed_at", "key")  # type: ignore[no-any-return]


def changed_at(need: InformationNeed) -> datetime:
    """The last change of a need that came from `changed`."""
    moment: datetime | None = getattr(need, "changed_at", None)
    return moment or need.asked_at


def _head(needs: Sequence[InformationNeed]) -> Head:
    waiting = sum(1 for need in needs if need.state in WAITING)
    live = sum(1 for need in needs if need.state == "live")
    title = (
        ngettext("%(count)s behoefte wacht op een stap", "%(count)s behoeften wachten op een stap", waiting)
        if waiting
        else _("Geen enkele behoefte wacht op een stap")
    )
    lede = ngettext("%(live)s behoefte is in gebruik.", "%(live)s behoeften zijn in gebruik.", live)
    text = _("Een behoefte is een vraag van een rol. Alleen een goedgekeurde behoefte laat gegevens bewegen.")
    return Head(
        figures.capital(title % {"count": figures.counted(waiting)}),
        lede=f"{lede % {'live': figures.capital(figures.counted(live))}} {text}",
        actions=[Action(_("Bekijk startpakketten"), "/startpakketten")],
    )


def tiles(needs: Sequence[InformationNeed]) -> Tiles:
    """How many needs there are in each state, with a consequence."""
    by_state = {state: [n for n in needs if n.state == state] for state in STATES}
    shown = ("asked", "assessed", "approved", "being_realised", "live", "under_review")
    return Tiles(
        [
            Tile(
                state_word(state),
                figures.number(len(by_state[state])),
                _consequence(state, by_state[state]),
                f"/behoeften?t-stand={state}",
            )
            for state in shown
            if state not in ("being_realised", "approved") or by_state[state] or state == "approved"
        ]
    )


def _consequence(state: str, needs: Sequence[InformationNeed]) -> str:
    if not needs:
        return _("nu geen")
    if state == "asked":
        lost = sum(1 for n in needs if n.owner_id is None and n.owner_role_id is None)
        return _("%(count)s zonder eigenaar") % {"count": lost} if lost else _("wachten op beoordeling")
    if state == "live":
        people = sum(n.people or 0 for n in needs)
        return _("voor %(people)s mensen") % {"people": figures.number(people)}
    return {
        "assessed": _("wachten op besluit"),
        "approved": _("nog niet begonnen"),
        "being_realised": _("wachten op ict"),
        "under_review": _("lopen intussen door"),
    }[state]


def table(person: Person, needs: Sequence[InformationNeed], caption: str = "") -> Table:
    """Needs as rows, with the next step in the words of who reads it."""
    reader = mover(person)
    columns = [
        Column("need", _("Behoefte")),
        Column("state", _("Stand")),
        Column("owner", _("Eigenaar")),
        Column("changed", _("Laatst gewijzigd"), number=True),
        Column("next", _("Volgende stap"), sorts=False),
    ]
    states = Filter("stand", _("Stand"), [("", _("Alle standen")), *((s, state_word(s)) for s in STATES)])
    roles = sorted({(n.role.key, figures.capital(said(n.role))) for n in needs}, key=lambda pair: pair[1])
    return Table(
        caption or _("Behoeften"),
        columns,
        [_row(reader, need) for need in needs],
        order="-changed",
        search=_("vraag, rol of nummer"),
        filters=[states, Filter("rol", _("Rol"), [("", _("Alle rollen")), *roles])],
        exports=[Link(_("Spreadsheet"), "/behoeften.xlsx")],
        empty=_("Nog niemand heeft een vraag gesteld. Een startpakket brengt de eerste mee."),
    )


def moving(person: Person, needs: Sequence[InformationNeed]) -> Table:
    """The needs that are on their way, for on a front door: no choices above it, the rest is one tap away."""
    found = [need for need in needs if need.state not in ("live", "ended", "refused")][:MOVING_SHOWN]
    whole = table(person, found, _("Behoeften in beweging"))
    empty = _("Alle behoeften zijn in gebruik of klaar.") if needs else whole.empty
    return replace(whole, search="", filters=(), exports=(), empty=empty)


def _row(reader: Mover, need: InformationNeed) -> Row:
    tags, state = {"stand": need.state, "rol": need.role.key}, STATES.index(need.state)
    return tables.later(partial(_cells, reader, need), tags, state=state, changed=changed_at(need).isoformat())


def _cells(reader: Mover, need: InformationNeed) -> dict[str, Cell]:
    owner = short(need.owner) or said(need.owner_role)
    moment = changed_at(need)
    href = f"/behoeften/{need.key}"
    note = f"{need.number} · {said(need.role)}"
    return {
        "need": tables.words(question(need), href=href, note=note),
        "state": Cell(state=state_of(need), order=STATES.index(need.state)),
        "owner": tables.words(owner) if owner else Cell(figures.Figure(_("niet toegewezen"), "unknown")),
        "changed": Cell(figures.Figure(figures.day(moment)), order=moment.isoformat()),
        "next": Cell(figures.Figure(reader.next_step(need)), href=href if need.state in WAITING else ""),
    }


def waits(need: InformationNeed) -> str:
    """Since when a need waits for its next step."""
    day = clock.day_of(changed_at(need))
    if day >= clock.today():
        return _("sinds vandaag")
    return _("wacht %(age)s") % {"age": figures.age(day)}
