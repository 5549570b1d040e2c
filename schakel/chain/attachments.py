"""What rests on one person, or on one school: looked up when someone asks, for there are too many of them to hold."""

from collections.abc import Iterable, Iterator

from schakel.access.people import Person
from schakel.access.roles import RoleAssignment
from schakel.chain import bonds
from schakel.chain.connections import WAITING
from schakel.chain.graph import Graph, Node, Tie, loose, ties
from schakel.chain.holders import ANYWHERE, holders
from schakel.chain.needs import MOVING, InformationNeed
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
def roles_of_a_person(whole: Graph, key: str) -> Iterator[Tie]:
    """The roles that someone holds in the register today, alone or with others, and the needs they own."""
    mine = RoleAssignment.objects.on(clock.today()).filter(person=int(key), person__is_active=True)
    counts = holders()
    for role in sorted(set(mine.values_list("role__key", flat=True))):
        number = whole.named["role", role]
        alone = counts.of_role.get(role, 0) <= 1
        yield Tie(number, bonds.FULFILLED_BY if alone else bonds.SHARED_BY, rests=True)
        yield Tie(number, bonds.HOLDS, rests=False)
    owned = InformationNeed.objects.filter(owner=int(key), state__in=MOVING + WAITING).order_by("pk")
    for pk in owned.values_list("pk", flat=True):
        yield Tie(whole.numbers["need"][pk], bonds.OWNED_BY, rests=True)


@ties("organisation")
def what_reaches_an_organisation(whole: Graph, key: str) -> Iterator[Tie]:
    """The roles that have people there and what these receive: there only, or elsewhere too."""
    here, counts = places_within(key), holders()
    held = {n for n in whole.of_kind("role") if counts.places_of(whole.nodes[n].key)}
    only = {n for n in held if set(counts.places_of(whole.nodes[n].key)) <= here}
    present = [n for n in sorted(held) if not here.isdisjoint(counts.places_of(whole.nodes[n].key))]
    for role in present:
        yield Tie(role, bonds.ONLY_AT if role in only else bonds.ALSO_AT, rests=True)
    for thing in dict.fromkeys(n for role in present for n in _received(whole, role)):
        receiving = {role for role, bond in whole.above[thing] if bond.reaches_people} & held
        yield Tie(thing, bonds.REACHES_ONLY if receiving <= only else bonds.REACHES_ALSO, rests=True)


def _received(whole: Graph, role: int) -> list[int]:
    """What reaches the people with a role today: needs in use and their products."""
    return [thing for thing, bond in whole.below[role] if bond.reaches_people and bond.firm]


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
