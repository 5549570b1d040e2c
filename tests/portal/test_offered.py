"""A question that begins with something from a starter kit: what it fills in, what goes along, what is left alone."""

import pytest
from django.http import QueryDict

from schakel.chain import unsent
from schakel.chain.needs import InformationNeed
from schakel.kits import suggesting
from schakel.lib.text import spoken
from schakel.portal import drafts, offered
from schakel.portal.drafts import Draft
from tests.portal.conftest import Seen
from tests.portal.test_asking import WHOLE

pytestmark = pytest.mark.django_db
TEXT = {"rol": "school_leader", "ritme": "elke week", "over": "own_school"}


@pytest.fixture
def absent(board):
    """A question of a kit that this board did not load, of which it knows elements."""
    known = set(InformationNeed.objects.values_list("key", flat=True))
    found = [
        offer for offer in suggesting.offers().values()
        if offer.section == "needs" and offer.key not in known and offer.item.get("rhythm_nl") in drafts.RHYTHMS
        and offer.item.get("activity")
    ]  # fmt: skip
    assert found
    return found[0]


def seen(answer):
    return Seen(answer.content.decode())


def test_the_page_offers_what_the_board_lacks(step_in, absent):
    page = seen(step_in("school_leader").post("/vragen/meekijken", {**TEXT, "vraag": absent.nl}))
    buttons = [b for b in page.all("button") if b.get("name") == "uit-pakket"]
    assert absent.name in [b["value"] for b in buttons]
    assert "Uit het startpakket" in page.text
    assert absent.nl in page.text


def test_nothing_is_offered_before_anyone_wrote_a_word(step_in, board):
    page = seen(step_in("school_leader").get("/vragen/nieuw"))
    assert not [b for b in page.all("button") if b.get("name") == "uit-pakket"]


def test_choosing_fills_the_sentence(step_in, absent):
    answer = step_in("school_leader").post("/vragen/meekijken", {**TEXT, "vraag": "iets", "uit-pakket": absent.name})
    page, item = seen(answer), absent.item
    assert page.text.count(absent.nl[1:].rstrip("?")) >= 1
    assert item.get("decision_nl") in page.text
    chosen = [o["value"] for o in page.all("option") if "selected" in o]
    assert item.get("rhythm_nl") in chosen
    assert "school_leader" in chosen
    assert item.get("activity") in chosen
    lines = {i.get("value") for i in page.all("input") if i.get("name") == "g"}
    wanted = set(item.get("required")) | set(item.get("wished") or {})
    assert lines <= wanted
    assert absent.name in {i.get("value") for i in page.all("input") if i.get("name") == "pakket"}


def test_reasons_come_along_and_what_was_written_stays(board, absent):
    draft = offered.filled(Draft(role="school_leader", question="x", decision="mijn eigen besluit"), absent.name)
    assert draft.decision == "mijn eigen besluit"
    assert draft.role == "school_leader"
    assert draft.lines
    assert all(line.reason for line in draft.lines)
    assert not [line for line in draft.lines if line.element.structural]
    assert (draft.minutes, draft.times, draft.people, draft.today_how) == ("", "", "", "")


def test_an_english_page_gets_english_words(board, absent):
    with spoken("en"):
        draft = offered.filled(Draft(), absent.name)
        assert offered.title(absent) == absent.en
    assert draft.question.casefold() == absent.en.rstrip("?").casefold()
    assert draft.decision == absent.item.get("decision_en")


def test_an_element_chosen_before_keeps_its_own_reason(board, absent):
    first = offered.filled(Draft(), absent.name).lines[0]
    mine = drafts.Line(first.element, "wished", "mijn reden")
    again = offered.filled(Draft(lines=(mine,)), absent.name)
    kept = [line for line in again.lines if line.element.key == first.element.key]
    assert kept == [mine]


@pytest.mark.parametrize("name", ["", "needs:nergens", "needs:teacher_ranking", "<script>", "goals:", "x" * 500])
def test_what_is_no_offer_changes_nothing(step_in, board, name):
    assert offered.filled(Draft(question="wie"), name) == Draft(question="wie")
    answer = step_in("mentor").post("/vragen/meekijken", {"vraag": "wie", "uit-pakket": name})
    assert answer.status_code == 200
    assert "<script>" not in answer.content.decode().replace("<script src", "")


def test_the_assessor_reads_which_parts_to_load(step_in, absent):
    client = step_in("mentor")
    answer = client.post("/vragen/insturen", {**WHOLE, "pakket": [absent.name, "needs:nergens"]})
    need = InformationNeed.objects.get(key=answer.headers["Location"].rsplit("/", 1)[-1])
    assert absent.part in need.note
    assert absent.kit in need.note
    assert "nergens" not in need.note
    assert need.note in seen(step_in("information_manager").get(f"/behoeften/{need.key}")).text


def test_without_anything_from_a_kit_there_is_no_note(step_in, board):
    answer = step_in("mentor").post("/vragen/insturen", WHOLE)
    assert InformationNeed.objects.get(key=answer.headers["Location"].rsplit("/", 1)[-1]).note == ""


def test_a_wish_can_be_taken_out_and_is_kept_with_the_rest(step_in, board, absent):
    form = {**WHOLE, "pakket": [absent.name, "objects:weg"]}
    page = seen(step_in("mentor").post("/vragen/meekijken", {**form, "pakket-weg": absent.name}))
    assert absent.name not in {i.get("value") for i in page.all("input") if i.get("name") == "pakket"}
    client = step_in("mentor")
    client.post("/vragen/bewaren", form)
    kept = unsent.own(board.people["mentor"])[0]
    assert absent.name in drafts.kept(kept.content, kept.pk).parts
    page = seen(client.get(f"/vragen/bewaard/{kept.pk}"))
    assert absent.name in {i.get("value") for i in page.all("input") if i.get("name") == "pakket"}


def test_a_form_with_endless_wishes_is_cut_off():
    data = QueryDict(mutable=True)
    data.setlist("pakket", [f"needs:{n}" for n in range(500)])
    assert len(drafts.parts(data)) == drafts.MOST_LINES
