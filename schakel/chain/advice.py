"""When the privacy officer speaks first: special data (AVG art. 9), or an audience that is wider than usual."""

from dataclasses import dataclass

from schakel.chain.needs import SCOPES, InformationNeed, NeedAudience

CLOSED = ("ended", "refused")


@dataclass(frozen=True)
class Due:
    """Why advice is due: elements of art. 9 that were not declined, and roles that would see wider than elsewhere."""

    special: tuple[str, ...] = ()
    wider: tuple[tuple[str, str], ...] = ()  # (role key, scope)

    def __bool__(self) -> bool:
        """Whether there is any reason."""
        return bool(self.special or self.wider)


def due(need: InformationNeed) -> Due:
    """The reasons for advice on a need as it stands now; empty when a decision can be taken without."""
    special = [line.element.key for line in need.elements.all() if line.element.needs_advice and not line.declined]
    return Due(tuple(sorted(special)), tuple(wider_than_elsewhere(need)) if _about_people(need) else ())


def wider_than_elsewhere(need: InformationNeed) -> list[tuple[str, str]]:
    """Roles that would see further here than in any other open need; a role without any other need is not unusual."""
    roles = [line.role_id for line in need.audiences.all()]
    others = NeedAudience.objects.filter(role__in=roles).exclude(need=need).exclude(need__state__in=CLOSED)
    known: dict[int, int] = {}
    for role, scope in others.values_list("role", "scope"):
        known[role] = max(known.get(role, -1), SCOPES.index(scope))
    return [
        (line.role.key, line.scope)
        for line in need.audiences.all()
        if line.role_id in known and SCOPES.index(line.scope) > known[line.role_id]
    ]


def _about_people(need: InformationNeed) -> bool:
    """Figures per school or board say nothing about one person: there the small groups are hidden instead."""
    return need.level in ("person", "group", "") and any(line.element.personal for line in need.elements.all())
