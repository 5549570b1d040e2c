"""What nobody uses: products that nobody opens, and needs of which that holds for everything they give.

The one notion of unused, for the gaps and for the proposal to end a need. Unused is: not opened for three times the
rhythm of the need, eight weeks at least, for then a summer holiday has passed, and twelve months at most. A rhythm in
words that cannot be counted gets the twelve months. Missing is not zero: what is there or runs shorter than that, or
what somebody just decided to keep, is not called unused. The roster that Schakel itself reads at every delivery, to
know who may see what, is used whether anybody opens it or not.
"""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Literal

from django.db.models import Count, Max, Min, OuterRef, Subquery

from schakel.access.audit import AuditLine
from schakel.chain.approvals import InForce, in_force
from schakel.chain.needs import InformationNeed, NeedElement, NeedQuerySet
from schakel.distribute.delivery import Delivery
from schakel.distribute.ending import Loss, gone, losses
from schakel.distribute.products import Product
from schakel.distribute.standing import ROSTER
from schakel.lib import clock

RUNNING = ("live", "under_review")
TIMES = 3
LEAST, MOST = timedelta(weeks=8), timedelta(days=365)
_DAYS = {"dag": 1, "schooldag": 1, "werkdag": 1, "nacht": 1, "ochtend": 1, "week": 7, "weken": 7, "maand": 31,
         "maanden": 31, "kwartaal": 92}  # fmt: skip
_EVERY = re.compile(rf"(?:elke?|iedere?|per) (twee )?({'|'.join(_DAYS)})(?: om [\d.:]+ uur)?", re.IGNORECASE)

# There is nothing to open; never delivered; delivered on front doors or by mail only; opened, but not lately.
How = Literal["no_product", "never", "unopened", "quiet"]


@dataclass(frozen=True)
class Unused:
    """A need that nobody uses: in which way, since when it runs, and when it was last opened (None: never)."""

    need: InformationNeed
    how: How
    since: datetime
    delivered: int
    opened: datetime | None

    @property
    def hours(self) -> float | None:
        """Hours a year that it still costs, as was said; None when nobody said."""
        counts = (self.need.minutes_now, self.need.times_per_year, self.need.people)
        if any(count is None for count in counts):
            return None
        minutes, times, people = (count or 0 for count in counts)
        return minutes * times * people / 60


@dataclass(frozen=True)
class Proposal:
    """An unused need with what goes when it ends: elements that only it needs, and who loses which product."""

    unused: Unused
    elements: frozenset[str]
    losses: tuple[Loss, ...]

    @property
    def people(self) -> int:
        """How many people would lose something, each counted once."""
        return len({seer.email.lower() for loss in self.losses for seer in loss.seers})


def proposals() -> list[Proposal]:
    """Every need that is proposed for ending, the one that was left alone longest first, with what would go."""
    moving: list[InForce] = in_force(clock.today())
    return [Proposal(each, gone(each.need, moving), losses(each.need)) for each in unused()]


def unused() -> list[Unused]:
    """The needs in use that nobody uses, the one that was left alone longest first."""
    needs, told = _running().whole(), _deliveries()
    since, shown = running_since(needs), set(Product.objects.filter(active=True).values_list("need", flat=True))
    used = {need for _product, need, alone in _products(needs, since) if not alone}
    found = []
    for need in needs:
        began, (delivered, last) = since.get(need.pk), told.get(need.pk, (0, None))
        if began is None or need.pk in used or not left_alone(need, began, last):
            continue
        how: How = "no_product" if need.pk not in shown else "quiet" if last else "unopened" if delivered else "never"
        found.append(Unused(need, how, began, delivered, last))
    return sorted(found, key=lambda each: (each.opened or each.since, each.need.key))


def unopened() -> list[Product]:
    """The products that nobody opens, of needs in use. A need that is unused and gives something has only such ones."""
    needs = _running().only("key", "rhythm")
    alone = [pk for pk, _need, left in _products(needs, running_since(needs)) if left]
    if not alone:  # as nearly always, on every page that counts gaps
        return []
    return list(Product.objects.filter(pk__in=alone).select_related("need__owner", "need__owner_role"))


def patience(need: InformationNeed) -> timedelta:
    """How long nobody need open what a need gives before it is called unused."""
    match = _EVERY.fullmatch(need.rhythm.strip())
    if match is None:
        return MOST
    days = _DAYS[match[2].lower()] * (2 if match[1] else 1)
    return min(max(timedelta(days=days * TIMES), LEAST), MOST)


def left_alone(need: InformationNeed, since: datetime, opened: datetime | None) -> bool:
    """Whether nobody opened it for longer than one should expect, while it was there all that time."""
    until = clock.now() - patience(need)
    return since < until and (opened is None or opened < until)


def running_since(needs: Iterable[InformationNeed]) -> dict[int, datetime]:
    """Since when each need runs as it does: taken into use, or kept at a review after that. Unknown ones are absent."""
    by_key = {need.key: need.pk for need in needs}
    lines = AuditLine.objects.filter(thing_kind=InformationNeed.noun(), action__in=("need.go_live", "need.review"))
    found: dict[int, datetime] = {}
    for key, action, facts, at in lines.order_by("number").values_list("thing_key", "action", "facts", "at"):
        if key in by_key and (action == "need.go_live" or facts.get("confirmed")):
            found[by_key[key]] = at
    return found


def _running() -> NeedQuerySet:
    """The needs in use, without the one that Schakel itself uses: which brings in the roster of law 4."""
    found: NeedQuerySet = InformationNeed.objects.filter(state__in=RUNNING)
    ours = InformationNeed.objects.all()
    for key in ROSTER:
        ours = ours.filter(elements__in=NeedElement.objects.filter(element__key=key, declined=False))
    return found.exclude(pk__in=ours.values("pk"))


def _products(needs: Iterable[InformationNeed], since: Mapping[int, datetime]) -> list[tuple[int, int, bool]]:
    """What these needs give (product, need), and whether it was left alone; what was just written gets its time too."""
    by_pk = {need.pk: need for need in needs if need.pk in since}
    lately = Delivery.objects.opened().filter(product=OuterRef("pk"), at__gte=clock.now() - MOST).order_by("-at")
    found = Product.objects.filter(active=True, need__in=by_pk).annotate(opened=Subquery(lately.values("at")[:1]))
    made, now = _made(), clock.now()
    return [
        (pk, need, left_alone(by_pk[need], max(since[need], made.get(key, now)), opened))
        for pk, need, key, opened in found.values_list("pk", "need", "key", "opened")
    ]


def _made() -> dict[str, datetime]:
    """When each product was first written."""
    lines = AuditLine.objects.filter(thing_kind=Product.noun(), action="product.write").order_by()
    return dict(lines.values_list("thing_key").annotate(first=Min("at")))


def _deliveries() -> dict[int, tuple[int, datetime | None]]:
    """Per need how often it was delivered in any way, and when it was last opened."""
    every = dict(Delivery.objects.order_by().values_list("need").annotate(n=Count("pk")))
    opened = dict(Delivery.objects.opened().order_by().values_list("need").annotate(last=Max("at")))
    return {need: (count, opened.get(need)) for need, count in every.items()}
