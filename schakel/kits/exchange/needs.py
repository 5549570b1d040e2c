"""Needs as a file knows them: the sentence, each element with its reason, each receiver; written as people do.

The lines of a need are fields of it, named `element KEY` and `audience ROLE:SCOPE`; one that is None falls away.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from schakel.access.people import Person
from schakel.access.roles import Role
from schakel.chain import deciding
from schakel.chain.asking import Question, Revision, Wanted, ask_all, revise_all
from schakel.chain.needs import MATERIAL, InformationNeed, NeedAudience, NeedElement
from schakel.kits.exchange.columns import Column, of_model, said
from schakel.kits.exchange.nouns import Fields, Finder, Known, Noun, Remarks, Write
from schakel.lib.text import gettext as _

ELEMENT, AUDIENCE = "element ", "audience "
CLOSED = "closed"  # a need that comes in refused or ended: the state and the reason; it opens nothing
# Of an element line: nodig of gewenst, why, why in English, and why it was left out.
Line = tuple[str, str, str, str]
_DECLINED = 3


def is_line(name: str) -> bool:
    """Whether a field is a line of the need and not a field of its table."""
    return name.startswith((ELEMENT, AUDIENCE))


@dataclass(frozen=True)
class Needs(Noun):
    """The root record, with its lines."""

    @cached_property
    def columns(self) -> tuple[Column, ...]:
        """With the state, that a file shows and does not change."""
        state = of_model(self.key, InformationNeed, "state")
        return (*super().columns, said(self.key, "state", "choice", choices=state.choices, fixed=True))

    def things(self) -> Iterable[Any]:
        """All needs, whole."""
        needs = InformationNeed.objects.whole().select_related("alternative").prefetch_related("approvals")
        return needs.order_by("key")

    def standing(self, thing: Any) -> Fields:
        """The sentence, the owner by address, and the lines."""
        lines: Fields = {ELEMENT + line.element.key: _line(line) for line in thing.elements.all()}
        lines |= {f"{AUDIENCE}{line.role.key}:{line.scope}": True for line in thing.audiences.all()}
        if thing.state in ("refused", "ended"):
            lines[CLOSED] = (thing.state, thing.refusal_reason)
        owner = thing.owner.email if thing.owner else None
        return {**super().standing(thing), "owner": owner, "state": thing.state, **lines}

    def permissions(self, changed: Mapping[str, Any], *, new: bool) -> tuple[str, ...]:
        """Asking, revising, and leaving out a wish are three permissions."""
        own = ["need.ask" if new else "need.revise"]
        if any(_declines(line) for name, line in changed.items() if is_line(name)):
            own.append("need.decline_element")
        if changed.get(CLOSED):
            own.append("need.refuse" if changed[CLOSED][0] == "refused" else "need.end")
        return tuple(own)

    def remarks(self, said_now: Fields, standing: Fields | None, known: Known) -> Remarks:
        """What cannot be left out, or comes back by another road."""
        for name, line in said_now.items():
            if not name.startswith(ELEMENT) or line is None:
                continue
            was = (standing or {}).get(name)
            if line[0] == "required" and line[_DECLINED]:
                reason = _("Een gegeven dat nodig is kan niet worden weggelaten.")
                yield name, reason, _("Maak het gewenst, of haal de reden van weglaten weg.")
            if was and was[_DECLINED] and line[0] == "wished" and line[_DECLINED] != was[_DECLINED]:
                reason = _("Dit gegeven is al weggelaten; die reden wijzigt niet via een bestand.")
                yield name, reason, _("Laat de regel vervallen en voeg het gegeven daarna opnieuw toe.")

    def voids(self, thing: Any, changed: Mapping[str, Any]) -> bool:
        """A material change of a need with an approval that stands."""
        material = any(name in MATERIAL or name in ("role", "activity") or is_line(name) for name in changed)
        return material and any(approval.voided_at is None for approval in thing.approvals.all())

    def write(self, actor: Person, key: str, changed: Fields, standing: Fields | None, find: Finder) -> None:
        """Ask for it, or revise it; then leave out the wishes that are to be left out."""
        self.write_all(actor, [Write(key, changed, standing)], find)

    def write_all(self, actor: Person, writes: Sequence[Write], find: Finder) -> None:
        """Ask for what is new and revise the rest, by the set."""
        new = [each for each in writes if each.standing is None]
        asked = ask_all(actor, [self._question(each, find) for each in new]) if new else []
        needs = {need.key: need for need in asked}
        old = [each for each in writes if each.standing is not None]
        needs |= {need.key: need for need in InformationNeed.objects.filter(key__in=[each.key for each in old])}
        revisions = filter(None, (self._revision(needs[each.key], each, find) for each in old))
        if found := list(revisions):
            revise_all(actor, found)
        for each in writes:
            _leave_out(actor, needs[each.key], each)
            _close(actor, needs[each.key], each.changed.get(CLOSED))

    def _question(self, write: Write, find: Finder) -> Question:
        lines = write.changed
        return Question(write.key, self._sentence(lines, find), _wanted(lines, find), _audience(lines, find))

    def _revision(self, need: InformationNeed, write: Write, find: Finder) -> Revision | None:
        """What is to be revised; None when only a wish is left out, or the need only closes."""
        lines = {**(write.standing or {}), **write.changed}
        fields = self._sentence(write.changed, find)
        elements = _wanted(lines, find) if any(name.startswith(ELEMENT) for name in write.changed) else None
        audience = _audience(lines, find) if any(name.startswith(AUDIENCE) for name in write.changed) else None
        touched = fields or elements is not None or audience is not None
        return Revision(need, fields, elements, audience) if touched else None

    def _sentence(self, changed: Fields, find: Finder) -> Fields:
        return self.resolved({name: v for name, v in changed.items() if not is_line(name) and name != CLOSED}, find)


def _leave_out(actor: Person, need: InformationNeed, write: Write) -> None:
    for name, line in write.changed.items():
        if is_line(name) and _declines(line) and not _declines((write.standing or {}).get(name)):
            deciding.decline_element(actor, need, name.removeprefix(ELEMENT), line[_DECLINED])


def _close(actor: Person, need: InformationNeed, closed: tuple[str, str] | None) -> None:
    if closed and closed[0] == "refused":
        deciding.refuse(actor, need, closed[1])
    elif closed:
        deciding.end(actor, need, closed[1])


def _line(line: NeedElement) -> Line:
    return (line.demand, line.reason, line.reason_en, line.declined_reason if line.declined else "")


def _declines(line: Any) -> bool:
    return isinstance(line, tuple) and bool(line[_DECLINED])


def _wanted(lines: Fields, find: Finder) -> list[Wanted]:
    return [
        Wanted(find("elements", name.removeprefix(ELEMENT)), line[0], line[1], line[2])
        for name, line in lines.items()
        if name.startswith(ELEMENT) and line is not None
    ]


def _audience(lines: Fields, find: Finder) -> list[tuple[Role, str]]:
    named = (name.removeprefix(AUDIENCE) for name, there in lines.items() if name.startswith(AUDIENCE) and there)
    return [(find("roles", role), scope) for role, _colon, scope in (pair.rpartition(":") for pair in named)]


NEEDS = Needs(
    "needs", InformationNeed, "need.revise",
    ("role", "question", "question_en", "rhythm", "rhythm_en", "decision", "decision_en", "activity", "level",
     "freshness", "freshness_en", "purpose", "purpose_en", "legal_basis", "art9_exception", "law", "law_confirmed",
     "retention", "retention_en", "expires_on", "sector", "priority", "note", "today_how", "minutes_before",
     "minutes_now", "times_per_year", "people", "owner_role", "owner", "review_on", "review_months", "alternative"),
    {"role": "roles", "activity": "activities", "owner_role": "roles", "owner": "people", "alternative": "needs"},
    named_by=("question", "question_en"),
)  # fmt: skip
LINE_COLUMNS = (
    said("need_elements", "need", "ref", required=True, to="needs"),
    said("need_elements", "element", "ref", required=True, to="elements"),
    of_model("need_elements", NeedElement, "demand"),
    of_model("need_elements", NeedElement, "reason"),
    of_model("need_elements", NeedElement, "reason_en"),
    of_model("need_elements", NeedElement, "declined_reason"),
    said("need_elements", "gone", "yes", default=False),
)
AUDIENCE_COLUMNS = (
    said("need_audience", "need", "ref", required=True, to="needs"),
    said("need_audience", "receiver", "ref", required=True, to="roles"),
    of_model("need_audience", NeedAudience, "scope"),
    said("need_audience", "gone", "yes", default=False),
)
