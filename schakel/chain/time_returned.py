"""Time that comes free for teaching: what a need cost before and costs now, corrected by who does the work."""

from django.db import models

from schakel.access.kept import Kept
from schakel.access.people import Person
from schakel.chain.needs import InformationNeed
from schakel.lib import clock


class TimeCorrection(Kept):
    """What someone who does the work says it cost and costs, in minutes a time. The last word of a person holds."""

    need = models.ForeignKey(InformationNeed, on_delete=models.CASCADE, related_name="time_corrections")
    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="time_corrections")
    minutes_before = models.PositiveIntegerField()
    minutes_now = models.PositiveIntegerField(default=0)
    note = models.CharField(max_length=250, blank=True)
    at = models.DateTimeField(default=clock.now)

    class Meta:
        ordering = ["need", "-at"]

    @property
    def key(self) -> str:
        """How the audit trail names it."""
        return str(self.pk)
