"""Up to which day it is known what happened: the day on which it was last delivered, school by school.

Where several sources fill one table (a package for each sector), those that tell of a school say up to which day it is
known there; of a school that none tells of, and of the board as a whole, that is the day of the last of them.
"""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any


@dataclass(frozen=True)
class Until:
    """A day, and the sites of which it is another day."""

    day: date
    of: Mapping[str, date] = field(default_factory=dict)

    def at(self, site_id: str | None) -> date:
        """The day of one site, or of the board as a whole."""
        return self.of.get(site_id or "", self.day)

    @property
    def days(self) -> frozenset[date]:
        """Every day that there is."""
        return frozenset({self.day, *self.of.values()})

    def described(self) -> dict[str, Any]:
        """As a manifest tells it: `until`, and where there are any `until_of` by site."""
        of = {site: day.isoformat() for site, day in sorted(self.of.items())}
        return {"until": self.day.isoformat(), **({"until_of": of} if of else {})}


def of_table(sources: Iterable[str], sites: Mapping[str, Collection[str]], delivered: Mapping[str, date]) -> Until:
    """Of one table: of the sources that fill it, the sites of each, and the day on which each last delivered.

    A source that tells of no site while others do has no rows in this table, and says nothing of its day.
    """
    day = max(delivered[source] for source in (sites or sources))
    of: dict[str, date] = {}
    for source, told in sites.items():
        for site in told:
            of[site] = max(of.get(site, date.min), delivered[source])
    return Until(day, {site: known for site, known in of.items() if known != day})


def earliest(tables: Iterable[Until], today: date) -> Until:
    """What is known of all of these tables together, and never after today."""
    every = [Until(today), *tables]
    day = min(each.day for each in every)
    of = {site: min(each.at(site) for each in every) for site in {site for each in every for site in each.of}}
    return Until(day, {site: known for site, known in of.items() if known != day})


def read(told: Mapping[str, Any], published: str) -> Until:
    """What a manifest tells of an indicator; an older Schakel said nothing, and computed it for the day itself."""
    of = {site: date.fromisoformat(day) for site, day in told.get("until_of", {}).items()}
    return Until(date.fromisoformat(told.get("until", published)), of)
