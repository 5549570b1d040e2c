"""Figures of periods that are over stay, also when the sources no longer tell enough to compute them.

A pupil administration delivers the school year that runs, a timetable the weeks around today. What was known of a
period once it was over is its figure from then on, with the day on which it was known; else each new school year
would take the course of the years before it away, or judge them by the pupils who stayed.
"""

from collections.abc import Collection, Iterable, Sequence
from datetime import date

from schakel.lib import clock
from schakel.steer.judging import last_day
from schakel.steer.values import Value

YEARS = 3  # school years before the one that runs: as long as the figures of the goals are kept


def with_earlier(
    found: Sequence[Value], before: Iterable[Value], sites: Collection[str] | None, today: date
) -> tuple[list[Value], int]:
    """The figures of one indicator as computed today, with those of earlier that stay; how many stay.

    `before` are its figures in the snapshot before this one, `sites` the schools of today as far as they are known.
    """
    figures = {_place(value): value for value in found}
    stayed = 0
    for value in before:
        if _may_stay(value, sites, today) and _better_known(value, figures.get(_place(value)), today):
            figures[_place(value)] = value
            stayed += 1
    return list(figures.values()), stayed


def _place(value: Value) -> tuple[str | None, str]:
    return value.site_id, value.period


def _may_stay(value: Value, sites: Collection[str] | None, today: date) -> bool:
    """Whether a figure is of a school of ours and was known once its period was over, not too many years ago.

    What was published today can still be put right today.
    """
    gone = sites is not None and value.site_id is not None and value.site_id not in sites
    if value.numerator is None or gone:
        return False
    ended = last_day(value.period)
    first = clock.school_year_start(today)
    return first.replace(year=first.year - YEARS) <= ended < value.snapshot_on < today


def _better_known(before: Value, now: Value | None, today: date) -> bool:
    """Whether more was known then: there is no figure now, or one of fewer people once its school year is over.

    Within the school year what is repaired at the source counts, whichever way it goes.
    """
    if now is None or now.numerator is None:
        return True
    if before.people is None or now.people is None:
        return False
    return now.people < before.people and last_day(before.period) < clock.school_year_start(today)
