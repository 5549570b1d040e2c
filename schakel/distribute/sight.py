"""What may this person see, and who may see this? Lists with a reason for each line.

The lists show what would open; whether it opens is decided again at each delivery (entitlement.py).
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from schakel.access.people import Person
from schakel.access.roles import RoleAssignment
from schakel.distribute.about_people import NEUTRAL
from schakel.distribute.entitlement import current_snapshot
from schakel.distribute.held import held_by, reason_for, role_words, scope_words
from schakel.distribute.moving import moving_needs
from schakel.distribute.permitted import permitted
from schakel.distribute.products import Product
from schakel.distribute.query import Opened, opened
from schakel.distribute.standing import Held, Standing, roster_holders, standings
from schakel.lib.errors import Refused
from schakel.lib.text import gettext as _


@dataclass(frozen=True)
class Sight:
    """One product for one person: whether it opens today, and the reason."""

    product: Product
    allowed: bool
    reason: str


def may_see(person: Person, day: date) -> list[Sight]:
    """Every product in use, each with its reason; the ones that open first."""
    products = Product.objects.filter(active=True).select_related("need")
    moving = {item.need.pk: item.need.audience_pairs() for item in moving_needs(day)}
    snapshot = current_snapshot()
    names = role_words()
    if snapshot is None or not snapshot.available:
        return [Sight(product, False, _("Er zijn nog geen gegevens verzameld.")) for product in products]
    try:
        held = held_by(person, opened(snapshot.model), day)
    except Refused as refusal:
        return [Sight(product, False, refusal.message) for product in products]
    found = [_sight(product, moving, held, names) for product in products]
    return sorted(found, key=lambda sight: (not sight.allowed, sight.product.key))


def _sight(
    product: Product, moving: Mapping[int, frozenset[tuple[str, str]]], held: tuple[Held, ...], names: dict[str, str]
) -> Sight:
    if product.need_id not in moving:
        return Sight(product, False, _("De behoefte is niet goedgekeurd, of geldt niet meer."))
    reason = reason_for(held, moving[product.need_id], names)
    return Sight(product, bool(reason.standings), reason.text)


@dataclass(frozen=True)
class Seer:
    """Someone who sees a product today, as what, and whether they have an account to look with."""

    name: str
    email: str
    role: str
    scope: str
    account: bool


def who_sees(product: Product, day: date) -> list[Seer]:
    """Everyone to whom a product opens today, by role and name; nobody while its need is not in force."""
    moving = next((item.need for item in moving_needs(day) if item.need.pk == product.need_id), None)
    snapshot = current_snapshot()
    if moving is None or snapshot is None or not snapshot.available:
        return []
    reader = opened(snapshot.model)
    audience = moving.audience_pairs()
    by_email = _holders(reader, {role for role, _scope in audience}, day)
    names = role_words()
    people = {p.email.lower(): p for p in Person.objects.filter(email__in=by_email, is_active=True)}
    found = [
        Seer(
            people[email].name if email in people else email, email,
            names.get(standing.role, standing.role), scope_words(standing.scope), email in people,
        )
        for email, held in by_email.items()
        for standing in standings(held, audience)
    ]  # fmt: skip
    return sorted(found, key=lambda seer: (seer.role, seer.name))


def _holders(reader: Opened, roles: set[str], day: date) -> dict[str, list[Held]]:
    found: dict[str, list[Held]] = {}
    for email, held in roster_holders(reader.cursor, roles, day):
        found.setdefault(email, []).append(held)
    assigned = RoleAssignment.objects.on(day).filter(role__key__in=roles, person__is_active=True)
    for person in Person.objects.filter(assignments__in=assigned).distinct():
        try:
            typed = [held for held in held_by(person, reader, day) if held.source == "typed"]
        except Refused:  # two people share the address: nothing opens for either
            continue
        found.setdefault(person.email.lower(), []).extend(typed)
    return found


class Eyes:
    """What needs at the level of persons show someone already; what a figure is made of is then no secret to them.

    Hiding small figures would protect nobody.
    """

    def __init__(self, held: Iterable[Held], day: date) -> None:
        held = tuple(held)
        needs = [item.need for item in moving_needs(day) if item.need.level == "person"]
        self._sees = [(permitted(n.element_keys()), tuple(standings(held, n.audience_pairs()))) for n in needs]

    def see(self, opens: Iterable[Standing], used: Iterable[str]) -> bool:
        """Whether a need shows all these elements of people, for each standing one that reaches at least as far."""
        personal = {element for element in used if element.partition(".")[0] not in NEUTRAL}
        wide = [standing for elements, found in self._sees if personal <= elements for standing in found]
        return bool(personal) and all(any(_covers(broad, standing) for broad in wide) for standing in opens)

    def see_behind(self, opens: Iterable[Standing], indicators: Mapping[str, Mapping[str, Any]]) -> frozenset[str]:
        """The indicators of a snapshot, as its manifest tells them, of which they see everyone behind the figures."""
        opens = tuple(opens)
        return frozenset(key for key, told in indicators.items() if self.see(opens, told.get("elements", ())))


def _covers(broad: Standing, narrow: Standing) -> bool:
    if broad.scope == "board":
        return True
    if broad.scope == narrow.scope:
        return broad.sites >= narrow.sites if broad.scope == "own_school" else broad.groups >= narrow.groups
    within = bool(narrow.sites) and broad.sites >= narrow.sites  # of a group at no known school nothing is known
    return broad.scope == "own_school" and narrow.scope == "own_groups" and within
