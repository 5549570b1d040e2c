"""Systems and the links between them: where data lives and along which road it comes."""

from django.db import models
from django.db.models import F, Q

from schakel.access.kept import Kept
from schakel.access.roles import Role


class ReferenceComponent(Kept):
    """A kind of application that the sector's reference architecture knows; `System.component` names one by `nl`."""

    key = models.SlugField(max_length=120, unique=True)
    nl = models.CharField(max_length=200)
    en = models.CharField(max_length=200, blank=True)
    part_of = models.CharField(max_length=200, blank=True)  # the domain it stands in
    description = models.TextField(blank=True)
    source = models.CharField(max_length=300, blank=True)
    evidence = models.CharField(max_length=40, blank=True)

    class Meta:
        ordering = ["nl"]

    def __str__(self) -> str:
        return self.nl


class System(Kept):
    """An application in use."""

    key = models.SlugField(max_length=64, unique=True)
    name = models.CharField(max_length=200)
    name_en = models.CharField(max_length=200, blank=True)
    component = models.CharField(max_length=200, blank=True)  # reference component
    supplier = models.CharField(max_length=200, blank=True)
    owner_role = models.ForeignKey(Role, on_delete=models.PROTECT, null=True, blank=True, related_name="systems")
    personal_data = models.BooleanField(default=False)
    agreement_until = models.DateField(null=True, blank=True)  # processing agreement
    contract_until = models.DateField(null=True, blank=True)
    cost_per_year = models.DecimalField(max_digits=12, decimal_places=2, null=True, blank=True)  # euro
    lifecycle = models.CharField(
        max_length=12, default="in_use", choices=[(s, s) for s in ("planned", "in_use", "phasing_out", "ended")]
    )

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
