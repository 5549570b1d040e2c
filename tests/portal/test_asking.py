"""Asking in one sentence: what is missing is named, nothing that was written is lost, the asker sees who moves next."""

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from schakel.chain import deciding
from schakel.chain.approvals import in_force, standing_approval
from schakel.chain.needs import InformationNeed
from schakel.portal.asking import as_question, key_for
from tests.portal.conftest import Seen

pytestmark = pytest.mark.django_db
WHOLE = {
    "rol": "mentor", "ritme": "elke week", "vraag": "welke leerlingen vaak het eerste uur te laat zijn",
    "besluit": "met wie ik een gesprek plan", "over": "own_pupils", "werk": "A09",
    "g": ["pupil.family_name", "absence.minutes_late"], "g-absence.minutes_late": "fijn",
    "r-pupil.family_name": "weten wie", "r-absence.minutes_late": "zien hoe erg", "minuten": "25", "keer": "40",
    "mensen": "22", "nu": "lijst uit het LAS",
}  # fmt: skip


def seen(answer):
    return Seen(answer.content.decode())


def asked():
    return InformationNeed.objects.whole().order_by("pk").last()


def test_a_question_in_one_sentence(step_in, board):
    client = step_in("mentor")
    answer = client.post("/vragen/insturen", WHOLE)
    need = asked()
    assert answer.headers["Location"] == f"/behoeften/{need.key}"
    assert need.question == "Welke leerlingen vaak het eerste uur te laat zijn?"
    assert (need.state, need.requester, need.role.key) == ("asked", board.people["mentor"], "mentor")
    assert need.audience_pairs() == {("mentor", "own_pupils")}
    lines = {line.element.key: (line.demand, line.reason) for line in need.elements.all()}
    assert lines == {"pupil.family_name": ("required", "weten wie"), "absence.minutes_late": ("wished", "zien hoe erg")}
    assert (need.minutes_before, need.times_per_year, need.people) == (25, 40, 22)
    assert (need.rhythm, need.rhythm_en) == ("elke week", "every week")


def test_the_asker_sees_the_state_and_who_moves_next(step_in, board):
    client = step_in("mentor")
    page = seen(client.post("/vragen/insturen", WHOLE, follow=True))
    assert "Wacht op beoordeling bij Youssef Haddou" in page.text
    mine = seen(client.get("/vragen"))
    assert "Eén vraag van u is onderweg" in mine.title
    deciding.refuse(board.people["information_manager"], asked(), "Dat staat al in de klassenlijst.")
    assert "Dat staat al in de klassenlijst." in seen(client.get("/vragen")).text


@pytest.mark.parametrize(
    ("gone", "sentence"),
    [("vraag", "Schrijf wat u wilt weten."), ("besluit", "Schrijf wat u met het antwoord doet."),
     ("r-pupil.family_name", "Zeg bij elk gegeven waarvoor"), ("rol", None), ("over", None), ("werk", None)],
)  # fmt: skip
def test_what_is_missing_is_named_and_the_rest_stays(step_in, gone, sentence):
    before = InformationNeed.objects.count()
    answer = step_in("mentor").post("/vragen/insturen", {**WHOLE, gone: ""})
    if sentence is None:  # it has a sensible beginning, or may be left open
        assert answer.status_code in (302, 422)
        return
    assert answer.status_code == 422
    assert InformationNeed.objects.count() == before
    html = answer.content.decode()
    assert sentence in html
    for name in {"vraag", "besluit"} - {gone}:
        assert WHOLE[name] in html
    assert 'value="zien hoe erg"' in html


@pytest.mark.parametrize(
    "form",
    [{"minuten": "een kwartier"}, {"keer": "-3"}, {"mensen": "1e9"}, {"minuten": "999999999"}, {"rol": "directeur-x"},
     {"ritme": "<script>"}, {"over": "everyone"}],
)  # fmt: skip
def test_what_cannot_be_read_is_refused_with_a_sentence(step_in, form):
    before = InformationNeed.objects.count()
    answer = step_in("mentor").post("/vragen/insturen", {**WHOLE, **form})
    assert answer.status_code == 422
    assert InformationNeed.objects.count() == before
    assert "<script>" not in answer.content.decode().replace("<script src", "")


