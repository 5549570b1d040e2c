"""The gaps that wait on one person, as a front door shows them: the worst few, each with its next step."""

from dataclasses import dataclass

from schakel.access.people import Person
from schakel.chain import gap_history, gap_owners
from schakel.chain.gaps import SEVERITIES, Gap
from schakel.lib.text import gettext as _
from schakel.portal import figures
from schakel.portal.pages import broken_chain, standing
from schakel.portal.parts import Gaps, Link

MOST = 3


@dataclass(frozen=True)
class OwnGaps:
    """The few that are shown (None when there are none), how many there are, and where the whole list is."""

    gaps: Gaps | None
    count: str
    all: Link
    none: str


def of(person: Person) -> OwnGaps:
    """What this person, by name or by a role of today, can do something about."""
    found = gap_owners.waiting_on(person, standing.role_keys(person), gap_history.find_open())
    shown = [broken_chain.as_part(gap) for gap in _few(found)]
    everything = Link(_("Alle hiaten"), "/hiaten")
    return OwnGaps(
        gaps=Gaps(shown) if shown else None,
        count=figures.number(len(found)) if found else "",
        all=Link(_("Al uw hiaten"), f"/hiaten?t-wie={broken_chain.OWN}") if found else everything,
        none=_("Er is nu geen hiaat in de keten waar u iets aan kunt doen."),
    )


def _few(found: list[Gap]) -> list[Gap]:
    """The worst first, and as many kinds as fit, so that one kind does not hide the others."""
    kinds = broken_chain.spread(found)
    rest = [gap for gap in found if gap not in kinds]
    return sorted((kinds + rest)[:MOST], key=lambda gap: SEVERITIES.index(gap.rule.severity))
