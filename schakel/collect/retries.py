"""Trying again by itself: only where the error says that it can help, after growing waits, and not for ever."""

from datetime import datetime, timedelta

from schakel.collect.runs import Run
from schakel.lib import clock
from schakel.lib.errors import SchakelError

WAITS = (timedelta(minutes=5), timedelta(minutes=15), timedelta(hours=1), timedelta(hours=4))
AT_ONCE = timedelta(0)  # a full disk or a lack of memory here: the next round looks again first
DAY = timedelta(days=1)


def can_help(error: Exception) -> bool:
    """Whether the same reading can succeed later. What this machine could not do is not said by anybody: it can."""
    return error.retry if isinstance(error, SchakelError) else True


def next_try(run: Run, error: Exception, *, served: bool) -> datetime | None:
    """When a reading that failed now is tried again; None when that does not help, or it was tried often enough.

    `served` is read from a server, which may ask to wait longer, a day at most. A source without a schedule is looked
    at again the day after: nothing else would wake it.
    """
    if not can_help(error):
        return None
    waits = WAITS if served else (AT_ONCE, *WAITS)
    if run.attempt <= len(waits):
        wait = waits[run.attempt - 1]
    elif run.source.cron:
        return None
    else:
        wait = DAY
    asked = error.wait if isinstance(error, SchakelError) else 0.0
    return clock.now() + max(wait, min(timedelta(seconds=asked), DAY))
