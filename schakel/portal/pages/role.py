"""One role: on which side it sits, who holds it, what it answers for, what it asks and receives, what it owns."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from schakel.access.roles import Role, RoleAssignment
from schakel.chain.consultation import Consultation
from schakel.chain.holders import holders
from schakel.chain.needs import InformationNeed
from schakel.chain.organisations import Organisation
from schakel.governance.policies import Policy
from schakel.lib import clock
from schakel.lib.errors import Unknown
from schakel.lib.text import gettext as _
from schakel.lib.text import ngettext
from schakel.portal import figures
from schakel.portal.pages import answering, expected
from schakel.portal.pages.expected import Duty, Section
from schakel.portal.pages.kinds import impact_of
from schakel.portal.pages.words import question, said, scope_words, state_of
from schakel.portal.parts import Action, Door, Empty, Fact, Head, Link, Status

CLOSED = ("ended", "refused")
NAMED = 3  # people in a title


@dataclass(frozen=True)
class RolePage:
    """The page."""

    head: Head
    holders: Section
    duties: Sequence[Duty]
    no_duties: Empty | None
    sections: Sequence[Section]


def page(key: str) -> RolePage:
    """The page of the role with this key; Unknown when there is none."""
    role = find(key)
    duties, held = expected.duties_of([role]), _assignments(role)
    return RolePage(
        head=_head(role, held),
        holders=_holders(role, held),
        duties=duties,
        no_duties=None if duties else Empty(_("Nog niets verdeeld"), _("Geen enkel onderdeel noemt deze rol.")),
        sections=[_asks(role), _receives(role), _supplies(role), _owns(role), _consults(role)],
    )


def find(key: str) -> Role:
    """The role with this key; Unknown when there is none."""
    role = Role.objects.filter(key=key).first()
    if role is None:
        raise Unknown(_("Deze rol bestaat niet, of heet anders."), code="unknown")
    return role


def _head(role: Role, held: Sequence[RoleAssignment]) -> Head:
    words = {"role": figures.capital(said(role)), "names": _names(held)}
    kinds = {
        "person": _("een rol van mensen"),
        "body": _("een orgaan: niet één persoon maar een groep heeft deze rol"),
        "system": _("een applicatie die gegevens ontvangt"),
    }
    title = _("%(role)s: %(names)s") % words if held else words["role"]
    facts = [Fact("users", kinds[role.holder]), Fact("target", answering.side_word(role.side))]
    buren = Action(_("Bekijk wat de anderen doen"), f"/rollen/{role.key}/buren", icon="right")
    crumbs = [Link(_("Verantwoordelijkheden"), "/verantwoordelijkheden"), Link(said(role), f"/rollen/{role.key}")]
    hit = Action(_("Wie en wat raakt dit?"), impact_of("role", role.key))
    return Head(title, lede=_side_lede(role), crumbs=crumbs, facts=facts, actions=[buren, hit])


def _names(held: Sequence[RoleAssignment]) -> str:
    """The people by name, as many as a title can hold."""
    names = list(dict.fromkeys(assignment.person.name for assignment in held))
    more = len(names) - NAMED
    if more <= 1:  # "and 1 other" is no shorter than the name
        return ", ".join(names)
    return _("%(names)s en %(count)s andere") % {"names": ", ".join(names[:NAMED]), "count": figures.number(more)}


def _side_lede(role: Role) -> str:
    return {
        "direction": _("Geeft richting: stelt doelen, regels en grenzen vast, of ziet erop toe."),
        "demand": _("Staat aan de kant van de vraag: zorgt dat duidelijk is welke informatie nodig is, en mag."),
        "supply": _("Staat aan de kant van het aanbod: zorgt dat er is wat gevraagd wordt, veilig en op tijd."),
        "use": _("Werkt met de informatie: in de klas, in de school of in de ondersteuning."),
    }[role.side]


def _assignments(role: Role) -> list[RoleAssignment]:
    found = RoleAssignment.objects.on(clock.today()).filter(role=role, person__is_active=True)
    return list(found.select_related("person").order_by("person__name"))


def _holders(role: Role, held: Sequence[RoleAssignment]) -> Section:
    """Names from the register; of the roster only whether it knows the role (law 2)."""
    places = dict(Organisation.objects.values_list("key", "name"))
    doors = [Door(a.person.name, _assigned(a, places), f"/collega/{a.person.pk}") for a in held]
    if holders().of_role.get(role.key, 0) > len({a.person_id for a in held}):
        doors.append(
            Door(_("Ook volgens het rooster"), _("Wie dat zijn ziet alleen wie het voor het werk nodig heeft."))
        )
    none = {
        "person": _("Niemand heeft deze rol vandaag: niet in het register en niet in het rooster."),
        "body": _("Een orgaan heeft geen aanstelling van één persoon."),
        "system": _("Een applicatie heeft geen aanstelling."),
    }
    return expected.section(_("Wie heeft deze rol"), doors, none[role.holder])


def _assigned(assignment: RoleAssignment, places: dict[str, str]) -> str:
    key = assignment.organisation_key
    where = places.get(key, key) if key else _("het hele bestuur")
    return f"{where} · {expected.dates(assignment.start, assignment.end)}"


def _asks(role: Role) -> Section:
    found = InformationNeed.objects.filter(role=role).exclude(state__in=CLOSED)
    doors = [Door(question(n), n.decision, f"/behoeften/{n.key}", _chip(n)) for n in found]
    return expected.section(_("Wil weten"), doors, _("Deze rol vraagt nu niets."))


def _receives(role: Role) -> Section:
    found = InformationNeed.objects.filter(audiences__role=role).exclude(state__in=CLOSED).exclude(role=role).distinct()
    doors = []
    for need in found.prefetch_related("audiences"):
        scopes = ", ".join(scope_words(a.scope) for a in need.audiences.all() if a.role_id == role.pk)
        doors.append(Door(question(need), scopes, f"/behoeften/{need.key}", _chip(need)))
    return expected.section(_("Ontvangt ook"), doors, _("Deze rol ontvangt niets waar een ander om vroeg."))


def _chip(need: InformationNeed) -> Status:
    state = state_of(need)
    return Status(state.word, state.tone, state.shape, fill=False)


def _supplies(role: Role) -> Section:
    """Systems and links of which this role is the owner."""
    systems = [Door(answering.name_of(s), _system(s), answering.page_of("system", s.key)) for s in role.systems.all()]
    links = [
        Door(_("Koppeling %(key)s") % {"key": link.key}, _("van %(one)s naar %(other)s") % {
            "one": answering.name_of(link.from_system), "other": answering.name_of(link.to_system)},
            answering.page_of("link", link.key))
        for link in role.links.select_related("from_system", "to_system")
    ]  # fmt: skip
    return expected.section(_("Applicaties en koppelingen"), [*systems, *links], _("Geen, als eigenaar."))


def _system(system: Any) -> str:
    until = system.contract_until
    return _("contract tot %(day)s") % {"day": figures.day(until)} if until else system.supplier


def _owns(role: Role) -> Section:
    """Goals, activities, policies and information objects of which this role is the owner."""
    goals = [Door(said(g), _goal(g), answering.page_of("goal", g.key)) for g in role.goals.all()]
    work = [Door(said(a), _("activiteit") + (f" · {said(a.goal)}" if a.goal else ""))
            for a in role.activities.select_related("goal")]  # fmt: skip
    policies = [Door(said(p), _("beleid"), answering.page_of("policy", p.key)) for p in
                Policy.objects.filter(owner_role=role)]  # fmt: skip
    return expected.section(_("Doelen, activiteiten en beleid"), [*goals, *policies, *work], _("Geen, als eigenaar."))


def _goal(goal: Any) -> str:
    count = goal.activities.count()
    text = ngettext("doel, met %(count)s activiteit", "doel, met %(count)s activiteiten", count)
    return text % {"count": figures.counted(count)}


def _consults(role: Role) -> Section:
    found = Consultation.objects.filter(roles__role=role, active=True).distinct()
    doors = [expected.meeting(each, [role]) for each in found.select_related("chair_role")]
    return expected.section(_("Overleg"), doors, _("Deze rol neemt aan geen enkel vast overleg deel."))
