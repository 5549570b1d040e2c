"""The life of a need: asked, assessed, approved, being realised, live, under review, ended; or refused.

One function per step that a person takes. Page, interface, kit and command line call these same functions.
"""

from collections.abc import Iterable
from datetime import date
from typing import Any

from schakel.access.changes import change
from schakel.access.people import Person
from schakel.access.permissions import decide
from schakel.access.roles import Role
from schakel.chain import advice, realising
from schakel.chain.approvals import Advice, Approval, standing_approval
from schakel.chain.asking import Question, Revision, Wanted, ask_all, revise_all, settle, void, whole
from schakel.chain.needs import InformationNeed
from schakel.lib import clock
from schakel.lib.errors import Refused
from schakel.lib.text import gettext as _


def ask(
    actor: Person, key: str, *, elements: Iterable[Wanted], audience: Iterable[tuple[Role, str]], **fields: Any
) -> InformationNeed:
    """Ask for information: the sentence, the elements with their reasons, who should receive it. Starts as `asked`."""
    return ask_all(actor, [Question(key, fields, elements, audience)])[0]


def revise(
    actor: Person,
    need: InformationNeed,
    *,
    elements: Iterable[Wanted] | None = None,
    audience: Iterable[tuple[Role, str]] | None = None,
    **fields: Any,
) -> bool:
    """Change a need; returns whether the change was material.

    A material change makes a new version and voids the approval in the same transaction. A wish that was declined and
    is still wished for stays declined.
    """
    return revise_all(actor, [Revision(need, fields, elements, audience)])[0]


def decline_element(actor: Person, need: InformationNeed, element_key: str, reason: str) -> None:
    """Leave a wished-for element out, with the reason; the rest goes on without it."""
    need = _whole(need)
    before = {need.pk: need.fingerprint()}
    with change(actor, "need.decline_element", need, element=element_key, why=reason):
        line = need.elements.get(element__key=element_key)
        line.declined, line.declined_reason = True, reason
        line.full_clean()
        line.save()
        settle(actor, [need], before)


def assess(actor: Person, need: InformationNeed) -> None:
    """Say that the need was looked at and is ready for a decision. Refused while something is missing to decide on."""
    need = _whole(need)
    _only_from(need, "asked")
    _complete(need)
    with change(actor, "need.assess", need):
        need.owner = need.owner or actor
        need.state = "assessed"
        need.save()
        realising.propose(actor, need)


def advise(actor: Person, need: InformationNeed, *, positive: bool, text: str) -> Advice:
    """The privacy officer's word on the content as it stands now."""
    need = _whole(need)
    with change(actor, "need.advise", need, positive=positive):
        given = Advice(need=need, content_hash=need.fingerprint(), adviser=actor, positive=positive, text=text)
        given.full_clean()
        given.save()
    return given


def approve(actor: Person, need: InformationNeed, content_hash: str, note: str = "") -> Approval:
    """Approve exactly the content that was read.

    Refused for who asked or wrote it, without advice where that is due, or when it changed since.
    """
    need = _whole(need)
    _only_from(need, "assessed", "under_review")
    with change(actor, "need.approve", need, content_hash=content_hash):
        version = need.versions.order_by("-number").first()
        if version is None or not version.content_hash == need.fingerprint() == content_hash:
            raise Refused(
                _("De behoefte is gewijzigd nadat u haar las. Lees de nieuwe versie en beslis opnieuw."), code="stale"
            )
        own = (need.requester_id, version.written_by_id)
        if actor.pk in own:
            raise Refused(_("U vroeg of schreef deze behoefte zelf. Iemand anders keurt haar goed."), code="four_eyes")
        in_place_of = _in_place_of(actor, own)
        _complete(need)
        _advised(need, content_hash)
        void([need], _("Opnieuw goedgekeurd"))
        approval = Approval.objects.create(
            need=need, version=version, content_hash=content_hash, requester=need.requester,
            writer=version.written_by, approver=actor, on_behalf_of=in_place_of, note=note,
        )  # fmt: skip
        need.state = "approved"
        need.save()
    return approval


def refuse(actor: Person, need: InformationNeed, reason: str, *, alternative: InformationNeed | None = None) -> None:
    """Decide against it, with a reason that the asker reads, and the need that may serve instead."""
    need = _whole(need)
    with change(actor, "need.refuse", need, why=reason):
        void([need], reason)
        need.state, need.refusal_reason, need.alternative = "refused", reason, alternative
        need.full_clean()
        need.save()


