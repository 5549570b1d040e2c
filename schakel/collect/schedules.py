"""When a source is read by itself: a cron line in Dutch time, that may skip days without school.

`cronsim` reads the line as Debian's cron does, summer time included: what falls in the hour that is skipped happens
right after it, what falls in the hour that comes twice happens once.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from itertools import islice, pairwise

from cronsim import CronSim, CronSimError

from schakel.access.people import Person
from schakel.access.register import put
from schakel.collect.holidays import REGIONS, Calendar, calendar
from schakel.collect.sources import Source
from schakel.lib import clock
from schakel.lib.errors import SchakelError
from schakel.lib.text import gettext as _

CLOSEST = timedelta(minutes=5)  # between two readings
_LOOKED_AT = 300  # moments of a line that are held against that
_FIELDS = 5
_HORIZON = timedelta(days=800)  # a moment further away is as good as none


@dataclass(frozen=True)
class Simple:
    """A schedule that people name in words: each school day, each day, or one day of the week (0 is Monday)."""

    kind: str  # "school", "daily", "weekly"
    at: time
    weekday: int = 0


@dataclass(frozen=True)
class Schedule:
    """The moments at which a source is read by itself."""

    cron: str
    calendar: Calendar | None = None  # when days without school are skipped

    def next_after(self, moment: datetime) -> datetime | None:
        """The first moment after this one; None when there is none within two years."""
        return self._first(moment, back=False)

    def last_until(self, moment: datetime) -> datetime | None:
        """The last moment that is not after this one."""
        return self._first(moment + timedelta(seconds=1), back=True)

    def apart(self) -> timedelta:
        """The shortest time between two readings, days without school left aside."""
        return min(later - earlier for earlier, later in pairwise(islice(_moments(self.cron, clock.now()), 60)))

    def _first(self, start: datetime, *, back: bool) -> datetime | None:
        """The first moment from here on, or back, on a day with school; a free day is passed over as a whole."""
        at = start
        while (moment := next(_moments(self.cron, at, back=back), None)) is not None:
            if abs(moment - start) > _HORIZON:
                return None
            if self.calendar is None or not self.calendar.free(moment.date()):
                return moment
            at = datetime.combine(moment.date(), time.min if back else time.max, clock.AMSTERDAM)
        return None


def schedule_of(source: Source, known: Calendar | None = None) -> Schedule | None:
    """The schedule of a source; None when it has none. `known` saves looking up the board's free days again."""
    if not source.cron:
        return None
    skipping = (known or calendar(source.region)) if source.not_in_holidays else None
    return Schedule(source.cron, skipping)


def plan(actor: Person, source: Source, cron: str, *, not_in_holidays: bool = False, region: str = "") -> Source:
    """Read a source at these moments from now on; an empty line lets go of the schedule.

    Raises SchakelError for a line that is none, that is too close, or that skips holidays of nobody knows which region.
    """
    line = checked(cron) if cron.strip() else ""
    if region not in ("", *REGIONS) or (line and not_in_holidays and not region):
        raise SchakelError(_("Kies de vakantieregio: noord, midden of zuid."), code="region")
    fields = {"cron": line, "not_in_holidays": bool(line) and not_in_holidays, "region": region}
    if any(getattr(source, name) != value for name, value in fields.items()):
        fields["scheduled_at"] = clock.now() if line else None
    changed: Source = put(actor, "source.write", Source, source.key, **fields)[0]
    return changed


def checked(cron: str) -> str:
    """The line as it is kept. Raises SchakelError with what is wrong in it."""
    fields = cron.split()
    if len(fields) != _FIELDS:
        text = _("Een cronregel heeft vijf velden: minuut, uur, dag, maand en weekdag. Bijvoorbeeld: 0 6 * * 1-5")
        raise SchakelError(text, code="cron")
    line = " ".join(fields).upper()
    try:
        found = list(islice(_moments(line, clock.now()), _LOOKED_AT))
    except CronSimError:
        text = _("Deze cronregel klopt niet: '%(line)s'. Bijvoorbeeld: 0 6 * * 1-5 is elke werkdag om 6 uur.")
        raise SchakelError(text % {"line": line[:60]}, code="cron") from None
    if not found:
        raise SchakelError(_("Deze cronregel noemt een dag die nooit komt."), code="cron")
    if any(later - earlier < CLOSEST for earlier, later in pairwise(found)):
        raise SchakelError(_("Schakel leest een bron hoogstens elke vijf minuten."), code="cron")
    return line


def cron_of(simple: Simple) -> str:
    """The line for what people say in words."""
    days = {"school": "1-5", "daily": "*", "weekly": str(simple.weekday + 1)}[simple.kind]
    return f"{simple.at.minute} {simple.at.hour} * * {days}"


def simple_of(cron: str, *, not_in_holidays: bool) -> Simple | None:
    """What a line says, when people have words for it."""
    fields = cron.split()
    if len(fields) != _FIELDS or fields[2:4] != ["*", "*"] or not (fields[0] + fields[1]).isdecimal():
        return None
    at = time(int(fields[1]), int(fields[0]))
    if fields[4] == "1-5":
        return Simple("school", at) if not_in_holidays else None
    if fields[4] == "*":
        return Simple("daily", at)
    return Simple("weekly", at, int(fields[4]) - 1) if fields[4] in "1234567" else None


def _moments(cron: str, start: datetime, *, back: bool = False) -> Iterator[datetime]:
    """The moments of a line in Dutch time, from this one on or back. Raises CronSimError for a line that is none."""
    moments = CronSim(cron, start.astimezone(clock.AMSTERDAM), reverse=back)
    while True:
        try:
            yield next(moments)
        except StopIteration:
            return
