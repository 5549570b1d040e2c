"""The roles that a person holds today: from the roster in the snapshot, and from the register (law 4)."""

from dataclasses import dataclass
from datetime import date

from schakel.access.asked import once
from schakel.access.people import Person
from schakel.access.roles import Role, RoleAssignment
from schakel.distribute.query import Opened
from schakel.distribute.standing import Held, Standing, registered, standings
from schakel.lib.text import gettext as _
from schakel.lib.text import language


def held_by(person: Person, snapshot: Opened | None, day: date) -> tuple[Held, ...]:
    """Every role of an active person on a day; the roster first. Raises Refused for a shared address."""
    if not person.is_active:
        return ()
    found = list(snapshot.roster(person.email, day)) if snapshot is not None else []
    for assignment in RoleAssignment.objects.of(person, day):
        found += _registered(assignment, snapshot)
    return tuple(found)


def _registered(assignment: RoleAssignment, snapshot: Opened | None) -> list[Held]:
    role, place = assignment.role.key, assignment.organisation_key
    if place and snapshot is None:
        return []
    if not place:
        return [Held(role, since=assignment.start, until=assignment.end, source="typed")]
    return registered(snapshot.cursor, role, place, assignment.start, assignment.end) if snapshot is not None else []


@dataclass(frozen=True)
class Reason:
    """Whether someone has a standing for an audience today, and the sentence that says why (not)."""

    standings: tuple[Standing, ...]
    text: str


def reason_for(held: tuple[Held, ...], audience: frozenset[tuple[str, str]], names: dict[str, str]) -> Reason:
    """The standings that an audience gives to someone with these roles; `names` are the roles in words."""
    found = standings(held, audience)
    if found:
        return Reason(
            found, _("U ziet dit als %(standings)s.") % {"standings": "; ".join(said(s, names) for s in found)}
        )
    roles = sorted({names.get(h.role, h.role) for h in held})
    wanted = ", ".join(sorted({names.get(role, role) for role, _scope in audience}))
    if not roles:
        return Reason((), _("U hebt vandaag geen rol: niet in het rooster en niet in het register."))
    if {h.role for h in held} & {role for role, _scope in audience}:
        return Reason((), _("Bij uw rol staat vandaag geen school, groep of persoon; er is niets om te laten zien."))
    text = _("Dit is voor %(wanted)s. U bent vandaag %(roles)s.")
    return Reason((), text % {"wanted": wanted, "roles": ", ".join(roles)})


def role_words() -> dict[str, str]:
    """The names of the roles in the language of this moment."""
    return dict(once(("role_words", language()), _role_words))


def _role_words() -> dict[str, str]:
    return {role.key: (role.en if language() == "en" else role.nl) for role in Role.objects.all()}


def scope_words(scope: str) -> str:
    """How far a role reaches, in words."""
    return {
        "self": _("over uzelf"),
        "own_pupils": _("voor de eigen leerlingen"),
        "own_groups": _("voor de eigen groepen"),
        "own_school": _("voor de eigen school"),
        "board": _("voor het hele bestuur"),
    }[scope]


def said(standing: Standing, names: dict[str, str]) -> str:
    """A standing in words: the role and how far it reaches."""
    words = {"role": names.get(standing.role, standing.role), "scope": scope_words(standing.scope)}
    return _("%(role)s %(scope)s") % words
