"""Which reading of a source is due now: one of its schedule, one that is tried again, or the next look."""

from datetime import datetime, timedelta

from schakel.collect.connections import Connection, next_at
from schakel.collect.holidays import Calendar
from schakel.collect.retries import WAITS
from schakel.collect.runs import Plan, Run
from schakel.collect.schedules import schedule_of
from schakel.collect.sources import Source
from schakel.lib import clock

GRACE = timedelta(hours=2)  # after a moment of the schedule, before its data is late


def due(source: Source, connection: Connection | None = None, file_name: str = "") -> Plan | None:
    """The reading that is due by itself now; None when there is none. `file_name` is the newest in the inbox.

    A moment of the schedule stays due until a reading began after it: of a file that comes late, when it comes.
    """
    now = clock.now()
    last: Run | None = source.runs.finished().first()
    planned = planned_for(source, last, now)
    if planned is not None:
        return Plan(planned)
    if last is None:
        return None if source.cron else Plan()
    again = again_at(last, served=connection is not None)
    if again is not None and again <= now:
        return Plan(last.planned_for, last.attempt + 1)
    if source.cron:
        return None
    if connection is not None:
        return Plan() if next_at(connection, last.started_at) <= now else None
    return Plan() if again is None or file_name != last.file_name else None


def planned_for(source: Source, last: Run | None, now: datetime, known: Calendar | None = None) -> datetime | None:
    """The moment of the schedule that came, since it was set, and for which nothing was read yet."""
    schedule = schedule_of(source, known)
    moment = schedule.last_until(now) if schedule else None
    if moment is None or (source.scheduled_at and moment <= source.scheduled_at):
        return None
    return moment if last is None or last.started_at < moment else None


def again_at(last: Run, *, served: bool) -> datetime | None:
    """When a reading that did not end well is tried again. What was killed is taken up at once; a server waits."""
    if last.state == "interrupted":
        return last.started_at + WAITS[0] if served else last.started_at
    return last.retry_at


def is_late(source: Source, delivered: Run | None, known: Calendar | None = None) -> bool:
    """Whether data is older than agreed: a moment of the schedule passed without any, or so many hours did.

    `delivered` is the last reading that brought data; `known` saves looking up the board's free days again.
    """
    if delivered is None:
        return True
    if source.cron:
        return planned_for(source, delivered, clock.now() - GRACE, known) is not None
    return delivered.started_at < clock.now() - timedelta(hours=source.expected_hours)


def soonest(sources: list[Source]) -> datetime | None:
    """The first moment at which one of these is due by its schedule or is tried again; None when none has one."""
    now = clock.now()
    found = [moment for source in sources if (moment := _coming(source, now)) is not None]
    return min(found, default=None)


def next_for(source: Source, connection: Connection | None, last: Run | None) -> datetime | None:
    """When the source is read by itself next, as far as a schedule or a rhythm says so; in the past when it is due."""
    waiting = planned_for(source, last, clock.now())
    if waiting is not None:
        return waiting
    if last is not None and last.retry_at and last.retry_at > clock.now():
        return last.retry_at
    schedule = schedule_of(source)
    if schedule is not None:
        return schedule.next_after(clock.now())
    return max(next_at(connection, last.started_at if last else None), clock.now()) if connection else None


def _coming(source: Source, now: datetime) -> datetime | None:
    schedule = schedule_of(source)
    moments = [schedule.next_after(now)] if schedule else []
    last: Run | None = source.runs.finished().first()
    if last is not None and last.retry_at and last.retry_at > now:
        moments.append(last.retry_at)
    return min((moment for moment in moments if moment), default=None)
