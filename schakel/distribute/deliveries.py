"""Everything that leaves Schakel leaves through `deliver` (law 2): page, file, mail and interface are renderings of it.

It holds the need, its approval, the person and the day; it asks `query.answer` for the rows and writes the line in the
trail. A refusal leaves a line too, and carries every check that was made.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from django.db import transaction

from schakel.access import audit
from schakel.access.people import Person
from schakel.chain.approvals import Approval
from schakel.chain.needs import InformationNeed
from schakel.distribute import explanation
from schakel.distribute.delivery import Delivery
from schakel.distribute.entitlement import Check, DeliveryRefused, Entitlement, entitlement
from schakel.distribute.moving import DELIVERED, REFUSED
from schakel.distribute.products import Product
from schakel.distribute.query import THRESHOLD, Answer, answer, opened
from schakel.distribute.sight import Eyes
from schakel.distribute.standing import Standing
from schakel.lib import clock
from schakel.lib.errors import Refused, Unknown
from schakel.lib.text import gettext as _
from schakel.process.snapshots import Snapshot

RENDERINGS = ("page", "line", "csv", "xlsx", "json", "pdf", "mail", "api")


@dataclass(frozen=True)
class Delivered:
    """What a person received. `answer` holds columns, rows and hidden cells; `checks` why they may have it."""

    product: Product
    need: InformationNeed
    person: Person
    day: date
    answer: Answer
    standings: tuple[Standing, ...]
    checks: tuple[Check, ...]
    number: int
    approval: Approval = field(repr=False)
    snapshot: Snapshot = field(repr=False)

    @property
    def left_out(self) -> tuple[str, ...]:
        """The wished-for columns that the need or the snapshot has no element for."""
        return tuple(sorted(self.product.optional - set(self.answer.names)))

    def why(self) -> explanation.Why:
        """The facts for *Why do I see this?*"""
        told, figures = self.snapshot.manifest, self.product.figures
        return explanation.why(self.need, self.approval, self.standings, told, self.day, self.left_out, figures)


def deliver(person: Person, product_key: str, *, rendering: str = "page", day: date | None = None) -> Delivered:
    """Deliver a product to a person as they are today, and write the line.

    `day` can only be today: what was open yesterday is closed. Raises Unknown for a product that does not exist,
    DeliveryRefused with the checks otherwise.
    """
    product = Product.objects.select_related("need").filter(key=product_key, active=True).first()
    if product is None:
        raise Unknown(_("Er is geen informatieproduct '%(key)s'.") % {"key": product_key[:64]})
    today = clock.today()
    if (day is not None and day != today) or rendering not in RENDERINGS:
        raise Refused(_("Leveren kan alleen zoals het vandaag is, in een bekende vorm."), code="day")
    found = entitlement(person, product, today)
    if found.failed is not None:
        _refuse(person, product, found, found.failed.text, found.failed.key)
    try:
        result = _answered(product, found, today)
    except Refused as refusal:
        found.checks.append(Check("product", False, refusal.message))
        _refuse(person, product, found, refusal.message, refusal.code, refusal.who_can)
    number = _log(person, product, found, result, rendering)
    return _delivered(product, person, found, result, today, number)


def _answered(product: Product, found: Entitlement, day: date) -> Answer:
    need, snapshot = found.need, found.snapshot
    if need is None or snapshot is None:
        raise Refused(_("Er zijn nog geen gegevens verzameld."), code="snapshot")
    reader, allowed = opened(snapshot.model), need.element_keys()
    terms: dict[str, Any] = {"level": need.level, "optional": product.optional}
    result = answer(reader, product.sql, allowed, found.standings, THRESHOLD, day, **terms)
    if not result.hidden:
        return result
    eyes = Eyes(found.held, day)
    if eyes.see(found.standings, result.used):
        terms["sees_people"] = True
    elif behind := eyes.see_behind(found.standings, _figures(snapshot, result)):
        terms["sees_behind"] = behind
    else:
        return result
    return answer(reader, product.sql, allowed, found.standings, THRESHOLD, day, **terms)


def _figures(snapshot: Snapshot, result: Answer) -> Mapping[str, Mapping[str, Any]]:
    """What a snapshot tells of its indicators, where an answer has figures of them."""
    told: Mapping[str, Mapping[str, Any]] = snapshot.manifest.get("indicators", {})
    return told if "indicator_value.indicator_key" in result.used else {}


def _refuse(
    person: Person, product: Product, found: Entitlement, text: str, code: str, who_can: tuple[str, ...] = ()
) -> None:
    audit.record(person.pk, REFUSED, "product", product.key, {"reason": code, "need": product.need.key})
    raise DeliveryRefused(
        text, code=code, who_can=who_can or _helpers(found, code), checks=tuple(found.checks),
        product=product.key, need=product.need.key,
    )  # fmt: skip


def _helpers(found: Entitlement, code: str) -> tuple[str, ...]:
    """Which roles can help with a refusal."""
    need = found.need
    owner = (need.owner_role.key,) if need is not None and need.owner_role is not None else ()
    helpers = {"standing": ("school_admin", "information_manager"), "snapshot": ("ict_manager", "information_manager")}
    return tuple(dict.fromkeys((*owner, *helpers.get(code, ("information_manager",)))))


def _log(person: Person, product: Product, found: Entitlement, result: Answer, rendering: str) -> int:
    """The line in the trail and the row in the table of deliveries: both, or neither and no delivery."""
    facts: dict[str, Any] = {
        "need": product.need.key,
        "approval_hash": found.approval.content_hash if found.approval else "",
        "snapshot": found.snapshot.id if found.snapshot else "",
        "rendering": rendering,
        "rows": len(result.rows),
        "hidden": len(result.hidden),
    }
    as_what = [f"{standing.role}:{standing.scope}" for standing in found.standings]
    with transaction.atomic():
        line = audit.record(person.pk, DELIVERED, "product", product.key, {**facts, "as": as_what})
        kept = {name: facts[name] for name in ("approval_hash", "snapshot", "rendering", "rows", "hidden")}
        Delivery(line=line, product=product, need_id=product.need_id, person=person, at=line.at, **kept).save()
    return int(line.number)


def _delivered(
    product: Product, person: Person, found: Entitlement, result: Answer, day: date, number: int
) -> Delivered:
    if found.need is None or found.approval is None or found.snapshot is None:
        raise Refused(_("Er is geen geldige goedkeuring voor deze versie."), code="need")
    return Delivered(
        product, found.need, person, day, result, found.standings, tuple(found.checks), number,
        found.approval, found.snapshot,
    )  # fmt: skip
