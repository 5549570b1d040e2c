"""A source that Schakel fetches itself: kept whole, with its mapping and how it is reached, or not at all."""

from collections.abc import Mapping
from typing import Any

from django.db import transaction

from schakel.access.changes import change
from schakel.access.people import Person
from schakel.chain.systems import System
from schakel.collect import source_mappings
from schakel.collect.connections import Connection, connect
from schakel.collect.source_mappings import in_force
from schakel.collect.sources import Source
from schakel.lib.errors import SchakelError
from schakel.lib.text import gettext as _

_VERSIONED = ("version",)


def begin(
    actor: Person, key: str, name: str, system: System, *, layout: str = "", pattern: str = "",
    declared: Mapping[str, Any] | None = None, reached: Mapping[str, Any] | None,
) -> Source:  # fmt: skip
    """A new source: of files of a known layout, or by a declaration. Not `reached`: its files are brought."""
    if Source.objects.filter(key=key).exists():
        raise SchakelError(_("Er is al een bron met deze naam. Kies die bron, of een andere naam."), code="taken")
    with transaction.atomic():
        if declared is not None:
            source = source_mappings.begin(actor, key, name, system, dict(declared)).source
        else:
            with change(actor, "source.write", source=key, system=system.key, layout=layout) as log:
                source = Source(key=key, name=name, system=system, layout=layout, pattern=pattern)
                source.full_clean()
                source.save()
                log.about(source)
        if reached is not None:
            connect(actor, source, **reached)
    return source


def adjust(
    actor: Person, source: Source, reached: Mapping[str, Any], *, declared: Mapping[str, Any] | None = None,
    pattern: str = "",
) -> Connection:  # fmt: skip
    """Another way to fetch a source; a declaration that differs becomes its next version."""
    with transaction.atomic():
        if declared is not None and _differs(source, declared):
            source_mappings.save(actor, source, str(declared["title"]["nl"]), dict(declared))
        if pattern and pattern != source.pattern:
            with change(actor, "source.write", source, pattern=[source.pattern, pattern]):
                source.pattern = pattern
                source.save()
        return connect(actor, source, **reached)


def _differs(source: Source, declared: Mapping[str, Any]) -> bool:
    before = in_force(source)
    told = {name: value for name, value in declared.items() if name not in _VERSIONED}
    return before is None or told != {n: v for n, v in before.declaration.items() if n not in _VERSIONED}
