"""The gaps: where the chain is broken, how bad that is and what to do next."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from functools import partial
from urllib.parse import quote

from schakel.access.people import Person
from schakel.access.permissions import decide
from schakel.chain import gap_owners
from schakel.chain.gap_history import Known, by_id, known, trend
from schakel.chain.gaps import SEVERITIES
from schakel.chain.gaps import Gap as Found
from schakel.chain.goals import Activity, Goal
from schakel.chain.needs import InformationNeed
from schakel.lib import clock
from schakel.lib.text import gettext as _
from schakel.lib.text import ngettext
from schakel.portal import charts, figures, tables
from schakel.portal.charts import Drawing
from schakel.portal.pages import standing
from schakel.portal.pages.kinds import impact_of_noun
from schakel.portal.pages.words import element_names, severity
from schakel.portal.parts import Action, Gap, Head, Item, Link, Note, Status, Why
from schakel.portal.tables import Cell, Column, Filter, Row, Shown, Table

OWN = "u"  # in the address: what waits on who reads
_PAGES = {
    "informationneed": "/behoeften/%s",
    "source": "/bronnen/%s",
    "case": "/bevindingen/%s",
    "product": "/overzichten/%s",
    "area": "/verantwoordelijkheden/area/%s",
    "role": "/rollen/%s",
    "control": "/verantwoordelijkheden?controle=%s#controles",
}


@dataclass(frozen=True)
class BrokenChain:
    """The page with all gaps."""

    head: Head
    table: Shown
    trend: Drawing


@dataclass(frozen=True)
class GapPage:
    """One gap: what it means, since when, what to do, or to live with it for a while."""

    head: Head
    facts: Why
    trend: Drawing
    note: Note | None
    accept: str
    withdraw: str
    last: str


def gap_page(person: Person, id_: str) -> GapPage:
    """The page of the gap with this id; Unknown when it is mended."""
    item = by_id(id_)
    may = decide(person, "gap.accept").allowed
    counts = [count for _day, count in trend(item.gap.rule.id)]
    return GapPage(
        head=_gap_head(item),
        facts=_gap_facts(item),
        trend=counts_over_time(counts),
        note=_acceptance(item),
        accept=f"{own_page(item.gap)}/aanvaarden" if may and not item.accepted else "",
        withdraw=f"{own_page(item.gap)}/terug" if may and item.accepted else "",
        last=(clock.today() + timedelta(days=90)).isoformat(),
    )


def _gap_head(item: Known) -> Head:
    gap = item.gap
    page = address(gap)
    actions = [Action(str(gap.rule.action), page, main=True)] if page else []
    state = Status(_("Aanvaard"), "no", "clock") if item.accepted else severity(gap.rule.severity)
    crumbs = [Link(_("Hiaten"), "/hiaten"), Link(str(gap.rule.title), f"/hiaten?t-soort={gap.rule.id}")]
    return Head(
        f"{gap.rule.title}: {gap.thing.name}", lede=str(gap.rule.why), state=state, crumbs=crumbs, actions=actions
    )


def _gap_facts(item: Known) -> Why:
    gap = item.gap
    items = [
        Item(_("Sinds"), since(item)),
        Item(_("Wie"), gap.thing.owner or _("nog niemand: wijs een eigenaar aan")),
        Item(_("Volgende stap"), str(gap.rule.action)),
    ]
    if gap.thing.detail:
        items.append(Item(_("Het gaat om"), _named([gap])[gap.thing.detail]))
    return Why(_("Over dit hiaat"), items)


def _acceptance(item: Known) -> Note | None:
    if item.acceptance is None:
        return None
    words = {
        "name": item.acceptance.accepted_by.name,
        "day": figures.day(item.acceptance.until),
        "reason": item.acceptance.reason,
    }
    return Note(_("%(name)s aanvaardt dit tot en met %(day)s: ‘%(reason)s’") % words)


def since(item: Known) -> str:
    """Since when a gap was seen; one that the schedule has not met yet is of today."""
    return figures.day(item.since) if item.since and item.since < clock.today() else _("vandaag")


def own_page(gap: Found) -> str:
    """The address of the gap itself."""
    return f"/hiaten/{quote(gap.id, safe=':@.')}"


def counts_over_time(counts: Sequence[int]) -> Drawing:
    """Twelve weeks in a small line; the words say the same."""
    words = {"first": figures.number(counts[0]), "last": figures.number(counts[-1])}
    label = _("Van %(first)s twaalf weken geleden naar %(last)s nu") % words
    return charts.spark(counts, label)


def page(person: Person, query: Mapping[str, str]) -> BrokenChain:
    """All gaps there are now, the worst first; those that wait on this person can be taken out."""
    every = known()
    found = [item.gap for item in every if not item.accepted]
    own = gap_owners.waiting_on(person, standing.role_keys(person), [item.gap for item in every])
    counts = [count for _day, count in trend()]
    rows = table(every, {gap.id for gap in own})
    return BrokenChain(Head(title(found), lede=_lede(found)), tables.shown(rows, query), counts_over_time(counts))


def title(found: Sequence[Found]) -> str:
    """How many, and how many of them are bad."""
    bad = sum(1 for gap in found if gap.rule.severity == "high")
    if not found:
        return _("Er is nog geen keten vastgelegd") if nothing_yet() else _("De keten is heel: er zijn geen hiaten")
    text = ngettext("%(count)s hiaat in de keten", "%(count)s hiaten in de keten", len(found))
    text = text % {"count": figures.counted(len(found))}
    tail = _(", waarvan %(bad)s ernstig") % {"bad": figures.counted(bad)} if bad else _(", geen ernstige")
    return figures.capital(text + tail)


def nothing_yet() -> bool:
    """Whether the register holds no goal, no activity and no need: then nothing is broken, for there is nothing."""
    return not any(noun.objects.exists() for noun in (Goal, Activity, InformationNeed))


def _lede(found: Sequence[Found]) -> str:
    if nothing_yet():
        return _("Leg eerst doelen, activiteiten en behoeften vast, of lees een startpakket in.")
    kinds = len({gap.rule.id for gap in found})
    text = ngettext("Het gaat om %(count)s soort.", "Het gaat om %(count)s soorten.", kinds)
    why = _("Schakel rekent ze steeds opnieuw uit; wat u herstelt verdwijnt vanzelf.")
    return f"{text % {'count': figures.counted(kinds)}} {why}" if found else why


def table(found: Sequence[Known], own: Collection[str] = ()) -> Table:
    """Gaps as rows; `own` are the ids of those that wait on who reads."""
    columns = [
        Column("severity", _("Ernst")),
        Column("what", _("Wat ontbreekt")),
        Column("where", _("Waar")),
        Column("owner", _("Wie")),
        Column("since", _("Sinds"), number=True),
        Column("next", _("Volgende stap"), sorts=False),
    ]
    levels = [("", _("Elke ernst")), *((s, severity(s).word) for s in SEVERITIES)]
    details = _named([item.gap for item in found])
    kinds = sorted({(item.gap.rule.id, str(item.gap.rule.title)) for item in found}, key=lambda pair: pair[1])
    return Table(
        _("Hiaten"),
        columns,
        [_row(item, item.gap.id in own, details[item.gap.thing.detail]) for item in found],
        search=_("wat of waar"),
        filters=[
            Filter("ernst", _("Ernst"), levels),
            Filter("soort", _("Soort"), [("", _("Alle soorten")), *kinds]),
            Filter("wie", _("Wie"), [("", _("Iedereen")), (OWN, _("Wacht op u"))]),
            Filter(
                "stand", _("Stand"), [("", _("Open en aanvaard")), ("open", _("Open")), ("aanvaard", _("Aanvaard"))]
            ),
        ],
        exports=[Link(_("Spreadsheet"), "/hiaten.xlsx")],
        empty=_("Er is nog niets vastgelegd.") if nothing_yet() else _("Er ontbreekt nu niets in de keten."),
    )


def _named(gaps: Sequence[Found]) -> dict[str, str]:
    """The details of gaps, with elements by their name in the register instead of by their key."""
    details = {gap.thing.detail for gap in gaps}
    keys = {key for detail in details for key in detail.split(", ")}
    names = element_names(keys)
    return {detail: ", ".join(names[key] for key in detail.split(", ")) for detail in details}


def _row(item: Known, own: bool, detail: str) -> Row:
    rule = item.gap.rule
    order = SEVERITIES.index(rule.severity) + (len(SEVERITIES) if item.accepted else 0)
    tags = {
        "ernst": rule.severity,
        "soort": rule.id,
        "wie": OWN if own else "",
        "stand": "aanvaard" if item.accepted else "open",
    }
    return tables.later(partial(_cells, item, detail, order), tags, severity=order)


def _cells(item: Known, detail: str, order: int) -> dict[str, Cell]:
    gap = item.gap
    state = Status(_("Aanvaard"), "no", "clock") if item.accepted else severity(gap.rule.severity)
    return {
        "severity": Cell(state=state, order=order),
        "what": tables.words(str(gap.rule.title), href=own_page(gap), note=gap.rule.id),
        "where": tables.words(gap.thing.name, note=detail, href=address(gap)),
        "owner": tables.words(gap.thing.owner) if gap.thing.owner else Cell(figures.unknown()),
        "since": Cell(figures.Figure(since(item)), order=(item.since or clock.today()).isoformat()),
        "next": tables.words(str(gap.rule.action), href=address(gap) or own_page(gap)),
    }


def address(gap: Found) -> str:
    """The page where the gap can be seen, when there is one."""
    page = _PAGES.get(gap.thing.kind)
    return page % gap.thing.key if page else impact_of_noun(gap.thing.kind, gap.thing.key)


def as_part(gap: Found) -> Gap:
    """A gap for in a list on a front door."""
    state = severity(gap.rule.severity)
    line = figures.closed(gap.thing.name)
    return Gap(
        gap.rule.id,
        state.tone,
        state.word,
        str(gap.rule.title),
        line,
        Link(str(gap.rule.action), own_page(gap)),
    )


def spread(found: Sequence[Found]) -> list[Found]:
    """One of each kind, the worst first: what a front door shows, so that one kind does not hide the others."""
    first: dict[str, Found] = {}
    for gap in found:
        first.setdefault(gap.rule.id, gap)
    return list(first.values())
