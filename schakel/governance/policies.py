"""Policies: what the board agreed with itself, since when, by whom, and when it is looked at again."""

from django.db import models

from schakel.access.kept import Kept
from schakel.access.roles import Role


class Policy(Kept):
    """A policy with its owner, the day of adoption and the day of review."""

    key = models.SlugField(max_length=64, unique=True)
    nl = models.CharField(max_length=200)
    en = models.CharField(max_length=200, blank=True)
    owner_role = models.ForeignKey(Role, on_delete=models.PROTECT, null=True, blank=True, related_name="policies")
    adopted_on = models.DateField(null=True, blank=True)
    review_on = models.DateField(null=True, blank=True)

    class Meta:
        ordering = ["key"]
        verbose_name_plural = "policies"

    def __str__(self) -> str:
        return self.nl
