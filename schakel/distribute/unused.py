"""What nobody uses: products that nobody opens, and needs of which that holds for everything they give.

The one notion of unused, for the gaps and for the proposal to end a need. Unused is: not opened for three times the
rhythm of the need, eight weeks at least, for then a summer holiday has passed, and twelve months at most. A rhythm in
words that cannot be counted gets the twelve months. Missing is not zero: what is there or runs shorter than that, or
what somebody just decided to keep, is not called unused. The roster that Schakel itself reads at every delivery, to
know who may see what, is used whether anybody opens it or not.
"""

import re
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Literal, NamedTuple

from django.db.models import Count, Max, Min, QuerySet

from schakel.access.audit import AuditLine
from schakel.access.remembered import Remembered
from schakel.chain.approvals import InForce, in_force
from schakel.chain.needs import InformationNeed, NeedElement
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


class _Watched(NamedTuple):
    """A need in use, or a product of it: since when it is there (None: unknown), how long it may be left alone."""

    pk: int
    need: int
    since: datetime | None
    patience: timedelta

    def may_be_alone(self) -> bool:
        """Whether it is there long enough to say so."""
        return self.since is not None and self.since < clock.now() - self.patience

    def alone(self, opened: datetime | None) -> bool:
        """Whether nobody opened it for longer than one should expect, while it was there all that time."""
        return self.may_be_alone() and (opened is None or opened < clock.now() - self.patience)


@dataclass(frozen=True)
class _InUse:
    """The needs in use of which it is known since when, and the products that they give."""

    needs: Sequence[_Watched]
    products: Sequence[_Watched]


def unused() -> list[Unused]:
    """The needs in use that nobody uses, the one that was left alone longest first."""
    told, alone, running = _deliveries(), _left_alone(), _in_use.get()
    used = {product.need for product in running.products if product.pk not in alone}
    found = {}
    for each in running.needs:
        delivered, last = told.get(each.pk, (0, None))
        if each.since is not None and each.pk not in used and each.alone(last):
            found[each.pk] = (each.since, delivered, last)
    shown = set(Product.objects.filter(active=True).values_list("need", flat=True))
    needs = InformationNeed.objects.filter(pk__in=found).whole()
    made = [Unused(need, _how(need.pk in shown, *found[need.pk][1:]), *found[need.pk]) for need in needs]
    return sorted(made, key=lambda each: (each.opened or each.since, each.need.key))


def _how(shown: bool, delivered: int, last: datetime | None) -> How:
    return "no_product" if not shown else "quiet" if last else "unopened" if delivered else "never"


def unopened() -> list[Product]:
    """The products that nobody opens, of needs in use. A need that is unused and gives something has only such ones."""
    alone = _left_alone()
    found = Product.objects.filter(pk__in=alone).select_related("need__owner", "need__owner_role") if alone else ()
    return list(found)


def patience(need: InformationNeed) -> timedelta:
    """How long nobody need open what a need gives before it is called unused."""
    match = _EVERY.fullmatch(need.rhythm.strip())
    if match is None:
        return MOST
    days = _DAYS[match[2].lower()] * (2 if match[1] else 1)
    return min(max(timedelta(days=days * TIMES), LEAST), MOST)


def running_since(needs: Iterable[InformationNeed]) -> dict[int, datetime]:
    """Since when each need runs as it does: taken into use, or kept at a review after that. Unknown ones are absent."""
    by_key = {need.key: need.pk for need in needs}
    lines = AuditLine.objects.filter(
        thing_kind=InformationNeed.noun(), thing_key__in=list(by_key), action__in=("need.go_live", "need.review")
    )
    found: dict[int, datetime] = {}
    for line in lines.order_by("number"):
        if line.action == "need.go_live" or line.facts.get("confirmed"):
            found[by_key[line.thing_key]] = line.at
    return found


def _left_alone() -> set[int]:
    """The products that were left alone. Each page asks it, so deliveries are only looked up of what may be alone."""
    watched = [product for product in _in_use.get().products if product.may_be_alone()]
    if not watched:
        return set()
    opened = _opened([product.pk for product in watched])
    return {product.pk for product in watched if product.alone(opened.get(product.pk))}


def _opened(products: Collection[int]) -> dict[int, datetime]:
    """When each of these was last opened; longer ago than anyone is given does not count."""
    lately = Delivery.objects.opened().filter(product__in=products, at__gte=clock.now() - MOST)
    return dict(lately.order_by().values_list("product").annotate(last=Max("at")))


def _read() -> _InUse:
    """What is in use as the register stands; a product that was just written is given its time too."""
    running = InformationNeed.objects.filter(state__in=RUNNING).exclude(pk__in=_ours()).only("key", "rhythm")
    needs = {need.pk: need for need in running}
    since, made = running_since(needs.values()), _made()
    given = Product.objects.filter(active=True, need__in=since).values_list("pk", "key", "need")
    return _InUse(
        [_Watched(pk, pk, began, patience(needs[pk])) for pk, began in since.items()],
        [
            _Watched(pk, need, max(since[need], made[key]) if key in made else None, patience(needs[need]))
            for pk, key, need in given
        ],
    )


_in_use = Remembered(_read)


def _made() -> dict[str, datetime]:
    """When each product was first written."""
    lines = AuditLine.objects.filter(thing_kind=Product.noun(), action="product.write").order_by()
    return dict(lines.values_list("thing_key").annotate(first=Min("at")))


def _ours() -> QuerySet[Any]:
    """The needs that bring in the roster that every delivery rests on (law 4): Schakel itself uses those."""
    lines = NeedElement.objects.filter(element__key__in=ROSTER, declined=False).order_by()
    return lines.values("need").annotate(n=Count("element")).filter(n=len(ROSTER)).values("need")


def _deliveries() -> dict[int, tuple[int, datetime | None]]:
    """Per need how often it was delivered in any way, and when it was last opened."""
    every = dict(Delivery.objects.order_by().values_list("need").annotate(n=Count("pk")))
    opened = dict(Delivery.objects.opened().order_by().values_list("need").annotate(last=Max("at")))
    return {need: (count, opened.get(need)) for need, count in every.items()}
