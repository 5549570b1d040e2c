"""An earlier version of a need, as it was: what it said, what was different before it, what was decided on it."""

from dataclasses import dataclass

from schakel.chain.approvals import Advice, Approval, NeedVersion
from schakel.chain.needs import InformationNeed
from schakel.lib.errors import Unknown
from schakel.lib.text import gettext as _
from schakel.portal import figures
from schakel.portal.pages.decision import difference, grouped
from schakel.portal.pages.words import question
from schakel.portal.parts import Diff, Door, Doors, Event, Events, Head, Link, Status


@dataclass(frozen=True)
class VersionPage:
    """One version with its neighbours."""

    head: Head
    diff: Diff
    decisions: Events
    fingerprint: str
    others: Doors


def page(need: InformationNeed, number: int) -> VersionPage:
    """Version `number` of a need; Unknown when there is none."""
    versions = {v.number: v for v in need.versions.select_related("written_by")}
    if number not in versions:
        raise Unknown(_("Deze versie bestaat niet."), code="unknown")
    version, before = versions[number], versions.get(number - 1)
    return VersionPage(
        head=_head(need, version),
        diff=difference(before.content if before else None, version.content, number - 1, number),
        decisions=Events(_decisions(need, version)),
        fingerprint=grouped(version.content_hash),
        others=Doors([_door(need, v) for v in reversed(versions.values()) if v.number != number]),
    )


def _head(need: InformationNeed, version: NeedVersion) -> Head:
    words = {"name": version.written_by.name, "day": figures.full_day(version.written_at)}
    crumbs = [Link(_("Behoeften"), "/behoeften"), Link(need.number, f"/behoeften/{need.key}")]
    title = _("Versie %(number)s, zoals zij was") % {"number": version.number}
    written = _("Geschreven door %(name)s op %(day)s.") % words
    return Head(title, lede=f"{question(need)} {written}", crumbs=crumbs)


def _decisions(need: InformationNeed, version: NeedVersion) -> list[Event]:
    """Advice and approvals of exactly this text, oldest first."""
    advices = Advice.objects.filter(need=need, content_hash=version.content_hash).select_related("adviser")
    approvals = Approval.objects.filter(version=version).select_related("approver", "on_behalf_of")
    events = [(a.at, _advice(a)) for a in advices] + [(a.at, _approval(a)) for a in approvals]
    return [event for _moment, event in sorted(events, key=lambda pair: pair[0])]


def _advice(advice: Advice) -> Event:
    word = Status(_("Positief advies"), "ok") if advice.positive else Status(_("Negatief advies"), "bad")
    return Event(figures.day(advice.at), advice.adviser.name, advice.text, word)


def _approval(approval: Approval) -> Event:
    who = approval.approver.name
    if approval.on_behalf_of:
        who = _("%(name)s, in plaats van %(other)s") % {"name": who, "other": approval.on_behalf_of.name}
    if approval.voided_at is None:
        return Event(figures.day(approval.at), who, approval.note, Status(_("Goedgekeurd"), "ok"))
    words = {"day": figures.day(approval.voided_at), "reason": approval.void_reason}
    text = _("Vervallen op %(day)s: %(reason)s") % words
    return Event(figures.day(approval.at), who, text, Status(_("Goedkeuring vervallen"), "no"))


def _door(need: InformationNeed, version: NeedVersion) -> Door:
    words = {"name": version.written_by.name, "day": figures.day(version.written_at)}
    title = _("Versie %(number)s") % {"number": version.number}
    return Door(title, _("%(name)s, %(day)s") % words, f"/behoeften/{need.key}/versies/{version.number}")
