"""What day and time it is: the one place that is asked, so that a test or a re-run can hold it still."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from schakel.lib.errors import SchakelError
from schakel.lib.text import gettext as _

AMSTERDAM = ZoneInfo("Europe/Amsterdam")
_held: ContextVar[datetime | None] = ContextVar("held", default=None)


def now() -> datetime:
    """The moment, in Dutch time. `SCHAKEL_TODAY=YYYY-MM-DD` holds the day for demonstrations."""
    held = _held.get()
    if held is not None:
        return held
    day = os.environ.get("SCHAKEL_TODAY")
    moment = datetime.now(AMSTERDAM)
    return datetime.combine(_named(day), moment.timetz()) if day else moment


def _named(day: str) -> date:
    try:
        return date.fromisoformat(day)
    except ValueError:
        text = _("SCHAKEL_TODAY is '%(day)s'; het moet een dag zijn als 2026-11-23.")
        raise SchakelError(text % {"day": day}, code="setting") from None


def today() -> date:
    """The day, in Dutch time."""
    return now().date()


def day_of(moment: datetime) -> date:
    """The day of a moment, in Dutch time: half past midnight in Amsterdam is still yesterday in a database."""
    return (moment.astimezone(AMSTERDAM) if moment.tzinfo else moment).date()


@contextmanager
def held_at(day: date | datetime) -> Iterator[None]:
    """Hold the clock still inside a `with` block."""
    moment = day if isinstance(day, datetime) else datetime.combine(day, datetime.min.time(), AMSTERDAM)
    token = _held.set(moment)
    try:
        yield
    finally:
        _held.reset(token)


def school_year(day: date) -> str:
    """The school year a day lies in, 1 August to 31 July, written as `2026-2027`."""
    start = day.year if day.month >= 8 else day.year - 1  # noqa: PLR2004
    return f"{start}-{start + 1}"


def school_year_start(day: date) -> date:
    """1 August of the school year that the day lies in."""
    return date(int(school_year(day)[:4]), 8, 1)


def days_ago(days: int) -> date:
    """The day so many days before today."""
    return today() - timedelta(days=days)
