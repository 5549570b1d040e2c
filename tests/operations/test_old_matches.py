"""Decisions about who is whom go two years after the last one about a pair, once one of the two is named no more."""

from datetime import timedelta

import pytest

from schakel.access.audit import AuditLine, verify
from schakel.access.changes import change
from schakel.collect.match_decisions import DIFFERENT, OPEN, SAME, TERM, MatchDecision
from schakel.collect.sources import Source
from schakel.lib import clock
from schakel.lib.errors import Refused
from schakel.operations import who_is_who
from tests.mixed_up import mixed, own

__all__ = ["mixed", "own"]
pytestmark = pytest.mark.django_db
LONG_AGO = TERM + timedelta(days=1)


def decided(mixed, pair, ago, verdict=SAME, source="adviezen", kind="pupil") -> int:
    """A decision of so long ago."""
    sources = {key: Source.objects.get(key=key) for key in (source, "oneroster")}
    with change(mixed.admin, "match.decide"):
        made = MatchDecision(
            kind=kind, source=sources[source], their_key=pair[0], roster=sources["oneroster"], our_key=pair[1],
            verdict=verdict, decided_by=mixed.admin, decided_at=clock.now() - ago,
        )  # fmt: skip
        made.save()
    return made.pk


def left() -> set[int]:
    return set(MatchDecision.objects.values_list("pk", flat=True))


def test_of_who_is_named_no_more_all_goes_with_one_line(mixed):
    gone = ("0999999", mixed.own[1])
    numbers = [decided(mixed, gone, LONG_AGO * 2), decided(mixed, gone, LONG_AGO, OPEN)]
    assert who_is_who.erase() == 2
    assert left() == set()
    line = AuditLine.objects.get(action="match.erase")
    assert (line.actor, line.thing_key, line.facts["decisions"]) == (None, "adviezen", numbers)
    assert not {*gone} & {str(value) for value in line.facts.values()}
    assert verify().holds
    assert who_is_who.erase() == 0
    assert AuditLine.objects.filter(action="match.erase").count() == 1


@pytest.mark.parametrize("side", [0, 1])
def test_either_of_the_two_may_be_the_one_that_is_gone(mixed, side):
    pair = ("0999999", mixed.own[1]) if side == 0 else (mixed.own[0], "niemand")
    decided(mixed, pair, LONG_AGO)
    assert who_is_who.erase() == 1


def test_what_still_counts_stays_however_old(mixed):
    kept = decided(mixed, mixed.own, LONG_AGO)
    assert who_is_who.erase() == 0
    assert left() == {kept}


def test_a_pair_about_which_something_was_said_within_the_term_stays_whole(mixed):
    gone = ("0999999", mixed.own[1])
    both = {decided(mixed, gone, LONG_AGO), decided(mixed, gone, timedelta(days=729), DIFFERENT)}
    assert who_is_who.erase() == 0
    assert left() == both


def test_of_a_source_that_names_nobody_any_more_all_old_ones_go(mixed):
    decided(mixed, mixed.own, LONG_AGO, kind="staff")  # this source names no staff
    kept = decided(mixed, mixed.own, LONG_AGO)
    assert who_is_who.erase() == 1
    assert left() == {kept}


@pytest.mark.parametrize("who", ["school_admin", "information_manager", "board_member"])
def test_nobody_erases_by_hand(mixed, who):
    with pytest.raises(Refused), change(mixed.people[who], "match.erase"):
        pass
