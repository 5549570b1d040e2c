"""The table of deliveries: who received what, for which need, of which snapshot. Never changed (law 9)."""

from typing import Any, ClassVar

from django.db import models

from schakel.access.audit import AuditLine
from schakel.access.kept import UnrecordedWrite
from schakel.access.people import Person
from schakel.chain.needs import InformationNeed
from schakel.distribute.products import Product

GLANCED = ("line", "mail")  # a line on a front door and a letter come by themselves: nobody opened anything


class DeliveryQuerySet(models.QuerySet["Delivery"]):
    """Questions about deliveries."""

    def opened(self) -> "DeliveryQuerySet":
        """Those that somebody, or a system, came for."""
        return self.exclude(rendering__in=GLANCED)


class Delivery(models.Model):
    """One delivery. Its audit line, in the same transaction, carries the same facts into the chain of hashes."""

    line = models.OneToOneField(AuditLine, on_delete=models.PROTECT, primary_key=True, related_name="delivery")
    product = models.ForeignKey(Product, on_delete=models.PROTECT, related_name="deliveries")
    need = models.ForeignKey(InformationNeed, on_delete=models.PROTECT, related_name="deliveries")
    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="deliveries")
    approval_hash = models.CharField(max_length=64)
    snapshot = models.CharField(max_length=64)
    rendering = models.CharField(max_length=12)
    rows = models.PositiveIntegerField()
    hidden = models.PositiveIntegerField()
    at = models.DateTimeField()

    objects: ClassVar[Any] = DeliveryQuerySet.as_manager()

    class Meta:
        ordering = ["-line"]
        indexes = [models.Index(fields=["product", "at"]), models.Index(fields=["person", "at"])]

    def save(self, *args: Any, **kwargs: Any) -> None:
        """Only as a new row."""
        kwargs["force_insert"] = True
        super().save(*args, **kwargs)

    def delete(self, *args: Any, **kwargs: Any) -> tuple[int, dict[str, int]]:
        """Never."""
        raise UnrecordedWrite("a delivery cannot be taken back from the log", code="append-only")
