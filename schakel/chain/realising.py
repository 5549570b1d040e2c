"""What must be set up, configured or adapted before a need can be met: changes, with who does them and when."""

from django.db import models
from django.db.models import F, Q

from schakel.access.kept import Kept
from schakel.access.people import Person
from schakel.access.roles import Role
from schakel.chain.consultation import Resolution
from schakel.chain.needs import InformationNeed
from schakel.lib import clock

KINDS = ("link", "column", "source", "product", "person", "agreement", "configuration", "other")
STATES = ("proposed", "planned", "doing", "done", "dropped")
STATE_WORDS = {
    "proposed": "Voorgesteld",
    "planned": "Gepland",
    "doing": "In uitvoering",
    "done": "Klaar",
    "dropped": "Vervallen",
}


class Change(Kept):
    """One thing to do: a link to make, a column to add, an overview to build, a person to appoint.

    `thing_kind` and `thing_key` name what it is about (an element, a system, a role), so that the flow can show that it
    is done: `seen_done_at` is derived from it, never typed.
    """

    need = models.ForeignKey(InformationNeed, on_delete=models.PROTECT, null=True, blank=True, related_name="changes")
    resolution = models.ForeignKey(Resolution, on_delete=models.PROTECT, null=True, blank=True, related_name="changes")
    kind = models.CharField(max_length=16, choices=[(k, k) for k in KINDS])
    title = models.CharField(max_length=250)
    thing_kind = models.CharField(max_length=64, blank=True)
    thing_key = models.CharField(max_length=255, blank=True)
    owner = models.ForeignKey(Person, on_delete=models.PROTECT, null=True, blank=True, related_name="changes_owned")
    owner_role = models.ForeignKey(Role, on_delete=models.PROTECT, null=True, blank=True, related_name="changes_owned")
    effort_hours = models.DecimalField(max_digits=7, decimal_places=1, null=True, blank=True)
    due_on = models.DateField(null=True, blank=True)
    state = models.CharField(max_length=12, default="proposed", choices=[(s, STATE_WORDS[s]) for s in STATES])
    seen_done_at = models.DateTimeField(null=True, blank=True)
    done_at = models.DateTimeField(null=True, blank=True)
    dropped_reason = models.CharField(max_length=250, blank=True)
    note = models.TextField(blank=True)
    made_at = models.DateTimeField(default=clock.now)

    class Meta:
        ordering = ["due_on", "pk"]
        constraints = [
            models.CheckConstraint(condition=~Q(state="dropped", dropped_reason=""), name="dropping_has_reason"),
            # The same proposal of the same need stands once, however often it is assessed.
            models.UniqueConstraint(
                fields=["need", "kind", "thing_kind", "thing_key"],
                condition=Q(need__isnull=False) & ~Q(thing_key=""),
                name="change_once_per_need",
            ),
        ]

    def __str__(self) -> str:
        return self.title

    @property
    def key(self) -> str:
        """How the audit trail names it."""
        return str(self.pk)

    @property
    def number(self) -> str:
        """How people name it in talk: W-0042."""
        return f"W-{self.pk:04d}"


class ChangeDependency(Kept):
    """`change` waits for `waits_for`."""

    change = models.ForeignKey(Change, on_delete=models.CASCADE, related_name="dependencies")
    waits_for = models.ForeignKey(Change, on_delete=models.CASCADE, related_name="waited_for_by")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["change", "waits_for"], name="dependency_once"),
            models.CheckConstraint(condition=~Q(change=F("waits_for")), name="change_waits_for_another"),
        ]
