"""The dry run: what a file would change, field by field; what cannot be taken in, and why. Looking writes nothing."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from django.core.exceptions import ValidationError

from schakel.access.people import Person
from schakel.access.permissions import decide
from schakel.access.register import Difference, plain
from schakel.kits.exchange.nouns import Fields, Noun
from schakel.kits.exchange.offers import Fault, Offered, Offers
from schakel.kits.exchange.register import NOUNS, Standing
from schakel.lib.identifiers import content_hash
from schakel.lib.text import gettext as _
from schakel.lib.text import language


@dataclass(frozen=True)
class Change:
    """One thing that a file adds or changes; `voids` when an approval falls with it."""

    offered: Offered
    kind: str  # added or changed
    fields: tuple[Difference, ...]
    voids: bool = False

    @property
    def noun(self) -> str:
        """The noun of the thing."""
        return self.offered.noun

    @property
    def key(self) -> str:
        """The key of the thing."""
        return self.offered.key


@dataclass(frozen=True)
class DryRun:
    """What would happen: the changes in the order of writing, how many things stay the same, the faults, the notes."""

    digest: str
    changes: tuple[Change, ...] = ()
    unchanged: int = 0
    faults: tuple[Fault, ...] = ()
    notes: tuple[str, ...] = ()
    counts: dict[str, int] = field(default_factory=dict)
    identities: tuple[tuple[str, str, str], ...] = ()

    def of(self, kind: str) -> list[Change]:
        """Those that are added, or those that are changed."""
        return [change for change in self.changes if change.kind == kind]

    @property
    def may(self) -> bool:
        """Whether it can be taken in: no faults, and something to do."""
        return bool(self.changes) and not self.faults

    @cached_property
    def fingerprint(self) -> str:
        """Over the file and all that it would do to the register as it stands: a confirmation holds for this only."""
        changes = [
            [c.noun, c.key, c.kind, c.voids, [[f.field, _flat(f.was), _flat(f.becomes)] for f in c.fields]]
            for c in self.changes
        ]
        faults = [[fault.place.where, fault.reason] for fault in self.faults]
        return content_hash({"file": self.digest, "changes": changes, "faults": faults})


def look(actor: Person, offers: Offers, standing: Standing) -> DryRun:
    """Hold what a file offers against the register, as this person."""
    looking = _Looking(actor, standing)
    found: list[Change] = []
    unchanged, counts = 0, dict[str, int]()
    for offered in _in_order(offers.offered):
        change = looking.at(offered)
        if change is None:
            continue
        counts[offered.noun] = counts.get(offered.noun, 0) + 1
        if change.fields or change.kind == "added":
            found.append(change)
        else:
            unchanged += 1
    faults = _sorted([*offers.faults, *looking.faults, *looking.circles()])
    return DryRun(
        offers.digest, tuple(found), unchanged, tuple(faults), tuple(offers.notes), counts, tuple(offers.identities)
    )


class _Looking:
    """Looks at offers one by one, and gathers what is wrong."""

    def __init__(self, actor: Person, standing: Standing) -> None:
        self.actor, self.standing = actor, standing
        self.faults: list[Fault] = []
        self._decided: dict[str, str] = {}
        self._parents: dict[str, dict[str, Offered]] = {}

    def at(self, offered: Offered) -> Change | None:
        """The change that an offer comes to; None when something is wrong with it."""
        noun = NOUNS[offered.noun]
        was = self.standing.fields(offered.noun, offered.key)
        before = len(self.faults)
        said_now = _said_now(noun, offered, was)
        changed = _differences(noun, offered.fields, was)
        if offered.fields.get("parent"):
            self._parents.setdefault(noun.key, {})[offered.key] = offered
        if was is None or any(not _same(was.get(name), value) for name, value in offered.fields.items()):
            self._missing(noun, offered, was)
            self._remark(noun, offered, said_now, was)
            self._permit(noun, offered, changed, was)
            self._limits(noun, offered, said_now, was)
        if len(self.faults) > before:
            return None
        thing = self.standing.things(noun.key).get(offered.key)
        voids = was is not None and noun.voids(thing, {each.field: each.becomes for each in changed})
        return Change(offered, "added" if was is None else "changed", tuple(changed), voids)

    def circles(self) -> Iterator[Fault]:
        """Things that would become a part of themselves."""
        for noun, offers in self._parents.items():
            for key, offered in offers.items():
                if self._above(noun, offers, key):
                    reason = _("Zo wordt het een onderdeel van zichzelf.")
                    yield Fault(offered.at("parent"), reason, _("Kies iets anders, of laat de cel leeg."))

    def _above(self, noun: str, offers: dict[str, Offered], start: str) -> bool:
        seen, key = set[str](), start
        while key and key not in seen:
            seen.add(key)
            above = offers[key].fields if key in offers else self.standing.fields(noun, key) or {}
            key = above.get("parent") or ""
            if key == start:
                return True
        return False

    def _missing(self, noun: Noun, offered: Offered, was: Fields | None) -> None:
        if was is not None:
            return
        for column in noun.columns:
            said = column.name in offered.fields or column.name in offered.places
            if column.required and column.name != "key" and not said:
                reason = _("Voor iets nieuws ontbreekt ‘%(header)s’.") % {"header": column.header(language())}
                self._fault(offered, column.name, reason, _("Voeg die kolom toe en vul haar."))

    def _remark(self, noun: Noun, offered: Offered, said_now: Fields, was: Fields | None) -> None:
        for name, reason, hint in noun.remarks({**said_now, "key": offered.key}, was, self.standing.known):
            self._fault(offered, name, reason, hint)

    def _permit(self, noun: Noun, offered: Offered, changed: list[Difference], was: Fields | None) -> None:
        becomes = {each.field: each.becomes for each in changed}
        for permission in noun.permissions(becomes, new=was is None):
            if permission not in self._decided:
                decision = decide(self.actor, permission)
                self._decided[permission] = "" if decision.allowed else decision.reason
            if self._decided[permission]:
                self._fault(offered, "", self._decided[permission], _("Vraag het aan wie dit mag."))

    def _limits(self, noun: Noun, offered: Offered, said_now: Fields, was: Fields | None) -> None:
        """What the table itself would refuse, without asking the database."""
        plain_ones = {
            name: value
            for name, value in said_now.items()
            if name in noun.fields and name not in noun.relations and name in offered.fields
        }
        if not plain_ones:
            return
        thing = noun.model(**plain_ones)
        others = {kept.name for kept in noun.model._meta.fields} - set(plain_ones)
        try:
            thing.clean_fields(exclude=others)
        except ValidationError as error:
            for name, messages in error.message_dict.items():
                self._fault(offered, name, " ".join(messages), _("Verbeter de cel."))

    def _fault(self, offered: Offered, name: str, reason: str, hint: str) -> None:
        self.faults.append(Fault(offered.at(name), reason, hint))


def _said_now(noun: Noun, offered: Offered, was: Fields | None) -> Fields:
    """All that would stand there: of what exists with the rest as it is, of something new with the defaults."""
    if was is not None:
        return {**was, **offered.fields}
    defaults = {c.name: c.default for c in noun.columns if c.kind not in ("key", "ref", "refs", "letters", "email")}
    defaults |= {c.name: () for c in noun.columns if c.kind in ("refs", "letters")}
    return {**defaults, **offered.fields}


def _differences(noun: Noun, offered: Fields, was: Fields | None) -> list[Difference]:
    """Of something new everything that is said, of what exists what differs."""
    kept = {name: value for name, value in offered.items() if name != "key" and not _fixed(noun, name)}
    had = was or {}
    return [Difference(name, had.get(name), value) for name, value in kept.items() if not _same(had.get(name), value)]


def _fixed(noun: Noun, name: str) -> bool:
    column = noun.column(name)
    return column is not None and column.fixed


def _same(was: Any, becomes: Any) -> bool:
    return plain(was) == plain(becomes) or (was in (None, "", False, ()) and becomes in (None, "", False, ()))


def _flat(value: Any) -> Any:
    return list(map(plain, value)) if isinstance(value, tuple) else plain(value)


def _in_order(offered: Iterable[Offered]) -> list[Offered]:
    """Nouns in the order of writing; within a noun a thing after what it is a part of."""
    order = {noun: number for number, noun in enumerate(NOUNS)}
    things = sorted(offered, key=lambda each: order[each.noun])
    by_key = {(each.noun, each.key): each for each in things}
    found: dict[tuple[str, str], Offered] = {}
    for each in things:
        above: list[Offered] = []
        here: Offered | None = each
        while here is not None and (here.noun, here.key) not in found and here not in above:
            above.append(here)
            here = by_key.get((here.noun, here.fields.get("parent") or ""))
        for one in reversed(above):
            found[one.noun, one.key] = one
    return list(found.values())


def _sorted(faults: list[Fault]) -> list[Fault]:
    sheets = {fault.place.sheet: number for number, fault in reversed(list(enumerate(faults)))}
    return sorted(faults, key=lambda f: (sheets[f.place.sheet], f.place.row, f.place.column))
