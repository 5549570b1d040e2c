"""Who repairs a finding today: by name who holds its role, at the schools that it is about, in register or roster."""

from collections.abc import Collection, Iterable

from schakel.access.people import Person
from schakel.access.roles import RoleAssignment
from schakel.collect.cases import Case
from schakel.distribute.entitlement import current_snapshot
from schakel.distribute.query import opened
from schakel.distribute.standing import roster_holders
from schakel.lib import clock
from schakel.operations.found import found_in

TAKERS = ("functional_admin", "ict_manager", "information_manager")  # to whom any finding can be handed too


def repairers(case: Case) -> list[Person]:
    """Who holds the role that repairs this, for the board or at one of its schools."""
    return _holding({case.role.key} if case.role else (), sites_of(case))


def candidates(case: Case) -> list[Person]:
    """To whom it can be handed: who repairs it, and who keeps the sources."""
    found = [*repairers(case), *_holding(TAKERS, frozenset())]
    return list({person.pk: person for person in found}.values())


def sites_of(case: Case) -> frozenset[str]:
    """The schools that its rows belong to; none when that is not known."""
    rows = found_in(case.source) if case.of_rows else ()
    return frozenset(site for row in rows if row.place == case.place for site in row.sites)


def _holding(roles: Collection[str], sites: frozenset[str]) -> list[Person]:
    places = {"", *sites, *_organisations(sites)}
    standing = RoleAssignment.objects.on(clock.today()).filter(role__key__in=roles)
    if sites:
        standing = standing.filter(organisation_key__in=places)
    emails = set(_in_roster(roles, sites))
    own = Person.objects.filter(is_active=True, assignments__in=standing)
    known = Person.objects.filter(is_active=True, email__in=emails)
    return list((own | known).distinct().order_by("name"))


def _in_roster(roles: Collection[str], sites: frozenset[str]) -> Iterable[str]:
    snapshot = current_snapshot()
    if snapshot is None or not snapshot.available or not roles:
        return []
    held = roster_holders(opened(snapshot.model).cursor, roles, clock.today())
    return [email for email, each in held if not sites or each.site_id in sites]


def _organisations(sites: frozenset[str]) -> list[str]:
    snapshot = current_snapshot()
    if snapshot is None or not snapshot.available or not sites:
        return []
    text = "SELECT DISTINCT organisation_id FROM site WHERE list_contains($sites, site_id)"
    return [row[0] for row in opened(snapshot.model).cursor.execute(text, {"sites": sorted(sites)}).fetchall()]
