"""Since when a gap is there, and which gaps the board lives with for a while, with the reason.

Gaps themselves are computed (gaps.py). A sighting is what the scheduled process saw and when: derived, never typed.
"""

from django.db import models
from django.db.models import Q

from schakel.access.kept import Kept
from schakel.access.people import Person
from schakel.lib import clock


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
