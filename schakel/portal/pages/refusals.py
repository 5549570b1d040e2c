"""Waarom zie ik dit niet? What was checked, what decided, who does see it, and three ways out with a name."""

from collections.abc import Sequence
from dataclasses import dataclass

from schakel.access.people import Person
from schakel.access.permissions import PERMISSIONS, holders
from schakel.access.roles import Role, RoleAssignment
from schakel.lib import clock
from schakel.lib.errors import Refused
from schakel.lib.text import gettext as _
from schakel.portal import figures
from schakel.portal.pages.standing import role_name, role_names
from schakel.portal.parts import Check, Checks, Door, Doors, Head, Item, Why

# A step that cannot be taken now: not about who you are, but about how things stand.
NOT_NOW = frozenset(
    {"state", "stale", "four_eyes", "advice", "not_approved", "reason", "stopped", "snapshot", "denied"}
)


@dataclass(frozen=True)
class Refusal:
    """The refusal page."""

    head: Head
    checks: Checks
    ways: Doors
    who: Why


def page(person: Person | None, refusal: Refused, permission: str = "") -> Refusal:
    """The page for one refusal. Nothing in it tells what stands behind the door."""
    if refusal.code in NOT_NOW:
        return plain(_("Dit kan nu niet"), refusal.message)
    who_can = refusal.who_can or tuple(sorted(PERMISSIONS.get(permission, frozenset()) - {"*"}))
    return Refusal(
        head=Head(_title(permission), lede=_lede(person, refusal)),
        checks=Checks(_checks(person, refusal), large=True),
        ways=Doors(_ways(person, who_can)),
        who=Why(_("Wie ziet dit wel?"), _who(who_can)),
    )


def _title(permission: str) -> str:
    """What is not seen, by name."""
    named_pages = {
        "audit.read": _("U ziet het logboek niet"),
        "source.read": _("U ziet de bronnen niet"),
        "quarantine.read": _("U ziet de rijen in quarantaine niet"),
        "goal.write": _("U ziet de doelen van het bestuur niet"),
    }
    return named_pages.get(permission, _("U ziet deze pagina niet"))


def _lede(person: Person | None, refusal: Refused) -> str:
    if refusal.code == "undeclared":
        return _("Voor deze pagina is niet vastgelegd wie haar mag zien. Dan blijft zij dicht.")
    if person is None:
        return _("Meld u eerst aan.")
    return _("Uw rol van vandaag opent haar niet. Hieronder staat wat is nagegaan en wie u kan helpen.")


def _checks(person: Person | None, refusal: Refused) -> list[Check]:
    if person is None:
        return [Check("bad", _("U bent niet aangemeld"), _("Meld u aan, dan kijkt Schakel opnieuw."))]
    roles = role_names(person)
    known = Check("ok", _("U bent bekend"), _("%(name)s, aangemeld.") % {"name": person.name})
    held = (
        Check("ok", _("U hebt vandaag een rol"), ", ".join(roles))
        if roles
        else Check("bad", _("U hebt vandaag geen rol"), _("Geen aanstelling in het register die vandaag geldt."))
    )
    return [known, held, Check("bad", _("Uw rol opent deze pagina niet"), refusal.message)]


def _who(who_can: Sequence[str]) -> list[Item]:
    roles = Role.objects.filter(key__in=who_can).order_by("key")
    items = []
    for role in roles:
        names = sorted({a.person.name for a in _holding(role.key)})
        items.append(Item(figures.capital(role_name(role)), ", ".join(names) or _("niemand heeft deze rol vandaag")))
    note = _("Is vastgelegd als ‘niet getoond’. U hoeft niets te doen.")
    return [*items, Item(_("Dit bezoek"), note)]


def _holding(role: str) -> Sequence[RoleAssignment]:
    return list(
        RoleAssignment.objects.on(clock.today()).filter(role__key=role, person__is_active=True).select_related("person")
    )


def _ways(person: Person | None, who_can: Sequence[str]) -> list[Door]:
    if person is None:
        return [Door(_("Meld u aan"), _("Daarna ziet u wat bij uw rol hoort."), "/aanmelden")]
    manager = named("role.assign")
    asked = named("need.assess")
    urgent = ", ".join(sorted({a.person.name for key in who_can for a in _holding(key)})[:3])
    return [
        Door(
            _("Ik heb deze rol wél"),
            _("Meld het aan %(name)s. Na herstel ziet u de pagina de volgende ochtend.") % {"name": manager},
        ),
        Door(
            _("Ik heb dit nodig voor mijn werk"),
            _("Stel een vraag. %(name)s kijkt binnen 5 werkdagen.") % {"name": asked},
            "/mijn#vraag",
        ),
        Door(
            _("Het kan niet wachten"),
            _("Vraag het aan %(name)s: die mag dit vandaag zien.") % {"name": urgent or manager},
        ),
    ]


def named(permission: str) -> str:
    """Who can help, by name."""
    return ", ".join(p.name for p in holders(permission)[:3]) or _("uw leidinggevende")


def plain(title: str, line: str) -> Refusal:
    """A page that only says what happened, with the way back."""
    back = Door(_("Naar uw voordeur"), _("Wat u vandaag nodig hebt."), "/")
    ask = Door(_("Hulp vragen"), _("Wie u kunt bellen of schrijven."), "/over/hulp")
    return Refusal(Head(title, lede=line), Checks(()), Doors([back, ask]), Why("", ()))
