"""What was so far from before that nothing came in: asked of a person, who may say that it is right, and why.

Counts that fell far, or another school. The next reading is then held against what was confirmed, so that the same
delivery comes in, and a still lower count or a third school is asked about again.
"""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from django.db import models

from schakel.access.changes import change
from schakel.access.kept import Kept
from schakel.access.people import Person
from schakel.collect.chosen_answers import LONGEST, PERMISSION
from schakel.collect.counts import Confirmed, Fallen
from schakel.collect.sources import Source
from schakel.collect.subjects import Other
from schakel.lib import clock
from schakel.lib.errors import SchakelError, Unknown
from schakel.lib.text import gettext as _


class LowCount(Kept):
    """One delivery that was stopped for its counts or its school: which, and what a person said of it."""

    source = models.ForeignKey(Source, on_delete=models.PROTECT, related_name="low_counts")
    counts = models.JSONField()
    asked_at = models.DateTimeField(default=clock.now)
    confirmed_by = models.ForeignKey(Person, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    confirmed_at = models.DateTimeField(null=True, blank=True)
    reason = models.CharField(max_length=LONGEST, blank=True)

    class Meta:
        ordering = ["source", "-asked_at", "-pk"]

    @property
    def key(self) -> str:
        """How the audit trail names it."""
        return f"{self.source.key}.{self.pk}"


def ask(actor: Person | None, source: Source, fallen: Sequence[Fallen | Other]) -> LowCount:
    """Keep which counts, or which school, stopped a delivery."""
    counts = [each.told() for each in fallen]
    with change(actor, "source.collect", source, low_counts=[[c["key"], c["before"], c["found"]] for c in counts]):
        made = LowCount(source=source, counts=counts)
        made.save()
    return made


def open_question(source: Source) -> LowCount | None:
    """What is asked about the last reading of a source; None when it was not stopped for these."""
    last = source.runs.finished().first()
    if last is None or last.state != "stopped":
        return None
    found: LowCount | None = source.low_counts.filter(asked_at__gte=last.started_at).first()
    return found if found is not None and found.confirmed_at is None else None


def answered(source: Source, began: datetime) -> bool:
    """Whether somebody said that what stopped a reading that began then is right."""
    return bool(source.low_counts.filter(asked_at__gte=began, confirmed_at__isnull=False).exists())


def confirm(actor: Person, source: Source, reason: str) -> LowCount:
    """Say that what stopped the delivery is right. Raises Unknown when nothing is asked."""
    asked = open_question(source)
    if asked is None:
        raise Unknown(_("Er is bij deze bron niets te bevestigen."), code="nothing-asked", where=source.key)
    if not reason.strip() or len(reason) > LONGEST:
        raise SchakelError(_("Zeg in ten hoogste 500 tekens waarom het klopt."), code="reason")
    told: list[list[Any]] = [[c["key"], c["before"], c["found"]] for c in asked.counts]
    with change(actor, PERMISSION, source, confirmed=told, why=reason):
        asked.confirmed_by, asked.confirmed_at, asked.reason = actor, clock.now(), reason
        asked.save()
    return asked


def confirmed(source: Source, landed_at: str) -> Confirmed:
    """What was said to be right since the landing of this moment, each with the day on which it came."""
    if not landed_at:
        return {}
    said = source.low_counts.filter(confirmed_at__gte=datetime.fromisoformat(landed_at)).order_by("confirmed_at", "pk")
    days = [(clock.day_of(asked.asked_at).isoformat(), asked.counts) for asked in said]
    return {str(each["key"]): (day, each["found"]) for day, counts in days for each in counts}
