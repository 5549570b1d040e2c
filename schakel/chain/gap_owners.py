"""Whose a gap is: the named owner's, else of who holds the owner's role today, else of who may take the next step.

A name is not compared with a name: roles are matched by their key and their assignments, people by their number.
"""

from collections.abc import Collection, Iterable

from schakel.access.people import Person
from schakel.access.permissions import decide
from schakel.chain.gaps import Gap
from schakel.chain.holders import holders


def waiting_on(person: Person, roles: Collection[str], gaps: Iterable[Gap]) -> list[Gap]:
    """Of these gaps those that wait on a person, who holds these roles (keys) today; in the order given."""
    every = list(gaps)
    here, held = _with_an_account(every), holders().of_role
    may: dict[str, bool] = {}

    def theirs(gap: Gap) -> bool:
        if gap.thing.person in here:
            return gap.thing.person == person.pk
        if gap.thing.role in roles or gap.thing.role in held:
            return gap.thing.role in roles
        if gap.rule.by not in may:
            may[gap.rule.by] = bool(gap.rule.by) and decide(person, gap.rule.by).allowed
        return may[gap.rule.by]

    return [gap for gap in every if theirs(gap)]


def _with_an_account(gaps: Collection[Gap]) -> set[int]:
    """The named owners whose account is open: who left answers for nothing any more."""
    named = {gap.thing.person for gap in gaps if gap.thing.person is not None}
    return set(Person.objects.filter(pk__in=named, is_active=True).values_list("pk", flat=True)) if named else set()
