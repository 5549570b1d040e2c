"""Who is who on a board whose primary schools deliver EDEXML: the whole way, alone and beside a OneRoster roster."""

import pytest

from schakel.access import audit
from schakel.collect.landing import latest
from schakel.collect.match_decisions import DIFFERENT, OPEN, SAME, MatchDecision
from schakel.collect.sources import Source
from schakel.lib.errors import Refused, Unknown
from schakel.operations import flow, who_is_who
from tests.connectors.edexml_files import GOOD
from tests.mixed_up import numbers
from tests.primary_schools import ABSENCE, ADVICE, HERE, THERE, both, own, primary

__all__ = ["both", "own", "primary"]
pytestmark = pytest.mark.django_db
SHARED, ZEROS = ("00001", f"{HERE}.00001"), ("2", f"{HERE}.00002")


def seen(actor, source="adviezen"):
    return {(item.their_key, item.our_key) for item in who_is_who.view(actor, "pupil", source).likely}


def decide(actor, pair, verdict=SAME, kind="pupil", source="adviezen"):
    return who_is_who.decide(actor, kind, source, pair, verdict)


def test_each_administration_sees_its_own_and_everyone_the_counts(primary):
    assert seen(primary.here) == {SHARED, ZEROS}
    assert seen(primary.there) == {("00001", f"{THERE}.00001")}
    manager = primary.people["information_manager"]
    assert seen(manager) == set()
    counted = next(p for p in who_is_who.pairings(manager) if (p.source, p.kind) == ("adviezen", "pupil"))
    assert (counted.certain, counted.probable, counted.unmatched, counted.conflicts) == (1, 2, 1, 0)


def test_decided_published_and_undone(primary):
    without = primary.publish()
    assert without == [f"{THERE}.00003"]
    decide(primary.here, ZEROS)
    decide(primary.here, SHARED)
    assert primary.publish() == [f"{THERE}.00003", SHARED[1], ZEROS[1]]
    assert seen(primary.there) == set()  # the number has its pupil
    for pair in (ZEROS, SHARED):
        decide(primary.here, pair, OPEN)
    assert primary.publish() == without
    assert seen(primary.there) == {("00001", f"{THERE}.00001")}
    audit.verify()


def test_what_one_school_says_is_not_theirs_the_other_may_still_have(primary):
    decide(primary.here, SHARED, DIFFERENT)
    assert primary.publish() == [f"{THERE}.00003"]
    decide(primary.there, ("00001", f"{THERE}.00001"))
    assert primary.publish() == [f"{THERE}.00001", f"{THERE}.00003"]


def test_another_administration_decides_nothing_and_a_pair_is_not_made_up(primary):
    wrong = [(primary.there, ZEROS), (primary.there, SHARED), (primary.people["school_admin"], SHARED)]
    made_up = [("7", ZEROS[1]), ("2", "00002"), (ZEROS[1], ZEROS[1]), (f"2 @ {HERE}", ZEROS[1]), ("2", f"\0{ZEROS[1]}")]
    for actor, pair in [*wrong, *((primary.here, pair) for pair in made_up)]:
        with pytest.raises(Unknown):
            decide(actor, pair)
    with pytest.raises(Refused):
        decide(primary.people["teacher"], SHARED)
    assert not MatchDecision.objects.exists()


def test_one_who_has_a_partner_gets_no_second(primary):
    decide(primary.here, SHARED)
    primary.deliver("adviezen", ADVICE, "00001;2026-2027;havo", "1;2026-2027;vwo")
    with pytest.raises(Unknown):
        decide(primary.here, ("1", SHARED[1]))
    assert decide(primary.there, ("1", f"{THERE}.00001")).verdict == SAME
    assert primary.publish() == [f"{THERE}.00001", SHARED[1]]


def test_absence_with_its_site_is_decided_for_that_site(primary):
    lines = [f"{number};{site};01-09-2026;;O" for number in ("1", "00001") for site in (HERE, THERE)]
    primary.deliver("verzuim", ABSENCE, *lines[:2])
    assert primary.publish("absence") == []
    assert seen(primary.here, "verzuim") == {(f"1 @ {HERE}", SHARED[1])}
    (item,) = who_is_who.view(primary.here, "pupil", "verzuim").likely
    assert (item.theirs.number, item.theirs.site, item.why) == ("1", HERE, "number")
    decide(primary.here, (f"1 @ {HERE}", SHARED[1]), source="verzuim")
    assert primary.publish("absence") == [SHARED[1]]
    primary.deliver("verzuim", ABSENCE, *lines)  # now the source uses both: that is for the source to repair
    assert primary.publish("absence") == [f"{THERE}.00001"]


def test_decisions_about_who_is_still_named_stay(primary):
    decide(primary.here, ZEROS)
    assert who_is_who.erase() == 0


def test_beside_a_roster_both_kinds_are_found_and_a_number_of_both_waits_for_its_school(both):
    """A pupil of the roster whose number is also a key of an EDEXML school."""
    admin = both.people["school_admin"]
    mine, known = who_is_who.own_people(admin, "pupil"), numbers()
    key, number = next(item for item in known.items() if item[0] in mine)
    path = flow.inbox() / f"edex-{HERE}_20261127.xml"
    path.write_text(GOOD.replace("00002", number), encoding="utf-8")
    flow.collect(both.people["ict_manager"], path, Source.objects.get(key=f"edex-{HERE.lower()}"))
    both.deliver("adviezen", ADVICE, f"{number};2026-2027;havo", "00003;2026-2027;vwo",
                 *(f"{other};2026-2027;vwo" for other in known.values() if other != number))  # fmt: skip
    rest = sorted([f"{THERE}.00003", *(other for other in known if other != key)])
    assert both.publish() == rest
    assert seen(admin) == {(number, key)}
    assert seen(both.here) == {(number, f"{HERE}.{number}")}
    decide(admin, (number, key))
    assert both.publish() == sorted([*rest, key])
    decide(admin, (number, key), OPEN)
    decide(both.here, (number, f"{HERE}.{number}"))
    assert both.publish() == sorted([*rest, f"{HERE}.{number}"])


def warned(source: str) -> list[int]:
    """The lines of the last delivery whose pupil is in no roster."""
    landed = latest(flow.data_folder(), source)
    return [f.row for f in landed.report.findings if f.rule == "other-source"]


def test_a_pupil_of_any_roster_is_no_stranger_to_a_file(both):
    roster = min(numbers().values())
    both.deliver("adviezen", ADVICE, *(f"{number};2026-2027;havo" for number in (roster, "00002", "00003", "99999")))
    assert warned("adviezen") == [5]
    both.deliver("verzuim", ABSENCE, *(f"{n};{HERE};26-11-2026;1;G" for n in ("00002", "99999")))
    assert warned("verzuim") == [3]
