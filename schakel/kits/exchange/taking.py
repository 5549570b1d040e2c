"""Taking a file in: all of it or nothing, exactly as the dry run showed it, by the functions that people use."""

from collections.abc import Callable
from dataclasses import dataclass

from django.core.exceptions import ValidationError
from django.db import IntegrityError

from schakel.access.audit import AuditHead
from schakel.access.changes import change
from schakel.access.people import Person
from schakel.chain.model_identifiers import keep_identifiers
from schakel.kits.exchange.looking import Change, DryRun, look
from schakel.kits.exchange.nouns import Finder
from schakel.kits.exchange.offers import Offers
from schakel.kits.exchange.register import NOUNS, Standing
from schakel.lib.errors import Refused, SchakelError, Unknown
from schakel.lib.text import gettext as _

ACTION = "exchange.import"
Read = Callable[[Standing], Offers]
# Points at a thing of the same noun that may come later in the file, also in a circle; written when all are there.
_LATER = "alternative"


@dataclass
class Outdated(SchakelError):
    """The register or the file differs from what the dry run showed; `now` is how it looks now."""

    now: DryRun | None = None
    code: str = "outdated"


@dataclass
class NotTaken(SchakelError):
    """Something in the file was refused while it was written; nothing of it remains."""

    code: str = "not-taken"


def rehearse(actor: Person, read: Read) -> DryRun:
    """The dry run of a file. `read` gives its offers, with the register at hand for keys and names."""
    standing = Standing()
    return look(actor, read(standing), standing)


def take_in(actor: Person, read: Read, fingerprint: str) -> DryRun:
    """Write everything that the dry run with this fingerprint showed; returns that dry run.

    Raises Outdated when it would now come to something else, NotTaken when one thing is refused on writing. Then the
    register is as it was.
    """
    with change(actor, ACTION) as log:
        AuditHead.objects.select_for_update().filter(pk=1).first()  # nobody else writes until this is done
        found = rehearse(actor, read)
        if found.fingerprint != fingerprint:
            text = _("Het register of het bestand is gewijzigd sinds u keek. Bekijk de verschillen opnieuw.")
            raise Outdated(text, now=found)
        if not found.may:
            text = _("Er zijn regels die niet overgenomen kunnen worden. Herstel die eerst in het bestand.")
            raise NotTaken(text if found.faults else _("Er is niets om over te nemen."))
        _write(actor, found)
        keep_identifiers(actor, found.identities)
        log.kind, log.key = "file", found.digest[:16]
        log.facts |= {"added": len(found.of("added")), "changed": len(found.of("changed")), "nouns": found.counts}
    return found


def _write(actor: Person, found: DryRun) -> None:
    finder, standing = Finder(NOUNS), Standing()
    later: list[Change] = []
    for each in found.changes:
        fields = _fields(each)
        if fields.pop(_LATER, None):
            later.append(each)
        if fields or each.kind == "added":
            _one(actor, each, fields, standing, finder)
    fresh = Standing()
    for each in later:
        _one(actor, each, {_LATER: each.offered.fields[_LATER]}, fresh, finder)


def _fields(each: Change) -> dict[str, object]:
    if each.kind == "changed":
        return {difference.field: difference.becomes for difference in each.fields}
    return {name: value for name, value in each.offered.fields.items() if name not in ("key", "state")}


def _one(actor: Person, each: Change, fields: dict[str, object], standing: Standing, finder: Finder) -> None:
    try:
        NOUNS[each.noun].write(actor, each.key, fields, standing.fields(each.noun, each.key), finder)
    except ValidationError as error:
        raise NotTaken(" ".join(error.messages), where=_where(each, error)) from error
    except (Refused, Unknown) as error:
        raise NotTaken(error.message, where=each.offered.place.where) from error
    except IntegrityError as error:
        text = _("De database weigert dit: het past niet bij wat er al staat.")
        raise NotTaken(text, where=each.offered.place.where) from error


def _where(each: Change, error: ValidationError) -> str:
    names = list(getattr(error, "error_dict", {}))
    return each.offered.at(names[0] if names else "").where
