"""Who answers for what (RACI): a role, a thing, a letter; content and execution kept apart."""

from collections.abc import Iterable, Mapping

from django.db import models

from schakel.access.changes import change
from schakel.access.kept import Kept
from schakel.access.people import Person
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


def standing(thing_kind: str, thing_key: str, aspect: str) -> dict[str, list[str]]:
    """Who holds which letter for one aspect of a thing: the keys of the roles, in order of their names."""
    found: dict[str, list[str]] = {letter: [] for letter in LETTERS}
    rows = Responsibility.objects.filter(thing_kind=thing_kind, thing_key=thing_key, aspect=aspect)
    for letter, role in rows.order_by("role__key").values_list("letter", "role__key"):
        found[letter].append(role)
    return found


def divide(actor: Person, thing_kind: str, thing_key: str, aspect: str, letters: Mapping[str, Iterable[Role]]) -> bool:
    """Let exactly these roles hold these letters for one aspect of a thing; returns whether that changed anything.

    What the division should look like (one accountable, nobody accountable for what he executes alone) is reported as
    gaps, not refused: a board that is still dividing must be able to write down how far it is.
    """
    wanted = {letter: {role.key: role for role in letters.get(letter, ())} for letter in LETTERS}
    before = standing(thing_kind, thing_key, aspect)
    changed = {f"{aspect} {x}": [before[x], sorted(wanted[x])] for x in LETTERS if before[x] != sorted(wanted[x])}
    if not changed:
        return False
    with change(actor, "responsibility.write", changed=changed) as log:
        log.kind, log.key = thing_kind, thing_key
        here = Responsibility.objects.filter(thing_kind=thing_kind, thing_key=thing_key, aspect=aspect)
        for row in here.select_related("role"):
            if row.role.key not in wanted[row.letter]:
                row.delete()
        new = [
            Responsibility(role=wanted[x][key], thing_kind=thing_kind, thing_key=thing_key, aspect=aspect, letter=x)
            for x in LETTERS
            for key in sorted(set(wanted[x]) - set(before[x]))
        ]
        for row in new:
            row.clean_fields(exclude=["role"])
        Responsibility.objects.bulk_create(new)
    return True


def answer_for(
    actor: Person, role: Role, thing_kind: str, thing_key: str, aspect: str, letters: Iterable[str]
) -> list[Responsibility]:
    """Say with which letters a role answers for one side of a thing; no letters takes the role off it."""
    wanted = set(letters)
    place = {"role": role, "thing_kind": thing_kind, "thing_key": thing_key, "aspect": aspect}
    held = {each.letter: each for each in Responsibility.objects.filter(**place)}
    if wanted == set(held):
        return []
    with change(actor, "responsibility.write", role=role.key, aspect=aspect) as log:
        log.kind, log.key = thing_kind, thing_key
        log.facts |= {"was": sorted(held), "becomes": sorted(wanted)}
        for letter in sorted(set(held) - wanted):
            held[letter].delete()
        added = [Responsibility(**place, letter=letter) for letter in sorted(wanted - set(held))]
        for each in added:
            each.full_clean()
            each.save()
    return added
