"""The agenda is drawn from the graph: each level its own questions, nothing that asks for nobody."""

from datetime import timedelta

import pytest

from schakel.access.register import put
from schakel.chain import realising
from schakel.chain.consultation import Consultation
from schakel.chain.gap_history import find_open
from schakel.chain.needs import InformationNeed
from schakel.chain.systems import System
from schakel.governance.policies import Policy
from schakel.lib import clock
from schakel.operations import agenda
from schakel.operations.agenda import Line

pytestmark = pytest.mark.django_db


def points(level, red=()):
    return {p.key: p for p in agenda.draw(Consultation(key="x", nl="x", level=level, rhythm="weekly"), red)}


def test_decisions_that_wait_are_talked_about_by_direction_and_tactics(board):
    waiting = {n.key for n in InformationNeed.objects.filter(state__in=("assessed", "under_review"))}
    assert waiting
    for level in ("strategic", "tactical"):
        assert {line.key for line in points(level)["decisions"].lines} == waiting
    assert "decisions" not in points("operational")


def test_serious_gaps_are_there_until_they_are_accepted(board):
    serious = [gap for gap in find_open() if gap.rule.severity == "high"]
    point = points("strategic")["gaps"]
    assert len(point.lines) + point.more == len(serious)


def test_goals_in_the_red_come_as_the_reader_received_them(board):
    red = [Line("Doel: indicator 3%", "indicator", "I_ABS_16H")]
    assert points("strategic", red)["red"].lines == tuple(red)
    assert "red" not in points("strategic")


def test_what_ends_within_three_months(board):
    soon = clock.today() + timedelta(days=40)
    put(board.people["ict_manager"], "system.write", System, "las", contract_until=soon)
    assert "las" in {line.key for line in points("tactical")["contracts"].lines}
    put(board.people["ict_manager"], "system.write", System, "las", contract_until=soon + timedelta(days=300))
    contracts = points("tactical").get("contracts")
    assert contracts is None or "las" not in {line.key for line in contracts.lines if "contract" in line.text}


def test_changes_that_are_late_and_those_being_done(board):
    ict = board.people["ict_manager"]
    late = realising.add(ict, "Te late wijziging", due_on=clock.today() - timedelta(days=2))
    doing = realising.add(ict, "Bezig")
    realising.start(ict, doing)
    found = points("operational")
    assert late.key in {line.key for line in found["late"].lines}
    assert doing.key in {line.key for line in found["doing"].lines}
    assert late.key in {line.key for line in points("tactical")["late"].lines}


def test_a_source_that_is_late_is_talked_about_this_week(board):
    assert "sources" not in points("operational")
    with clock.held_at(clock.now() + timedelta(days=5)):
        assert "oneroster" in {line.key for line in points("operational")["sources"].lines}


def test_policies_are_for_direction(board):
    put(board.people["privacy_officer"], "policy.write", Policy, "avg", nl="Privacybeleid", review_on=clock.today())
    assert "avg" in {line.key for line in points("strategic")["policies"].lines}


def test_a_point_without_anything_is_no_point(board):
    for level in ("strategic", "tactical", "operational"):
        assert all(p.lines for p in points(level).values())


def test_no_point_is_endless(board):
    for n in range(agenda.MOST + 5):
        realising.add(board.people["ict_manager"], f"Wijziging {n}", due_on=clock.today() - timedelta(days=n + 1))
    point = points("operational")["late"]
    assert len(point.lines) == agenda.MOST
    assert point.more >= 5


def test_a_kept_agenda_reads_back_the_same(board):
    drawn = agenda.draw(Consultation(key="x", nl="x", level="tactical", rhythm="weekly"))
    assert agenda.read(agenda.kept(drawn)) == drawn
