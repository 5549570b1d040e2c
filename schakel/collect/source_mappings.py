"""Mappings made on the screen: how the files of one source are read, in versions. The last one counts."""

from typing import Any

from django.db import models

from schakel.access.changes import change
from schakel.access.kept import Kept
from schakel.access.people import Person
from schakel.chain.systems import System
from schakel.collect.sources import Source
from schakel.lib import clock
from schakel.lib.errors import SchakelError
from schakel.lib.text import gettext as _


class SourceMapping(Kept):
    """One version of how a source is read: the same declaration as a file in `connectors/mappings`."""

    source = models.ForeignKey(Source, on_delete=models.PROTECT, related_name="mappings")
    number = models.PositiveIntegerField()
    name = models.CharField(max_length=120)
    declaration = models.JSONField()
    made_by = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    made_at = models.DateTimeField(default=clock.now)

    class Meta:
        ordering = ["source", "-number"]
        constraints = [models.UniqueConstraint(fields=["source", "number"], name="one_mapping_a_number")]

    @property
    def key(self) -> str:
        """How the audit trail names it."""
        return f"{self.source.key}.{self.number}"


def in_force(source: Source) -> SourceMapping | None:
    """The mapping that the files of a source are read with; None where a layout of its own is recognised."""
    found: SourceMapping | None = source.mappings.order_by("-number").first()
    return found


def next_number(source: Source | None) -> int:
    """The number that the next version of this source gets."""
    last = in_force(source) if source is not None and source.pk else None
    return last.number + 1 if last else 1


def save(actor: Person, source: Source, name: str, declaration: dict[str, Any]) -> SourceMapping:
    """Keep the next version; the layout and the name of the files of the source follow it."""
    with change(actor, "source.write", source, layout=declaration["layout"], mapping=name) as log:
        source.layout, source.pattern = declaration["layout"], declaration["file"]
        source.save()
        made = SourceMapping(
            source=source, number=next_number(source), name=name, declaration=declaration, made_by=actor
        )
        made.declaration = {**declaration, "version": str(made.number)}
        made.save()
        log.about(made)
    return made


def begin(actor: Person, key: str, name: str, system: System, declaration: dict[str, Any]) -> SourceMapping:
    """A new source with the first version of its mapping."""
    if Source.objects.filter(key=key).exists():
        raise SchakelError(_("Er is al een bron met deze naam. Kies die bron, of een andere naam."), code="taken")
    with change(actor, "source.write", source=key, system=system.key) as log:
        source = Source(key=key, name=name, system=system, layout=declaration["layout"], pattern=declaration["file"])
        source.save()
        made = save(actor, source, name, declaration)
        log.about(source)
    return made
