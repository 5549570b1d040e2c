"""Since when a gap is there, and which gaps the board lives with for a while, with the reason.

Gaps themselves are computed (gaps.py). A sighting is what the scheduled process saw and when: derived, never typed.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta

from django.db import models, transaction
from django.db.models import Q

from schakel.access.changes import change
from schakel.access.kept import Kept
from schakel.access.people import Person
from schakel.chain.gaps import Gap, find_all
from schakel.lib import clock
from schakel.lib.errors import Refused, Unknown
from schakel.lib.text import gettext as _

LONGEST = 366  # days that one can live with a gap before looking again
Place = tuple[str, str, str]  # rule, kind of thing, key of thing


class GapSighting(models.Model):
    """A gap, from the first day it was seen up to and including the last; `gone_on` once it was mended."""

    rule = models.CharField(max_length=64)
    thing_kind = models.CharField(max_length=64)
    thing_key = models.CharField(max_length=255)
    first_seen = models.DateField()
    last_seen = models.DateField()
    gone_on = models.DateField(null=True, blank=True)

    class Meta:
        ordering = ["rule", "thing_key", "first_seen"]
        constraints = [
            models.UniqueConstraint(
                fields=["rule", "thing_kind", "thing_key"],
                condition=Q(gone_on__isnull=True),
                name="gap_seen_once_at_a_time",
            ),
        ]


class GapAcceptance(Kept):
    """Someone decided to live with a gap until a day, and said why."""

    rule = models.CharField(max_length=64)
    thing_kind = models.CharField(max_length=64)
    thing_key = models.CharField(max_length=255)
    reason = models.CharField(max_length=250)
    until = models.DateField()
    accepted_by = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField(default=clock.now)
    withdrawn_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["-at"]
        constraints = [models.CheckConstraint(condition=~Q(reason=""), name="acceptance_has_reason")]

    @property
    def key(self) -> str:
        """How the audit trail names it."""
        return f"{self.rule}:{self.thing_key}"


@dataclass(frozen=True)
class Known:
    """A gap with what is known of it: since when, and whether somebody decided to live with it for a while."""

    gap: Gap
    since: date | None
    acceptance: GapAcceptance | None

    @property
    def accepted(self) -> bool:
        """Whether it is accepted today."""
        return self.acceptance is not None


def place(gap: Gap) -> Place:
    """Where a gap is: the same every day as long as it is there."""
    return (gap.rule.id, gap.thing.kind, gap.thing.key)


def known(gaps: Iterable[Gap] | None = None) -> list[Known]:
    """All gaps there are now, the worst first, with their history."""
    since = {(s.rule, s.thing_kind, s.thing_key): s.first_seen for s in GapSighting.objects.filter(gone_on=None)}
    accepted = standing_acceptances()
    found = find_all() if gaps is None else gaps
    return [Known(gap, since.get(place(gap)), accepted.get(place(gap))) for gap in found]


def find_open() -> list[Gap]:
    """The gaps that ask for someone: all but those that are accepted today."""
    return [item.gap for item in known() if not item.accepted]


def standing_acceptances(day: date | None = None) -> dict[Place, GapAcceptance]:
    """What is accepted on a day, the last decision counting; the last day still counts."""
    until = day or clock.today()
    found = GapAcceptance.objects.filter(until__gte=until, withdrawn_at=None).select_related("accepted_by")
    return {(a.rule, a.thing_kind, a.thing_key): a for a in found.order_by("at")}


@transaction.atomic
def record(day: date | None = None) -> int:
    """Note which gaps are there: new ones begin, mended ones end. Returns how many are open. For the schedule."""
    today = day or clock.today()
    now = {place(gap) for gap in find_all()}
    open_ = {(s.rule, s.thing_kind, s.thing_key): s for s in GapSighting.objects.filter(gone_on=None)}
    GapSighting.objects.bulk_create(
        [
            GapSighting(rule=rule, thing_kind=kind, thing_key=key, first_seen=today, last_seen=today)
            for rule, kind, key in sorted(now - set(open_))
        ]
    )
    GapSighting.objects.filter(pk__in=[open_[p].pk for p in now & set(open_)]).update(last_seen=today)
    GapSighting.objects.filter(pk__in=[open_[p].pk for p in set(open_) - now]).update(gone_on=today)
    return len(now)


def trend(rule: str = "", *, weeks: int = 12, day: date | None = None) -> list[tuple[date, int]]:
    """How many gaps there were on the same weekday in the past weeks, oldest first; today is the last."""
    today = day or clock.today()
    sightings = GapSighting.objects.filter(rule=rule) if rule else GapSighting.objects.all()
    spans = list(sightings.values_list("first_seen", "gone_on"))
    days = [today - timedelta(weeks=back) for back in range(weeks - 1, -1, -1)]
    return [(d, sum(1 for first, gone in spans if first <= d and (gone is None or gone > d))) for d in days]


def accept(actor: Person, gap: Gap, reason: str, until: date) -> GapAcceptance:
    """Live with a gap until a day, and say why. It comes back by itself the day after."""
    if not clock.today() <= until <= clock.today() + timedelta(days=LONGEST):
        raise Refused(_("Kies een laatste dag vanaf vandaag, hoogstens een jaar vooruit."), code="period")
    rule, kind, key = place(gap)
    with change(actor, "gap.accept", why=reason, until=until.isoformat()) as log:
        acceptance = GapAcceptance(
            rule=rule, thing_kind=kind, thing_key=key, reason=reason, until=until, accepted_by=actor
        )
        acceptance.full_clean()
        acceptance.save()
        log.about(acceptance)
    return acceptance


def withdraw(actor: Person, acceptance: GapAcceptance) -> None:
    """The gap asks for someone again."""
    with change(actor, "gap.accept", acceptance, withdrawn=True):
        acceptance.withdrawn_at = clock.now()
        acceptance.save()


def by_id(id_: str) -> Known:
    """The gap with this id as it stands now; Unknown when it is mended or never was."""
    for item in known():
        if item.gap.id == id_:
            return item
    raise Unknown(_("Dit hiaat is er niet (meer)."), code="unknown")
