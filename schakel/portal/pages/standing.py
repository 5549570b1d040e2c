"""Where a person and the board stand today: roles from register and roster, the counts in the rail, the snapshot."""

from collections.abc import Sequence
from datetime import datetime
from functools import cached_property

from django.db.models import OuterRef, Subquery

from schakel.access.asked import once
from schakel.access.people import Person
from schakel.access.roles import Role
from schakel.chain import gap_history
from schakel.chain.needs import InformationNeed
from schakel.chain.realising import OPEN, Change
from schakel.collect.cases import Case
from schakel.collect.runs import Run
from schakel.collect.sources import Source
from schakel.distribute.entitlement import current_snapshot
from schakel.distribute.held import held_by, role_words
from schakel.distribute.query import opened
from schakel.distribute.standing import Held
from schakel.lib import clock
from schakel.lib.errors import Refused
from schakel.lib.text import gettext as _
from schakel.lib.text import language
from schakel.portal import figures


class Counts:
    """What there is now, each counted when it is asked for."""

    @cached_property
    def needs(self) -> int:
        """Needs that are open."""
        return InformationNeed.objects.exclude(state__in=("ended", "refused")).count()

    @cached_property
    def gaps(self) -> int:
        """Gaps that ask for someone."""
        return len(gap_history.find_open())

    @cached_property
    def sources(self) -> int:
        """Sources in use."""
        return Source.objects.filter(active=True).count()

    @cached_property
    def changes(self) -> int:
        """Changes that are not done yet."""
        return Change.objects.filter(state__in=OPEN).count()

    @cached_property
    def findings(self) -> int:
        """Causes of findings that ask for someone."""
        return Case.objects.open().exclude(severity="info").count()

    @cached_property
    def quarantined(self) -> int:
        """Rows in quarantine of what stands of each source."""
        landed = Run.objects.filter(source=OuterRef("pk")).exclude(folder="").order_by("-started_at", "-pk")
        rows = Source.objects.filter(active=True).annotate(rows=Subquery(landed.values("rows_held")[:1]))
        return sum(rows.values_list("rows", flat=True).exclude(rows=None))


def held(person: Person) -> Sequence[Held]:
    """What a person holds today in register and roster."""
    return once(("held", person.pk, clock.today()), lambda: _held(person))


def _held(person: Person) -> Sequence[Held]:
    snapshot = current_snapshot()
    reader = opened(snapshot.model) if snapshot and snapshot.available else None
    try:
        return held_by(person, reader, clock.today())
    except Refused:  # two people share the address: then the roster says nothing about either
        return held_by(person, None, clock.today())


def role_keys(person: Person) -> Sequence[str]:
    """The roles that a person holds today in register and roster, the register first."""
    ordered = sorted(held(person), key=lambda h: h.source != "typed")
    return list(dict.fromkeys(h.role for h in ordered))


def role_name(role: Role) -> str:
    """A role's name in the language of the page."""
    return role.en if language() == "en" and role.en else role.nl


def role_names(person: Person) -> list[str]:
    """The names of the roles that a person holds today."""
    names = role_words()
    return [names.get(key, key) for key in role_keys(person)]


def label(person: Person) -> str:
    """What stands in the role switch."""
    names = role_names(person)
    return figures.capital(names[0].split(" / ")[0]) if names else _("Geen rol")


def snapshot_moment() -> datetime | None:
    """When the current snapshot was made."""
    now = current_snapshot()
    return datetime.fromisoformat(now.manifest["finished"]) if now else None
