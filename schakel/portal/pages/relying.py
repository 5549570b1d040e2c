"""Who relies on a source: the needs in force that take something from it, and the chain that runs through it."""

from collections.abc import Sequence

from schakel.chain.freshness import NoOlder
from schakel.collect.sources import Source
from schakel.lib.text import gettext as _
from schakel.lib.text import ngettext, worded
from schakel.operations.promises import Use
from schakel.portal import figures, tables
from schakel.portal.pages.sources import source_name
from schakel.portal.pages.words import abbreviated, question, said
from schakel.portal.parts import Chain, Station
from schakel.portal.tables import Cell, Column, Row, Table

SHOWN = 8


def chain(source: Source, uses: Sequence[Use]) -> Chain:
    """The chain through this source: counts of what rests on it."""
    needs = [use.need for use in uses]
    goals = {need.goal.key for need in needs if need.goal}
    activities = {need.activity.key for need in needs if need.activity}
    roles = {audience.role.key for need in needs for audience in need.audiences.all()}
    elements = frozenset[str]().union(*(use.elements for use in uses))
    counted = [
        (_("Doel"), ngettext("%(count)s doel", "%(count)s doelen", len(goals)), len(goals)),
        (_("Activiteit"), ngettext("%(count)s activiteit", "%(count)s activiteiten", len(activities)), len(activities)),
        (_("Behoefte"), ngettext("%(count)s behoefte", "%(count)s behoeften", len(needs)), len(needs)),
        (_("Gegevens"), ngettext("%(count)s gegeven", "%(count)s gegevens", len(elements)), len(elements)),
    ]
    stations = [_station(*each) for each in counted]
    stations.append(Station(_("Bron"), abbreviated(source_name(source)), "here"))
    stations.append(
        _station(_("Voorziening"), ngettext("%(count)s overzicht", "%(count)s overzichten", len(needs)), len(needs))
    )
    stations.append(_station(_("Persoon"), ngettext("%(count)s rol", "%(count)s rollen", len(roles)), len(roles)))
    return Chain(stations)


def table(uses: Sequence[Use], *, kept: bool = False) -> Table:
    """The needs, those that ask soonest first. `kept`: something of the source was kept, whoever asks for it."""
    empty = _("Geen enkele goedgekeurde behoefte rust op deze bron. Er wordt niets van bewaard.")
    if kept:
        empty = _(
            "Wat hier binnenkomt telt mee, maar bij geen van deze gegevens staat dat ze uit deze applicatie komen. "
            "Klopt de applicatie van deze bron?"
        )
    columns = [
        Column("need", _("Behoefte"), wide=True),
        Column("fresh", _("Hoe vers")),
        Column("elements", _("Gegevens"), number=True),
        Column("roles", _("Voor wie"), sorts=False),
    ]
    return Table(
        _("Wie hierop rekent"),
        columns,
        [_row(use) for use in uses],
        key="w",
        order="fresh",
        size=SHOWN,
        empty=empty,
    )


def _row(use: Use) -> Row:
    need = use.need
    roles = sorted({said(audience.role) for audience in need.audiences.all()})
    fresh = worded(need, "freshness")
    note = "" if use.rule is not None else _("hierin staat geen moment")
    return Row(
        {
            "need": tables.words(question(need), href=f"/behoeften/{need.key}", note=need.number),
            "fresh": Cell(figures.Figure(fresh), order=(_strictness(use), need.pk), note=note),
            "elements": Cell(figures.figure(len(use.elements)), order=len(use.elements)),
            "roles": tables.words(", ".join(roles)),
        }
    )


def _strictness(use: Use) -> float:
    """What asks soonest first: by a moment, then by age, then what names no moment."""
    if use.rule is None:
        return float("inf")
    return use.rule.age.total_seconds() if isinstance(use.rule, NoOlder) else 0.0


def _station(kind: str, text: str, count: int) -> Station:
    return Station(kind, text % {"count": figures.number(count)}, "done" if count else "gap")
