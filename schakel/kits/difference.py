"""What loading a kit would change, thing by thing and field by field. Looking changes nothing.

A thing that people changed after a kit brought it is theirs: the difference is shown, and loading leaves it alone.
What the kit brought, and what people did since, is read from the audit trail.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from django.db.models import Max, Q

from schakel.access.audit import AuditLine
from schakel.access.register import Difference, plain
from schakel.chain.needs import InformationNeed
from schakel.kits import questions
from schakel.kits.contents import Item, Kit, read
from schakel.kits.offers import offers
from schakel.kits.rows import Row, rows

ACTION = "kit.load"


@dataclass(frozen=True)
class Change:
    """One thing that differs. `kind`: added, changed, kept (people changed it, so it stays) or removed from the kit."""

    section: str
    key: str
    kind: str
    fields: tuple[Difference, ...] = ()
    source: Row | Item | None = None

    @property
    def acts(self) -> bool:
        """Whether loading would write it."""
        return self.kind in ("added", "changed")


@dataclass(frozen=True)
class Differences:
    """All that differs between a kit and the register, in the order in which it would be written."""

    kit: Kit
    changes: tuple[Change, ...]

    def of(self, kind: str) -> list[Change]:
        """Those of one kind: added, changed, kept or removed."""
        return [change for change in self.changes if change.kind == kind]


def diff(name: str | Path | Kit) -> Differences:
    """Compare a kit, by name, by file or already read, with the register."""
    kit = name if isinstance(name, Kit) else read(name)
    trail = _Trail(kit.id)
    simple, products = list(rows(kit)), list(offers(kit))
    found = [
        *_rows(simple, trail),
        *_needs(kit, trail),
        *_rows(products, trail),
        *_removed(kit, simple + products, trail),
    ]
    return Differences(kit, tuple(found))


class _Trail:
    """What earlier loads of this kit wrote, and whether anything happened to a thing since."""

    def __init__(self, kit_id: str) -> None:
        lines = AuditLine.objects.filter(action=ACTION, thing_kind="kit", thing_key=kit_id)
        self.loads = [(line.facts["first_line"], line.number) for line in lines]
        writes = Q(action__endswith=".write") | Q(action__startswith="need.")
        newest = AuditLine.objects.filter(writes).exclude(thing_kind="").values("thing_kind", "thing_key")
        self.last = {(n["thing_kind"], n["thing_key"]): n["last"] for n in newest.annotate(last=Max("number"))}

    def untouched(self, kind: str, key: str) -> bool:
        """Whether the last thing that happened to it is that this kit brought it."""
        last = self.last.get((kind, key), 0)
        return any(first <= last <= end for first, end in self.loads)

    def brought(self) -> set[tuple[str, str]]:
        """Everything that earlier loads of this kit wrote."""
        found: set[tuple[str, str]] = set()
        for first, end in self.loads:
            lines = AuditLine.objects.filter(number__gte=first, number__lt=end).exclude(thing_kind="")
            found |= set(lines.values_list("thing_kind", "thing_key"))
        return found


def _rows(simple: list[Row], trail: _Trail) -> Iterator[Change]:
    here = _here(simple)
    for row in simple:
        thing = here.get((row.noun.noun(), row.key))
        if thing is None:
            fields = tuple(Difference(name, None, plain(value)) for name, value in row.plain().items())
            yield Change(row.section, row.key, "added", fields, row)
            continue
        fields = tuple(_different(row, thing))
        if fields:
            kind = "changed" if trail.untouched(row.noun.noun(), row.key) else "kept"
            yield Change(row.section, row.key, kind, fields, row)


def _here(simple: list[Row]) -> dict[tuple[str, str], Any]:
    """The things of the register that the kit names too, one query per noun."""
    found: dict[tuple[str, str], Any] = {}
    for noun in {row.noun: None for row in simple}:
        relations = [field.name for field in noun._meta.get_fields() if field.many_to_one and field.concrete]
        for thing in noun.objects.select_related(*relations):
            found[noun.noun(), str(plain(thing))] = thing
    return found


def _different(row: Row, thing: Any) -> Iterator[Difference]:
    for name, value in row.plain().items():
        was, becomes = plain(getattr(thing, name)), plain(value)
        if was != becomes:
            yield Difference(name, was, becomes)


def _needs(kit: Kit, trail: _Trail) -> Iterator[Change]:
    here = {need.key: need for need in InformationNeed.objects.whole()}
    for item in sorted(kit.of("needs"), key=lambda item: item.get("state") == "refused"):  # these point at the others
        need, said = here.get(item.key), questions.offered(item)
        if need is None:
            yield Change("needs", item.key, "added", _pairs({}, said), item)
            continue
        fields = _pairs(questions.standing(need, item), said)
        if fields:
            own = need.state != "asked" or not trail.untouched("informationneed", item.key)
            yield Change("needs", item.key, "kept" if own else "changed", fields, item)


def _pairs(was: dict[str, Any], becomes: dict[str, Any]) -> tuple[Difference, ...]:
    names: Iterable[str] = {**becomes, **was}
    return tuple(
        Difference(name, was.get(name), becomes.get(name)) for name in names if was.get(name) != becomes.get(name)
    )


def _removed(kit: Kit, simple: list[Row], trail: _Trail) -> Iterator[Change]:
    """What an earlier version brought and this one leaves out. It stays in the register; people decide."""
    named = {(row.noun.noun(), row.key) for row in simple}
    named |= {("informationneed", item.key) for item in kit.of("needs")}
    for kind, key in sorted(trail.brought() - named):
        yield Change(kind, key, "removed")
