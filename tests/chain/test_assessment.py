"""What is computed about a need before anyone decides, and when the privacy officer speaks first."""

import pytest

from schakel.chain import advice, assessment, deciding
from schakel.chain.assessment import alike, assess
from schakel.chain.needs import SCOPES, InformationNeed
from schakel.lib.errors import Refused

pytestmark = pytest.mark.django_db


def whole(need):
    return InformationNeed.objects.whole().get(pk=need.pk)


def codes(need):
    return {seen.code: seen for seen in assess(whole(need))}


def widen(chain, need, scope):
    deciding.revise(chain.manager, need, audience=[(chain.role(), scope)])
    return whole(need)


def test_every_part_is_asked_and_says_one_sentence(chain):
    for seen in assess(whole(chain.ask())):
        assert seen.state in ("ok", "warn", "bad")
        assert seen.text.endswith((".", "?"))
        assert seen.code


def test_a_need_with_the_same_words_is_shown(chain):
    first = chain.ask(key="late", question="Welke leerlingen komen vaak te laat?")
    second = chain.ask(key="later", question="Welke leerling komt te laat in mijn klas?", elements=("absence.kind",))
    assert alike(whole(second))[0].pk == first.pk
    assert first.number in codes(second)["alike"].detail


def test_a_need_for_the_same_work_with_the_same_elements_is_shown(chain):
    first = chain.ask(key="one", question="Wie was er gisteren?")
    second = chain.ask(key="two", question="Hoeveel uren misten zij?")
    assert [n.pk for n in alike(whole(second))] == [first.pk]


@pytest.mark.parametrize("state", ["ended", "refused"])
def test_what_is_closed_is_no_double(chain, state):
    first = chain.ask(key="one")
    step = {"ended": deciding.end, "refused": deciding.refuse}[state]
    step(chain.people["board_member"], first, "Hoeft niet.")
    assert alike(whole(chain.ask(key="two"))) == []


def test_another_question_for_other_work_is_no_double(chain):
    chain.ask(key="one", question="Hoeveel geld is er voor boeken?")
    other = chain.ask(key="two", question="Welke docenten zijn ziek?", elements=("absence.kind",), activity=None)
    assert "alike" not in codes(other)


def test_a_wider_audience_than_elsewhere_asks_for_advice(chain):
    chain.ask(key="one")  # the mentor sees own pupils there
    need = widen(chain, chain.ask(key="two", elements=("pupil.first_name",)), "board")
    chain.element("pupil.first_name", personal=True)
    assert advice.due(whole(need)).wider == (("mentor", "board"),)
    deciding.assess(chain.manager, need)
    with pytest.raises(Refused) as refusal:
        deciding.approve(chain.people["board_member"], need, whole(need).fingerprint())
    assert refusal.value.code == "advice"
    assert "ruimer dan gewoonlijk" in refusal.value.message
    deciding.advise(chain.people["privacy_officer"], need, positive=True, text="Nodig voor dit werk.")
    assert deciding.approve(chain.people["board_member"], need, whole(need).fingerprint())


def test_advice_on_an_earlier_text_does_not_count(chain):
    chain.element("pupil.first_name", personal=True)
    chain.ask(key="one")
    need = widen(chain, chain.ask(key="two"), "board")
    deciding.advise(chain.people["privacy_officer"], need, positive=True, text="Zo kan het.")
    deciding.revise(chain.manager, need, decision="Iets anders.")
    deciding.assess(chain.manager, whole(need))
    with pytest.raises(Refused, match="adviseert eerst"):
        deciding.approve(chain.people["board_member"], need, whole(need).fingerprint())


def test_the_first_need_of_a_role_is_not_unusual(chain):
    chain.element("pupil.first_name", personal=True)
    need = widen(chain, chain.ask(), "board")
    assert not advice.due(need)


@pytest.mark.parametrize("elsewhere", SCOPES)
@pytest.mark.parametrize("here", SCOPES)
def test_only_wider_is_unusual(chain, elsewhere, here):
    widen(chain, chain.ask(key="one"), elsewhere)
    need = widen(chain, chain.ask(key="two"), here)
    expected = [("mentor", here)] if SCOPES.index(here) > SCOPES.index(elsewhere) else []
    assert advice.wider_than_elsewhere(need) == expected


@pytest.mark.parametrize("level", ["school", "board"])
def test_figures_per_school_say_nothing_about_one_person(chain, level):
    chain.element("pupil.first_name", personal=True)
    chain.ask(key="one")
    need = widen(chain, chain.ask(key="two", level=level), "board")
    assert not advice.due(need)
    assert "scope" in codes(need)  # it is still said


def test_special_data_that_were_declined_ask_for_no_advice(chain):
    need = chain.ask(wished=("absence.reason_group",))
    assert advice.due(whole(need)).special == ("absence.reason_group",)
    deciding.decline_element(chain.manager, need, "absence.reason_group", "Niet nodig.")
    assert not advice.due(whole(need))


def test_rooms_above_add_their_own_part(chain, monkeypatch):
    monkeypatch.setattr(assessment, "PARTS", [*assessment.PARTS])
    seen = assessment.Observation("mine", "warn", "Let op.")
    assessment.part(lambda _need: [seen])
    assert assess(whole(chain.ask()))[-1] == seen
