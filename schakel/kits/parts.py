"""Parts of a kit: what someone chooses, and all that it takes along because it points at it or belongs to it.

`needs` is a whole section, `needs:absence_16h` one thing of it. A need takes its role, its activity with its goal, the
objects of its elements with the systems that hold them, and its products with the indicators that these show.
"""

import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace
from typing import Any

from schakel.kits import shapes
from schakel.kits.contents import Item, Kit, in_order
from schakel.kits.mistakes import BadKit
from schakel.lib.text import gettext as _

Name = tuple[str, str]  # section and key
_FIGURE = re.compile(r"'(I_[A-Z0-9_]+)'")  # an indicator, as the SQL of a product names it


def taken(kit: Kit, wishes: Iterable[str], always: Iterable[Item] = ()) -> Kit:
    """The kit with only what is wished for, and what that takes along. BadKit names a part that does not exist.

    What the kit leaves out stays known in `whole`, so that nothing seems to have been removed from it.
    """
    here = {(item.section, item.key): item for item in kit.items}
    wished = [name for wish in wishes for name in _named(wish, here)] + [(i.section, i.key) for i in always]
    chosen = along(here, wished)
    return replace(kit, items=in_order(item for name, item in here.items() if name in chosen))


def untaken(kit: Kit) -> Kit:
    """The kit with everything that it could bring, whatever was chosen."""
    return replace(kit, items=kit.whole)


def along(here: dict[Name, Item], wished: Iterable[Name]) -> set[Name]:
    """The names of what was wished for and of everything that it takes along."""
    chosen: set[Name] = set()
    waiting = list(wished)
    while waiting:
        name = waiting.pop()
        if name in here and name not in chosen:
            chosen.add(name)
            waiting += points_at(here[name])
        if not waiting:
            waiting = [follower for follower in _followers(here, chosen) if follower not in chosen]
    return chosen


def points_at(item: Item) -> list[Name]:
    """What a thing names in its own kit or one below: it cannot be written without them, or says nothing without."""
    return [(section, key) for section, key in _POINTERS.get(item.section, _owner)(item) if key]


def split(wishes: str) -> list[str]:
    """`needs:a,b,goals` as three wishes: a name without a section belongs to the section before it."""
    found: list[str] = []
    section = ""
    for wish in filter(None, (part.strip() for part in wishes.split(","))):
        before, colon, _key = wish.partition(":")
        bare = not colon and section and wish not in shapes.SECTIONS
        found.append(f"{section}:{wish}" if bare else wish)
        section = before if colon else section
    return found


def _named(wish: str, here: dict[Name, Item]) -> list[Name]:
    section, colon, key = wish.partition(":")
    found = [name for name in here if name[0] == section and (not colon or name[1] == key)]
    if not found:
        text = _("Het onderdeel '%(wish)s' staat niet in dit pakket. Onderdelen: %(sections)s.")
        sections = ", ".join(dict.fromkeys(name[0] for name in here))
        raise BadKit(text % {"wish": wish, "sections": sections}, code="kit")
    return found


def _followers(here: dict[Name, Item], chosen: set[Name]) -> Iterator[Name]:
    """What belongs to something chosen: the products of a need, the sources of a system, a link between two systems."""
    for name, item in here.items():
        belongs = _BELONGS.get(item.section)
        if belongs and all((section, item.get(said)) in chosen for section, said in belongs):
            yield name


_BELONGS = {
    "products": (("needs", "need"),),
    "sources": (("systems", "system"),),
    "links": (("systems", "from"), ("systems", "to")),
}


def _owner(item: Item) -> Iterator[Name]:
    yield "roles", item.get("owner_role")


def _goal(item: Item) -> Iterator[Name]:
    yield from _owner(item)
    yield "goals", item.get("parent")


def _process(item: Item) -> Iterator[Name]:
    yield "processes", item.get("parent")


def _activity(item: Item) -> Iterator[Name]:
    yield from _owner(item)
    yield "goals", item.get("goal")
    yield "processes", item.get("process")


def _link(item: Item) -> Iterator[Name]:
    yield from _owner(item)
    yield "systems", item.get("from")
    yield "systems", item.get("to")


def _source(item: Item) -> Iterator[Name]:
    yield from _owner(item)
    yield "roles", item.get("repairs_role")
    yield "systems", item.get("system")


def _object(item: Item) -> Iterator[Name]:
    yield from _owner(item)
    yield "retention", item.get("retention")
    for element in item.get("elements"):
        yield "systems", element.get("record", item.get("record")) or ""


def _indicator(item: Item) -> Iterator[Name]:
    yield "goals", item.get("goal")


def _need(item: Item) -> Iterator[Name]:
    yield from _owner(item)
    yield "roles", item.get("role")
    yield "activities", item.get("activity")
    yield "needs", item.get("instead")
    for pair in item.get("audience"):
        yield "roles", str(pair).partition(":")[0]
    for element in (*item.get("required", {}), *item.get("wished", {})):
        yield "objects", str(element).partition(".")[0]


def _product(item: Item) -> Iterator[Name]:
    yield "needs", item.get("need")
    yield from (("indicators", key) for key in _FIGURE.findall(item.get("sql")))


def _area(item: Item) -> Iterator[Name]:
    for aspect in ("content", "execution"):
        for roles in item.get(aspect, {}).values():
            yield from (("roles", role) for role in ([roles] if isinstance(roles, str) else roles))


def _consultation(item: Item) -> Iterator[Name]:
    yield "roles", item.get("chair_role")
    yield from (("roles", str(role)) for role in item.get("roles"))


_POINTERS: dict[str, Callable[[Item], Iterator[Any]]] = {
    "goals": _goal, "processes": _process, "activities": _activity, "links": _link, "sources": _source,
    "objects": _object, "indicators": _indicator, "needs": _need, "products": _product, "areas": _area,
    "consultations": _consultation,
}  # fmt: skip
