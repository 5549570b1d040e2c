"""The agreements of a source at the pages, as the ICT manager uses them."""

import re

import pytest
import yaml
from django.core.files.uploadedfile import SimpleUploadedFile

from schakel.access.register import put
from schakel.chain.systems import System
from schakel.collect import runs
from schakel.collect.chosen_answers import in_effect
from schakel.collect.counts import Fallen
from schakel.collect.layouts import Drift, Subject
from schakel.collect.low_counts import ask, open_question
from schakel.collect.sources import Source
from schakel.collect.subjects import Other
from schakel.lib import clock
from schakel.lib.plain_yaml import from_yaml
from tests.portal.test_quarantine_pages import browser

pytestmark = pytest.mark.django_db
HERE = "/bronnen/verzuim/afspraken"
KIND = {"tabel": "absence", "kolom": "kind", "regel": "wrong"}
FALLEN = Fallen(Drift("absence", "leerlingen", "pupils"), 312, 650, clock.today())

OTHER = Other(Subject("school", ((("brincode", ""),),)), 0, "98YY00", "99ZZ00", clock.today())


@pytest.fixture
def verzuim(people, settings, tmp_path) -> Source:
    settings.DATA = tmp_path
    actor = people["ict_manager"]
    system, _new = put(actor, "system.write", System, "absence", name="Verzuimpakket")
    source, _new = put(actor, "source.write", Source, "verzuim", name="Verzuim", system=system, layout="verzuim",
                       pattern="verzuim_*.csv")  # fmt: skip
    return source


@pytest.fixture
def ict(people, verzuim):
    return browser(people["ict_manager"])


def stopped(source: Source, *found: Fallen | Other) -> None:
    """A reading that stopped for its counts, or its school."""
    run = runs.begin(None, source, "verzuim_1.csv")
    ask(None, source, found or [FALLEN])
    runs.close(None, run, "stopped", message="te weinig")


def test_every_column_is_there_with_what_happens_and_who_needs_it(ict):
    text = ict.get(HERE).content.decode()
    for word in ("Soort", "een van: G, O, L, ?", "Zet de rij apart", "Nooit gelezen", "de indeling", "Opmerking"):
        assert word in text
    assert "Wijzig" in text


def test_who_may_only_look_sees_no_way_to_change(people, verzuim):
    text = browser(people["board_member"]).get(HERE).content.decode()
    assert "Zet de rij apart" in text
    assert "/afspraken/antwoord" not in text
    assert browser(people["board_member"]).get(f"{HERE}/antwoord", KIND).status_code == 403
    assert browser(people["teacher"]).get(HERE).status_code == 403


def test_an_answer_is_chosen_with_a_reason_and_given_back(ict, verzuim):
    form = ict.get(f"{HERE}/antwoord", KIND).content.decode()
    assert "hoort niet bij de toegestane waarden: G, O, L, ?" in form
    assert "niet te zeggen" in form  # nothing was read yet
    assert (
        ict.post(f"{HERE}/antwoord/opslaan", {**KIND, "antwoord": "stop", "reden": "moet kloppen"}).status_code == 302
    )
    (chosen,) = in_effect(verzuim).values()
    assert (chosen.answer, chosen.reason) == ("stop", "moet kloppen")
    text = ict.get(HERE).content.decode()
    assert "moet kloppen" in text
    assert "Stopt de levering" in text
    assert ict.post(f"{HERE}/antwoord/opslaan", {**KIND, "terug": "ja", "reden": "toch niet"}).status_code == 302
    assert in_effect(verzuim) == {}


@pytest.mark.parametrize(
    "given",
    [
        {"antwoord": "stop", "reden": ""},
        {"antwoord": "", "reden": "x"},
        {"antwoord": "forget", "reden": "x"},
        {"antwoord": "accept", "reden": "x", "kolom": "date"},
    ],
)
def test_what_cannot_be_chosen_is_said_on_the_form(ict, verzuim, given):
    answer = ict.post(f"{HERE}/antwoord/opslaan", KIND | given)
    assert answer.status_code == 422
    assert "Er is niets gewijzigd." in answer.content.decode()
    assert in_effect(verzuim) == {}


@pytest.mark.parametrize(
    "place", [{}, {"tabel": "absence", "kolom": "weg", "regel": "wrong"}, KIND | {"regel": "bsn-key"}]
)
def test_a_place_that_is_not_there_is_not_found(ict, place):
    assert ict.get(f"{HERE}/antwoord", place).status_code == 404


def test_a_low_count_waits_for_who_says_that_it_is_right(ict, verzuim):
    stopped(verzuim)
    page = ict.get("/bronnen/verzuim").content.decode()
    assert re.findall(r'class="btn go[^>]*>([^<]+)<', page) == ["Klopt dit aantal?"]  # one thing to do first
    text = ict.get(HERE).content.decode()
    assert "312 leerlingen, en eerst 650" in text
    wrong = ict.post(f"{HERE}/klopt/bevestigen", {"reden": " "})
    assert wrong.status_code == 422
    assert open_question(verzuim) is not None
    assert ict.post(f"{HERE}/klopt/bevestigen", {"reden": "groep 8 is weg"}).status_code == 302
    assert open_question(verzuim) is None
    assert "eerst 650" not in ict.get(HERE).content.decode()
    assert ict.post(f"{HERE}/klopt/bevestigen", {"reden": "nog eens"}).status_code == 422


def test_of_a_period_it_says_what_goes_when_it_is_right(ict, verzuim):
    stopped(verzuim)
    assert "gaan de rijen weg" not in ict.get(HERE).content.decode()
    week = Drift("absence", "rij in de week van 31-08-2026", "row in the week of 31-08-2026")
    stopped(verzuim, Fallen(week, 1, 15, clock.today(), period=True))
    text = ict.get(HERE).content.decode()
    assert "1 rij in de week van 31-08-2026, en eerst 15" in text
    assert "dan gaan de rijen weg die er van deze periode stonden." in text


