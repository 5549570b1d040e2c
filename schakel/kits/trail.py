"""What earlier loads of a kit wrote, and what people did since: read from the audit trail, kept nowhere else."""

from collections.abc import Iterator
from functools import cached_property
from typing import Any

from django.db.models import Max, Q

from schakel.access.audit import AuditLine

ACTION = "kit.load"
SAID = "said"  # the fact in which a load keeps the words of a need, because its own line holds only their hash
Thing = tuple[str, str]  # the kind and the key under which the trail knows it


def latest() -> dict[Thing, int]:
    """The number of the last line that changed each thing."""
    writes = Q(action__endswith=".write") | Q(action__startswith="need.")
    lines = AuditLine.objects.filter(writes).exclude(thing_kind="").values("thing_kind", "thing_key")
    found: dict[Thing, int] = {}
    for line in lines.annotate(last=Max("number")):
        thing = _owner(line["thing_kind"], line["thing_key"])
        found[thing] = max(line["last"], found.get(thing, 0))
    return found


def _owner(kind: str, key: str) -> Thing:
    """A responsibility belongs to the thing that it is about."""
    if kind == "responsibility" and key.count(":") >= 2:  # noqa: PLR2004 -- kind:key:aspect and more
        about, thing, *_rest = key.split(":")
        return about, thing
    return kind, key


class Trail:
    """The trail of one kit. `last` holds the last change of each thing, by whomever."""

    def __init__(self, kit_id: str, last: dict[Thing, int]) -> None:
        lines = AuditLine.objects.filter(action=ACTION, thing_kind="kit", thing_key=kit_id)
        self.loads = [(line.facts["first_line"], line.number) for line in lines]
        self.versions = [line.facts["version"] for line in lines]
        self.last = last

    def untouched(self, thing: Thing) -> bool:
        """Whether the last thing that happened to it is that this kit brought it."""
        last = self.last.get(thing, 0)
        return any(first <= last <= end for first, end in self.loads)

    @cached_property
    def brought(self) -> dict[Thing, dict[str, Any]]:
        """Everything that earlier loads of this kit wrote, with the value that it last gave each field."""
        found: dict[Thing, dict[str, Any]] = {}
        for line in self._lines():
            fields = found.setdefault(_owner(line.thing_kind, line.thing_key), {})
            if line.action == ACTION:
                fields.clear()
                fields |= line.facts.get(SAID, {})
            fields |= {name: value[1] for name, value in line.facts.get("changed", {}).items()}
        return found

    def _lines(self) -> Iterator[AuditLine]:
        for first, end in self.loads:
            lines = AuditLine.objects.filter(number__gte=first, number__lt=end).exclude(thing_kind__in=("", "kit"))
            yield from lines.order_by("number")
