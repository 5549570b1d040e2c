"""When the privacy officer speaks first: a special element, or people who would see further here than anywhere else."""

import pytest

from schakel.access.register import put
from schakel.access.roles import Role
from schakel.chain import deciding
from schakel.chain.advice import due, wider_than_elsewhere
from schakel.chain.needs import SCOPES, InformationNeed
from tests.written_once import written_once

pytestmark = pytest.mark.django_db


def whole(need):
    return InformationNeed.objects.whole().get(pk=need.pk)


@pytest.fixture
@written_once
def names(chain):
    """An element that is about people, and one that is not."""
    chain.element("pupil.last_name", personal=True)
    chain.element("site.name")
    return chain


def ask(chain, key, scope="own_pupils", elements=("pupil.last_name",), wished=(), **fields):
    need = chain.ask(by="information_manager", key=key, elements=elements, wished=wished, **fields)
    deciding.revise(chain.manager, need, audience=[(chain.role(), scope)] if scope else [])
    return whole(need)


def test_an_ordinary_need_waits_for_nobody(names):
    assert not due(ask(names, "gewoon"))


def test_a_special_element_asks_for_advice_by_its_name(names):
    need = ask(names, "zorg", elements=("pupil.last_name", "absence.reason_group"))
    assert due(need).special == ("absence.reason_group",)
    assert due(need)


def test_a_special_wish_that_was_left_out_asks_nothing(names):
    need = ask(names, "zorg", wished=("absence.reason_group",))
    assert due(need).special == ("absence.reason_group",)
    deciding.decline_element(names.manager, need, "absence.reason_group", "kan zonder")
    assert not due(whole(need))


def test_a_special_element_counts_also_in_figures_of_a_school(names):
    need = ask(names, "zorg", elements=("absence.reason_group",), level="school")
    assert due(need).special == ("absence.reason_group",)


@pytest.mark.parametrize(
    ("known", "scope", "wider"),
    [(a, b, SCOPES.index(b) > SCOPES.index(a)) for a in SCOPES for b in SCOPES],
)
def test_wider_is_what_lies_beyond_the_widest_elsewhere(names, known, scope, wider):
    ask(names, "eerder", known)
    need = ask(names, "nu", scope)
    assert wider_than_elsewhere(need) == ([("mentor", scope)] if wider else [])
    assert bool(due(need)) is wider


def test_the_first_need_of_a_role_is_not_unusual(names):
    assert not due(ask(names, "nu", "board"))


def test_the_widest_of_several_decides(names):
    ask(names, "smal", "self")
    ask(names, "ruim", "own_school")
    assert not due(ask(names, "nu", "own_school"))
    assert due(ask(names, "nog", "board")).wider == (("mentor", "board"),)


@pytest.mark.parametrize("step", ["end", "refuse"])
def test_a_need_that_is_over_says_nothing_about_what_is_usual(names, step):
    ask(names, "smal", "self")
    over = ask(names, "ruim", "board")
    getattr(deciding, step)(names.manager, over, "niet meer")
    assert due(ask(names, "nu", "own_school")).wider == (("mentor", "own_school"),)


@pytest.mark.parametrize("level", ["school", "board"])
def test_figures_of_a_school_are_not_about_one_person(names, level):
    ask(names, "smal", "self")
    assert not due(ask(names, "nu", "board", level=level))


@pytest.mark.parametrize("level", ["person", "group", ""])
def test_names_and_groups_are(names, level):
    ask(names, "smal", "self")
    assert due(ask(names, "nu", "board", level=level)).wider


def test_without_an_element_about_people_nobody_sees_too_much(names):
    ask(names, "smal", "self")
    assert not due(ask(names, "nu", "board", elements=("site.name",)))


def test_each_role_is_held_against_itself(names):
    put(names.manager, "role.write", Role, "coach", nl="coach", en="coach", side="use")
    ask(names, "smal", "self")
    need = ask(names, "nu", "self")
    deciding.revise(names.manager, need, audience=[(names.role(), "board"), (names.role("coach"), "board")])
    assert due(whole(need)).wider == (("mentor", "board"),)


def test_nobody_in_the_audience_is_nobody_too_many(names):
    ask(names, "smal", "self")
    assert wider_than_elsewhere(ask(names, "nu", "")) == []
