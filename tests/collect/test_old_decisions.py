"""The database holds a decision about who is whom for two years, as it was made; after those it lets go of it."""

from datetime import timedelta

import pytest
from django.db import DatabaseError, connection, transaction

from schakel.access.changes import change
from schakel.access.register import put
from schakel.chain.systems import System
from schakel.collect import match_decisions
from schakel.collect.match_decisions import SAME, TERM, MatchDecision
from schakel.collect.sources import Source
from schakel.lib import clock

pytestmark = pytest.mark.django_db
PAIR = ("0123", "p123")


@pytest.fixture
def decided(people):
    """Write a decision of so long ago; its number."""
    system, _new = put(people["ict_manager"], "system.write", System, "las", name="LAS")
    fields = {"name": "Bron", "system": system, "layout": "adviezen", "pattern": "adviezen_*.csv"}
    source, _new = put(people["ict_manager"], "source.write", Source, "adviezen", **fields)

    def write(ago: timedelta) -> int:
        with change(people["school_admin"], "match.decide"):
            made = MatchDecision(
                kind="pupil", source=source, their_key=PAIR[0], roster=source, our_key=PAIR[1], verdict=SAME,
                decided_by=people["school_admin"], decided_at=clock.now() - ago,
            )  # fmt: skip
            made.save()
        return made.pk

    return write


def erase() -> int:
    return match_decisions.erase("pupil", "adviezen", {PAIR})


@pytest.mark.parametrize("ago", [timedelta(0), timedelta(days=365), TERM - timedelta(hours=1)])
def test_within_the_term_the_database_refuses(decided, ago):
    number = decided(ago)
    assert match_decisions.old() == {}
    with pytest.raises(DatabaseError, match="append-only"), transaction.atomic():
        erase()
    assert MatchDecision.objects.filter(pk=number).exists()


def test_after_it_the_decision_goes_and_no_other(decided):
    decided(TERM + timedelta(hours=1))
    assert match_decisions.old() == {("pupil", "adviezen"): {PAIR}}
    assert match_decisions.erase("pupil", "adviezen", {("0123", "p124")}) == 0
    assert match_decisions.erase("staff", "adviezen", {PAIR}) == 0
    assert erase() == 1
    assert not MatchDecision.objects.exists()


def test_one_that_is_young_keeps_the_older_ones_too(decided):
    numbers = {decided(TERM * 2), decided(timedelta(days=1))}
    with pytest.raises(DatabaseError, match="append-only"), transaction.atomic():
        erase()
    assert set(MatchDecision.objects.values_list("pk", flat=True)) == numbers


def test_age_makes_nothing_alterable(decided):
    number = decided(TERM * 2)
    with pytest.raises(DatabaseError, match="append-only"), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("UPDATE collect_matchdecision SET verdict = 'different' WHERE id = %s", [number])


@pytest.mark.skipif(connection.vendor != "postgresql", reason="TRUNCATE exists on PostgreSQL only; run there as well")
def test_postgresql_refuses_to_empty_the_decisions(decided):
    decided(TERM * 2)
    with pytest.raises(DatabaseError, match="append-only"), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute("TRUNCATE collect_matchdecision")
