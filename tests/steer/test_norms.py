"""Norms are data with a date and a source: the register's norms are the ones that figures are judged by."""

from datetime import date
from decimal import Decimal

import pytest

from schakel.access.register import put
from schakel.chain.goals import Goal
from schakel.steer import judging
from schakel.steer.indicators import definitions
from schakel.steer.norms import Indicator, Norm, by_indicator

pytestmark = pytest.mark.django_db
FIELDS = {"nl": "hoogstens 5%", "kind": "own", "source": "koers"}


@pytest.fixture
def indicator(people):
    manager = people["information_manager"]
    goal, _ = put(manager, "goal.write", Goal, "G03", nl="Elke leerling is op school")
    fields = {
        "nl": "Vaak te laat",
        "en": "Often late",
        "definition": "x",
        "unit": "%",
        "direction": "lower",
        "level": "school",
    }
    return put(manager, "indicator.write", Indicator, "I_LATE", goal=goal, **fields)[0]


def norm(people, indicator, key, value, since, **fields):
    value = Decimal(value)
    return put(
        people["information_manager"],
        "norm.write",
        Norm,
        key,
        indicator=indicator,
        value=value,
        valid_from=since,
        **FIELDS,
        **fields,
    )[0]


def test_the_newest_norm_that_has_begun_holds(people, indicator):
    norm(people, indicator, "old", "0.05", date(2020, 1, 1))
    newer = norm(people, indicator, "new", "0.04", date(2024, 8, 1))
    norm(people, indicator, "later", "0.03", date(2030, 8, 1))
    assert indicator.norm_on(date(2026, 11, 23)) == newer
    assert indicator.norm_on(date(2019, 1, 1)) is None


def test_a_norm_for_one_sector_or_band_is_not_that_of_the_board(people, indicator):
    norm(people, indicator, "po", "0.05", date(2020, 1, 1), sector="po")
    norm(people, indicator, "small", "0.06", date(2020, 1, 1), size_below=Decimal(3_000_000))
    assert indicator.norm_on(date(2026, 1, 1)) is None
    large = norm(people, indicator, "large", "0.04", date(2020, 1, 1), size_from=Decimal(3_000_000))
    assert indicator.norm_on(date(2026, 1, 1)) == large


def test_a_norm_is_known_by_its_height_whatever_sector_or_band_it_is_for(people, indicator):
    primary = norm(people, indicator, "po", "0.057", date(2020, 1, 1), sector="po")
    small = norm(people, indicator, "small", "1.5", date(2020, 1, 1), size_below=Decimal(3_000_000))
    newer = norm(people, indicator, "again", "1.5", date(2024, 8, 1))
    today = date(2026, 1, 1)
    assert (indicator.norm_of(0.057, today), indicator.norm_of(1.5, today)) == (primary, newer)
    assert indicator.norm_of(1.5, date(2021, 1, 1)) == small
    assert indicator.norm_of(0.057, date(2019, 12, 31)) is None
    assert indicator.norm_of(0.0571, today) is None


def test_figures_are_judged_by_the_norms_of_the_register(people, indicator):
    norm(people, indicator, "po", "0.05", date(2020, 1, 1), sector="po")
    norm(people, indicator, "all", "0.04", date(2020, 1, 1))
    found = next(d for d in definitions(by_indicator()) if d.key == "I_LATE").norms
    assert {(n.value, n.sector) for n in found} == {(Decimal("0.05"), "po"), (Decimal("0.04"), None)}
    chosen = judging.norm_for(found, "2026-11", date(2026, 11, 23), "po")
    assert chosen is not None
    assert chosen.value == Decimal("0.05")


def test_without_norms_nothing_is_judged():
    assert by_indicator() == {}
    assert all(definition.norms == () for definition in definitions(by_indicator()))


def test_a_norm_changed_in_the_register_is_recorded(people, indicator):
    norm(people, indicator, "own", "0.05", date(2020, 1, 1))
    again, changed = put(people["board_member"], "norm.write", Norm, "own", value=Decimal("0.03"))
    assert [(d.field, d.was, d.becomes) for d in changed] == [("value", 0.05, 0.03)]
    assert by_indicator()["I_LATE"][0].value == Decimal("0.03")
    assert again.pk


def test_norms_that_were_read_with_their_indicators_are_not_read_again(people, indicator, django_assert_num_queries):
    norm(people, indicator, "old", "0.05", date(2020, 1, 1))
    newer = norm(people, indicator, "new", "0.04", date(2024, 8, 1))
    with django_assert_num_queries(2):
        found = list(Indicator.objects.filter(pk=indicator.pk).prefetch_related("norms"))
        assert [each.norm_on(date(2026, 11, 23)) for each in found] == [newer]
