"""Teruggegeven tijd: per need, school and role, with the assumption behind it, and the form to correct it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from schakel.access.people import Person
from schakel.access.roles import Role
from schakel.chain.needs import InformationNeed
from schakel.chain.time_returned import TimeCorrection
from schakel.distribute.delivery import Delivery
from schakel.distribute.time_returned import NeedTime, Returned, Share, returned, school_names
from schakel.lib.text import gettext as _
from schakel.lib.text import ngettext
from schakel.portal import figures, tables
from schakel.portal.pages.words import question, said
from schakel.portal.parts import Event, Events, Head, Link, Note
from schakel.portal.tables import Cell, Column, Row, Shown, Table


@dataclass(frozen=True)
class TimePage:
    """The page of all needs."""

    head: Head
    needs: Shown
    schools: Shown
    roles: Shown
    notes: Sequence[Note]


@dataclass(frozen=True)
class Correcting:
    """The page of one need: what was said, by whom, and the form."""

    head: Head
    before: str
    now: str
    said_before: Events | None
    action: str
    back: str
    may: bool


def page(query: Mapping[str, str]) -> TimePage:
    """What came back this school year."""
    found = returned()
    names = school_names()
    roles = {role.key: said(role) for role in Role.objects.all()}
    return TimePage(
        head=_head(found),
        needs=tables.shown(_needs(found.needs), query),
        schools=tables.shown(_shares(found.schools, names, _("School"), "s", _("zonder school")), query),
        roles=tables.shown(_shares(found.roles, roles, _("Rol"), "r", _("zonder rol")), query),
        notes=_unknown(found),
    )


def _head(found: Returned) -> Head:
    since = figures.full_day(found.since)
    lede = _("Sinds %(day)s, geteld uit wat echt geopend is. Klopt de aanname niet? Wie het werk doet verbetert haar.")
    if not found.minutes:
        return Head(_("Er is dit schooljaar nog geen tijd teruggekomen"), lede=lede % {"day": since})
    title = _("%(hours)s uur kwam terug voor het onderwijs") % {"hours": figures.hours(found.minutes)}
    return Head(title, lede=lede % {"day": since})


def _unknown(found: Returned) -> list[Note]:
    """What nobody said: of which needs, and what that does to the total."""
    before, now = len(found.unknown), len(found.whole)
    told = [
        (before, ngettext(
            "Van %(n)s behoefte zei nog niemand hoeveel tijd zij kostte; die telt niet mee.",
            "Van %(n)s behoeften zei nog niemand hoeveel tijd zij kostten; die tellen niet mee.",
            before,
        )),
        (now, ngettext(
            "Van %(n)s behoefte zei nog niemand hoeveel tijd zij nu kost; daar telt alle tijd van eerst.",
            "Van %(n)s behoeften zei nog niemand hoeveel tijd zij nu kosten; daar telt alle tijd van eerst.",
            now,
        )),
    ]  # fmt: skip
    return [Note(figures.capital(text % {"n": figures.counted(count)})) for count, text in told if count]


def _needs(found: Sequence[NeedTime]) -> Table:
    columns = [
        Column("need", _("Behoefte")),
        Column("before", _("Minuten eerst"), number=True),
        Column("now", _("Minuten nu"), number=True),
        Column("opened", _("Geopend"), number=True),
        Column("counted", _("Telt mee"), number=True),
        Column("hours", _("Uren terug"), number=True),
        Column("by", _("Aanname"), sorts=False),
    ]
    return Table(
        _("Tijd per behoefte"), columns, [_need(item) for item in found],
        empty=_("Er is dit schooljaar nog niets geopend. Zodra iemand een overzicht opent telt het hier mee."),
    )  # fmt: skip


def _need(item: NeedTime) -> Row:
    corrected = ngettext("%(n)s keer verbeterd", "%(n)s keer verbeterd", item.corrected)
    by = corrected % {"n": figures.number(item.corrected)} if item.corrected else _("opgegeven bij de vraag")
    known = item.before is not None or item.corrected
    return Row(
        {
            "need": tables.words(question(item.need), href=f"/behoeften/{item.need.key}", note=said(item.need.role)),
            "before": _count(item.before),
            "now": _count(item.now),
            "opened": _count(item.opened),
            "counted": _count(item.counted),
            "hours": Cell(figures.Figure(figures.hours(item.minutes)), order=item.minutes)
            if known
            else Cell(figures.unknown()),
            "by": tables.words(by, href=f"/tijd/{item.need.key}"),
        }
    )


def _count(value: int | None) -> Cell:
    return Cell(figures.unknown()) if value is None else Cell(figures.Figure(figures.number(value)), order=value)


def _shares(shares: Sequence[Share], names: Mapping[str, str], title: str, key: str, none: str) -> Table:
    rows = [
        Row(
            {
                "name": tables.words(figures.capital(names.get(share.key, share.key)) if share.key else none),
                "hours": Cell(figures.Figure(figures.hours(share.minutes)), order=share.minutes),
            }
        )
        for share in shares
    ]
    columns = [Column("name", title), Column("hours", _("Uren terug"), number=True)]
    return Table(title, columns, rows, key=key, empty=_("Nog niets."))


def correcting(person: Person, need: InformationNeed) -> Correcting:
    """The form of one need, with what this person said last, or the estimate of the need."""
    own = TimeCorrection.objects.filter(need=need, person=person).order_by("-at", "-pk").first()
    every = TimeCorrection.objects.filter(need=need).select_related("person").order_by("-at", "-pk")
    before = own.minutes_before if own else need.minutes_before
    now = own.minutes_now if own else need.minutes_now
    crumbs = [Link(_("Teruggegeven tijd"), "/tijd"), Link(need.number, f"/behoeften/{need.key}")]
    return Correcting(
        head=Head(_("Hoeveel tijd kost dit u?"), lede=question(need), crumbs=crumbs),
        before="" if before is None else str(before),
        now="" if now is None else str(now),
        said_before=Events([_said(c) for c in every]) if every else None,
        action=f"/tijd/{need.key}/verbeteren",
        back="/tijd",
        may=need.requester_id == person.pk or Delivery.objects.opened().filter(need=need, person=person).exists(),
    )


def _said(correction: TimeCorrection) -> Event:
    text = _("eerst %(before)s minuten, nu %(now)s minuten per keer") % {
        "before": figures.number(correction.minutes_before),
        "now": figures.number(correction.minutes_now),
    }
    line = f"{text}. {correction.note}".strip()
    return Event(figures.day(correction.at), correction.person.name, line)
