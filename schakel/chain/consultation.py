"""Who talks with whom about information, how often, and what was resolved: consultations, meetings, resolutions."""

from collections.abc import Iterable

from django.db import models
from django.db.models import Q

from schakel.access.changes import change
from schakel.access.kept import Kept
from schakel.access.people import Person
from schakel.access.roles import Role
from schakel.lib import clock

LEVELS = ("strategic", "tactical", "operational")
RHYTHMS = ("weekly", "fortnightly", "monthly", "quarterly", "yearly")


class Consultation(Kept):
    """A meeting that returns: strategic, tactical or operational, with a chair and the roles that take part."""

    key = models.SlugField(max_length=64, unique=True)
    nl = models.CharField(max_length=200)
    en = models.CharField(max_length=200, blank=True)
    level = models.CharField(max_length=12, choices=[(level, level) for level in LEVELS])
    rhythm = models.CharField(max_length=12, choices=[(r, r) for r in RHYTHMS])
    chair_role = models.ForeignKey(Role, on_delete=models.PROTECT, null=True, blank=True, related_name="chairs")
    active = models.BooleanField(default=True)

    class Meta:
        ordering = ["level", "key"]

    def __str__(self) -> str:
        return self.nl


class ConsultationRole(Kept):
    """A role that takes part in a consultation."""

    consultation = models.ForeignKey(Consultation, on_delete=models.CASCADE, related_name="roles")
    role = models.ForeignKey(Role, on_delete=models.PROTECT, related_name="consultations")

    class Meta:
        ordering = ["role"]
        constraints = [models.UniqueConstraint(fields=["consultation", "role"], name="role_once_per_consultation")]


class Meeting(Kept):
    """One sitting. The agenda is drawn from the graph until it is held; then it is kept as it was."""

    consultation = models.ForeignKey(Consultation, on_delete=models.PROTECT, related_name="meetings")
    day = models.DateField()
    held_at = models.DateTimeField(null=True, blank=True)
    agenda = models.JSONField(default=list, blank=True)  # frozen when held
    minutes = models.TextField(blank=True)

    class Meta:
        ordering = ["-day", "-pk"]
        constraints = [models.UniqueConstraint(fields=["consultation", "day"], name="meeting_once_a_day")]

    @property
    def key(self) -> str:
        """How the audit trail names it."""
        return str(self.pk)


class Resolution(Kept):
    """What a meeting resolved (a "besluit"), linked to the thing that it decides about."""

    meeting = models.ForeignKey(Meeting, on_delete=models.PROTECT, related_name="resolutions")
    text = models.TextField()
    about_kind = models.CharField(max_length=64, blank=True)
    about_key = models.CharField(max_length=255, blank=True)
    written_by = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField(default=clock.now)

    class Meta:
        ordering = ["meeting", "pk"]
        constraints = [models.CheckConstraint(condition=~Q(text=""), name="resolution_says_something")]

    @property
    def key(self) -> str:
        """How the audit trail names it."""
        return str(self.pk)


def seated(consultation: Consultation) -> list[str]:
    """The keys of the roles that take part, in order of their names."""
    return list(consultation.roles.order_by("role__key").values_list("role__key", flat=True))


def seat(actor: Person, consultation: Consultation, roles: Iterable[Role]) -> bool:
    """Let exactly these roles take part; returns whether that changed anything."""
    wanted = {role.key: role for role in roles}
    before = seated(consultation)
    if before == sorted(wanted):
        return False
    with change(actor, "consultation.write", consultation, changed={"roles": [before, sorted(wanted)]}):
        consultation.roles.exclude(role__key__in=wanted).delete()
        for key in sorted(set(wanted) - set(before)):
            ConsultationRole(consultation=consultation, role=wanted[key]).save()
    return True
