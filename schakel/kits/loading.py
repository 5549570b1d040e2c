"""Loading a kit into the register, through the same functions that people use: a kit can do nothing a person could not.

All of it or nothing. A second time nothing happens. Needs arrive as questions, never approved.
"""

from dataclasses import dataclass
from pathlib import Path

from django.core.exceptions import ValidationError

from schakel.access.audit import AuditHead
from schakel.access.changes import allowed, change
from schakel.access.people import Person
from schakel.access.register import by_key, put
from schakel.chain.needs import InformationNeed
from schakel.kits import questions
from schakel.kits.contents import Item, Kit, read
from schakel.kits.difference import ACTION, Change, Differences, diff
from schakel.kits.rows import Ref, Row
from schakel.lib.errors import Unknown
from schakel.lib.text import gettext as _


@dataclass(frozen=True)
class Loaded:
    """What loading a kit did: the changes written, and those left alone because people had changed the thing."""

    kit: Kit
    added: tuple[Change, ...]
    changed: tuple[Change, ...]
    kept: tuple[Change, ...]
    removed: tuple[Change, ...]

    @property
    def wrote(self) -> bool:
        """Whether anything was written."""
        return bool(self.added or self.changed)


def load(actor: Person, name: str | Path | Kit) -> Loaded:
    """Bring a kit into the register; returns what was added, changed and left alone.

    Raises BadKit for a kit that cannot be used, Refused when the actor may not do one of the things in it. Then nothing
    of it remains.
    """
    allowed(actor, ACTION)
    kit = name if isinstance(name, Kit) else read(name)
    found = diff(kit)
    if any(each.acts for each in found.changes):
        _write(actor, kit, found)
    return Loaded(kit, *(tuple(found.of(kind)) for kind in ("added", "changed", "kept", "removed")))


def _write(actor: Person, kit: Kit, found: Differences) -> None:
    counts = {kind: len(found.of(kind)) for kind in ("added", "changed", "kept")}
    with change(actor, ACTION) as log:
        log.kind, log.key = "kit", kit.id
        log.facts |= {"version": kit.version, **counts}
        head = AuditHead.objects.select_for_update().filter(pk=1).first()
        log.facts["first_line"] = (head.number if head else 0) + 1
        for each in found.changes:
            if each.acts:
                _apply(actor, each)


def _apply(actor: Person, each: Change) -> None:
    source = each.source
    if source is None:
        return
    try:
        if isinstance(source, Row):
            _put(actor, source)
        else:
            _ask(actor, each, source)
    except (Unknown, ValidationError) as error:
        item = source.item if isinstance(source, Row) else source
        reason = error.message if isinstance(error, Unknown) else " ".join(error.messages)
        raise item.error(_("Bij '%(key)s': %(reason)s") % {"key": item.key, "reason": reason}) from error


def _put(actor: Person, row: Row) -> None:
    fields = {n: by_key(v.noun, v.key) if isinstance(v, Ref) else v for n, v in row.fields.items()}
    put(actor, row.permission, row.noun, row.key, **fields)


def _ask(actor: Person, each: Change, item: Item) -> None:
    if each.kind == "added":
        questions.ask(actor, item)
    else:
        questions.revise(actor, InformationNeed.objects.get(key=item.key), item)