def test_missing_numbers_are_unknown_not_zero(step_in):
    step_in("mentor").post("/vragen/insturen", {**WHOLE, "minuten": "", "keer": "", "mensen": ""})
    need = asked()
    assert (need.minutes_before, need.times_per_year, need.people) == (None, None, None)


def test_looking_along_keeps_nothing(step_in):
    before = InformationNeed.objects.count()
    page = seen(step_in("mentor").post("/vragen/meekijken", WHOLE))
    assert InformationNeed.objects.count() == before
    assert "Er zijn vragen die hierop lijken" in page.text
    assert "De vraag dient een doel" in page.text


def test_elements_are_proposed_added_and_taken_out(step_in):
    client = step_in("mentor")
    page = seen(client.post("/vragen/meekijken", {"vraag": "hoeveel minuten leerlingen te laat zijn"}))
    offered = [b["value"] for b in page.all("button") if b.get("name") == "erbij"]
    assert "absence.minutes_late" in offered
    page = seen(client.post("/vragen/meekijken", {**WHOLE, "erbij": "group.name"}))
    assert [i["value"] for i in page.all("input") if i.get("name") == "g"] == [*WHOLE["g"], "group.name"]
    page = seen(client.post("/vragen/meekijken", {**WHOLE, "weg": "pupil.family_name"}))
    assert [i["value"] for i in page.all("input") if i.get("name") == "g"] == ["absence.minutes_late"]


def test_special_data_are_said_before_anyone_asks(step_in):
    page = seen(step_in("mentor").post("/vragen/meekijken", {**WHOLE, "erbij": "staff_absence.sick_hours"}))
    special = [line for line in page.words if "privacy officer" in line]
    assert special or "Advies nodig" not in page.text


def test_an_unknown_element_is_left_out_not_an_error(step_in):
    page = seen(step_in("mentor").post("/vragen/meekijken", {**WHOLE, "erbij": "bestaat.niet"}))
    assert "bestaat.niet" not in [i.get("value") for i in page.all("input")]


def test_a_refused_question_that_resembles_it_teaches(step_in):
    refused = InformationNeed.objects.filter(state="refused").first()
    page = seen(step_in("teacher").post("/vragen/meekijken", {"vraag": refused.question}))
    assert refused.refusal_reason[:40] in page.text


@pytest.mark.parametrize("who", ["teacher", "outsider", "ict_manager", "board_member"])
def test_anyone_may_ask(step_in, who):
    assert step_in(who).post("/vragen/insturen", WHOLE).status_code == 302


def test_a_hostile_question_is_only_text(step_in):
    bad = '<img src=x onerror="alert(1)">{{ 7*7 }}'
    page = step_in("mentor").post("/vragen/insturen", {**WHOLE, "vraag": bad}, follow=True).content.decode()
    assert "<img src=x" not in page
    assert "{{ 7*7 }}" in page


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.text(min_size=1, max_size=300))
def test_every_question_gets_a_readable_address_and_a_question_mark(board, text):
    assert as_question(text).endswith("?")
    assert len(as_question(text)) <= 300
    key = key_for(text)
    assert 1 <= len(key) <= 60
    assert all(sign.isascii() and (sign.isalnum() or sign in "-_") for sign in key)


def test_the_same_question_twice_has_two_addresses(step_in):
    client = step_in("mentor")
    places = [client.post("/vragen/insturen", WHOLE).headers["Location"] for _time in range(3)]
    assert len(set(places)) == 3


def form_of(client, key):
    """The form of a need as a browser would send it back."""
    from schakel.portal.pages import revising

    need = InformationNeed.objects.whole().get(key=key)
    data = dict(revising.values_of(need)) | {"vingerafdruk": need.fingerprint()}
    data["g"] = [line.element.key for line in need.elements.all() if not line.declined]
    for line in need.elements.all():
        data[f"g-{line.element.key}"] = {"required": "nodig", "wished": "fijn"}[line.demand]
        data[f"r-{line.element.key}"] = line.reason
    data["ontvanger"] = [pair.role for pair in revising.audience_of(need)]
    data["reikwijdte"] = [pair.scope for pair in revising.audience_of(need)]
    return data


def test_saving_without_a_change_changes_nothing(step_in):
    client = step_in("information_manager")
    assert client.get("/behoeften/absence_16h/wijzigen").status_code == 200
    before = InformationNeed.objects.whole().get(key="absence_16h")
    answer = client.post("/behoeften/absence_16h/opslaan", form_of(client, "absence_16h"))
    after = InformationNeed.objects.whole().get(key="absence_16h")
    assert answer.status_code == 302
    assert after.fingerprint() == before.fingerprint()
    assert standing_approval(after)


