"""Wrong data, reported by who reads it to who repairs it: a recorded item with its state, until it is repaired or not.

What people write may hold personal data. It stands in a table of its own, is read by the reporter and by who holds the
addressed role for that school, never stands in an address, a log or the audit trail, and is erased after a term.
"""

from datetime import timedelta
from typing import Any

from django.db import models
from django.db.models import Q

from schakel.access.changes import change
from schakel.access.kept import Kept
from schakel.access.people import Person
from schakel.access.roles import Role
from schakel.distribute.addressing import addressed, places_of, standing_of
from schakel.distribute.deliveries import deliver
from schakel.distribute.entitlement import Entitlement, entitlement
from schakel.distribute.products import Product
from schakel.lib import clock
from schakel.lib.errors import Refused, Unknown
from schakel.lib.text import gettext as _

STATES = ("reported", "repairing", "repaired", "declined")
OPEN = ("reported", "repairing")
LONGEST = 2000
AFTER_CLOSING = timedelta(days=90)  # the words of a closed item: long enough to see that it stays repaired
AT_MOST = timedelta(days=365)  # the words of one that nobody closed


class WrongData(Kept):
    """That someone saw something wrong in a product: in which column, for whom to repair, and how it stands."""

    product = models.ForeignKey(Product, on_delete=models.PROTECT, related_name="wrong_data")
    column = models.CharField(max_length=63, blank=True)
    reporter = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="wrong_data_reported")
    role = models.ForeignKey(Role, on_delete=models.PROTECT, related_name="wrong_data")
    sites = models.JSONField(default=list, blank=True)  # of the reporter; empty: the whole board
    state = models.CharField(max_length=12, choices=[(s, s) for s in STATES], default="reported")
    handler = models.ForeignKey(Person, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    reported_at = models.DateTimeField(default=clock.now)
    closed_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["-reported_at", "-pk"]

    @property
    def key(self) -> str:
        """How the audit trail names it."""
        return str(self.pk)

    @property
    def number(self) -> str:
        """How people name it in talk: M-0012."""
        return f"M-{self.pk:04d}"

    @property
    def text(self) -> "WrongDataText | None":
        """What was written; None once it was erased."""
        found: WrongDataText | None = WrongDataText.objects.filter(item=self).first()
        return found


class WrongDataText(Kept):
    """What people wrote about one item: apart, so that it can be erased while the item stays."""

    item = models.OneToOneField(WrongData, on_delete=models.CASCADE, related_name="words")
    wrong = models.TextField(max_length=LONGEST)
    should_be = models.TextField(max_length=LONGEST, blank=True)
    answer = models.TextField(max_length=LONGEST, blank=True)

    @property
    def key(self) -> str:
        """How the audit trail names it: by the item that it is about."""
        return str(self.item_id)


def may_report(person: Person, product_key: str) -> tuple[Product, Entitlement]:
    """The product, for who may have it today. Who may not is refused as at a delivery, with the same line."""
    product = Product.objects.select_related("need").filter(key=product_key, active=True).first()
    found = entitlement(person, product, clock.today()) if product else None
    if product is None or found is None or found.failed is not None:
        deliver(person, product_key)  # it says what is missing, and leaves the line
        raise Refused(_("U kunt alleen melden over wat u zelf te zien krijgt."), code="standing")
    return product, found


def report(actor: Person, product_key: str, column: str, wrong: str, should_be: str = "") -> WrongData:
    """Tell that something is wrong in a product, to who repairs it. Only about what one may see oneself."""
    product, found = may_report(actor, product_key)
    if column and column not in {each.get("key") for each in product.columns}:
        raise Refused(_("Deze kolom staat niet in het overzicht. Kies er een uit de lijst."), code="column")
    _written(wrong, _("Schrijf wat er niet klopt."))
    with change(actor, "wrong_data.report", product=product.key, column=column) as log:
        item = WrongData(product=product, column=column, reporter=actor, role=addressed(product, column))
        item.sites = places_of(found.standings)
        item.full_clean()
        item.save()
        words = WrongDataText(item=item, wrong=wrong[:LONGEST], should_be=should_be[:LONGEST])
        words.full_clean()
        words.save()
        log.about(item)
        log.facts["to"] = item.role.key
    return item


def take_up(actor: Person, number: int) -> WrongData:
    """Say that it is being repaired."""
    return _move(actor, number, "repairing", "")


def repaired(actor: Person, number: int, answer: str = "") -> WrongData:
    """Say that it was repaired at the source."""
    return _move(actor, number, "repaired", answer)


def decline(actor: Person, number: int, reason: str) -> WrongData:
    """Say that nothing is repaired, with the reason that the reporter reads."""
    _written(reason, _("Schrijf waarom u dit niet herstelt: de melder leest het."))
    return _move(actor, number, "declined", reason)


def reported_by(person: Person) -> list[WrongData]:
    """What this person reported, the last first."""
    return list(_whole().filter(reporter=person))


def addressed_to(person: Person, *states: str) -> list[WrongData]:
    """What is for this person to repair, by the roles of today, the oldest first."""
    standing = standing_of(person)
    found = _whole().filter(role__key__in=standing.roles, state__in=states or OPEN).order_by("reported_at", "pk")
    return [item for item in found if standing.reaches(item.role.key, item.sites)]


def one(person: Person, number: int) -> WrongData:
    """One item, for its reporter and for who repairs it today; for anyone else it does not exist."""
    item: WrongData | None = _whole().filter(pk=number).first()
    if item is None or not (item.reporter_id == person.pk or repairs(person, item)):
        text = _("Er is geen melding met dit nummer, of zij is niet van of voor u.")
        raise Unknown(text, code="unknown")
    return item


def repairs(person: Person, item: WrongData) -> bool:
    """Whether this person holds the addressed role today, for the school of the reporter."""
    return standing_of(person).reaches(item.role.key, item.sites)


def erase() -> int:
    """Erase the words of what was closed long ago, or stood open too long; returns of how many. For the schedule."""
    now = clock.now()
    old = Q(item__closed_at__lt=now - AFTER_CLOSING) | Q(item__reported_at__lt=now - AT_MOST)
    numbers = list(WrongDataText.objects.filter(old).values_list("item_id", flat=True))
    if numbers:
        with change(None, "wrong_data.erase", items=numbers):
            WrongDataText.objects.filter(item__in=numbers).delete()
    return len(numbers)


def _move(actor: Person, number: int, state: str, answer: str) -> WrongData:
    item = one(actor, number)
    with change(actor, "wrong_data.handle", item, becomes=state):
        if not repairs(actor, item):
            raise Refused(
                _("Alleen wie dit herstelt kan zeggen hoe het ermee staat."), code="not_yours", who_can=(item.role.key,)
            )
        if item.state not in OPEN or item.state == state:
            raise Refused(_("Deze melding is al opgepakt of afgehandeld. Laad de pagina opnieuw."), code="state")
        item.state, item.handler = state, actor
        item.closed_at = None if state in OPEN else clock.now()
        item.full_clean()
        item.save()
        words = item.text
        if answer and words is not None:
            words.answer = answer[:LONGEST]
            words.save()
    return item


def _written(text: str, sentence: str) -> None:
    if not text.strip():
        raise Refused(sentence, code="words")


def _whole() -> Any:
    return WrongData.objects.select_related("product__need", "reporter", "role", "handler")
