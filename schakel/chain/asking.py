"""What a need says: asked for the first time or revised, one need or a thousand in the same few queries.

Every need keeps its own line in the trail, its own version and its own hash; looking up and writing go by the set.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.core.exceptions import ValidationError
from django.db.models import Count

from schakel.access.changes import Log, changes
from schakel.access.people import Person
from schakel.access.roles import Role
from schakel.chain.approvals import Approval, NeedVersion
from schakel.chain.elements import DataElement
from schakel.chain.needs import MOVING, REVISABLE, InformationNeed, NeedAudience, NeedElement
from schakel.chain.search import index
from schakel.lib import clock
from schakel.lib.errors import Refused
from schakel.lib.identifiers import content_hash
from schakel.lib.text import gettext as _


@dataclass(frozen=True)
class Wanted:
    """An element that a need asks for: required or wished for, with the reason."""

    element: DataElement
    demand: str
    reason: str
    reason_en: str = ""


Receivers = Iterable[tuple[Role, str]]  # a role and how far


@dataclass(frozen=True)
class Question:
    """A need as somebody asks for it: the fields of the sentence, the elements, who should receive it."""

    key: str
    fields: Mapping[str, Any]
    elements: Iterable[Wanted] = ()
    audience: Receivers = ()


@dataclass(frozen=True)
class Revision:
    """Other words for a need. Lines that are None stay as they are."""

    need: InformationNeed
    fields: Mapping[str, Any] = field(default_factory=dict)
    elements: Iterable[Wanted] | None = None
    audience: Receivers | None = None


def ask_all(actor: Person, questions: Sequence[Question]) -> list[InformationNeed]:
    """Ask several things at once: all of them or none. Raises ValidationError for the first that cannot be."""
    with changes(actor, "need.ask") as logs:
        needs = [InformationNeed(key=q.key, requester=actor, state="asked", **q.fields) for q in questions]
        _keys_are_free(needs)
        for need in needs:
            _clean(need)
        InformationNeed.objects.bulk_create(needs)
        index(needs)
        _write_lines((need, q.elements, q.audience, {}) for need, q in zip(needs, questions, strict=True))
        written = _write_versions(actor, {need: need.content() for need in whole(needs)})
        for need in needs:
            log = Log({"content_hash": written[need.pk]})
            log.about(need)
            logs.append(log)
    return needs


def revise_all(actor: Person, revisions: Sequence[Revision]) -> list[bool]:
    """Revise several needs at once, each at most once in a call; returns for each whether it was material."""
    names = set().union(*(revision.fields for revision in revisions))
    if unknown := names - REVISABLE:
        raise Refused(_("Dit is niet te wijzigen: %(names)s.") % {"names": ", ".join(sorted(unknown))}, code="field")
    needs = whole([revision.need for revision in revisions])
    before = {need.pk: need.fingerprint() for need in needs}
    with changes(actor, "need.revise") as logs:
        for need, revision in zip(needs, revisions, strict=True):
            for name, value in revision.fields.items():
                setattr(need, name, value)
            _clean(need)
        if names:
            InformationNeed.objects.bulk_update(needs, sorted(names))
            index(needs)
        _rewrite_lines(needs, revisions)
        material = settle(actor, needs, before)
        for need, revision in zip(needs, revisions, strict=True):
            log = Log({"fields": sorted(revision.fields), "material": need.pk in material})
            log.about(need)
            logs.append(log)
    return [need.pk in material for need in needs]


def whole(needs: Sequence[InformationNeed]) -> list[InformationNeed]:
    """These needs as they stand in the database now, in the same order, with all that their content is made of."""
    found = {need.pk: need for need in InformationNeed.objects.whole().filter(pk__in=[need.pk for need in needs])}
    return [found[need.pk] for need in needs]


def settle(actor: Person, needs: Sequence[InformationNeed], before: Mapping[int, str]) -> frozenset[int]:
    """After a change of content: new versions, and no approval that held for the old ones. Which needs it was."""
    fresh = {need: need.content() for need in whole(needs)}
    changed = {need: content for need, content in fresh.items() if content_hash(content) != before[need.pk]}
    if not changed:
        return frozenset()
    _write_versions(actor, changed)
    voided = void(changed, _("De inhoud is gewijzigd."))
    back = [need.pk for need in changed if need.pk in voided or need.state in ("assessed", *MOVING)]
    InformationNeed.objects.filter(pk__in=back).update(state="asked")
    return frozenset(need.pk for need in changed)


def void(needs: Iterable[InformationNeed], reason: str) -> frozenset[int]:
    """Let the approvals that stand for these needs fall; returns the needs that had one."""
    standing = Approval.objects.filter(need__in=[need.pk for need in needs], voided_at__isnull=True)
    found = frozenset(standing.values_list("need_id", flat=True))
    if found:
        standing.update(voided_at=clock.now(), void_reason=reason[:250])
    return found


def _write_versions(actor: Person, contents: Mapping[InformationNeed, dict[str, Any]]) -> dict[int, str]:
    """What each need says now, as its next version; returns their hashes."""
    of_these = NeedVersion.objects.filter(need__in=[need.pk for need in contents])
    counts = dict(of_these.order_by().values_list("need_id").annotate(Count("pk")))
    versions = [
        NeedVersion(
            need=need, number=counts.get(need.pk, 0) + 1, content=content, content_hash=content_hash(content),
            written_by=actor,
        )
        for need, content in contents.items()
    ]  # fmt: skip
    NeedVersion.objects.bulk_create(versions)
    return {version.need_id: version.content_hash for version in versions}


Lines = tuple[InformationNeed, Iterable[Wanted], Receivers, Mapping[int, str]]  # the last: which wishes were left out


def _rewrite_lines(needs: Sequence[InformationNeed], revisions: Sequence[Revision]) -> None:
    """A wish that was left out and is still wished for stays left out."""
    pairs = list(zip(needs, revisions, strict=True))
    for model, name in ((NeedElement, "elements"), (NeedAudience, "audience")):
        again = [need.pk for need, revision in pairs if getattr(revision, name) is not None]
        if again:
            model.objects.filter(need__in=again).delete()
    _write_lines((need, each.elements or (), each.audience or (), _declined(need)) for need, each in pairs)


def _declined(need: InformationNeed) -> dict[int, str]:
    """The elements that were left out before, with the reason; as read before anything was written."""
    return {line.element_id: line.declined_reason for line in need.elements.all() if line.declined}


def _write_lines(lines: Iterable[Lines]) -> None:
    elements: list[NeedElement] = []
    audiences: list[NeedAudience] = []
    for need, wanted, audience, declined in lines:
        elements += _distinct(_element(need, each, declined) for each in wanted)
        audiences += _distinct(NeedAudience(need=need, role=role, scope=scope) for role, scope in audience)
    NeedElement.objects.bulk_create(elements)
    NeedAudience.objects.bulk_create(audiences)


def _element(need: InformationNeed, wanted: Wanted, declined: Mapping[int, str]) -> NeedElement:
    line = NeedElement(
        need=need, element=wanted.element, demand=wanted.demand, reason=wanted.reason, reason_en=wanted.reason_en
    )
    if wanted.demand == "wished" and wanted.element.pk in declined:
        line.declined, line.declined_reason = True, declined[wanted.element.pk]
    return line


def _distinct(lines: Iterable[Any]) -> Iterator[Any]:
    """The lines of one need, each in order; Raises ValidationError for one that is there twice."""
    seen = set()
    for line in lines:
        _clean(line)
        names = line._meta.total_unique_constraints[0].fields
        place = tuple(getattr(line, line._meta.get_field(name).attname) for name in names)
        if place in seen:
            raise ValidationError(line.unique_error_message(type(line), names))
        seen.add(place)
        yield line


def _keys_are_free(needs: Sequence[InformationNeed]) -> None:
    taken = set(InformationNeed.objects.filter(key__in=[need.key for need in needs]).values_list("key", flat=True))
    for need in needs:
        if need.key in taken:
            raise ValidationError({"key": need.unique_error_message(InformationNeed, ("key",))})
        taken.add(need.key)


def _clean(thing: Any) -> None:
    """Each field by itself. A relation that is filled was looked up a moment ago; the database keeps it to that."""
    relations = (kept for kept in thing._meta.fields if kept.is_relation)
    thing.clean_fields(exclude={kept.name for kept in relations if getattr(thing, kept.attname) is not None})