MATERIAL = {
    "question": "Iets anders?", "decision": "Anders.", "rhythm": "elk jaar", "freshness": "elke maand",
    "purpose": "Iets anders.", "legal_basis": "AVG art. 6 lid 1e (publieke taak)", "law": "Andere wet",
    "retention": "altijd", "level": "school", "question_en": "Else?", "expires_on": "2099-12-31",
    "activity": "A30", "role": "teacher", "r-pupil.family_name": "een andere reden", "g-pupil.family_name": "fijn",
    "art9_exception": "AVG art. 9 lid 2g", "reikwijdte": ["board"] * 6,
}  # fmt: skip


@pytest.mark.parametrize("field", sorted(MATERIAL))
def test_every_material_change_on_the_page_voids_the_approval_and_stops_delivery(step_in, board, field):
    client = step_in("information_manager")
    assert step_in("mentor").get("/overzichten/absence_16h").status_code == 200
    answer = client.post("/behoeften/absence_16h/opslaan", {**form_of(client, "absence_16h"), field: MATERIAL[field]})
    assert answer.status_code == 302, answer.content.decode()[:2000]
    need = InformationNeed.objects.whole().get(key="absence_16h")
    assert standing_approval(need) is None
    assert need.state == "asked"
    assert need.pk not in [item.need.pk for item in in_force()]
    assert step_in("mentor").get("/overzichten/absence_16h").status_code == 403


def test_two_people_at_once_lose_nothing(step_in, board):
    client = step_in("information_manager")
    data = form_of(client, "absence_16h")
    other = board.people["information_manager"]
    deciding.revise(other, asked_by_key("absence_16h"), note="een ander was eerst", rhythm="elke dag")
    answer = client.post("/behoeften/absence_16h/opslaan", {**data, "decision": "Mijn tekst blijft staan."})
    assert answer.status_code == 409
    html = answer.content.decode()
    assert "Iemand anders heeft deze behoefte intussen gewijzigd" in html
    assert "Mijn tekst blijft staan." in html
    assert asked_by_key("absence_16h").decision != "Mijn tekst blijft staan."


def asked_by_key(key):
    return InformationNeed.objects.whole().get(key=key)


@pytest.mark.parametrize("field", ["question", "decision", "rhythm", "role", "review_months", "priority"])
def test_what_a_need_cannot_do_without_is_asked_back(step_in, field):
    client = step_in("information_manager")
    answer = client.post("/behoeften/absence_16h/opslaan", {**form_of(client, "absence_16h"), field: ""})
    assert answer.status_code == 422
    assert standing_approval(asked_by_key("absence_16h"))


@pytest.mark.parametrize("who", ["teacher", "mentor", "board_member", "ict_manager", "privacy_officer"])
def test_only_who_may_revise_does(step_in, who):
    client = step_in(who)
    before = asked_by_key("absence_16h").fingerprint()
    assert client.post("/behoeften/absence_16h/opslaan", form_of(client, "absence_16h")).status_code == 403
    assert asked_by_key("absence_16h").fingerprint() == before


def test_a_wish_is_left_out_with_a_reason(step_in):
    client = step_in("information_manager")
    address = "/behoeften/absence_16h/weglaten/absence.contact_on"
    assert "Waarom laat u dit gewenste gegeven weg?" in seen(client.get(address)).text
    assert client.post(f"{address}/doen", {"reden": ""}).status_code == 403
    assert client.post(f"{address}/doen", {"reden": "Staat al in het LAS."}).status_code == 302
    line = asked_by_key("absence_16h").elements.get(element__key="absence.contact_on")
    assert (line.declined, line.declined_reason) == (True, "Staat al in het LAS.")
    assert client.get(address).status_code == 404


@pytest.mark.parametrize("element", ["pupil.family_name", "bestaat.niet", "staff.work_email"])
def test_only_a_wish_of_this_need_can_be_left_out(step_in, element):
    client = step_in("information_manager")
    assert client.get(f"/behoeften/absence_16h/weglaten/{element}").status_code == 404
    assert client.post(f"/behoeften/absence_16h/weglaten/{element}/doen", {"reden": "x"}).status_code == 404
