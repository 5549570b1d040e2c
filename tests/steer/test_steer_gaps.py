"""Gap rules of steering find their own fault and nothing else."""

from datetime import date
from decimal import Decimal

import pytest

from schakel.access.register import put
from schakel.chain.gaps import find_all
from schakel.chain.goals import Goal
from schakel.steer.norms import Indicator, Norm

pytestmark = pytest.mark.django_db
OWN = {"goal-without-indicator", "indicator-without-norm", "norm-without-evidence"}


def found():
    return {gap.id for gap in find_all() if gap.rule.id in OWN}


@pytest.fixture
def manager(people):
    return people["information_manager"]


def indicator(manager, key="I_LATE", direction="lower", **fields):
    fields = {"nl": key, "en": key, "definition": "x", "unit": "%", "level": "school", "direction": direction, **fields}
    return put(manager, "indicator.write", Indicator, key, **fields)[0]


def norm(manager, of, kind="own", confirmed=False):
    fields = {"value": Decimal("0.05"), "nl": "hoogstens 5%", "valid_from": date(2024, 8, 1), "source": "koers"}
    put(manager, "norm.write", Norm, f"{of.key}-n", indicator=of, kind=kind, confirmed=confirmed, **fields)


def test_a_goal_with_indicator_and_norm_has_no_gap(manager):
    goal, _ = put(manager, "goal.write", Goal, "G03", nl="Elke leerling is op school")
    norm(manager, indicator(manager, goal=goal))
    assert found() == set()


def test_goal_without_indicator(manager):
    put(manager, "goal.write", Goal, "G03", nl="Elke leerling is op school")
    assert found() == {"goal-without-indicator:G03"}


def test_indicator_without_norm(manager):
    indicator(manager)
    assert found() == {"indicator-without-norm:I_LATE"}


def test_a_context_indicator_needs_no_norm(manager):
    indicator(manager, direction="context")
    assert found() == set()


def test_an_indicator_whose_norm_is_read_of_each_school_needs_none_in_the_register(manager):
    indicator(manager, "I_1S2F", direction="higher")
    assert found() == set()


@pytest.mark.parametrize("kind", ["law", "signal", "benchmark"])
def test_norm_without_confirmed_source(manager, kind):
    norm(manager, indicator(manager), kind=kind)
    assert found() == {"norm-without-evidence:I_LATE-n"}


@pytest.mark.parametrize("kind", ["law", "signal", "benchmark"])
def test_a_confirmed_norm_is_no_gap(manager, kind):
    norm(manager, indicator(manager), kind=kind, confirmed=True)
    assert found() == set()
