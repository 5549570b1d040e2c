"""Where a person and the board stand today: roles from register and roster, the counts in the rail, the snapshot."""

from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from django.conf import settings

from schakel.access.people import Person
from schakel.access.roles import Role, RoleAssignment
from schakel.chain import gaps
from schakel.chain.needs import InformationNeed
from schakel.collect.runs import Run
from schakel.collect.sources import Source
from schakel.lib.text import gettext as _
from schakel.lib.text import language
from schakel.portal import figures
from schakel.process import snapshots


@dataclass(frozen=True)
class Counts:
    """What there is now."""

    needs: int
    gaps: int
    sources: int
    quarantined: int


def counts() -> Counts:
    """Needs that are open, gaps, sources, rows in quarantine after the last reading of each source."""
    last = {r.source_id: r for r in Run.objects.exclude(state="running").order_by("started_at")}
    return Counts(
        needs=InformationNeed.objects.exclude(state__in=("ended", "refused")).count(),
        gaps=len(gaps.find_all()),
        sources=Source.objects.filter(active=True).count(),
        quarantined=sum(r.rows_quarantined for r in last.values()),
    )


def role_keys(person: Person) -> list[str]:
    """The roles that a person holds today, register first."""
    return [a.role.key for a in RoleAssignment.objects.of(person)]


def role_name(role: Role) -> str:
    """A role's name in the language of the page."""
    return role.en if language() == "en" and role.en else role.nl


def role_names(person: Person) -> list[str]:
    """The names of the roles that a person holds today."""
    return [role_name(a.role) for a in RoleAssignment.objects.of(person)]


def label(person: Person) -> str:
    """What stands in the role switch."""
    names = role_names(person)
    return figures.capital(names[0]) if names else _("geen rol")


def snapshot_moment() -> datetime | None:
    """When the current snapshot was made."""
    now = snapshots.current(Path(settings.DATA))
    return datetime.fromisoformat(now.manifest["finished"]) if now else None
