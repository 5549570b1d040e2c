"""Wat wilt u weten? One sentence, the elements it takes, and what Schakel can already say about it."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field

from schakel.access.people import Person
from schakel.access.permissions import holders
from schakel.access.roles import Role
from schakel.chain.approvals import needed_elements
from schakel.chain.elements import DataElement, SourceOfRecord
from schakel.chain.goals import Activity
from schakel.chain.needs import SCOPES, InformationNeed
from schakel.chain.search import find
from schakel.chain.unsent import UnsentQuestion, own
from schakel.kits import suggesting
from schakel.lib.text import gettext as _
from schakel.lib.text import language, ngettext
from schakel.portal import figures, offered
from schakel.portal.drafts import RHYTHMS, Draft, Line
from schakel.portal.pages import standing
from schakel.portal.pages.next_steps import mover
from schakel.portal.pages.words import element_names, question, said, scope_words, special_words, state_of, state_word
from schakel.portal.parts import Action, Door, Doors, Event, Head, Link, Status, Tone

MOST_ELEMENTS, MOST_ACTIVITIES, MOST_NEEDS = 8, 3, 4
# How far someone in a role usually looks; every other role begins with their own school.
_USUAL = {"mentor": "own_pupils", "teacher": "own_groups", "board_member": "board", "information_manager": "board"}


@dataclass(frozen=True)
class Choice:
    """An option of a list."""

    value: str
    label: str
    chosen: bool = False


@dataclass(frozen=True)
class Seen:
    """One thing that Schakel says while someone asks."""

    tone: Tone
    title: str
    line: str = ""
    links: Sequence[Link] = ()


@dataclass(frozen=True)
class Offered:
    """Something from a starter kit that fits what was written; choosing it fills the sentence."""

    value: str
    title: str
    kind: str


@dataclass(frozen=True)
class ElementLine:
    """An element in the form: what kind it is, and whether it is there already."""

    key: str
    label: str
    kind: str
    need: str
    reason: str
    state: Status
    missing_reason: bool


@dataclass(frozen=True)
class Asking:
    """The page."""

    head: Head
    draft: Draft
    roles: Sequence[Choice]
    rhythms: Sequence[Choice]
    scopes: Sequence[Choice]
    goals: Sequence[tuple[str, Sequence[Choice]]]
    goal: str
    lines: Sequence[ElementLine]
    proposals: Sequence[Choice]
    activities: Sequence[Choice]
    offers: Sequence[Offered]
    parts: Sequence[Choice]
    seen: Sequence[Seen]
    after: Sequence[Event]
    mistakes: Mapping[str, str] = field(default_factory=dict)


def page(person: Person, draft: Draft, mistakes: Mapping[str, str] | None = None) -> Asking:
    """The page for what was filled in so far; `mistakes` are sentences under the name of a field."""
    mistakes = mistakes or {}
    draft = _begun(person, draft)
    activity = Activity.objects.filter(key=draft.activity).select_related("goal").first()
    alike = alike_of(draft)
    return Asking(
        head=_head(mistakes),
        draft=draft,
        roles=_roles(person, draft),
        rhythms=[Choice(nl, said_rhythm(nl), nl == draft.rhythm) for nl in RHYTHMS],
        scopes=[Choice(s, scope_words(s), s == draft.scope) for s in SCOPES],
        goals=activities_by_goal(draft),
        goal=said(activity.goal) if activity and activity.goal else "",
        lines=element_lines(draft.lines, checked="elements" in mistakes),
        proposals=proposals(draft, alike),
        activities=_activities(draft, alike) if activity is None else (),
        offers=_offers(draft),
        parts=[Choice(o.name, f"{_KINDS[o.section]()}: {offered.title(o)}") for o in suggesting.missing(draft.parts)],
        seen=_seen(draft, activity, alike),
        after=_after(draft),
        mistakes=mistakes,
    )


def _offers(draft: Draft) -> list[Offered]:
    """What the starter kits have that fits the words, and that this board did not load."""
    found = [offer for offer in suggesting.suggest(draft.question) if offer.name not in draft.parts]
    return [Offered(offer.name, offered.title(offer), _KINDS[offer.section]()) for offer in found]


_KINDS: dict[str, Callable[[], str]] = {
    "needs": lambda: _("Vraag"),
    "activities": lambda: _("Activiteit"),
    "goals": lambda: _("Doel"),
    "objects": lambda: _("Gegeven"),
}


def said_rhythm(rhythm: str) -> str:
    """A rhythm in the language of the page."""
    return said_pair(RHYTHMS, rhythm)


def said_pair(pairs: Mapping[str, str], text: str) -> str:
    """The English of a Dutch text when the page is in English and there is one."""
    return pairs.get(text, text) if language() == "en" else text


def _begun(person: Person, draft: Draft) -> Draft:
    """The sentence begins with your own role, once a week, about those you usually look at."""
    role = draft.role or next(iter(standing.role_keys(person)), "")
    return Draft(
        **{
            **draft.__dict__,
            "role": role,
            "rhythm": draft.rhythm or "elke week",
            "scope": draft.scope if draft.scope in SCOPES else _USUAL.get(role, "own_school"),
        }
    )


def _head(mistakes: Mapping[str, str]) -> Head:
    crumbs = [Link(_("Mijn vragen"), "/vragen")]
    if mistakes:
        line = _("Alles wat u schreef staat er nog. Vul aan wat rood is.")
        return Head(_("Nog niet verstuurd: er ontbreekt iets"), lede=line, crumbs=crumbs)
    return Head(
        _("Wat wilt u weten?"),
        lede=_("Maak de zin af. Schakel kijkt meteen mee of het al bestaat en of het mag."),
        crumbs=crumbs,
    )


def _roles(person: Person, draft: Draft) -> list[Choice]:
    """Your own roles first; you may also ask for a role that you answer for."""
    own = list(standing.role_keys(person))
    roles = sorted(Role.objects.filter(holder="person"), key=lambda r: (r.key not in own, said(r)))
    return [Choice(role.key, said(role), role.key == draft.role) for role in roles]


def activities_by_goal(draft: Draft) -> list[tuple[str, list[Choice]]]:
    """The activities under the goal that each serves."""
    found: dict[str, list[Choice]] = {}
    for activity in Activity.objects.select_related("goal").order_by("goal__key", "key"):
        goal = said(activity.goal) or _("Zonder doel")
        found.setdefault(goal, []).append(Choice(activity.key, said(activity), activity.key == draft.activity))
    return list(found.items())


def element_lines(chosen: Sequence[Line], *, checked: bool) -> list[ElementLine]:
    """The chosen elements, each with what it is and how far away."""
    needed = needed_elements()
    sourced = set(
        SourceOfRecord.objects.filter(element__in=[line.element.pk for line in chosen]).values_list(
            "element__key", flat=True
        )
    )
    names = element_names([line.element.key for line in chosen])
    return [_element_line(line, names[line.element.key], needed, sourced, checked) for line in chosen]


def _element_line(line: Line, label: str, needed: frozenset[str], sourced: set[str], checked: bool) -> ElementLine:
    element = line.element
    return ElementLine(
        key=element.key,
        label=label,
        kind=special_words(element.special)
        or (_("persoonsgegeven") if element.personal else _("geen persoonsgegeven")),
        need=line.name,
        reason=line.reason,
        state=_state(element, needed, sourced),
        missing_reason=checked and not line.reason,
    )


def _state(element: DataElement, needed: frozenset[str], sourced: set[str]) -> Status:
    if element.needs_advice:
        return Status(_("Advies nodig"), "warn")
    if element.key in needed:
        return Status(_("Al beschikbaar"), "ok")
    if element.key in sourced or element.object.origin == "register":
        return Status(_("Nieuw te verzamelen"), "now")
    return Status(_("Nog geen bron"), "unk")


def alike_of(draft: Draft) -> list[InformationNeed]:
    """Needs that resemble what was written so far, the best first; an ended one is no answer."""
    hits = [hit.key for hit in find(draft.question, ("informationneed",), MOST_NEEDS)]
    found = {need.key: need for need in InformationNeed.objects.whole().filter(key__in=hits)}
    return [found[key] for key in hits if key in found and found[key].state != "ended"]


def proposals(draft: Draft, alike: Sequence[InformationNeed]) -> list[Choice]:
    """Elements that fit the words of the question, and those of needs that resemble it."""
    hits = [hit.key for hit in find(draft.question, ("dataelement",), MOST_ELEMENTS)]
    theirs = [key for need in alike[:2] for key in sorted(need.element_keys())]
    wanted = [key for key in dict.fromkeys([*hits, *theirs]) if key not in draft.element_keys]
    known = {e.key: e for e in DataElement.objects.filter(key__in=wanted).select_related("object")}
    chosen = [known[key] for key in wanted if key in known and _askable(known[key])][:MOST_ELEMENTS]
    return [Choice(e.key, _("%(name)s (%(object)s)") % {"name": said(e), "object": said(e.object)}) for e in chosen]


def _askable(element: DataElement) -> bool:
    return not element.structural


def _activities(draft: Draft, alike: Sequence[InformationNeed]) -> list[Choice]:
    """The work of needs that resemble it, then work with the same words."""
    theirs = [need.activity.key for need in alike if need.activity]
    hits = [hit.key for hit in find(draft.question, ("activity",), MOST_ACTIVITIES)]
    wanted = list(dict.fromkeys([*theirs, *hits]))[:MOST_ACTIVITIES]
    known = {a.key: a for a in Activity.objects.filter(key__in=wanted)}
    return [Choice(key, said(known[key])) for key in wanted if key in known]


def _seen(draft: Draft, activity: Activity | None, alike: Sequence[InformationNeed]) -> list[Seen]:
    return [*_about_activity(activity), *_about_elements(draft), *_about_alike(alike), *_about_special(draft)]


def _about_activity(activity: Activity | None) -> list[Seen]:
    if activity is None:
        return [
            Seen("bad", _("Kies nog een activiteit"), _("Zonder activiteit weet niemand welk doel de vraag dient."))
        ]
    if activity.goal is None:
        return [Seen("warn", _("Deze activiteit heeft nog geen doel"), said(activity))]
    return [Seen("ok", _("De vraag dient een doel"), said(activity.goal))]


def _about_elements(draft: Draft) -> list[Seen]:
    if not draft.lines:
        return [Seen("unk", _("Nog geen gegevens gekozen"), _("Kies er één of meer; de informatiemanager helpt u."))]
    ready = draft.element_keys & needed_elements()
    words = {"ready": figures.number(len(ready)), "all": figures.number(len(draft.lines))}
    if len(ready) == len(draft.lines):
        return [Seen("ok", _("De gegevens zijn er al"), _("Alle %(all)s worden al verzameld.") % words)]
    return [Seen("now", _("Niet alles wordt al verzameld"), _("%(ready)s van de %(all)s zijn er al.") % words)]


def _about_alike(alike: Sequence[InformationNeed]) -> list[Seen]:
    if not alike:
        return []
    links = [Link(f"{question(n)} ({state_word(n.state).lower()})", f"/behoeften/{n.key}") for n in alike]
    title = ngettext("Er is een vraag die hierop lijkt", "Er zijn vragen die hierop lijken", len(alike))
    refused = next((n for n in alike if n.state == "refused"), None)
    line = (
        _("Eén ervan is afgewezen: %(reason)s") % {"reason": refused.refusal_reason}
        if refused
        else _("Is dit wat u zoekt? Dan hoeft u niets te vragen.")
    )
    return [Seen("info", title, line, links)]


def _about_special(draft: Draft) -> list[Seen]:
    special = element_names([line.element.key for line in draft.lines if line.element.needs_advice])
    if not special:
        return []
    names = ", ".join(special.values())
    text = _("%(names)s: de privacy officer kijkt mee. Kan het ook zonder?") % {"names": names}
    return [Seen("warn", _("Er zijn bijzondere gegevens bij"), text)]


def _after(draft: Draft) -> list[Event]:
    """Who does what next, by name."""
    nobody = _("iemand die deze rol nog moet krijgen")
    assess = ", ".join(p.name for p in holders("need.assess")) or nobody
    steps = [Event(_("1. Beoordelen"), line=_("%(names)s kijkt binnen 5 werkdagen.") % {"names": assess})]
    if any(line.element.needs_advice for line in draft.lines):
        adviser = ", ".join(p.name for p in holders("need.advise")) or nobody
        line = _("%(names)s, alleen vanwege bijzondere gegevens.") % {"names": adviser}
        steps.append(Event(_("%(n)s. Advies") % {"n": len(steps) + 1}, line=line))
    steps.append(Event(_("%(n)s. Besluiten") % {"n": len(steps) + 1}, line=_("Door iemand anders dan u.")))
    return steps


@dataclass(frozen=True)
class Unsent:
    """A question that was begun and not sent: its words, since when, the way on and the way out."""

    title: str
    line: str
    on: Action
    away: Action


@dataclass(frozen=True)
class Questions:
    """Mijn vragen."""

    head: Head
    unsent: Sequence[Unsent]
    questions: Doors | None


def begun(person: Person) -> list[Unsent]:
    """What this person kept to go on with later."""
    return [_unsent(each) for each in own(person)]


def _unsent(kept: UnsentQuestion) -> Unsent:
    place = f"/vragen/bewaard/{kept.pk}"
    title = figures.capital(str(kept.content.get("question") or _("Nog zonder vraag")))
    days = {"day": figures.day(kept.kept_at), "until": figures.day(kept.until)}
    line = _("Bewaard op %(day)s, wordt bewaard tot en met %(until)s. Alleen u ziet dit.") % days
    away = Action(_("Gooi weg"), f"{place}/weggooien", post=True, small=True)
    return Unsent(title, line, Action(_("Ga verder"), place), away)


def questions(person: Person) -> Questions:
    """Mijn vragen: what someone began, what they asked, how it stands and who moves next."""
    found = list(InformationNeed.objects.filter(requester=person).order_by("-asked_at"))
    waiting = [n for n in found if n.state in ("asked", "assessed", "approved", "being_realised")]
    text = ngettext("Eén vraag van u is onderweg", "%(n)s vragen van u zijn onderweg", len(waiting))
    if waiting:
        title = figures.capital(text % {"n": figures.counted(len(waiting))})
    elif waits := begun(person):
        unsent = ngettext("Eén vraag is nog niet ingestuurd", "%(n)s vragen zijn nog niet ingestuurd", len(waits))
        title = figures.capital(unsent % {"n": figures.counted(len(waits))})
    else:
        title = _("Er is geen vraag van u onderweg") if found else _("U hebt nog niets gevraagd")
    reader = mover(person)
    doors = [_door(need, reader.next_step(need)) for need in found]
    head = Head(title, lede=_("Zodra er iets verandert leest u het hier."))
    return Questions(head, begun(person), Doors(doors) if doors else None)


def _door(need: InformationNeed, step: str) -> Door:
    line = need.refusal_reason if need.state == "refused" else step
    asked = _("gevraagd op %(day)s") % {"day": figures.day(need.asked_at)}
    return Door(question(need), f"{line}. {figures.capital(asked)}.", f"/behoeften/{need.key}", state_of(need))
