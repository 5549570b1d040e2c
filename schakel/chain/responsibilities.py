"""Who answers for what (RACI): a role, a thing, a letter; content and execution kept apart."""

from django.db import models

from schakel.access.kept import Kept
from schakel.access.roles import Role

LETTERS = ("R", "A", "C", "I")
ASPECTS = ("content", "execution")


class Area(Kept):
    """A part of the work that a board divides once for all things of a kind: choosing systems, approving needs."""

    key = models.SlugField(max_length=64, unique=True)
    kind = models.CharField(max_length=16)
    nl = models.CharField(max_length=200)
    en = models.CharField(max_length=200, blank=True)

    class Meta:
        ordering = ["kind", "key"]

    def __str__(self) -> str:
        return self.nl


class Responsibility(Kept):
    """Role x thing x letter. The thing is an area, or one process, need, system, link, element, goal or policy."""

    role = models.ForeignKey(Role, on_delete=models.PROTECT, related_name="responsibilities")
    thing_kind = models.CharField(max_length=64)
    thing_key = models.CharField(max_length=255)
    aspect = models.CharField(max_length=12, choices=[(a, a) for a in ASPECTS])
    letter = models.CharField(max_length=1, choices=[(letter, letter) for letter in LETTERS])

    class Meta:
        ordering = ["thing_kind", "thing_key", "aspect", "letter"]
        verbose_name_plural = "responsibilities"
        indexes = [models.Index(fields=["thing_kind", "thing_key"])]
        constraints = [
            models.UniqueConstraint(
                fields=["role", "thing_kind", "thing_key", "aspect", "letter"], name="responsibility_once"
            ),
        ]

    @property
    def key(self) -> str:
        """How the audit trail names it."""
        return f"{self.thing_kind}:{self.thing_key}:{self.aspect}:{self.role.key}:{self.letter}"
