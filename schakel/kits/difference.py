"""What loading a kit would change, thing by thing and field by field. Looking changes nothing.

A thing that people changed after a kit brought it is theirs: the difference is shown with who made it (the kit, the
board or both), and loading leaves it alone. So does a need that anyone decided on.
"""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

from schakel.access.kept import Kept
from schakel.access.register import Difference, plain
from schakel.chain.consultation import Consultation
from schakel.chain.needs import InformationNeed
from schakel.chain.responsibilities import Area
from schakel.kits import duties, families, parts, questions
from schakel.kits.contents import Item, Kit
from schakel.kits.offers import offers
from schakel.kits.parts import Name
from schakel.kits.rows import Row, rows
from schakel.kits.trail import Thing, Trail, latest

By = Literal["kit", "board", "both"]
_EMPTY: tuple[Any, ...] = ("", None, False, [], {})
_UNSAID = object()  # an earlier load did not speak of it


@dataclass(frozen=True)
class Apart(Difference):
    """A field in which kit and register differ, and who changed it since the kit last brought it."""

    by: By = "kit"


@dataclass(frozen=True)
class Change:
    """One thing that differs. `kind`: added, changed, kept (it is the board's, so it stays) or removed from the kit."""

    section: str
    key: str
    kind: str
    fields: tuple[Apart, ...] = ()
    source: Row | Item | None = None
    kit: str = ""

    @property
    def acts(self) -> bool:
        """Whether loading would write it."""
        return self.kind in ("added", "changed")

    @property
    def name(self) -> str:
        """How the thing itself is named: `needs:absence_16h`, `objects:absence.kind`."""
        return f"{self.section}:{self.key}"

    @property
    def part(self) -> Name:
        """The part of the kit that it is in: an element comes with its object, a norm with its indicator."""
        if isinstance(self.source, Row):
            return self.section, self.source.inside or self.source.item.key
        return self.section, self.key

    @property
    def by(self) -> By:
        """Who changed it since the kit last brought it: the kit, the board, or both."""
        who = {each.by for each in self.fields}
        return "both" if "both" in who or who == {"kit", "board"} else "board" if who == {"board"} else "kit"


@dataclass(frozen=True)
class Differences:
    """All that differs between a kit and the register, in the order in which it would be written."""

    kit: Kit
    changes: tuple[Change, ...]

    def of(self, kind: str) -> list[Change]:
        """Those of one kind: added, changed, kept or removed."""
        return [change for change in self.changes if change.kind == kind]


@dataclass(frozen=True)
class Composed:
    """A thing that is more than one row: how the kit says it, how the register does, and when it is decided on."""

    noun: type[Kept]
    offered: Callable[[Item], dict[str, Any]]
    standing: Callable[[Any, Item], dict[str, Any]]
    whole: Callable[[], Iterable[Any]]
    decided: Callable[[Any, Item], bool] = lambda _thing, _item: False


COMPOSED = {
    "needs": Composed(
        InformationNeed, questions.offered, questions.standing, InformationNeed.objects.whole,
        lambda need, item: need.state not in ("asked", item.get("state")),
    ),
    "areas": Composed(Area, duties.area_offered, duties.area_standing, Area.objects.all),
    "consultations": Composed(
        Consultation, duties.consultation_offered, duties.consultation_standing,
        lambda: Consultation.objects.select_related("chair_role"),
    ),
}  # fmt: skip


def diff(name: str | Path | Kit, only: Iterable[str] = ()) -> Differences:
    """Compare a kit, by name, by file or already read, with the register; or only some parts of it."""
    kit = families.chosen(name)
    wishes = list(only)
    kit = parts.taken(kit, wishes) if wishes else kit
    last = latest()
    trails = {each: Trail(each, last) for each in kit.versions}
    found = [*_rows(list(rows(kit)), trails), *_composed("needs", kit, trails), *_rows(list(offers(kit)), trails)]
    found += [*_composed("areas", kit, trails), *_composed("consultations", kit, trails), *_removed(kit, trails)]
    return Differences(kit, tuple(found))


