"""Who repairs what is wrong in a product: the role behind the source of a column, and who holds it for which school."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass

from schakel.access.people import Person
from schakel.access.roles import Role
from schakel.collect.sources import Source
from schakel.distribute.entitlement import current_snapshot
from schakel.distribute.explanation import feeding
from schakel.distribute.gaps import role_held
from schakel.distribute.held import held_by
from schakel.distribute.products import Product
from schakel.distribute.query import opened, resolved
from schakel.distribute.standing import Held, Standing
from schakel.lib import clock
from schakel.lib.errors import Refused, Unknown
from schakel.lib.text import gettext as _

LAST = "information_manager"  # who finds someone, where no role that repairs is held


@dataclass(frozen=True)
class Place:
    """The roles that someone holds today, and where."""

    held: tuple[Held, ...]

    @property
    def roles(self) -> frozenset[str]:
        """The keys of the roles."""
        return frozenset(each.role for each in self.held)

    def reaches(self, role: str, sites: Collection[str]) -> bool:
        """Whether this role is held for the whole board or for one of these sites; no sites is the whole board."""
        mine = [each for each in self.held if each.role == role]
        return any(each.site_id is None or not sites or each.site_id in sites for each in mine)


def standing_of(person: Person) -> Place:
    """The roles of a person today, from roster and register; none where the roster cannot tell two people apart."""
    snapshot = current_snapshot()
    reader = opened(snapshot.model) if snapshot is not None and snapshot.available else None
    try:
        return Place(held_by(person, reader, clock.today()))
    except Refused:
        return Place(())


def places_of(standings: Iterable[Standing]) -> list[str]:
    """The schools that a reader's standings are about; empty when one of them is the whole board."""
    found = list(standings)
    if any(each.scope == "board" or not each.sites for each in found):
        return []
    return sorted({site for each in found for site in each.sites})


def addressed(product: Product, column: str = "") -> Role:
    """The role that repairs this column, or the product as a whole: the first of those behind it that someone holds."""
    candidates = _candidates(product, column)
    found = next((role for role in candidates if role_held(role.key)), None)
    if found is None and not candidates:
        raise Unknown(_("Er is geen rol aan wie dit gemeld kan worden."), code="unknown")
    return found or candidates[-1]


def _candidates(product: Product, column: str) -> list[Role]:
    roles = [source.repairs_role for source in _sources(product, column)]
    roles += [product.need.owner_role, Role.objects.filter(key=LAST).first()]
    return list({role.pk: role for role in roles if role is not None}.values())


def _sources(product: Product, column: str) -> list[Source]:
    snapshot = current_snapshot()
    return feeding(snapshot.manifest, _elements(product, column)) if snapshot is not None else []


def _elements(product: Product, column: str) -> frozenset[str]:
    """The elements that a column is made of; all of the product for no column, or one without elements."""
    try:
        columns = resolved(product.sql, product.need.element_keys(), level=product.level, optional=product.optional)
    except Refused:  # the need changed since; the sources of what it names now
        return frozenset(product.need.element_keys())
    of_column = next((each.elements for each in columns if each.name == column), frozenset())
    return of_column or frozenset(element for each in columns for element in each.elements)
