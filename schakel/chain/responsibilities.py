"""Who answers for what (RACI): a role, a thing, a letter; content and execution kept apart."""

from collections.abc import Iterable, Mapping
from types import MappingProxyType
from typing import Any

from django.db import models

from schakel.access.changes import change
from schakel.access.kept import Kept
from schakel.access.people import Person
from schakel.access.roles import Role
from schakel.lib.errors import Refused
from schakel.lib.text import gettext as _

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


Letters = Mapping[str, Iterable[Role]]  # per letter the roles that hold it
Facts = Mapping[str, Any]  # what the trail tells besides
NONE: Facts = MappingProxyType({})
_Held = dict[str, dict[str, Role]]  # the same by the keys of the roles, in the order of these


def held(thing_kind: str, thing_key: str, aspect: str) -> dict[str, list[Role]]:
    """Who holds which letter for one aspect of a thing by its own division, in order of the keys of the roles."""
    found: dict[str, list[Role]] = {letter: [] for letter in LETTERS}
    rows = Responsibility.objects.filter(thing_kind=thing_kind, thing_key=thing_key, aspect=aspect)
    for row in rows.select_related("role").order_by("role__key"):
        found[row.letter].append(row.role)
    return found


def standing(thing_kind: str, thing_key: str, aspect: str) -> dict[str, list[str]]:
    """The same as keys of roles."""
    return {letter: [role.key for role in roles] for letter, roles in held(thing_kind, thing_key, aspect).items()}


def divide(actor: Person, thing_kind: str, thing_key: str, aspect: str, letters: Letters, facts: Facts = NONE) -> bool:
    """Let exactly these roles hold these letters for one aspect of a thing; returns whether that changed anything.

    What the division should look like (one accountable, nobody accountable for what he executes alone) is reported as
    gaps, not refused: a board that is still dividing must be able to write down how far it is. `facts` go to the trail.
    """
    return divide_all(actor, thing_kind, thing_key, {aspect: letters}, facts)


def divide_all(
    actor: Person, thing_kind: str, thing_key: str, sides: Mapping[str, Letters], facts: Facts = NONE
) -> bool:
    """The same for several aspects in one change. Every division of anything is written here, and only here."""
    before = {aspect: _by_key(held(thing_kind, thing_key, aspect)) for aspect in sides}
    wanted = {aspect: _by_key(letters) for aspect, letters in sides.items()}
    for aspect, letters in sides.items():
        fresh = (wanted[aspect][x][key] for x in LETTERS for key in wanted[aspect][x].keys() - before[aspect][x].keys())
        sound(aspect, letters, fresh)
    places = [(aspect, x) for aspect in sides for x in LETTERS if before[aspect][x].keys() != wanted[aspect][x].keys()]
    if not places:
        return False
    told = {f"{aspect} {x}": [list(before[aspect][x]), list(wanted[aspect][x])] for aspect, x in places}
    with change(actor, "responsibility.write", changed=told, **facts) as log:
        log.kind, log.key = thing_kind, thing_key
        for aspect in {aspect: None for aspect, _letter in places}:
            _replace({"thing_kind": thing_kind, "thing_key": thing_key, "aspect": aspect}, wanted[aspect])
    return True


def answer_for(
    actor: Person, role: Role, thing_kind: str, thing_key: str, aspect: str, letters: Iterable[str],
    begins: Letters | None = None, facts: Facts = NONE,
) -> bool:  # fmt: skip
    """Say with which letters a role answers for one aspect of a thing; no letters takes the role off it.

    The other roles keep theirs: those of the thing itself, or those that it `begins` with.
    """
    wanted = set(letters)
    sound(aspect, wanted, [role] if wanted else ())
    there = held(thing_kind, thing_key, aspect) if begins is None else begins
    others = {x: [each for each in there[x] if each != role] for x in LETTERS}
    given = {x: [*others[x], role] if x in wanted else others[x] for x in LETTERS}
    was = "".join(x for x in LETTERS if role in there[x])
    told = {"role": role.key, "aspect": aspect, "was": was, "becomes": "".join(x for x in LETTERS if x in wanted)}
    return divide(actor, thing_kind, thing_key, aspect, given, {**told, **facts})


def sound(aspect: str, letters: Iterable[str], roles: Iterable[Role]) -> None:
    """Refuse what is no aspect or letter, and an application among the roles that come to answer."""
    if aspect not in ASPECTS:
        raise Refused(_("Kies inhoud of uitvoering."), code="aspect")
    if set(letters) - set(LETTERS):
        raise Refused(_("Kies uit de letters R, A, C en I."), code="letter")
    if any(role.holder == "system" for role in roles):
        raise Refused(_("Een applicatie kan nergens voor aanspreekbaar zijn; kies een rol van mensen."), code="role")


def _by_key(letters: Letters) -> _Held:
    roles = {letter: {role.key: role for role in letters.get(letter, ())} for letter in LETTERS}
    return {letter: dict(sorted(by_key.items())) for letter, by_key in roles.items()}


def _replace(place: dict[str, str], wanted: _Held) -> None:
    """Let exactly these roles hold the letters of one aspect, whatever stands there now."""
    there = {(row.letter, row.role_id): row for row in Responsibility.objects.filter(**place).order_by()}
    rows = [Responsibility(**place, letter=x, role=role) for x, roles in wanted.items() for role in roles.values()]
    fresh = [row for row in rows if there.pop((row.letter, row.role_id), None) is None]
    for row in fresh:
        row.clean_fields(exclude=["role"])
    if there:
        Responsibility.objects.filter(pk__in=[row.pk for row in there.values()]).delete()
    Responsibility.objects.bulk_create(fresh)
