"""Loading a kit into the register, through the same functions that people use: a kit can do nothing a person could not.

All of it or nothing. A second time nothing happens. Needs arrive as questions, never approved. What people changed or
decided on stays theirs, unless they name it to be taken over: then a material change voids the approval at once.
"""

from collections.abc import Callable, Collection, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import groupby
from pathlib import Path
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction

from schakel.access.audit import AuditHead
from schakel.access.changes import allowed, change
from schakel.access.people import Person
from schakel.access.register import putting
from schakel.chain.needs import InformationNeed
from schakel.kits import duties, questions
from schakel.kits.contents import Item, Kit
from schakel.kits.difference import COMPOSED, Change, Differences, diff
from schakel.kits.found import Found
from schakel.kits.mistakes import BadKit
from schakel.kits.rows import Ref, Row
from schakel.kits.trail import ACTION, SAID
from schakel.lib.errors import Unknown
from schakel.lib.text import gettext as _


@dataclass(frozen=True)
class Loaded:
    """What loading a kit did: the changes written, and those left alone because they are the board's."""

    kit: Kit
    added: tuple[Change, ...]
    changed: tuple[Change, ...]
    kept: tuple[Change, ...]
    removed: tuple[Change, ...]
    taken_over: tuple[Change, ...] = ()

    @property
    def wrote(self) -> bool:
        """Whether anything was written."""
        return bool(self.added or self.changed or self.taken_over)


def load(actor: Person, name: str | Path | Kit, *, only: Iterable[str] = (), over: Collection[str] = ()) -> Loaded:
    """Bring a kit into the register, or `only` some parts of it; returns what was added, changed and left alone.

    `over` names things (`needs:absence_16h`) that the board changed and now wants as the kit has them: what the kit
    changed since it brought them is taken over, what only the board changed stays.
    Raises BadKit for a kit that cannot be used, Refused when the actor may not do one of the things in it. Then nothing
    of it remains.
    """
    allowed(actor, ACTION)
    found = diff(name, only)
    taken = [each for each in found.of("kept") if each.name in over and _theirs(each)]
    _only_kept(over, found)
    if taken or any(each.acts for each in found.changes):
        with transaction.atomic():
            _write_all(actor, found, taken)
    kept = tuple(each for each in found.of("kept") if each not in taken)
    done = {kind: tuple(found.of(kind)) for kind in ("added", "changed", "removed")}
    return Loaded(found.kit, kept=kept, taken_over=tuple(taken), **done)


def _theirs(each: Change) -> tuple[Any, ...]:
    """What the kit changed since it brought the thing."""
    return tuple(field for field in each.fields if field.by != "board")


def _only_kept(over: Collection[str], found: Differences) -> None:
    unknown = sorted(set(over) - {each.name for each in found.of("kept")})
    if unknown:
        text = _("Niet over te nemen, want het verschilt niet of hoort niet bij dit pakket: %(names)s.")
        raise BadKit(text % {"names": ", ".join(unknown)}, code="kit")


def _write_all(actor: Person, found: Differences, taken: list[Change]) -> None:
    """Each kit of the family leaves its own line, the one that was asked for last and always."""
    find = Found()
    for kit_id in found.kit.versions:
        mine = [each for each in found.changes if each.kit == kit_id and (each.acts or each in taken)]
        if mine or kit_id == found.kit.id:
            _write(actor, found, kit_id, mine, find)


def _write(actor: Person, found: Differences, kit_id: str, mine: list[Change], find: Found) -> None:
    with change(actor, ACTION) as log:
        log.kind, log.key = "kit", kit_id
        log.facts |= {"version": found.kit.versions[kit_id], **_counts(found, kit_id)}
        head = AuditHead.objects.select_for_update().filter(pk=1).first()
        log.facts["first_line"] = (head.number if head else 0) + 1
        for (noun, permission), these in groupby(mine, key=_together):
            _apply(actor, noun, permission, list(these), find)


def _together(each: Change) -> tuple[type[Any] | None, str]:
    """What is written in one go with its neighbours: simple things of one noun, under one permission."""
    return (each.source.noun, each.source.permission) if isinstance(each.source, Row) else (None, each.name)


def _counts(found: Differences, kit_id: str) -> dict[str, int]:
    """How much there was of each kind; of the kit that was asked for, with everything that it stands on."""
    whole = kit_id == found.kit.id
    counted = [each for each in found.changes if whole or each.kit == kit_id]
    return {kind: sum(each.kind == kind for each in counted) for kind in ("added", "changed", "kept")}


def _apply(actor: Person, noun: type[Any] | None, permission: str, these: list[Change], find: Found) -> None:
    if noun is None:
        for each in these:
            with _named(each):
                _compose(actor, each, find)
        return
    keys = [each.source.key for each in these if isinstance(each.source, Row)]
    with putting(actor, permission, noun, keys) as put_one:
        for each in these:
            with _named(each):
                _put(put_one, each, find)


@contextmanager
def _named(each: Change) -> Iterator[None]:
    """Whatever is wrong with a part is told with its place in the kit."""
    try:
        yield
    except (Unknown, ValidationError) as error:
        if each.source is None:
            raise
        item = each.source.item if isinstance(each.source, Row) else each.source
        reason = error.message if isinstance(error, Unknown) else " ".join(error.messages)
        raise item.error(_("Bij '%(key)s': %(reason)s") % {"key": item.key, "reason": reason}) from error


def _put(put_one: Callable[[str, dict[str, Any]], Any], each: Change, find: Found) -> None:
    row = each.source
    if not isinstance(row, Row):
        return
    names = {field.field for field in _theirs(each)} if each.kind == "kept" else set(row.fields)
    fields = {n: find(v.noun, v.key) if isinstance(v, Ref) else v for n, v in row.fields.items() if n in names}
    find.keep(row.key, put_one(row.key, fields))


def _compose(actor: Person, each: Change, find: Found) -> None:
    item = each.source
    if not isinstance(item, Item):  # nothing that the kit has: it only says that something left it
        return
    said = COMPOSED[each.section].offered(item)
    if each.kind == "kept":
        said |= {field.field: field.was for field in each.fields if field.by == "board"}
    if each.section == "needs":
        _ask(actor, item, each, said, find)
    elif each.section == "areas":
        duties.write_area(actor, item.key, said, find)
    else:
        duties.write_consultation(actor, item.key, said, find)


def _ask(actor: Person, item: Item, each: Change, said: dict[str, Any], find: Found) -> None:
    """Ask or revise, and keep what the kit said: the line of a need itself holds only a hash of its words."""
    if each.kind == "added":
        need = questions.ask(actor, item, find)
    else:
        need = InformationNeed.objects.whole().get(key=item.key)
        questions.revise(actor, need, item, said, find)
    words = {name: value for name, value in questions.offered(item).items() if value not in ("", None)}
    with change(actor, ACTION, need, **{"kit": item.kit, SAID: words}):
        pass