def _rows(simple: list[Row], trails: dict[str, Trail]) -> Iterator[Change]:
    here = _here(simple)
    for row in simple:
        said = {name: plain(value) for name, value in row.plain().items()}
        thing = here.get((row.noun.noun(), row.key))
        standing = {name: plain(getattr(thing, name)) for name in said} if thing else None
        yield from _compared(row.section, row.key, said, standing, row, trails[row.item.kit], row.noun.noun())


def _here(simple: list[Row]) -> dict[Thing, Any]:
    """The things of the register that the kit names too, one query per noun."""
    found: dict[Thing, Any] = {}
    for noun in {row.noun: None for row in simple}:
        relations = [field.name for field in noun._meta.get_fields() if field.many_to_one and field.concrete]
        for thing in noun.objects.select_related(*relations):
            found[noun.noun(), str(plain(thing))] = thing
    return found


def _composed(section: str, kit: Kit, trails: dict[str, Trail]) -> Iterator[Change]:
    about = COMPOSED[section]
    items = sorted(kit.of(section), key=lambda item: item.get("state") == "refused")  # these point at the others
    here = {thing.key: thing for thing in about.whole()} if items else {}
    for item in items:
        thing = here.get(item.key)
        standing = about.standing(thing, item) if thing else None
        decided = thing is not None and about.decided(thing, item)
        yield from _compared(
            section, item.key, about.offered(item), standing, item, trails[item.kit], about.noun.noun(), decided=decided
        )


def _compared(
    section: str,
    key: str,
    said: dict[str, Any],
    standing: dict[str, Any] | None,
    source: Row | Item,
    trail: Trail,
    noun: str,
    *,
    decided: bool = False,
) -> Iterator[Change]:
    """At most one change: what the kit says about a thing beside how it stands."""
    kit = source.item.kit if isinstance(source, Row) else source.kit
    if standing is None:
        fields = tuple(Apart(name, None, value) for name, value in said.items())
        yield Change(section, key, "added", fields, source, kit)
        return
    names = [name for name in {**said, **standing} if standing.get(name) != said.get(name)]
    if not names:
        return
    own = decided or not trail.untouched((noun, key))
    before = trail.brought.get((noun, key), {}) if own else {}
    fields = tuple(
        Apart(name, standing.get(name), said.get(name), _by(standing, said, name, before) if own else "kit")
        for name in names
    )
    yield Change(section, key, "kept" if own else "changed", fields, source, kit)


def _by(standing: dict[str, Any], said: dict[str, Any], name: str, before: dict[str, Any]) -> By:
    """Who moved away from what the kit brought before. What it never spoke of was empty, as far as it knew."""
    was = before.get(name, _UNSAID)
    unsaid = was is _UNSAID
    ours = standing.get(name) not in _EMPTY if unsaid else standing.get(name) != was
    theirs = said.get(name) not in _EMPTY if unsaid else said.get(name) != was
    if unsaid and not before:  # the board made the thing itself
        return "board"
    return "both" if ours and theirs else "board" if ours else "kit"


def _removed(kit: Kit, trails: dict[str, Trail]) -> Iterator[Change]:
    """What an earlier version brought and this one leaves out. It stays in the register; people decide."""
    named: dict[str, set[Thing]] = {each: set() for each in trails}
    full = parts.untaken(kit)
    for row in (*rows(full), *offers(full)):
        named[row.item.kit].add((row.noun.noun(), row.key))
    for section, about in COMPOSED.items():
        for item in full.of(section):
            named[item.kit].add((about.noun.noun(), item.key))
    for each, trail in trails.items():
        for kind, key in sorted(set(trail.brought) - named[each]):
            yield Change(kind, key, "removed", kit=each)
