"""What people do about a finding: see it, hand it to who repairs it, live with it until a day.

Whoever keeps the sources may, and whoever it waits on. That it is repaired is seen by the next reading, never said.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, timedelta
from typing import Any

from schakel.access.changes import Log, change
from schakel.access.people import Person
from schakel.collect.cases import UNSEEN, Case
from schakel.lib import clock
from schakel.lib.errors import Refused, Unknown
from schakel.lib.text import gettext as _
from schakel.operations.repair_lists import Reader
from schakel.operations.repairers import candidates

LONGEST = timedelta(days=366)  # that one can live with a finding before looking again


def one(person: Person, number: int) -> Case:
    """The finding with this number, for whom it opens; for anyone else it does not exist."""
    case: Case | None = Case.objects.whole().filter(pk=number).first()
    if case is None or not Reader(person).may_open(case):
        raise Unknown(_("Er is geen bevinding met dit nummer, of zij is niet voor u."), code="unknown")
    return case


def see(actor: Person, number: int) -> Case:
    """Somebody looked at it."""
    with _handled(actor, number, becomes="seen") as case:
        if case.state not in UNSEEN:
            raise _already()
        case.state = "seen"
    return case


def hand_over(actor: Person, number: int, to: int) -> Case:
    """Tell who repairs it: the finding stands at that person's front door from now on."""
    with _handled(actor, number, becomes="reported") as case:
        person = next((each for each in candidates(case) if each.pk == to), None)
        if person is None:
            text = _("Deze collega herstelt vandaag niets in deze bron. Kies iemand uit de lijst.")
            raise Refused(text, code="taker")
        case.state, case.assignee, case.reported_at = "reported", person, clock.now()
    return case


def accept(actor: Person, number: int, reason: str, until: date) -> Case:
    """Live with it until a day, and say why. It comes back by itself the day after."""
    if not reason.strip():
        raise Refused(_("Schrijf waarom het nu niet anders kan."), code="reason")
    if not clock.today() <= until <= clock.today() + LONGEST:
        raise Refused(_("Kies een laatste dag vanaf vandaag, hoogstens een jaar vooruit."), code="period")
    with _open(actor, number, "finding.accept", until=until.isoformat()) as case:
        case.accepted_until, case.accepted_by, case.accepted_reason = until, actor, reason.strip()[:250]
    return case


def withdraw(actor: Person, number: int) -> Case:
    """It asks for someone again."""
    with _open(actor, number, "finding.accept", withdrawn=True) as case:
        if not case.accepted:
            raise Refused(_("Deze bevinding was niet aanvaard."), code="state")
        case.accepted_until, case.accepted_by, case.accepted_reason = None, None, ""
    return case


@contextmanager
def _handled(actor: Person, number: int, **facts: Any) -> Iterator[Case]:
    with _open(actor, number, "finding.handle", **facts) as case:
        if not Reader(actor).may_handle(case):
            text = _("Alleen wie de bron beheert of dit herstelt kan zeggen hoe het ermee staat.")
            raise Refused(text, code="not_yours", who_can=(case.role.key,) if case.role else ())
        yield case


@contextmanager
def _open(actor: Person, number: int, permission: str, **facts: Any) -> Iterator[Case]:
    """The finding as it stands now, saved with its line when the block ends well."""
    before = one(actor, number)
    with change(actor, permission, before, **facts) as log:
        case: Case = Case.objects.select_for_update(of=("self",)).get(pk=before.pk)
        if case.state == "repaired":
            raise Refused(_("Deze bevinding is al hersteld bij de bron."), code="state")
        yield case
        case.full_clean()
        case.save()
        _tell(log, case)


def _tell(log: Log, case: Case) -> None:
    log.facts |= {"source": case.source.key, "rule": case.rule}
    if case.assignee_id:
        log.facts["to"] = case.assignee_id


def _already() -> Refused:
    return Refused(_("Iemand anders was u voor. Laad de pagina opnieuw."), code="state")
