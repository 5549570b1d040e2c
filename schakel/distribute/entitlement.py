"""May this person have this product today, and why (not)? A list of checks; the first that fails decides."""

from dataclasses import dataclass, field
from datetime import date
from pathlib import Path

from django.conf import settings

from schakel.access.people import Person
from schakel.chain.approvals import Approval, standing_approval
from schakel.chain.needs import MOVING, InformationNeed
from schakel.distribute.held import held_by, reason_for, role_words
from schakel.distribute.products import Product
from schakel.distribute.query import opened
from schakel.distribute.standing import Held, Standing
from schakel.lib.errors import Refused
from schakel.lib.text import gettext as _
from schakel.process import snapshots
from schakel.process.snapshots import Snapshot


@dataclass(frozen=True)
class Check:
    """One thing that was looked at: whether it held (None: not reached), and the sentence that says so."""

    key: str
    passed: bool | None
    text: str


@dataclass
class DeliveryRefused(Refused):
    """A product that is not delivered, with every check that was made: for the page *Why do I not see this?*"""

    checks: tuple[Check, ...] = ()
    product: str = ""
    need: str = ""


@dataclass
class Entitlement:
    """What was found for one person and one product today."""

    checks: list[Check] = field(default_factory=list)
    need: InformationNeed | None = None
    approval: Approval | None = None
    snapshot: Snapshot | None = None
    held: tuple[Held, ...] = ()
    standings: tuple[Standing, ...] = ()

    @property
    def failed(self) -> Check | None:
        """The check that decides against it, if any."""
        return next((check for check in self.checks if check.passed is False), None)

    def add(self, key: str, passed: bool, text: str) -> bool:
        """Note a check, and give back whether it held."""
        self.checks.append(Check(key, passed, text))
        return passed


def current_snapshot() -> Snapshot | None:
    """The snapshot that everyone reads now."""
    return snapshots.current(Path(settings.DATA))


def entitlement(person: Person, product: Product, day: date) -> Entitlement:
    """Check everything that comes before the data, in order; what was not reached is left open."""
    found = Entitlement()
    found.need = InformationNeed.objects.whole().get(pk=product.need_id)
    steps = (_account, _need, _period, _snapshot, _standing)
    for step in steps:
        if not step(found, person, day):
            break
    open_steps = {"account": _("Account"), "need": _("Behoefte"), "period": _("Geldigheid"),
                  "snapshot": _("Momentopname"), "standing": _("Uw rol van vandaag")}  # fmt: skip
    made = {check.key for check in found.checks}
    found.checks += [Check(key, None, text) for key, text in open_steps.items() if key not in made]
    return found


def _account(found: Entitlement, person: Person, _day: date) -> bool:
    if person.is_active:
        return found.add("account", True, _("U bent aangemeld als %(name)s.") % {"name": person.name})
    return found.add("account", False, _("Dit account is afgesloten."))


def _need(found: Entitlement, _person: Person, _day: date) -> bool:
    need = found.need
    assert need is not None  # noqa: S101 - set by entitlement()
    found.approval = standing_approval(need)
    if need.state in MOVING and found.approval is not None:
        facts = {"number": need.number, "name": found.approval.approver.name}
        return found.add("need", True, _("De behoefte %(number)s is goedgekeurd door %(name)s.") % facts)
    if need.state in MOVING:
        text = _("De behoefte %(number)s heeft geen goedkeuring voor wat er nu staat.")
    else:
        text = _("De behoefte %(number)s is niet goedgekeurd: %(state)s.")
    return found.add("need", False, text % {"number": need.number, "state": need.get_state_display().lower()})


def _period(found: Entitlement, _person: Person, day: date) -> bool:
    need = found.need
    if need is not None and need.expires_on is not None and need.expires_on < day:
        text = _("De behoefte gold tot en met %(day)s.") % {"day": need.expires_on.strftime("%d-%m-%Y")}
        return found.add("period", False, text)
    return found.add("period", True, _("De behoefte geldt vandaag."))


def _snapshot(found: Entitlement, _person: Person, _day: date) -> bool:
    found.snapshot = current_snapshot()
    if found.snapshot is None or not found.snapshot.available:
        return found.add("snapshot", False, _("Er zijn nog geen gegevens verzameld."))
    return found.add("snapshot", True, _("Er is een momentopname van de gegevens."))


def _standing(found: Entitlement, person: Person, day: date) -> bool:
    if found.snapshot is None or found.need is None:
        return False
    try:
        found.held = held_by(person, opened(found.snapshot.model), day)
    except Refused as refusal:
        return found.add("standing", False, refusal.message)
    reason = reason_for(found.held, found.need.audience_pairs(), role_words())
    found.standings = reason.standings
    return found.add("standing", bool(reason.standings), reason.text)
