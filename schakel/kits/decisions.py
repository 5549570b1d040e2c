"""How the demo board decides on the needs of its starter kit: by the same functions and four eyes as anyone.

The information manager loaded the kit, so the needs are hers to ask and somebody else's to approve. Some are left open
on purpose: a chain that is not finished yet is what an information manager works on.
"""

from dataclasses import dataclass, field
from datetime import date

from schakel.access.people import Person
from schakel.access.register import put
from schakel.chain import advice, deciding
from schakel.chain.asking import Revision, revise_all
from schakel.chain.needs import InformationNeed, NeedElement
from schakel.chain.systems import System
from schakel.lib import clock
from schakel.lib.text import gettext as _

# Waiting for the board's decision, and for the privacy officer's advice.
LEFT_FOR_BOARD = frozenset({"results_overview", "contracts_ending"})
LEFT_FOR_ADVICE = frozenset({"sick_reported_often"})
WITHOUT_AGREEMENT = "monitoring"
# Minutes to open and read an overview: a list of one's own pupils, a group, a school, all schools. An estimate.
READING = {"person": 4, "group": 3, "school": 5, "board": 10}


@dataclass
class Decided:
    """What became of the needs, by key."""

    approved: list[str] = field(default_factory=list)
    waiting: list[str] = field(default_factory=list)
    without_source: list[str] = field(default_factory=list)


def decide_all(people: dict[str, Person]) -> Decided:
    """Assess, advise, approve and bring into use every need that has a source for what it requires."""
    decided = Decided()
    for asked in InformationNeed.objects.whole().filter(state="asked").order_by("key"):
        if _lacks_source(asked):
            decided.without_source.append(asked.key)
            continue
        _decline_wishes_without_source(people, asked)
        need = InformationNeed.objects.whole().get(pk=asked.pk)
        deciding.assess(people["information_manager"], need)
        if need.key in LEFT_FOR_BOARD | LEFT_FOR_ADVICE:
            decided.waiting.append(need.key)
            continue
        _approve(people, need)
        decided.approved.append(need.key)
    return decided


def estimate_minutes(people: dict[str, Person]) -> int:
    """Say of each need what one time costs now, as a first estimate; returns of how many.

    By level of detail, and never more than half of what it cost before. Who does the work corrects it.
    """
    needs = InformationNeed.objects.filter(minutes_before__isnull=False, minutes_now__isnull=True, state="live")
    said = [
        Revision(need, {"minutes_now": min(READING[need.level], (need.minutes_before or 0) // 2)})
        for need in needs.order_by("key")
    ]
    revise_all(people["information_manager"], said)
    return len(said)


def sign_agreements(people: dict[str, Person]) -> None:
    """Processing agreements for the systems with personal data, but for the one that the board forgot."""
    until = date(clock.today().year + 2, 12, 31)
    for system in System.objects.filter(personal_data=True).exclude(key=WITHOUT_AGREEMENT):
        put(people["ict_manager"], "system.write", System, system.key, agreement_until=until)


def _lacks_source(need: InformationNeed) -> bool:
    return any(line.demand == "required" and _no_source(line) for line in need.elements.all())


def _no_source(line: NeedElement) -> bool:
    element = line.element
    return element.object.origin == "source" and not element.sources_of_record.exists()


def _decline_wishes_without_source(people: dict[str, Person], need: InformationNeed) -> None:
    for line in need.elements.all():
        if line.demand == "wished" and _no_source(line):
            reason = _("Er is nog geen bron voor dit gegeven.")
            deciding.decline_element(people["information_manager"], need, line.element.key, reason)


def _approve(people: dict[str, Person], need: InformationNeed) -> None:
    reasons = advice.due(need)
    if reasons:
        text = (
            _("Alleen tellingen per school, nooit een oorzaak. Zo kan het.")
            if reasons.special
            else _("Ruimer dan gewoonlijk, maar nodig voor dit werk en niet voor meer. Zo kan het.")
        )
        deciding.advise(people["privacy_officer"], need, positive=True, text=text)
    deciding.approve(people["board_member"], need, need.fingerprint())
    deciding.go_live(people["ict_manager"], need)
