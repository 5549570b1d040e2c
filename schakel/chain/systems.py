"""Systems and the links between them: where data lives and along which road it comes."""

from django.db import models
from django.db.models import F, Q

from schakel.access.kept import Kept
from schakel.access.roles import Role


class System(Kept):
    """An application in use."""

    key = models.SlugField(max_length=64, unique=True)
    name = models.CharField(max_length=200)
    component = models.CharField(max_length=200, blank=True)  # reference component
    supplier = models.CharField(max_length=200, blank=True)
    owner_role = models.ForeignKey(Role, on_delete=models.PROTECT, null=True, blank=True, related_name="systems")
    personal_data = models.BooleanField(default=False)
    agreement_until = models.DateField(null=True, blank=True)  # processing agreement

    class Meta:
        ordering = ["name"]

    def __str__(self) -> str:
        return self.name


class Link(Kept):
    """A road between two systems: by which standard, how often, who answers for it."""

    key = models.SlugField(max_length=64, unique=True)
    from_system = models.ForeignKey(System, on_delete=models.PROTECT, related_name="links_out")
    to_system = models.ForeignKey(System, on_delete=models.PROTECT, related_name="links_in")
    standard = models.CharField(max_length=120, blank=True)
    frequency = models.CharField(max_length=120, blank=True)
    owner_role = models.ForeignKey(Role, on_delete=models.PROTECT, null=True, blank=True, related_name="links")
    secret_expires_on = models.DateField(null=True, blank=True)
    state = models.CharField(max_length=8, default="ok", choices=[(s, s) for s in ("ok", "late", "failing", "off")])

    class Meta:
        ordering = ["key"]
        constraints = [models.CheckConstraint(condition=~Q(from_system=F("to_system")), name="link_joins_two_systems")]

    def __str__(self) -> str:
        return self.key
