"""By which identifier a model that was brought in knows a thing, so that it goes out again under the same one."""

from collections.abc import Iterable

from django.db import models

from schakel.access.changes import change
from schakel.access.kept import Kept
from schakel.access.people import Person


class ModelIdentifier(Kept):
    """A thing of the register (a noun and its key) or a relationship, and its identifier in the exchange format."""

    thing_kind = models.CharField(max_length=64)
    thing_key = models.CharField(max_length=255)
    identifier = models.CharField(max_length=255, unique=True)

    class Meta:
        ordering = ["thing_kind", "thing_key"]
        constraints = [models.UniqueConstraint(fields=["thing_kind", "thing_key"], name="one_identifier_per_thing")]


def kept_identifiers() -> dict[tuple[str, str], str]:
    """The identifiers that were brought in, by noun and key."""
    return {(each.thing_kind, each.thing_key): each.identifier for each in ModelIdentifier.objects.all()}


def keep_identifiers(actor: Person, found: Iterable[tuple[str, str, str]]) -> None:
    """Remember noun, key and identifier of what was brought in; a newer identifier of a thing replaces the older."""
    known = kept_identifiers()
    new = {(kind, key): identifier for kind, key, identifier in found if known.get((kind, key)) != identifier}
    if not new:
        return
    with change(actor, "exchange.import", identifiers=len(new)):
        changed = ModelIdentifier.objects.filter(identifier__in=new.values())
        changed.delete()
        for (kind, key), identifier in new.items():
            ModelIdentifier.objects.filter(thing_kind=kind, thing_key=key).delete()
            each = ModelIdentifier(thing_kind=kind, thing_key=key, identifier=identifier)
            each.full_clean()
            each.save()
