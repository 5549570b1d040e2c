"""What this room can say about a need before anyone decides: the work that it takes, and where groups are too small."""

import duckdb

from schakel.chain.assessment import Observation, part
from schakel.chain.needs import InformationNeed
from schakel.chain.realising import proposals
from schakel.distribute.entitlement import current_snapshot
from schakel.distribute.query import THRESHOLD, opened
from schakel.distribute.standing import VALID
from schakel.lib import clock
from schakel.lib.text import gettext as _
from schakel.lib.text import ngettext

# How many pupils there are in each place of a level today, and in how many of those they are fewer than the threshold.
_PLACES = {
    "group": f"SELECT group_id, count(DISTINCT pupil_id) AS n FROM membership WHERE {VALID} GROUP BY 1",
    "school": f"SELECT site_id, count(DISTINCT pupil_id) AS n FROM enrolment WHERE {VALID} GROUP BY 1",
}


@part
def _effort(need: InformationNeed) -> list[Observation]:
    """The hours that the proposed changes take together, by a first guess for each kind."""
    found = proposals(need)
    if not found:
        return [Observation("effort", "ok", _("Er hoeft niets voor te worden aangelegd."))]
    text = ngettext(
        "Naar schatting %(hours)s uur werk, in %(n)s wijziging.",
        "Naar schatting %(hours)s uur werk, in %(n)s wijzigingen.",
        len(found),
    )
    words = {"hours": sum(proposal.hours for proposal in found), "n": len(found)}
    return [Observation("effort", "warn", text % words, tuple(proposal.title for proposal in found))]


@part
def _small_groups(need: InformationNeed) -> list[Observation]:
    """In how many groups or schools there are too few pupils to show a count (law 5), by the roster of today."""
    if need.level not in _PLACES or not any(line.element.personal for line in need.elements.all()):
        return []
    places = _counted(need.level)
    if places is None:
        return []
    small, every = places
    if not small:
        return [Observation("small", "ok", _("Nergens zijn er te weinig leerlingen om een telling te tonen."))]
    text = ngettext(
        "Op %(n)s van de %(all)s plaatsen zijn minder dan %(k)s leerlingen: daar blijft een telling verborgen.",
        "Op %(n)s van de %(all)s plaatsen zijn minder dan %(k)s leerlingen: daar blijven tellingen verborgen.",
        small,
    )
    return [Observation("small", "warn", text % {"n": small, "all": every, "k": THRESHOLD})]


def _counted(level: str) -> tuple[int, int] | None:
    """(places with too few pupils, all places); None when the roster was not collected."""
    snapshot = current_snapshot()
    if snapshot is None or not snapshot.available:
        return None
    sql = f"SELECT count(*) FILTER (WHERE n < $small), count(*) FROM ({_PLACES[level]})"
    try:
        row = opened(snapshot.model).cursor.execute(sql, {"day": clock.today(), "small": THRESHOLD}).fetchone()
    except duckdb.CatalogException:  # no approved need for the roster: nobody knows (law 11)
        return None
    return (int(row[0]), int(row[1])) if row and row[1] else None
