"""What rests on one person, or on one school: looked up when someone asks, for there are too many of them to hold."""

from collections.abc import Iterable, Iterator

from schakel.access.people import Person
from schakel.access.roles import Role, RoleAssignment
from schakel.chain import bonds
from schakel.chain.connections import WAITING
from schakel.chain.graph import Node, Tie, loose, ties
from schakel.chain.holders import ANYWHERE, holders
from schakel.chain.needs import MOVING, InformationNeed, NeedAudience
from schakel.chain.organisations import Organisation
from schakel.lib import clock

LONGEST = 18  # digits of a primary key


@loose("person")
def person(key: str) -> Node | None:
    """One person of the register, by number."""
    if not (key.isascii() and key.isdigit() and len(key) <= LONGEST):
        return None
    found = Person.objects.filter(pk=int(key)).first()
    return Node("person", found.pk, found.key, found.name) if found else None


@ties("person")
def roles_of_a_person(key: str) -> Iterator[Tie]:
    """The roles that someone holds in the register today, alone or with others, and the needs they own."""
    mine = RoleAssignment.objects.on(clock.today()).filter(person=int(key), person__is_active=True)
    for pk, role in mine.order_by("role").values_list("role", "role__key").distinct():
        alone = holders().of_role.get(role, 0) <= 1
        yield Tie(("role", pk), bonds.FULFILLED_BY if alone else bonds.SHARED_BY, rests=True)
        yield Tie(("role", pk), bonds.HOLDS, rests=False)
    owned = InformationNeed.objects.filter(owner=int(key), state__in=MOVING + WAITING).order_by("pk")
    for pk in owned.values_list("pk", flat=True):
        yield Tie(("need", pk), bonds.OWNED_BY, rests=True)


@ties("organisation")
def roles_at_an_organisation(key: str) -> Iterator[Tie]:
    """The roles that have people there: there only, or elsewhere too."""
    here = places_within(key)
    number_of = dict(Role.objects.values_list("key", "pk"))
    for role in sorted(holders().roles_at(here)):
        if role in number_of:
            yield Tie(("role", number_of[role]), bonds.ONLY_AT if only_at(role, here) else bonds.ALSO_AT, rests=True)


@ties("organisation")
def needs_that_reach_an_organisation(key: str) -> Iterator[Tie]:
    """The needs in use that have people to receive them there: there only, or elsewhere too."""
    for need, bond in reaching(key).items():
        yield Tie(("need", need), bond, rests=True)


def reaching(key: str) -> dict[int, bonds.Bond]:
    """The needs in use with recipients at an organisation, each with whether it has them nowhere else."""
    here = places_within(key)
    present = holders().roles_at(here)
    only = {role for role in present if only_at(role, here)}
    rows = NeedAudience.objects.filter(need__state__in=MOVING).order_by("need", "pk").values_list("need", "role__key")
    receiving: dict[int, set[str]] = {}
    for need, role in rows:
        receiving.setdefault(need, set()).add(role)
    held = holders().of_role
    return {
        need: bonds.REACHES_ONLY if {r for r in roles if held.get(r)} <= only else bonds.REACHES_ALSO
        for need, roles in receiving.items()
        if roles & present.keys()
    }


def only_at(role: str, here: frozenset[str]) -> bool:
    """Whether nobody holds this role anywhere else."""
    return set(holders().places_of(role)) <= here


def places_within(key: str) -> frozenset[str]:
    """An organisation and all that lie within it; for the board itself also the roles for the whole board."""
    children: dict[str | None, list[str]] = {}
    tree: Iterable[tuple[str, str | None]] = Organisation.objects.values_list("key", "parent__key")
    for child, parent in tree:
        children.setdefault(parent, []).append(child)
    found, waiting = {key}, [key]
    while waiting:
        fresh = [child for child in children.get(waiting.pop(), ()) if child not in found]
        found.update(fresh)
        waiting += fresh
    whole = {ANYWHERE} if key in children.get(None, ()) and children.get(key) else set()
    return frozenset(found | whole)
