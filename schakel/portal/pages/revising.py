"""Changing a need: the whole of it in one form, with what the change does to its approval."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from schakel.access.roles import Role
from schakel.chain.approvals import standing_approval
from schakel.chain.needs import DETAIL_LEVELS, SCOPES, InformationNeed
from schakel.lib.text import gettext as _
from schakel.portal.drafts import Draft, Line
from schakel.portal.pages import asking
from schakel.portal.pages.asking import Choice, ElementLine
from schakel.portal.pages.words import element_names, question, said, scope_words
from schakel.portal.parts import Head, Link, Note

# The grounds of AVG art. 6 lid 1 that a school stands on; consent is none for a task that must be done anyway.
LEGAL_BASES = (
    "AVG art. 6 lid 1c (wettelijke plicht)",
    "AVG art. 6 lid 1e (publieke taak)",
    "AVG art. 6 lid 1b (overeenkomst)",
    "AVG art. 6 lid 1f (gerechtvaardigd belang)",
    "AVG art. 6 lid 1a (toestemming)",
    "geen persoonsgegevens",
)
TEXTS = (
    "question", "question_en", "decision", "decision_en", "rhythm", "rhythm_en", "freshness", "freshness_en", "purpose",
    "purpose_en", "legal_basis", "art9_exception", "law", "retention", "retention_en", "today_how", "note",
)  # fmt: skip
NUMBERS = ("minutes_before", "minutes_now", "times_per_year", "people", "review_months", "priority")


@dataclass(frozen=True)
class Pair:
    """One recipient in the form: a role and how far it sees."""

    role: str
    scope: str


@dataclass(frozen=True)
class Revising:
    """The page."""

    head: Head
    note: Note
    values: Mapping[str, str]
    levels: Sequence[Choice]
    bases: Sequence[str]
    activities: Sequence[tuple[str, Sequence[Choice]]]
    asker_roles: Sequence[Choice]
    owner_roles: Sequence[Choice]
    audience: Sequence[tuple[Sequence[Choice], Sequence[Choice]]]
    lines: Sequence[ElementLine]
    proposals: Sequence[Choice]
    declined: Sequence[tuple[str, str]]
    key: str
    look: str
    fingerprint: str
    mistakes: Mapping[str, str] = field(default_factory=dict)


def values_of(need: InformationNeed) -> dict[str, str]:
    """The fields of a need as they stand in the form."""
    plain = {name: getattr(need, name) for name in (*TEXTS, *NUMBERS, "level")}
    related = {"role": need.role.key, "activity": need.activity.key if need.activity else ""}
    related["owner_role"] = need.owner_role.key if need.owner_role else ""
    related["expires_on"] = need.expires_on.isoformat() if need.expires_on else ""
    return {name: "" if value is None else str(value) for name, value in plain.items()} | related


def audience_of(need: InformationNeed) -> list[Pair]:
    """The recipients of a need."""
    return [Pair(line.role.key, line.scope) for line in need.audiences.all()]


def page(
    need: InformationNeed,
    values: Mapping[str, str],
    lines: Sequence[Line],
    audience: Sequence[Pair],
    fingerprint: str,
    mistakes: Mapping[str, str] | None = None,
) -> Revising:
    """The form with these values; `fingerprint` is that of the content it was opened with."""
    mistakes = mistakes or {}
    draft = Draft(question=values.get("question", ""), activity=values.get("activity", ""), lines=lines)
    roles = sorted(Role.objects.all(), key=said)
    return Revising(
        head=_head(need, mistakes),
        note=_note(need),
        values=values,
        levels=[Choice(level, level_word(level), level == values.get("level")) for level in DETAIL_LEVELS],
        bases=LEGAL_BASES,
        activities=asking.activities_by_goal(draft),
        asker_roles=_chosen(roles, values.get("role", "")),
        owner_roles=_chosen(roles, values.get("owner_role", "")),
        audience=[(_chosen(roles, p.role), _scopes(p.scope)) for p in [*audience, Pair("", ""), Pair("", "")]],
        lines=asking.element_lines(lines, checked="elements" in mistakes),
        proposals=asking.proposals(draft, asking.alike_of(draft)),
        declined=_declined(need),
        key=need.key,
        look=f"/behoeften/{need.key}/wijzigen/meekijken",
        fingerprint=fingerprint,
        mistakes=mistakes,
    )


def _declined(need: InformationNeed) -> list[tuple[str, str]]:
    """What was left out, with the reason."""
    lines = [line for line in need.elements.all() if line.declined]
    names = element_names([line.element.key for line in lines])
    return [(names[line.element.key], line.declined_reason) for line in lines]


def level_word(level: str) -> str:
    """A level of detail in words."""
    return {
        "person": _("per persoon"),
        "group": _("per groep"),
        "school": _("per school"),
        "board": _("voor het hele bestuur"),
    }[level]


def _head(need: InformationNeed, mistakes: Mapping[str, str]) -> Head:
    crumbs = [Link(_("Behoeften"), "/behoeften"), Link(need.number, f"/behoeften/{need.key}")]
    title = _("Nog niet opgeslagen: er ontbreekt iets") if mistakes else _("Wijzig deze behoefte")
    return Head(title, lede=question(need), crumbs=crumbs)


def _note(need: InformationNeed) -> Note:
    if standing_approval(need):
        text = _("Deze behoefte is goedgekeurd. Wijzigt u de inhoud, dan vervalt dat en stopt de levering direct.")
        return Note(text, "warn")
    return Note(_("Zodra alles hier is ingevuld kan de behoefte naar een besluit."))


def _chosen(roles: Sequence[Role], key: str) -> list[Choice]:
    return [Choice(role.key, said(role), role.key == key) for role in roles]


def _scopes(scope: str) -> list[Choice]:
    return [Choice(s, scope_words(s), s == scope) for s in SCOPES]
