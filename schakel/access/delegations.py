"""Handing a permission to someone else for a while: during leave, never for ever, never further on."""

from datetime import date
from typing import Any, ClassVar

from django.db import models
from django.db.models import F, Q

from schakel.access.kept import Kept, KeptQuerySet
from schakel.access.people import Person
from schakel.lib import clock


class DelegationQuerySet(KeptQuerySet["Delegation"]):
    """Questions about who acts for whom."""

    def on(self, day: date | None = None) -> "DelegationQuerySet":
        """Those that hold on a day; the last day counts."""
        moment = day or clock.today()
        return self.filter(start__lte=moment, end__gte=moment, giver__is_active=True, taker__is_active=True)


class Delegation(Kept):
    """`taker` may do in the place of `giver` what `permission` says, from `start` up to and including `end`."""

    giver = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="delegations_given")
    taker = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="delegations_taken")
    permission = models.CharField(max_length=64)
    start = models.DateField()
    end = models.DateField()
    reason = models.CharField(max_length=250)
    at = models.DateTimeField(default=clock.now)

    objects: ClassVar[Any] = DelegationQuerySet.as_manager()

    class Meta:
        ordering = ["-start"]
        constraints = [
            models.CheckConstraint(condition=~Q(giver=F("taker")), name="delegation_to_someone_else"),
            models.CheckConstraint(condition=Q(end__gte=F("start")), name="delegation_ends_after_start"),
            models.CheckConstraint(condition=~Q(reason=""), name="delegation_has_reason"),
        ]

    @property
    def key(self) -> str:
        """How the audit trail names it."""
        return str(self.pk)
