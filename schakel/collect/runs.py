"""Runs: what happened when a source was read. The details lie in the landing's own report."""

from django.db import models

from schakel.access.kept import Kept
from schakel.collect.sources import Source
from schakel.lib import clock

STATES = {
    "running": "Bezig",
    "good": "Goed",
    "repaired": "Met reparaties",
    "unchanged": "Ongewijzigd",
    "stopped": "Gestopt",
    "failed": "Mislukt",
}


class Run(Kept):
    """One reading of one source: when, which content, the two verdicts and the counts."""

    source = models.ForeignKey(Source, on_delete=models.PROTECT, related_name="runs")
    started_at = models.DateTimeField(default=clock.now)
    finished_at = models.DateTimeField(null=True, blank=True)
    state = models.CharField(max_length=12, choices=list(STATES.items()), default="running")
    file_name = models.CharField(max_length=255, blank=True)
    digest = models.CharField(max_length=64, blank=True)
    layout_version = models.CharField(max_length=16, blank=True)
    conformant = models.BooleanField(null=True)
    usable = models.BooleanField(null=True)
    rows_read = models.PositiveBigIntegerField(default=0)
    rows_quarantined = models.PositiveBigIntegerField(default=0)
    columns_dropped = models.PositiveIntegerField(default=0)
    findings = models.PositiveBigIntegerField(default=0)
    folder = models.CharField(max_length=500, blank=True)  # of the landing, relative to the data folder
    message = models.TextField(blank=True)

    class Meta:
        ordering = ["-started_at", "-pk"]

    @property
    def key(self) -> str:
        """How the audit trail names it."""
        return str(self.pk)