def go_live(actor: Person, need: InformationNeed) -> None:
    """Say that what the need asked for is in use. Only with an approval that holds."""
    need = _whole(need)
    _only_from(need, "approved", "being_realised")
    if standing_approval(need) is None:
        raise Refused(_("Er is geen geldige goedkeuring voor deze versie."), code="not_approved")
    with change(actor, "need.go_live", need):
        need.state = "live"
        if need.review_on is None or need.review_on <= clock.today():
            need.review_on = next_review(need)
        need.save()


def realise(actor: Person, need: InformationNeed) -> None:
    """Say that the work for an approved need has begun."""
    need = _whole(need)
    _only_from(need, "approved")
    with change(actor, "need.realise", need):
        need.state = "being_realised"
        need.save()


def review(actor: Person, need: InformationNeed) -> None:
    """Take a need up again; what was approved goes on until the content changes."""
    need = _whole(need)
    _only_from(need, "live", "approved", "being_realised")
    with change(actor, "need.review", need):
        need.state = "under_review"
        need.save()


def confirm(actor: Person, need: InformationNeed, reason: str) -> None:
    """Close a review without a change: still needed as it is, with the reason. The next review is planned.

    Only while the approval holds for the content exactly as it stands.
    """
    need = _whole(need)
    _only_from(need, "under_review")
    if standing_approval(need) is None:
        raise Refused(_("De inhoud is gewijzigd. Er is een nieuw besluit nodig."), code="not_approved")
    with change(actor, "need.review", need, why=reason, confirmed=True):
        need.state = "live"
        need.review_on = next_review(need)
        need.save()


def next_review(need: InformationNeed) -> date:
    """The first day of the month, as many months from now as the rhythm of this need's review says."""
    day = clock.today()
    count = day.year * 12 + day.month - 1 + need.review_months
    return date(count // 12, count % 12 + 1, 1)


def end(actor: Person, need: InformationNeed, reason: str) -> None:
    """End a need: its approval goes, and at the next publication the data that only it needed goes too (law 1)."""
    need = _whole(need)
    _only_from(need, "approved", "being_realised", "live", "under_review", "assessed", "asked")
    with change(actor, "need.end", need, why=reason):
        void([need], reason)
        need.state = "ended"
        need.save()


def _whole(need: InformationNeed) -> InformationNeed:
    """The need as it stands in the database now, with all that its content is made of."""
    return whole([need])[0]


def _only_from(need: InformationNeed, *states: str) -> None:
    if need.state not in states:
        text = _("Dat kan niet in de stand '%(state)s'.") % {"state": need.get_state_display()}
        raise Refused(text, code="state", where=need.number)


def _in_place_of(actor: Person, own: tuple[int, int]) -> Person | None:
    """For whom a stand-in decides; None for who decides by a role of their own. Nobody's own question by a detour."""
    givers = decide(actor, "need.approve").in_place_of
    others = [giver for giver in givers if giver.pk not in own]
    if givers and not others:
        raise Refused(
            _("U vervangt %(name)s, die deze behoefte zelf vroeg of schreef. Iemand anders keurt haar goed.")
            % {"name": givers[0].name},
            code="four_eyes",
        )
    return others[0] if others else None


def _complete(need: InformationNeed) -> None:
    """Whoever asks need not know these; nobody decides without them."""
    words = {
        "level": _("het niveau (per persoon, groep, school of bestuur)"),
        "freshness": _("hoe vers het moet zijn"),
        "purpose": _("het doel van de verwerking"),
        "legal_basis": _("de grondslag"),
    }
    missing = [word for name, word in words.items() if not getattr(need, name)]
    if not need.elements.all():
        missing.append(_("ten minste één gegeven"))
    if missing:
        text = _("Er ontbreekt nog iets om over te besluiten: %(missing)s.")
        raise Refused(text % {"missing": "; ".join(missing)}, code="incomplete", where=need.number)


def _advised(need: InformationNeed, content_hash: str) -> None:
    reasons = advice.due(need)
    if not reasons:
        return
    given = need.advices.filter(content_hash=content_hash).order_by("-at", "-pk").first()
    if given is None:
        text = (
            _("Er staat een bijzonder gegeven in. De privacy officer adviseert eerst over deze versie.")
            if reasons.special
            else _("De doelgroep is ruimer dan gewoonlijk. De privacy officer adviseert eerst over deze versie.")
        )
        raise Refused(text, code="advice", who_can=("privacy_officer", "dpo"))
    if not given.positive:
        raise Refused(_("De privacy officer adviseerde negatief over deze versie."), code="advice")
