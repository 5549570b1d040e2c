"""What is expected of a person: roles, responsibilities, needs and changes owned, gaps, consultations, decisions."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date

from django.db.models import Q

from schakel.access.people import Person
from schakel.access.permissions import decide
from schakel.access.roles import Role, RoleAssignment
from schakel.chain import gap_history, gap_owners, reviewing
from schakel.chain.answerable import KINDS, Division
from schakel.chain.consultation import Consultation
from schakel.chain.needs import InformationNeed
from schakel.chain.organisations import Organisation
from schakel.chain.realising import Change
from schakel.chain.responsibilities import ASPECTS, LETTERS
from schakel.distribute.standing import Held
from schakel.lib import clock
from schakel.lib.errors import Unknown
from schakel.lib.text import gettext as _
from schakel.lib.text import ngettext
from schakel.portal import figures
from schakel.portal.pages import answering, broken_chain, consultations, standing
from schakel.portal.pages.kinds import impact_of
from schakel.portal.pages.words import question, said, state_of
from schakel.portal.parts import Action, Door, Doors, Empty, Fact, Head, Status

MOST = 7  # lines under one heading; the rest is counted
OPEN_CHANGES = ("proposed", "planned", "doing")


@dataclass(frozen=True)
class Duty:
    """What a letter asks on one side, and of which things."""

    letter: str
    word: str
    things: Sequence[tuple[str, str]]


@dataclass(frozen=True)
class Section:
    """A heading with doors, or the sentence that says why there are none."""

    heading: str
    doors: Doors | None
    none: str
    more: str = ""
    count: int = 0


@dataclass(frozen=True)
class Expected:
    """The page."""

    head: Head
    roles: Section
    duties: Sequence[Duty]
    no_duties: Empty | None
    sections: Sequence[Section] = field(default_factory=tuple)


def own(person: Person) -> Expected:
    """Wat wordt van mij verwacht: with the roles that the roster gives too."""
    return _page(person, standing.held(person), mine=True)


def of(pk: int) -> Expected:
    """The same of a colleague, by the roles in the register only: what the roster knows of people stays with a need."""
    person = Person.objects.filter(pk=pk, is_active=True).first()
    if person is None:
        raise Unknown(_("Deze persoon heeft hier geen account (meer)."), code="unknown")
    held = [Held(a.role.key, a.organisation_key or None, since=a.start, until=a.end, source="typed")
            for a in RoleAssignment.objects.of(person)]  # fmt: skip
    return _page(person, held, mine=False)


def _page(person: Person, held: Sequence[Held], *, mine: bool) -> Expected:
    roles = list(Role.objects.filter(key__in={h.role for h in held}))
    duties = duties_of(roles)
    sections = [
        _decisions(person), _needs(person, roles), _changes(person, roles), _gaps(person, roles),
        _consultations(roles),
    ]  # fmt: skip
    return Expected(
        head=_head(person, sections, mine=mine),
        roles=_roles(held, roles),
        duties=duties,
        no_duties=None if duties else _no_duties(roles),
        sections=sections,
    )


def _head(person: Person, sections: Sequence[Section], *, mine: bool) -> Head:
    waiting = sections[0].count
    words = {"name": person.name, "count": figures.counted(waiting)}
    if mine:
        text = ngettext("%(count)s besluit wacht op u", "%(count)s besluiten wachten op u", waiting)
        title = figures.capital(text % words) if waiting else _("Er wacht geen besluit op u")
        lede = _("Uw rollen, waarvoor u aanspreekbaar bent, en wat nu op u wacht.")
        return Head(title, lede=lede, kicker=_("Wat wordt van mij verwacht"))
    text = ngettext("%(count)s besluit wacht op %(name)s", "%(count)s besluiten wachten op %(name)s", waiting)
    title = figures.capital(text % words) if waiting else _("Op %(name)s wacht geen besluit") % words
    lede = _("Waarvoor u %(name)s kunt aanspreken, volgens het register.") % words
    hit = Action(_("Wat raakt het als %(name)s weggaat?") % words, impact_of("person", person.key))
    return Head(title, lede=lede, kicker=person.name, facts=[Fact("mail", person.email)], actions=[hit])


def section(heading: str, found: Sequence[Door], none: str) -> Section:
    """The first of what was found, and how many more there are."""
    rest = len(found) - MOST
    more = _("en nog %(count)s") % {"count": figures.number(rest)} if rest > 0 else ""
    return Section(heading, Doors(found[:MOST]) if found else None, none, more, len(found))


def _roles(held: Sequence[Held], roles: Sequence[Role]) -> Section:
    names = {role.key: said(role) for role in roles}
    places = dict(Organisation.objects.values_list("key", "name"))
    spans: dict[tuple[str, str], list[Held]] = {}
    for each in held:
        spans.setdefault((each.role, each.source), []).append(each)
    doors = [
        Door(figures.capital(names.get(role, role)), _span(of, places), f"/rollen/{role}")
        for (role, _source), of in spans.items()
    ]
    return section(_("Rollen"), doors, _("Geen rol vandaag: niet in het rooster en niet in het register."))


def _span(held: Sequence[Held], places: dict[str, str]) -> str:
    """From when to when, where, and whence that is known."""
    since, ends = min((h.since for h in held if h.since), default=None), [h.until for h in held]
    until = None if None in ends else max(end for end in ends if end)
    groups = len({h.group_id for h in held if h.group_id})
    sites = sorted({places.get(h.site_id, "") for h in held if h.site_id} - {""})
    where = ", ".join(sites) or (_("het hele bestuur") if not any(h.site_id for h in held) else "")
    parts = [where, ngettext("%(count)s groep", "%(count)s groepen", groups) % {"count": groups} if groups else ""]
    parts += [dates(since, until), _("uit het register") if held[0].source == "typed" else _("uit het rooster")]
    return " · ".join(part for part in parts if part)


def dates(since: date | None, until: date | None) -> str:
    """From when to when, in words."""
    if since is None:
        return ""
    words = {"since": figures.day(since), "until": figures.day(until) if until else ""}
    return _("%(since)s tot en met %(until)s") % words if until else _("sinds %(since)s") % words


def duties_of(roles: Iterable[Role]) -> list[Duty]:
    """What these roles answer for, the heaviest letter first; content and execution apart."""
    division = Division()
    found: dict[tuple[str, str], set[tuple[str, str]]] = {}
    for role in roles:
        for kind, key, aspect, letter in division.of_role(role.key):
            if kind in KINDS:
                found.setdefault((letter, aspect), set()).add((kind, key))
    names = _names({place for places in found.values() for place in places})
    duties = []
    for letter in ("A", *(x for x in LETTERS if x != "A")):
        for aspect in ASPECTS:
            things = sorted(
                (names[place], answering.page_of(*place)) for place in found.get((letter, aspect), ()) if place in names
            )
            if things:
                duties.append(Duty(letter, _duty(letter, aspect), things))
    return duties


def _names(places: set[tuple[str, str]]) -> dict[tuple[str, str], str]:
    names = {}
    for kind in {kind for kind, _key in places}:
        keys = [key for of, key in places if of == kind]
        for thing in KINDS[kind].noun.objects.filter(key__in=keys):
            names[kind, thing.key] = answering.name_of(thing)
    return names


def _duty(letter: str, aspect: str) -> str:
    return {
        ("A", "content"): _("Eindverantwoordelijk voor de inhoud van"),
        ("A", "execution"): _("Eindverantwoordelijk voor de uitvoering van"),
        ("R", "content"): _("Bepaalt de inhoud van"),
        ("R", "execution"): _("Voert uit"),
        ("C", "content"): _("Denkt mee over de inhoud van"),
        ("C", "execution"): _("Denkt mee over de uitvoering van"),
        ("I", "content"): _("Hoort wat er inhoudelijk wordt besloten over"),
        ("I", "execution"): _("Hoort hoe het gaat met"),
    }[letter, aspect]


def _no_duties(roles: Sequence[Role]) -> Empty:
    if not roles:
        return Empty(_("Geen verantwoordelijkheden"), _("Die horen bij een rol, en er is vandaag geen rol."))
    names = ", ".join(said(role) for role in roles)
    line = _("Bij %(names)s is nog niets verdeeld.") % {"names": names}
    return Empty(_("Geen verantwoordelijkheden"), line)


def _decisions(person: Person) -> Section:
    """Needs that wait for this person: to decide on, unless he asked it himself, to assess, or to review."""
    waiting = InformationNeed.objects.order_by("asked_at")
    doors = []
    if decide(person, "need.approve").allowed:
        to_decide = waiting.filter(state="assessed").exclude(requester=person)
        doors += [_waits(need, _("wacht op een besluit")) for need in to_decide]
    if decide(person, "need.assess").allowed:
        doors += [_waits(need, _("wacht op beoordeling")) for need in waiting.filter(state="asked")]
    reviewed = waiting.filter(state="under_review").select_related("owner")
    doors += [_need(need, _reviewed(need)) for need in reviewed if person in reviewing.owners(need)]
    return section(_("Besluiten die wachten"), doors, _("Er wacht geen besluit of beoordeling."))


def _reviewed(need: InformationNeed) -> str:
    began = reviewing.since(need)
    return _("in herziening sinds %(day)s") % {"day": figures.day(began)} if began else _("in herziening")


def _waits(need: InformationNeed, what: str) -> Door:
    return _need(need, _("%(what)s sinds %(day)s") % {"what": what, "day": figures.day(need.asked_at)})


def _need(need: InformationNeed, line: str = "") -> Door:
    state = state_of(need)
    chip = Status(state.word, state.tone, state.shape, fill=False)
    return Door(question(need), line, f"/behoeften/{need.key}", chip)


def _needs(person: Person, roles: Sequence[Role]) -> Section:
    owned = InformationNeed.objects.filter(Q(owner=person) | Q(owner__isnull=True, owner_role__in=roles))
    found = owned.exclude(state__in=("ended", "refused")).distinct()
    doors = [
        _need(n, _("herzien op %(day)s") % {"day": figures.day(n.review_on)} if n.review_on else "") for n in found
    ]
    return section(_("Behoeften als eigenaar"), doors, _("Geen enkele lopende behoefte heeft deze eigenaar."))


def _changes(person: Person, roles: Sequence[Role]) -> Section:
    owned = Change.objects.filter(Q(owner=person) | Q(owner__isnull=True, owner_role__in=roles))
    doors = [_change(change) for change in owned.filter(state__in=OPEN_CHANGES).select_related("need").distinct()]
    return section(_("Wijzigingen"), doors, _("Er staat geen wijziging open op deze naam of deze rollen."))


def _change(change: Change) -> Door:
    when = _("klaar vóór %(day)s") % {"day": figures.day(change.due_on)} if change.due_on else _("nog geen einddatum")
    late = bool(change.due_on and change.due_on < clock.today())
    state = Status(_("te laat"), "bad", fill=False) if late else None
    return Door(
        change.title, f"{change.number} · {when}", f"/behoeften/{change.need.key}" if change.need else "", state
    )


def _gaps(person: Person, roles: Sequence[Role]) -> Section:
    found = gap_owners.waiting_on(person, {role.key for role in roles}, gap_history.find_open())
    doors = [Door(str(gap.rule.title), gap.thing.name, broken_chain.own_page(gap)) for gap in found]
    return section(_("Hiaten die op deze rollen wachten"), doors, _("Er staat geen hiaat open bij deze rollen."))


def _consultations(roles: Sequence[Role]) -> Section:
    joined = Consultation.objects.filter(Q(roles__role__in=roles) | Q(chair_role__in=roles), active=True).distinct()
    doors = [meeting(each, roles) for each in joined.select_related("chair_role")]
    return section(_("Overleg"), doors, _("Deze rollen nemen aan geen enkel vast overleg deel."))


def meeting(consultation: Consultation, roles: Sequence[Role]) -> Door:
    """The way to a consultation: how often it returns, when it is next, and whether one of these roles chairs it."""
    day = consultations.coming(consultation)
    when = _("eerstvolgende keer %(day)s") % {"day": figures.day(day)}
    chair = _("als voorzitter") if consultation.chair_role in roles else ""
    line = " · ".join(part for part in (consultations.rhythm_word(consultation.rhythm), when, chair) if part)
    return Door(said(consultation), line, f"/overleg/{consultation.key}/{day.isoformat()}")
