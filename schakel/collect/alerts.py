"""Alerts: what endangers the promise of a source. One a source and cause; it begins and ends by itself."""

from datetime import datetime
from typing import Any, ClassVar

from django.db import models
from django.db.models import Q

from schakel.access.changes import change
from schakel.access.kept import Kept, KeptQuerySet
from schakel.chain.needs import InformationNeed
from schakel.collect.sources import Source
from schakel.lib import clock

ACTION = "source.watch"
CAUSES = {
    "failed": "De laatste keer lezen mislukte",
    "overdue": "De gegevens zijn er niet op tijd",
    "planned": "De planning is te ruim voor wat is beloofd",
}


class AlertQuerySet(KeptQuerySet["Alert"]):
    """Questions about alerts."""

    def standing(self) -> "AlertQuerySet":
        """Begun and not ended."""
        return self.filter(ended_at__isnull=True)

    def whole(self) -> "AlertQuerySet":
        """With what a sentence about it names."""
        return self.select_related("source__owner_role", "need")


class Alert(Kept):
    """One cause at one source, from when until when; the need that asks most, and by when; whether its owner knows."""

    source = models.ForeignKey(Source, on_delete=models.PROTECT, related_name="alerts")
    cause = models.CharField(max_length=8, choices=list(CAUSES.items()))
    need = models.ForeignKey(InformationNeed, on_delete=models.SET_NULL, null=True, blank=True, related_name="+")
    deadline = models.DateTimeField(null=True, blank=True)
    begun_at = models.DateTimeField(default=clock.now)
    ended_at = models.DateTimeField(null=True, blank=True)
    told_at = models.DateTimeField(null=True, blank=True)

    objects: ClassVar[Any] = AlertQuerySet.as_manager()

    class Meta:
        ordering = ["begun_at", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["source", "cause"], condition=Q(ended_at__isnull=True), name="one_open_alert_a_cause"
            )
        ]

    def __str__(self) -> str:
        return f"{self.source_id} {self.cause}"


def begin(source: Source, cause: str, need: InformationNeed | None, deadline: datetime | None) -> Alert:
    """The promise of this source is in danger from now on."""
    with change(None, ACTION, source=source.key, cause=cause, state="begun") as log:
        alert = Alert(source=source, cause=cause, need=need, deadline=deadline)
        alert.save()
        log.about(alert)
    return alert


def mark_told(alert: Alert) -> None:
    """Its owners know of it by a letter."""
    with change(None, ACTION, alert, source=alert.source.key, cause=alert.cause, state="told"):
        alert.told_at = clock.now()
        alert.save()


def end(alert: Alert) -> None:
    """It is over: what caused it is no more the case."""
    with change(None, ACTION, alert, source=alert.source.key, cause=alert.cause, state="ended"):
        alert.ended_at = clock.now()
        alert.save()
