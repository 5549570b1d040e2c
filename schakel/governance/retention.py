"""How long data may or must be kept, and by which rule. Laws are data with a source, never constants in code."""

from django.db import models

from schakel.access.kept import Kept


class RetentionRule(Kept):
    """One rule of `retention.csv`: for which data, from which moment, at least and at most how long."""

    key = models.CharField(max_length=200, unique=True)  # the kind of data it is about
    trigger = models.CharField(max_length=120)
    minimum = models.CharField(max_length=60, blank=True)
    maximum = models.CharField(max_length=60, blank=True)
    basis = models.CharField(max_length=200, blank=True)
    confirmed = models.BooleanField(default=False)
    source = models.CharField(max_length=300, blank=True)

    class Meta:
        ordering = ["key"]

    def __str__(self) -> str:
        return self.key
