"""Roles and who holds them, where and from when to when. A role that ended yesterday opens nothing (law 4)."""

from datetime import date
from typing import Any, ClassVar

from django.db import models
from django.db.models import F, Q

from schakel.access.asked import once
from schakel.access.kept import Kept, KeptQuerySet
from schakel.access.people import Person
from schakel.lib import clock
from schakel.lib.text import language


class Role(Kept):
    """A role of the field (`roles.csv`): teacher, information_manager, board_member..."""

    key = models.SlugField(max_length=64, unique=True)
    nl = models.CharField(max_length=120)
    en = models.CharField(max_length=120)
    side = models.CharField(max_length=16, choices=[(s, s) for s in ("direction", "demand", "supply", "use")])
    holder = models.CharField(max_length=16, choices=[(s, s) for s in ("person", "body", "system")], default="person")

    class Meta:
        ordering = ["key"]

    def __str__(self) -> str:
        return self.en if language() == "en" and self.en else self.nl


class AssignmentQuerySet(KeptQuerySet["RoleAssignment"]):
    """Questions about who holds which role."""

    def on(self, day: date) -> "AssignmentQuerySet":
        """Those that hold on a day; the last day counts."""
        return self.filter(Q(end__isnull=True) | Q(end__gte=day), start__lte=day)

    def of(self, person: Person, day: date | None = None) -> "AssignmentQuerySet":
        """What one active person holds today."""
        return self.on(day or clock.today()).filter(person=person, person__is_active=True).select_related("role")


class RoleAssignment(Kept):
    """Who holds a role, for the board or for one organisation, from when to when, and whence that is known."""

    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="assignments")
    role = models.ForeignKey(Role, on_delete=models.PROTECT, related_name="assignments")
    organisation_key = models.CharField(max_length=255, blank=True)  # empty: the whole board
    start = models.DateField()
    end = models.DateField(null=True, blank=True)
    source = models.CharField(max_length=16, default="typed", choices=[("typed", "typed"), ("roster", "roster")])

    objects: ClassVar[Any] = AssignmentQuerySet.as_manager()

    class Meta:
        ordering = ["person", "role", "start"]
        constraints = [
            models.CheckConstraint(
                condition=Q(end__isnull=True) | Q(end__gte=F("start")), name="assignment_ends_after_start"
            ),
            models.UniqueConstraint(fields=["person", "role", "organisation_key", "start"], name="assignment_once"),
        ]

    @property
    def key(self) -> str:
        """How the audit trail names it."""
        return str(self.pk)


def roles_held(person: Person, day: date | None = None) -> dict[str, Role]:
    """The roles that a person holds in the register today, by key."""
    moment = day or clock.today()

    def ask() -> dict[str, Role]:
        return {held.role.key: held.role for held in RoleAssignment.objects.of(person, moment).order_by()}

    return dict(once(("roles_held", person.pk, moment), ask))


def keys_held(person: Person, day: date | None = None) -> frozenset[str]:
    """The keys of the roles that a person holds in the register today."""
    return frozenset(roles_held(person, day))
