"""The gaps: where the chain is broken, how bad that is and what to do next."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from schakel.chain.gaps import SEVERITIES, find_all
from schakel.chain.gaps import Gap as Found
from schakel.lib.text import gettext as _
from schakel.lib.text import ngettext
from schakel.portal import figures, tables
from schakel.portal.pages import kinds
from schakel.portal.pages.words import severity
from schakel.portal.parts import Gap, Head, Link
from schakel.portal.tables import Cell, Column, Filter, Row, Shown, Table

_PAGES = {"informationneed": "/behoeften/%s", "source": "/bronnen/%s"}


@dataclass(frozen=True)
class BrokenChain:
    """The page with all gaps."""

    head: Head
    table: Shown


def page(query: Mapping[str, str]) -> BrokenChain:
    """All gaps there are now, the worst first."""
    found = find_all()
    return BrokenChain(Head(title(found), lede=_lede(found)), tables.shown(table(found), query))


def title(found: Sequence[Found]) -> str:
    """How many, and how many of them are bad."""
    bad = sum(1 for gap in found if gap.rule.severity == "high")
    if not found:
        return _("De keten is heel: er zijn geen hiaten")
    text = ngettext("%(count)s hiaat in de keten", "%(count)s hiaten in de keten", len(found))
    text = text % {"count": figures.counted(len(found))}
    tail = _(", waarvan %(bad)s ernstig") % {"bad": figures.counted(bad)} if bad else _(", geen ernstige")
    return figures.capital(text + tail)


def _lede(found: Sequence[Found]) -> str:
    kinds = len({gap.rule.id for gap in found})
    text = ngettext("Het gaat om %(count)s soort.", "Het gaat om %(count)s soorten.", kinds)
    why = _("Schakel rekent ze steeds opnieuw uit; wat u herstelt verdwijnt vanzelf.")
    return f"{text % {'count': figures.counted(kinds)}} {why}" if found else why


def table(found: Sequence[Found]) -> Table:
    """Gaps as rows."""
    columns = [
        Column("severity", _("Ernst")),
        Column("what", _("Wat ontbreekt")),
        Column("where", _("Waar")),
        Column("owner", _("Wie")),
        Column("next", _("Volgende stap"), sorts=False),
    ]
    levels = [("", _("Elke ernst")), *((s, severity(s).word) for s in SEVERITIES)]
    kinds = sorted({(gap.rule.id, str(gap.rule.title)) for gap in found}, key=lambda pair: pair[1])
    return Table(
        _("Hiaten"),
        columns,
        [_row(gap) for gap in found],
        search=_("wat of waar"),
        filters=[
            Filter("ernst", _("Ernst"), levels),
            Filter("soort", _("Soort"), [("", _("Alle soorten")), *kinds]),
        ],
        exports=[Link(_("Spreadsheet"), "/hiaten.xlsx")],
        empty=_("Er ontbreekt nu niets in de keten."),
    )


def _row(gap: Found) -> Row:
    state = severity(gap.rule.severity)
    return Row(
        {
            "severity": Cell(state=state, order=SEVERITIES.index(gap.rule.severity)),
            "what": tables.words(str(gap.rule.title), note=gap.rule.id),
            "where": tables.words(gap.thing.name, note=gap.thing.detail, href=address(gap)),
            "owner": tables.words(gap.thing.owner) if gap.thing.owner else Cell(figures.unknown()),
            "next": tables.words(str(gap.rule.action)),
        },
        {"ernst": gap.rule.severity, "soort": gap.rule.id},
    )


def address(gap: Found) -> str:
    """The page where the gap can be seen, when there is one."""
    page = _PAGES.get(gap.thing.kind)
    return page % gap.thing.key if page else kinds.impact_of_noun(gap.thing.kind, gap.thing.key)


def as_part(gap: Found) -> Gap:
    """A gap for in a list on a front door."""
    state = severity(gap.rule.severity)
    line = gap.thing.name if gap.thing.name.endswith("?") else f"{gap.thing.name}."
    return Gap(
        gap.rule.id,
        state.tone,
        state.word,
        str(gap.rule.title),
        line,
        Link(str(gap.rule.action), address(gap) or "/hiaten"),
    )


def spread(found: Sequence[Found]) -> list[Found]:
    """One of each kind, the worst first: what a front door shows, so that one kind does not hide the others."""
    first: dict[str, Found] = {}
    for gap in found:
        first.setdefault(gap.rule.id, gap)
    return list(first.values())
