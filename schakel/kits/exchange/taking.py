"""Taking a file in: all of it or nothing, exactly as the dry run showed it, by the functions that people use."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import Any

from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction

from schakel.access.audit import AuditHead
from schakel.access.changes import change
from schakel.access.people import Person
from schakel.chain.model_identifiers import keep_identifiers
from schakel.kits.exchange.looking import Change, DryRun, look
from schakel.kits.exchange.nouns import Finder, Write
from schakel.kits.exchange.offers import Offers
from schakel.kits.exchange.register import NOUNS, Standing
from schakel.lib.errors import Refused, SchakelError, Unknown
from schakel.lib.text import gettext as _

ACTION = "exchange.import"
Read = Callable[[Standing], Offers]
# Points at a thing of the same noun that may come later in the file, also in a circle; written when all are there.
_LATER = "alternative"
_SET = 200  # things of a noun that are written together


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
    return _rehearsed(actor, read, Standing())


def _rehearsed(actor: Person, read: Read, standing: Standing) -> DryRun:
    return look(actor, read(standing), standing)


def take_in(actor: Person, read: Read, fingerprint: str) -> DryRun:
    """Write everything that the dry run with this fingerprint showed; returns that dry run.

    Raises Outdated when it would now come to something else, NotTaken when one thing is refused on writing. Then the
    register is as it was.
    """
    with change(actor, ACTION) as log:
        AuditHead.objects.select_for_update().filter(pk=1).first()  # nobody else writes until this is done
        standing = Standing()
        found = _rehearsed(actor, read, standing)
        if found.fingerprint != fingerprint:
            text = _("Het register of het bestand is gewijzigd sinds u keek. Bekijk de verschillen opnieuw.")
            raise Outdated(text, now=found)
        if not found.may:
            text = _("Er zijn regels die niet overgenomen kunnen worden. Herstel die eerst in het bestand.")
            raise NotTaken(text if found.faults else _("Er is niets om over te nemen."))
        _write(actor, found, standing)
        keep_identifiers(actor, found.identities)
        log.kind, log.key = "file", found.digest[:16]
        log.facts |= {"added": len(found.of("added")), "changed": len(found.of("changed")), "nouns": found.counts}
    return found


def _write(actor: Person, found: DryRun, standing: Standing) -> None:
    finder = Finder(NOUNS)
    later: list[tuple[Change, Write]] = []
    for noun, changes in groupby(found.changes, key=lambda each: each.noun):
        there, ready = standing.things(noun), []
        for each in changes:
            fields, was = _fields(each), standing.fields(noun, each.key)
            if fields.get(_LATER) and fields[_LATER] not in there:
                later.append((each, Write(each.key, {_LATER: fields.pop(_LATER)}, {})))
            if fields or each.kind == "added":
                ready.append((each, Write(each.key, fields, was)))
        _together(actor, noun, ready, finder)
    for noun, waited in groupby(later, key=lambda pair: pair[0].noun):
        _together(actor, noun, list(waited), finder)


def _together(actor: Person, noun: str, ready: Sequence[tuple[Change, Write]], finder: Finder) -> None:
    """Write by the set. When one of a set is refused, one by one, so that the first that is refused is named."""
    for begin in range(0, len(ready), _SET):
        pairs = ready[begin : begin + _SET]
        try:
            with transaction.atomic():
                NOUNS[noun].write_all(actor, [write for _each, write in pairs], finder)
        except (ValidationError, Refused, Unknown, IntegrityError):
            finder.forget()  # what was written a moment ago is not there any more
            for each, write in pairs:
                _one(actor, each, write, finder)


def _fields(each: Change) -> dict[str, Any]:
    if each.kind == "changed":
        return {difference.field: difference.becomes for difference in each.fields}
    return {name: value for name, value in each.offered.fields.items() if name not in ("key", "state")}


def _one(actor: Person, each: Change, write: Write, finder: Finder) -> None:
    try:
        NOUNS[each.noun].write(actor, write.key, write.changed, write.standing, finder)
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
