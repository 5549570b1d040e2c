"""Reviews that begin by themselves: a need in use whose day of review is reached is taken up again.

Only the schedule begins one in this way. What was approved goes on; who owns the need keeps it as it is, changes it or
ends it (deciding.py). Several workers may look at once: the row itself says whether it was still in use.
"""

from datetime import date, datetime

from schakel.access import audit
from schakel.access.changes import change
from schakel.access.people import Person
from schakel.access.permissions import holders
from schakel.access.roles import RoleAssignment
from schakel.chain.needs import InformationNeed
from schakel.lib import clock

DUE = "need.review_due"
BEGINS = ("need.review", DUE)  # the lines in the trail that begin a review


class _Taken(Exception):
    """Somebody was here before: another worker, or a person who moved the need."""


def look(day: date | None = None) -> list[InformationNeed]:
    """Take up every need in use whose day of review is reached. For the schedule; returns which were taken up now."""
    reached = InformationNeed.objects.filter(state="live", review_on__lte=day or clock.today())
    return [need for need in reached.order_by("review_on", "key") if _taken_up(need)]


def due() -> list[InformationNeed]:
    """The needs under review whose day of review is reached, the longest first: somebody has to say what becomes."""
    found = InformationNeed.objects.filter(state="under_review", review_on__lte=clock.today())
    return list(found.select_related("owner", "owner_role").order_by("review_on", "key"))


def since(need: InformationNeed) -> datetime | None:
    """When the review that goes on now began; None when there is none, or nobody wrote it down."""
    if need.state != "under_review":
        return None
    lines = audit.history(need.noun(), need.key).filter(action__in=BEGINS)
    return next((line.at for line in lines if not line.facts.get("confirmed")), None)


def owners(need: InformationNeed) -> list[Person]:
    """Who is to review a need: its owner, else who holds the owner's role today, else who may review at all."""
    if need.owner is not None and need.owner.is_active:
        return [need.owner]
    held = RoleAssignment.objects.on(clock.today()).filter(role=need.owner_role_id)
    found = Person.objects.filter(is_active=True, assignments__in=held).distinct()
    return list(found) or holders("need.review")


def _taken_up(need: InformationNeed) -> bool:
    """Whether it was this call that took the need up; nothing is written when it was not."""
    reached = need.review_on
    try:
        with change(None, DUE, need, reached=reached.isoformat() if reached else ""):
            still = InformationNeed.objects.filter(pk=need.pk, state="live", review_on=reached)
            if not still.update(state="under_review"):
                raise _Taken
    except _Taken:
        return False
    need.state = "under_review"
    return True
