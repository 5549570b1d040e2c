"""Waarom zie ik dit niet? What was checked, what decided, who does see it, and three ways out with a name."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from schakel.access.people import Person
from schakel.access.permissions import PERMISSIONS, holders
from schakel.access.roles import Role, RoleAssignment
from schakel.distribute.entitlement import Check as Made
from schakel.distribute.entitlement import DeliveryRefused
from schakel.distribute.products import Product
from schakel.distribute.sight import Seer, who_sees
from schakel.lib import clock
from schakel.lib.errors import Refused
from schakel.lib.text import gettext as _
from schakel.lib.text import ngettext
from schakel.portal import figures
from schakel.portal.pages.standing import role_name, role_names
from schakel.portal.pages.words import said
from schakel.portal.parts import Check, Checks, Door, Doors, Head, Item, Link, Why

# A step that cannot be taken now: not about who you are, but about how things stand.
NOT_NOW = frozenset(
    {
        "state",
        "stale",
        "four_eyes",
        "advice",
        "not_approved",
        "reason",
        "stopped",
        "snapshot",
        "denied",
        "incomplete",
        "field",
        "period",
        "taker",
        "not_held",
        "not_delegable",
        "not_yours",
        "pango",
        "waits",
        "circle",
        "kind",
        "hours",
        "minutes-empty",
        "minutes",
        "day",
        "oneself",
        "shown",
        "key",
    }
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
    if isinstance(refusal, DeliveryRefused) and person is not None:
        return _undelivered(person, refusal)
    if refusal.code in NOT_NOW:
        return plain(_("Dit kan nu niet"), refusal.message)
    who_can = refusal.who_can or tuple(sorted(PERMISSIONS.get(permission, frozenset()) - {"*"}))
    holding = _holding(who_can)
    return Refusal(
        head=Head(_title(permission), lede=_lede(person, refusal)),
        checks=Checks(_checks(person, refusal), large=True),
        ways=Doors(_ways(person, _everyone(holding))),
        who=Why(_("Wie ziet dit wel?"), _who(who_can, holding)),
    )


def _undelivered(person: Person, refusal: DeliveryRefused) -> Refusal:
    """A product that was not delivered: every check that was made, and who does see it today."""
    product = Product.objects.select_related("need").filter(key=refusal.product).first()
    name = said(product) if product else _("dit overzicht")
    seers = who_sees(product, clock.today()) if product else []
    number = Item(_("Dit bezoek"), _("Is vastgelegd als ‘niet getoond’. U hoeft niets te doen."))
    return Refusal(
        head=Head(
            _("U ziet ‘%(name)s’ niet") % {"name": name},
            lede=refusal.message,
            crumbs=[Link(_("Mijn overzichten"), "/overzichten"), Link(name, f"/overzichten/{refusal.product}")],
        ),
        checks=Checks([_made(check) for check in refusal.checks], large=True),
        ways=Doors(_ways(person, [s.name for s in seers if s.account] or _everyone(_holding(refusal.who_can)))),
        who=Why(_("Wie ziet dit wel?"), [*_seers(seers), number]),
    )


def _made(check: Made) -> Check:
    """A check as it was made; one that was not reached says so."""
    if check.passed is None:
        return Check("unk", check.text, _("niet meer nagegaan"))
    return Check("ok" if check.passed else "bad", check.text)


def _seers(seers: Sequence[Seer]) -> list[Item]:
    """Per role who sees it: those with an account by name, the others counted."""
    if not seers:
        return [Item(_("Niemand"), _("Vandaag opent dit overzicht voor niemand."))]
    by_role: dict[str, list[Seer]] = {}
    for seer in seers:
        by_role.setdefault(f"{seer.role} {seer.scope}", []).append(seer)
    return [Item(figures.capital(role), _some(found)) for role, found in by_role.items()]


def _some(seers: Sequence[Seer]) -> str:
    """At most three names, and how many more there are."""
    names = list(dict.fromkeys(s.name for s in seers if s.account))[:3]
    more = len({s.email for s in seers}) - len(names)
    if not more:
        return ", ".join(names)
    others = ngettext("%(count)s collega", "%(count)s collega’s", more) % {"count": figures.number(more)}
    return _("%(names)s en %(others)s") % {"names": ", ".join(names), "others": others} if names else others


def _title(permission: str) -> str:
    """What is not seen, by name."""
    named_pages = {
        "audit.read": _("U ziet het logboek niet"),
        "source.read": _("U ziet de bronnen niet"),
        "quarantine.read": _("U ziet de rijen in quarantaine niet"),
        "person.write": _("U ziet de accounts van collega’s niet"),
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


def _who(who_can: Sequence[str], holding: Mapping[str, set[str]]) -> list[Item]:
    items = []
    for role in Role.objects.filter(key__in=who_can).order_by("key"):
        names = ", ".join(sorted(holding.get(role.key, ())))
        items.append(Item(figures.capital(role_name(role)), names or _("niemand heeft deze rol vandaag")))
    note = _("Is vastgelegd als ‘niet getoond’. U hoeft niets te doen.")
    return [*items, Item(_("Dit bezoek"), note)]


def _holding(roles: Sequence[str]) -> dict[str, set[str]]:
    """Per role the names of those who hold it today."""
    found: dict[str, set[str]] = {}
    held = RoleAssignment.objects.on(clock.today()).filter(role__key__in=roles, person__is_active=True)
    for role, name in held.order_by().values_list("role__key", "person__name"):
        found.setdefault(role, set()).add(name)
    return found


def _everyone(holding: Mapping[str, set[str]]) -> list[str]:
    return sorted(set().union(*holding.values()))


def _ways(person: Person | None, nearest: Sequence[str]) -> list[Door]:
    """Three ways on; `nearest` are those who may see it today."""
    if person is None:
        return [Door(_("Meld u aan"), _("Daarna ziet u wat bij uw rol hoort."), "/aanmelden")]
    manager = named("role.assign")
    asked = named("need.assess")
    urgent = ", ".join(list(dict.fromkeys(nearest))[:3])
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


def named(permission: str, but: Person | None = None) -> str:
    """Who can help, by name; never the person who asks."""
    able = [p for p in holders(permission) if but is None or p.pk != but.pk]
    return ", ".join(p.name for p in able[:3]) or _("uw leidinggevende")


def helper(person: Person | None) -> str:
    """Who can help this person to sign in. The only information manager is helped by who keeps the server."""
    able = [p.pk for p in holders("person.write")]
    if person is not None and able == [person.pk]:
        return _("wie de server van Schakel beheert")
    return named("person.write", person)


def plain(title: str, line: str) -> Refusal:
    """A page that only says what happened, with the way back."""
    back = Door(_("Naar uw voordeur"), _("Wat u vandaag nodig hebt."), "/")
    ask = Door(_("Hulp vragen"), _("Wie u kunt bellen of schrijven."), "/over/hulp")
    return Refusal(Head(title, lede=line), Checks(()), Doors([back, ask]), Why("", ()))


def at_the_gate(title: str, line: str) -> Refusal:
    """A page for who is not in yet: what happened, and the way back to signing in."""
    again = Door(_("Naar het aanmelden"), _("Probeer het opnieuw, of op een andere manier."), "/aanmelden")
    ask = Door(_("Hulp vragen"), _("Wie u kunt bellen of schrijven."), "/over/hulp")
    return Refusal(Head(title, lede=line), Checks(()), Doors([again, ask]), Why("", ()))