def test_who_may_not_confirm_reads_it_without_a_form(people, verzuim):
    stopped(verzuim)
    text = browser(people["board_member"]).get(HERE).content.decode()
    assert "312 leerlingen" in text
    assert "klopt/bevestigen" not in text


def test_another_school_waits_for_who_says_that_it_is_right(people, ict, verzuim):
    stopped(verzuim, OTHER, FALLEN)
    assert "Klopt deze school?" in ict.get("/bronnen/verzuim").content.decode()
    assert "Klopt deze school?" not in browser(people["board_member"]).get("/bronnen/verzuim").content.decode()
    text = ict.get(HERE).content.decode()
    for said in ("gaat over een andere school", "School 98YY00, en eerst 99ZZ00", "312 leerlingen, en eerst 650"):
        assert said in text
    assert ict.post(f"{HERE}/klopt/bevestigen", {"reden": "ander BRIN"}).status_code == 302
    assert open_question(verzuim) is None
    assert "99ZZ00" not in ict.get(HERE).content.decode()


def test_a_school_is_asked_about_in_english_as_well(ict, verzuim):
    stopped(verzuim, OTHER)
    ict.cookies["taal"] = "en"
    assert "School 98YY00, and 99ZZ00 before" in ict.get(HERE).content.decode()


def test_what_is_done_with_another_school_is_an_agreement_as_any_other(people, ict, verzuim):
    put(people["ict_manager"], "source.write", Source, "las", name="LAS", system=verzuim.system, layout="edexml",
        pattern="las_*")  # fmt: skip
    place = {"tabel": "school", "kolom": "other-school:school", "regel": "other-school"}
    assert (
        "als de levering over een andere school gaat dan eerst"
        in ict.get("/bronnen/las/afspraken", {"f-zoek": "andere school"}).content.decode()
    )
    assert "Deze levering gaat over school …" in ict.get("/bronnen/las/afspraken/antwoord", place).content.decode()
    given = place | {"antwoord": "accept", "reden": "één map voor twee scholen"}
    assert ict.post("/bronnen/las/afspraken/antwoord/opslaan", given).status_code == 302
    assert [each.answer for each in in_effect(Source.objects.get(key="las")).values()] == ["accept"]


def _contract(browsing, **answers: str) -> bytes:
    told = from_yaml(browsing.get(f"{HERE}.yaml").content)
    for each in told["schema"][0]["properties"]:
        if each["name"] in answers:
            each["quality"][-1]["customProperties"][0]["value"] = answers[each["name"]]
    return yaml.safe_dump(told, sort_keys=False, allow_unicode=True).encode()


def sent(browsing, content: bytes):
    return browsing.post(f"{HERE}/contract/nakijken", {"bestand": SimpleUploadedFile("contract.yaml", content)})


def test_a_contract_is_looked_at_and_taken_over(ict, verzuim):
    looked = sent(ict, _contract(ict, kind="stop"))
    assert "absence.kind" in looked.content.decode()
    assert in_effect(verzuim) == {}
    held = looked.context["page"].held
    assert ict.post(f"{HERE}/contract/overnemen", {"contract": held, "reden": ""}).status_code == 422
    assert ict.post(f"{HERE}/contract/overnemen", {"contract": held, "reden": "afgesproken"}).status_code == 302
    assert [each.answer for each in in_effect(verzuim).values()] == ["stop"]
    again = sent(ict, _contract(ict))
    assert "zegt hetzelfde" in again.content.decode()


def test_a_contract_that_says_too_much_cannot_be_taken_over(ict, verzuim):
    looked = sent(ict, _contract(ict, kind="stop").replace(b"[0-9]{1,12}", b"[0-9]{1,13}"))
    assert "daarom wordt niets overgenomen" in looked.content.decode()
    assert not looked.context["page"].held


@pytest.mark.parametrize("content", [b"", b"a: [", b"- a", b"kind: Anders\n", b"a: &a b\nc: *a\n"])
def test_a_file_that_is_no_contract_is_refused_with_a_sentence(ict, content):
    answer = sent(ict, content) if content else ict.post(f"{HERE}/contract/nakijken")
    assert answer.status_code == 422
    assert "Er is niets overgenomen." in answer.content.decode()


def test_a_contract_that_was_tampered_with_is_not_taken(ict, verzuim):
    held = sent(ict, _contract(ict, kind="stop")).context["page"].held
    answer = ict.post(f"{HERE}/contract/overnemen", {"contract": held[:-2], "reden": "x"})
    assert answer.status_code == 422
    assert in_effect(verzuim) == {}


def test_a_form_is_said_in_words_and_the_expression_is_a_small_note(people, verzuim):
    actor = people["ict_manager"]
    system = System.objects.get(key="absence")
    put(actor, "source.write", Source, "adviezen", name="Adviezen", system=system, layout="adviezen", pattern="a_*.csv")
    page = browser(actor).get("/bronnen/adviezen/afspraken").content.decode()
    assert "in de vorm: ‘20’, 2 cijfers, ‘-20’, 2 cijfers" in page
    assert "[0-9]" not in page
    place = {"tabel": "school_advice", "kolom": "school_year", "regel": "wrong"}
    one = browser(actor).get("/bronnen/adviezen/afspraken/antwoord", place).content.decode()
    assert "heeft niet de vorm die is afgesproken (‘20’, 2 cijfers, ‘-20’, 2 cijfers)." in one
    assert one.count("20[0-9]{2}-20[0-9]{2}") == 1
    assert "als uitdrukking: 20[0-9]{2}-20[0-9]{2}" in one
